"""Invitations: links that make contacts and, where allowed, accounts (XEP-0379, 0401, 0445)."""
