"""The first files of a rulebook or of a topic, for its author to change."""
