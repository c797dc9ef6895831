"""Groups that administrators keep, whose members are in each other's rosters."""
