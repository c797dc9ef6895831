"""Streams between servers, as plain objects: of those who connect to us, and our own to others."""
