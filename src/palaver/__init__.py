"""Palaver: a complete instant-messaging system on XMPP."""

__version__ = "0.1.0"
