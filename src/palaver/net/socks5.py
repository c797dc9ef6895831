"""SOCKS5 as bytestreams need it: no authentication, and a name to connect to (RFC 1928).

No sockets here: bytes in, bytes out.
"""

from typing import Final

_VERSION: Final = 5
_NO_AUTHENTICATION: Final = 0
_CONNECT: Final = 1
_DOMAIN_NAME: Final = 3
_REFUSED: Final = b"\x05\xff"  # no acceptable method (RFC 1928 §3)
_MOST: Final = 4 + 1 + 255 + 2  # bytes of the longest request


class Socks5Error(Exception):
    """Says what is wrong with what the client sent; ``reply`` is what it is told."""

    def __init__(self, text: str, reply: bytes = b"") -> None:
        super().__init__(text)
        self.reply = reply


class Socks5:
    """The server's side of one negotiation.

    ``name``  the name that the client wants to be connected to, as soon as it has said so
    """

    __slots__ = ("_buffer", "_greeted", "name")

    def __init__(self) -> None:
        """Wait for the client's greeting."""
        self._buffer = b""
        self._greeted = False
        self.name: str | None = None

    def take(self, data: bytes) -> bytes:
        """Take what the client sent; return what it is answered.

        Raises:
            Socks5Error: it is not SOCKS5, or asks for what is not there.
        """
        self._buffer += data
        answer = b""
        if not self._greeted:
            answer = self._greeting()
        if self._greeted:
            self._request()
        if len(self._buffer) > _MOST:
            raise Socks5Error("there is more than a request")
        return answer

    def _greeting(self) -> bytes:
        """Choose a method: version, number of methods, methods (RFC 1928 §3)."""
        buffer = self._buffer
        if buffer[0] != _VERSION:
            raise Socks5Error("it is not SOCKS5")
        if len(buffer) == 1 or len(buffer) < 2 + buffer[1]:
            return b""
        end = 2 + buffer[1]
        if _NO_AUTHENTICATION not in buffer[2:end]:
            raise Socks5Error("the client insists on authentication", _REFUSED)
        self._buffer = buffer[end:]
        self._greeted = True
        return bytes((_VERSION, _NO_AUTHENTICATION))

    def _request(self) -> None:
        """Read version, command, a zero, type of address, name, port (RFC 1928 §4)."""
        buffer = self._buffer
        if len(buffer) < 5:
            return
        if buffer[0] != _VERSION:
            raise Socks5Error("it is not SOCKS5")
        if buffer[1] != _CONNECT:
            raise Socks5Error("the client asks for another command than CONNECT", self._reply(7))
        if buffer[3] != _DOMAIN_NAME:
            raise Socks5Error("the client asks for an address", self._reply(8))
        if len(buffer) < 5 + buffer[4] + 2:
            return
        end = 5 + buffer[4]
        try:
            self.name = buffer[5:end].decode("ascii").lower()
        except UnicodeDecodeError:
            raise Socks5Error("the name is not ASCII", self._reply(1)) from None
        self._buffer = buffer[end + 2 :]

    def granted(self) -> bytes:
        """Return the answer to a request that is granted: with its own name (XEP-0065 §5.3.2)."""
        return self._reply(0)

    def refused(self) -> bytes:
        """Return the answer to a request that is not allowed."""
        return self._reply(2)

    def _reply(self, code: int) -> bytes:
        name = (self.name or "").encode()
        return bytes((_VERSION, code, 0, _DOMAIN_NAME, len(name))) + name + b"\0\0"
