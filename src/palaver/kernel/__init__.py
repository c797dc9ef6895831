"""The kernel: settings, accounts and sessions, hooks, the extension loader and the router."""
