"""The archive of an account: written as its messages pass, and asked for (XEP-0313)."""
