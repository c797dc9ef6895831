"""Stream management: acknowledgement of stanzas and resumption of streams (XEP-0198)."""
