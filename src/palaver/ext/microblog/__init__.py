"""Microblogs and social feeds: nodes of Atom entries."""
