"""Bytes to stanzas and back: no sockets, no clock, nothing imported from the rest of Palaver."""
