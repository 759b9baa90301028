"""Worked examples beside the rules: read, run, and compared with what they expect."""
