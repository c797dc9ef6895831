"""Strangers: what becomes of messages and subscription requests of unknown senders."""
