"""Why something was not concluded, and what would bring it about."""
