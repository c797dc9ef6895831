"""In-band registration: accounts that users make, change and remove themselves (XEP-0077)."""
