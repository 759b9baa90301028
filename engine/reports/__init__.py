"""How assessments leave the engine: as records for machines, as tables and trees for people."""
