"""What can be proved of the rules over all patients there could be, and which patient shows not?

Terms become formulas (`values`, `inputs`, `encoding`, `topics`), a solver searches them for a
state of their inputs (`solving`), and what it finds is told as a patient (`findings`, `witness`).
The solver is an extra: whoever imports these modules says so where it is missing (`available`).
"""
