"""Stanzas for many, here and to other servers (XEP-0033)."""
