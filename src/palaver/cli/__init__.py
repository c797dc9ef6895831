"""The command line: serving, setting up, and every command that extensions declare."""
