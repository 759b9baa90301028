"""Which outcomes of a topic are certain, and which are possible, given what is true and unknown?

Formulas over named symbols go in (`formula`), become Horn clauses (`clauses`), are asked of a
network (`network` or `reference`), and come back as outcomes with their certainty (`inference`).
"""
