"""The only part that knows sockets, TLS and the event loop."""
