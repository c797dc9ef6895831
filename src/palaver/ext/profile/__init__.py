"""Profiles: vCards of both kinds and avatars, kept in step (XEP-0054, XEP-0292, XEP-0084)."""
