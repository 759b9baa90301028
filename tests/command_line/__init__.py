"""The program as its users run it: commands, output, messages and exit codes."""
