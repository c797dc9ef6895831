"""A user's device, as far as its client tells (XEP-0388 §2.3)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """An installation of a client.

    ``id``        an opaque name, the same at each of its logins; not what the client itself sends,
                  which stays between the two
    ``software``  what it is called; empty where it does not say
    ``name``      what it runs on, for its user to recognise, likewise
    """

    id: str
    software: str = ""
    name: str = ""
