"""What the author of a rulebook wrote: read from YAML, every name resolved and every unit checked."""
