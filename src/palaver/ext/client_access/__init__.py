"""Which clients have access to an account, for its owner to see and to end (XEP-0494)."""
