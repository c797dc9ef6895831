"""Storage: the database engine, the message log, accounts, and migrations."""
