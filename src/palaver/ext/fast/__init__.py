"""Tokens to log in with, in one round trip and without a password (XEP-0484)."""
