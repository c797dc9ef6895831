"""The negotiation of XML streams as plain objects: bytes in, events and bytes out, no sockets."""
