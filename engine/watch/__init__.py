"""Alerts as they happen: lines come in, time passes, and each change is told once."""
