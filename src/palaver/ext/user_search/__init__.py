"""Search for people by what their profiles say (XEP-0055)."""
