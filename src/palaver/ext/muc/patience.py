"""Who waits when recipients of a room read slowly.

One who does not read never makes a speaker wait: its connection is ended when far too much waits
for it, and with stream management its session goes on when it is back. Only where most of those
who are told cannot keep up does the speaker go too fast, and is read from more slowly.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from palaver.kernel.session import Source, Wire

if TYPE_CHECKING:
    from palaver.jid import JID
    from palaver.wire.errors import StreamError


def slow_down(source: Source, slow: Sequence[Wire], told: int) -> None:
    """Let a source wait for those that are slow, where they are most of those told."""
    if len(slow) * 2 > told and len(slow) > 1:
        for wire in slow:
            source.wire.wait_for(wire)


class Onlooker:
    """Stands in for the source of a stanza while it is routed elsewhere, and sees who is slow.

    ``slow``  the links that cannot keep up
    """

    __slots__ = ("jid", "slow")

    congested = False
    drained = True
    peer = ""
    secure = True
    takes_many = False

    def __init__(self, jid: "JID") -> None:
        """Stand in for whoever has this address."""
        self.jid = jid
        self.slow: list[Wire] = []

    @property
    def wire(self) -> Wire:
        """What would have to wait."""
        return self

    def wait_for(self, other: Wire) -> None:
        """Take note of a link that cannot keep up."""
        self.slow.append(other)

    def put_off(self) -> Callable[[], None]:
        """Promise nothing."""
        return _nothing

    def write(self, data: bytes) -> None:
        """Take nothing."""

    def hold(self) -> Callable[[], None]:
        """Go on."""
        return _nothing

    def end(self, error: "StreamError | None") -> None:
        """Go on."""


def _nothing() -> None:
    pass
