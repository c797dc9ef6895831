"""Feeds of the web in nodes, and nodes as feeds."""
