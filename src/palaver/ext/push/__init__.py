"""Push notifications: a client that is away learns that something waits for it (XEP-0357)."""
