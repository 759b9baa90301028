"""Would the examples notice if one thing in the rulebook were different?

Each change of meaning (`mutants`, `expressions`, `omissions`) is an edit of the YAML in memory
(`edits`); the rulebook is loaded with it and the examples that it can touch are run (`running`).
"""
