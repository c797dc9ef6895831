"""What another server has not taken yet, where it does not count stanzas.

Without XEP-0198 nobody tells what the other server has handled. The system knows at least what the
machine at the other end has confirmed (TCP): what it has not when the connection breaks can be sent
back to its senders, instead of being lost without a word.
"""

import fcntl
import socket
import struct
import termios
from collections import deque
from typing import Final

from palaver.wire.stanza import Stanza

_FULL: Final = 4  # the part of the system's buffer with which it is not full, whatever it counts
_BETWEEN: Final = 262_144  # bytes that may lie between TLS and that buffer once it is


class Untaken:
    """The stanzas we sent that were not confirmed as far as was seen last, in their order."""

    __slots__ = ("_sent", "stanzas")

    def __init__(self) -> None:
        self.stanzas: deque[tuple[int, Stanza]] = deque()
        self._sent = 0

    def sent(self, stanza: Stanza, size: int) -> None:
        """Remember a stanza of so many bytes."""
        self._sent += size
        self.stanzas.append((self._sent, stanza))

    def look(self, outstanding: int) -> list[Stanza]:
        """Forget what was confirmed: all but the last bytes, as many as are ``outstanding``.

        Return that.
        """
        confirmed = self._sent - outstanding
        found = []
        while self.stanzas and self.stanzas[0][0] <= confirmed:
            found.append(self.stanzas.popleft()[1])
        return found

    def take(self) -> list[Stanza]:
        """Return those that are left, and forget them."""
        found = [stanza for _, stanza in self.stanzas]
        self.stanzas.clear()
        return found


def unconfirmed(end: socket.socket) -> int | None:
    """Return how many bytes the other end of a socket has not confirmed, if the system tells.

    With those that it may not have got from us yet.
    """
    try:
        (size,) = struct.unpack("i", fcntl.ioctl(end.fileno(), termios.TIOCOUTQ, bytes(4)))
        room = end.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    except (OSError, ValueError):
        return None  # it is closed, or the system does not know
    return int(size) + (_BETWEEN if size * _FULL >= room else 0)
