"""Carries the bytes of a stream: output by turns of the loop, and who waits for whom.

A connection that is not read from makes those who write to it wait: they are not read from either,
until it has room again. That is all there is of flow control; nothing is queued without bound.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, cast

import structlog

from palaver.kernel.session import Wire
from palaver.net.traffic import Traffic

log = structlog.get_logger()

_LINGER: Final = 1.0  # seconds a closed stream may take to be closed by the other side too
_PIECE: Final = 65_536  # bytes written at once; what TLS has passed on in one go is not counted
STUCK: Final = 60.0  # seconds a peer may leave its output unread
POSTPONED: Final = "what came is not all handled"  # a reason not to read


class Carrier(asyncio.Protocol):
    """The protocol object of a socket, as far as bytes are concerned; a `Wire` for what is routed.

    ``peer``         the IP address at the other end, for logs and limits
    ``secure``       whether it is encrypted
    ``congested``    whether too much is waiting to be read by the peer
    ``stuck_since``  since when, in seconds of the loop's clock
    ``waiters``      those who are not read from until it is no longer congested
    """

    __slots__ = (
        "_blockers", "_discarding", "_loop", "_out", "_queued", "_scheduled", "_traffic",
        "_transport", "_unread", "congested", "peer", "secure", "stuck_since", "waiters",
    )  # fmt: skip

    takes_many = True

    def __init__(self, traffic: Traffic, *, secure: bool) -> None:
        """Wait for the socket."""
        self._traffic = traffic
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._out: list[bytes] = []
        self._scheduled = False
        self._queued = 0
        self._unread = False
        self._discarding = False
        self._blockers: set[object] = set()
        self.waiters: set[Carrier] = set()
        self.peer = ""
        self.secure = secure
        self.congested = False
        self.stuck_since = 0.0

    # -- writing -----------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Queue bytes; all that is queued in one turn of the loop leaves in one write."""
        if self._discarding:
            return
        self._out.append(data)
        self._queued += len(data)
        if not self._scheduled:
            self._scheduled = True
            self._traffic.schedule(self)

    @property
    def drained(self) -> bool:
        """Tell whether all that was queued has left the process; never once it is closing.

        With TLS, the transport below may still have some 64 KB, of which nobody is told.
        """
        transport = self._transport
        return not (self._out or transport.is_closing() or transport.get_write_buffer_size())

    def flush(self) -> None:
        """Write what is queued; called once per turn of the loop."""
        self._scheduled = False
        out, self._out = self._out, []
        self._queued = 0
        if out:
            self._send(out)

    def _send(self, out: list[bytes]) -> None:
        transport = self._transport
        if transport.is_closing():
            return
        data = out[0] if len(out) == 1 else b"".join(out)
        self._traffic.bytes_out += len(data)
        if len(data) <= _PIECE:
            transport.write(data)
        else:
            for start in range(0, len(data), _PIECE):
                transport.write(data[start : start + _PIECE])
        if self.congested and transport.get_write_buffer_size() > self._traffic.hard_limit:
            self._give_up_on_reader()

    def _say_no_more(self) -> None:
        """Write what is left, and wait a moment for the peer to close the connection too."""
        if self._transport.is_closing():
            return
        self.flush()
        if not self.secure and self._transport.can_write_eof():
            with suppress(OSError):  # the peer was quicker
                self._transport.write_eof()
        self._loop.call_later(_LINGER, self._transport.close)

    def _give_up_on_reader(self) -> None:
        log.warning("client does not read: disconnected", peer=self.peer, **self.who())
        self._transport.abort()

    def who(self) -> dict[str, str]:
        """Say who is at the other end, for log lines."""
        return {}

    def stuck(self, now: float) -> bool:
        """Disconnect a peer that has not read for too long; tell whether it was so."""
        if not self.congested or now - self.stuck_since <= STUCK:
            return False
        self._give_up_on_reader()
        return True

    # -- a peer that does not read -----------------------------------------------------------------

    def _adopt(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=self._traffic.soft_limit)

    def pause_writing(self) -> None:
        """Note that the peer does not read; whoever writes to it will wait."""
        self._unread = True
        self._be_congested()

    def _be_congested(self) -> None:
        if not self.congested:
            self.congested = True
            self.stuck_since = self._loop.time()

    def resume_writing(self) -> None:
        """Note that the peer reads again."""
        self._unread = False
        self._relieve()

    def _relieve(self) -> None:
        """Let others write to the peer again."""
        if not self._unread:
            self.congested = False
            self._wake()

    # -- who waits for whom ------------------------------------------------------------------------

    def wait_for(self, other: Wire) -> None:
        """Stop reading until ``other`` has room again; a connection never waits for itself."""
        if not isinstance(other, Carrier) or other is self or self._discarding:
            return
        self._stop_for(other)
        other.waiters.add(self)

    def hold(self) -> Callable[[], None]:
        """Stop reading until what is returned is called; for reasons that are no connection.

        Each is a reason of its own: whoever ends one does not end another.
        """
        reason = object()
        self._stop_for(reason)
        return partial(self.unblocked_by, reason)

    def _stop_for(self, reason: object) -> None:
        """Stop reading until `unblocked_by` the same reason."""
        if not self._blockers:
            self._transport.pause_reading()
        self._blockers.add(reason)

    def unblocked_by(self, reason: object) -> None:
        """Stop waiting for that."""
        self._blockers.discard(reason)
        if not self._blockers and not self._transport.is_closing():
            self._transport.resume_reading()

    def _wake(self) -> None:
        """Let those who waited for this connection read again."""
        waiters, self.waiters = self.waiters, set()
        for waiter in waiters:
            waiter.unblocked_by(self)

    def _unblock(self) -> None:
        """Wait for nobody any more."""
        for other in self._blockers:
            if isinstance(other, Carrier):
                other.waiters.discard(self)
        if self._blockers and not self._transport.is_closing():
            self._transport.resume_reading()
        self._blockers.clear()
