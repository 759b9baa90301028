"""A rulebook as a document that its readers need no program for."""
