"""The proxy for SOCKS5 bytestreams: connections that are joined in pairs (XEP-0065 §5)."""

import asyncio
import re
from collections import Counter
from typing import Final, cast

import structlog

from palaver.kernel.bytestreams import End
from palaver.kernel.limits import LimitsSettings
from palaver.kernel.rate_limit import network
from palaver.kernel.server import Server
from palaver.net.gathering import Gathering
from palaver.net.pace import Pace
from palaver.net.peer import address_of, watch
from palaver.net.socks5 import Socks5, Socks5Error
from palaver.wire.errors import StreamError

log = structlog.get_logger()

_NAME: Final = re.compile(r"[0-9a-f]{40}")
"""SHA-1 of the stream's id and the addresses of both parties, in hexadecimal."""

_BUFFER: Final = 256 * 1024  # bytes that may wait for a slow receiver


class Bytestreams(Gathering["BytestreamConnection"]):
    """Takes the connections of bytestreams, and keeps an eye on them."""

    def __init__(self, server: Server) -> None:
        """Bring connections together for what the extension of that name activates."""
        super().__init__()
        self.rendezvous = server.bytestreams
        self.limits: LimitsSettings = server.settings.limits
        self._by_address: Counter[str] = Counter()

    def connection(self) -> "BytestreamConnection":
        """Make the protocol object for a new socket."""
        return BytestreamConnection(self)

    def admit(self, connection: "BytestreamConnection") -> bool:
        """Count a connection; False when its address has too many."""
        self.connections.add(connection)
        address = network(connection.peer)
        self._by_address[address] += 1
        return self._by_address[address] <= self.limits.bytestreams_per_address

    def gone(self, connection: "BytestreamConnection") -> None:
        """Count it no longer."""
        self.connections.discard(connection)
        address = network(connection.peer)
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


class BytestreamConnection(asyncio.Protocol):
    """One party's connection: a negotiation, a wait for the other one, and then their bytes.

    ``peer``   its IP address
    ``ended``  whether it has said that it sends no more
    ``heard``  when it last sent something, on the loop's clock
    """

    __slots__ = (
        "_bytestreams",
        "_deadline",
        "_loop",
        "_other",
        "_pace",
        "_resume",
        "_socks",
        "_transport",
        "ended",
        "heard",
        "peer",
    )

    def __init__(self, bytestreams: Bytestreams) -> None:
        """Wait for the socket."""
        self._bytestreams = bytestreams
        self._loop = asyncio.get_running_loop()
        self._socks: Socks5 | None = Socks5()
        self._other: BytestreamConnection | None = None
        self._pace: Pace | None = None
        self._resume: asyncio.TimerHandle | None = None
        self._deadline = self._loop.time() + bytestreams.limits.login_timeout
        self.ended = False
        self.heard = 0.0
        self._transport = cast("asyncio.Transport", None)
        self.peer = ""

    # -- asyncio's side ----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the greeting."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_BUFFER)
        watch(transport)
        self.peer = address_of(transport.get_extra_info("peername"))
        if not self._bytestreams.admit(self):
            log.warning("too many bytestreams from one address", peer=self.peer)
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Pass on what came, or negotiate; what comes in between is ignored (XEP-0065 §9.1)."""
        other = self._other
        if other is not None:
            self.heard = self._loop.time()
            other.carry(data)
            if self._pace is not None:
                self._slow_down(self._pace.take(0, len(data), self.heard))
        elif self._socks is not None and self._socks.name is None:
            self._negotiate(self._socks, data)

    def eof_received(self) -> bool:
        """Tell the other party that no more comes; it may go on sending, unless it has ended."""
        self.ended = True
        return self._other is not None and self._other.carry_end() and not self._other.ended

    def pause_writing(self) -> None:
        """Let the other party wait: this one does not read as fast."""
        if self._other is not None:
            self._other.wait()

    def resume_writing(self) -> None:
        """Let the other party go on."""
        if self._other is not None:
            self._other.go_on()

    def connection_lost(self, _error: Exception | None) -> None:
        """End the other party's as well, when it has been sent all that came."""
        self._bytestreams.gone(self)
        if self._resume is not None:
            self._resume.cancel()
        if self._other is not None:
            self._other.end(None)
        elif self._socks is not None and self._socks.name is not None:
            self._bytestreams.rendezvous.leave(self._socks.name, self)

    # -- the other party's side --------------------------------------------------------------------

    def carry(self, data: bytes) -> None:
        """Send what the other party sent."""
        self._transport.write(data)

    def carry_end(self) -> bool:
        """Tell that the other party sends no more; False when nothing can be sent back either."""
        if self._transport.is_closing():
            return False
        self._transport.write_eof()
        return True

    def wait(self) -> None:
        """Read nothing until `go_on`."""
        self._transport.pause_reading()

    def go_on(self) -> None:
        """Read again, unless this party has been too fast anyway, or the other is behind."""
        behind = self._other is not None and self._other.behind
        if self._resume is None and not behind and not self._transport.is_closing():
            self._transport.resume_reading()

    @property
    def behind(self) -> bool:
        """Whether much waits to be sent."""
        return self._transport.get_write_buffer_size() > _BUFFER

    # -- what is asked of it -----------------------------------------------------------------------

    def join(self, other: End, bytes_per_second: int) -> None:
        """Pass everything to the other one from now on; implements `End`."""
        self._other = cast("BytestreamConnection", other)
        self._pace = Pace(0, bytes_per_second) if bytes_per_second else None
        self.heard = self._loop.time()
        self._socks = None

    def sweep(self, now: float) -> None:
        """Close it when it has waited too long, or when neither party has sent anything.

        One that does not even read what is left for it is not waited for.
        """
        until = self._deadline
        if self._other is not None:
            heard = max(self.heard, self._other.heard)
            until = heard + self._bytestreams.limits.bytestream_silence
        if now <= until:
            return
        if self._transport.is_closing():
            self._transport.abort()
        else:
            self._transport.close()

    def end(self, _error: StreamError | None) -> None:
        """Close it; there is nobody whom anything could be told."""
        self._transport.close()

    def _negotiate(self, socks: Socks5, data: bytes) -> None:
        try:
            answer = socks.take(data)
        except Socks5Error as error:
            log.info("bytestream refused", peer=self.peer, reason=str(error))
            self._transport.write(error.reply)
            self._transport.close()
            return
        if answer:
            self._transport.write(answer)
        if socks.name is not None:
            self._wait(socks, socks.name)

    def _wait(self, socks: Socks5, name: str) -> None:
        if _NAME.fullmatch(name) and self._bytestreams.rendezvous.arrive(name, self):
            self._transport.write(socks.granted())
            return
        log.info("bytestream refused", peer=self.peer, reason="no such stream is expected")
        self._transport.write(socks.refused())
        self._socks = None
        self._transport.close()

    def _slow_down(self, seconds: float) -> None:
        """Read no more for some seconds."""
        if seconds and self._resume is None:
            self._transport.pause_reading()
            self._resume = self._loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._resume = None
        self.go_on()
