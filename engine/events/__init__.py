"""What was recorded about a patient: validated, in known units, immutable."""
