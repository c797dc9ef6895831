"""Rooms: multi-user chat (XEP-0045)."""
