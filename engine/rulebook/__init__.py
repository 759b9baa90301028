"""What the author of a rulebook wrote: read from YAML, names resolved, units checked."""
