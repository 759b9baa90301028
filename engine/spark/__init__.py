"""How are patients assessed on many machines, or again whenever more lines have come?"""
