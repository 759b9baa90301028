"""The events of one patient in clinical order, as known at a moment."""
