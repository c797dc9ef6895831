"""Backups: everything a server keeps, in one file, taken while it runs."""
