"""What becomes of an alert once it was raised: functions of states, decisions, a moment."""
