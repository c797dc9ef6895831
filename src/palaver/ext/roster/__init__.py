"""The roster: contacts and subscriptions (RFC 6121 §2), versioned and pushed."""
