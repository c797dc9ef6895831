"""Components that act in the name of users, as far as the administrator lets them (XEP-0356)."""
