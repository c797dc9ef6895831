"""Bytestreams through this server: connections that wait for each other (XEP-0065 §5)."""

from typing import Final, Protocol

from palaver.wire.errors import StanzaError

_ENDS: Final = 2


class End(Protocol):
    """The connection of one of the two parties of a bytestream."""

    def join(self, other: "End", bytes_per_second: int) -> None:
        """From now on pass everything to the other one, and end with it; 0 for no limit."""


class Rendezvous:
    """Knows which connections wait to be joined, by the name of the stream they asked for.

    ``port``  where clients connect to; None when nobody can
    """

    __slots__ = ("_waiting", "port")

    def __init__(self) -> None:
        """Begin without a port, and so without connections."""
        self.port: int | None = None
        self._waiting: dict[str, list[End]] = {}

    def arrive(self, name: str, end: End) -> bool:
        """Let a connection wait; False when both are there already (XEP-0065 §9.1)."""
        waiting = self._waiting.setdefault(name, [])
        if len(waiting) == _ENDS:
            return False
        waiting.append(end)
        return True

    def leave(self, name: str, end: End) -> None:
        """Take note that a connection waits no longer."""
        waiting = [each for each in self._waiting.get(name, ()) if each is not end]
        if waiting:
            self._waiting[name] = waiting
        else:
            self._waiting.pop(name, None)

    def activate(self, name: str, bytes_per_second: int) -> None:
        """Join the two connections of a stream (XEP-0065 §5.3.5).

        Raises:
            StanzaError: they are not both there.
        """
        waiting = self._waiting.get(name, [])
        if len(waiting) == _ENDS:
            del self._waiting[name]
            one, other = waiting
            one.join(other, bytes_per_second)
            other.join(one, bytes_per_second)
        elif waiting:
            raise StanzaError("not-allowed", "only one of the two has connected")
        else:
            raise StanzaError("not-authorized", "nobody has connected for such a stream")
