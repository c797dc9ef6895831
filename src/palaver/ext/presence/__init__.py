"""Presence and presence subscriptions (RFC 6121 §3, §4)."""
