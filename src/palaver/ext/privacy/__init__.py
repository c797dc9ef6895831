"""Privacy lists (XEP-0016), and the rules that the blocking command is a front end to."""
