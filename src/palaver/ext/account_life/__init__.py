"""The life of accounts: their end, what keeps their name, and passwords that were forgotten."""
