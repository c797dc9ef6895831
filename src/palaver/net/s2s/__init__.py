"""The connections between servers: where they are, TLS, and what goes over them."""
