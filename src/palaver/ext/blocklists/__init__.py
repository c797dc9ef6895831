"""Block lists of domains and accounts: by configuration, by command, and from real-time lists."""
