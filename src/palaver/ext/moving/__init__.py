"""Moving house: accounts with all their data from one server to another."""
