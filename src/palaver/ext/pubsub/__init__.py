"""Publish-subscribe (XEP-0060): one engine for every account (XEP-0163) and for a service."""
