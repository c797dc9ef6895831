"""A client's session: one bound resource of an account (RFC 6120 §7, RFC 6121 §4)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from palaver.jid import JID, BareJID, FullJID
from palaver.kernel.device import Device
from palaver.kernel.slots import Slot
from palaver.wire import escape
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.account import Account
    from palaver.kernel.host import Host
    from palaver.kernel.outbox import Outbox


class Wire(Protocol):
    """What carries a session: a connection, seen from the kernel."""

    @property
    def congested(self) -> bool:
        """Tell whether too much is waiting to be read by the peer."""

    @property
    def drained(self) -> bool:
        """Tell whether all that was queued has left the process."""

    @property
    def takes_many(self) -> bool:
        """Tell whether several stanzas may be written as one piece of bytes."""

    @property
    def peer(self) -> str:
        """The peer's IP address, for logs and limits."""

    @property
    def secure(self) -> bool:
        """Tell whether it is encrypted."""

    def write(self, data: bytes) -> None:
        """Queue bytes; all that is queued in one turn of the loop leaves in one write."""

    def wait_for(self, other: "Wire") -> None:
        """Stop reading here until ``other`` is no longer congested."""

    def hold(self) -> Callable[[], None]:
        """Stop reading here until what is returned is called; every call is a reason of its own."""

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, with an error or without, then the connection."""


class Source(Protocol):
    """Whose stanza is being handled: a session, or whatever else brings stanzas."""

    @property
    def jid(self) -> JID:
        """Its address."""

    @property
    def wire(self) -> Wire:
        """What carries it."""

    def put_off(self) -> Callable[[], None]:
        """Take note that the stanza takes longer; call what is returned at its end."""


class Gate(Protocol):
    """Stands before a session's wire for a while, and decides what goes through now."""

    forward: Callable[[bytes], None]
    """Writes what goes through."""

    def write(self, data: bytes) -> None:
        """Take a stanza for the client: forward it, or hold it back."""

    def release(self) -> None:
        """Forward all that is held back."""


class Session:
    """A bound resource.

    ``presence``   the last presence it broadcast, or None while it is unavailable
    ``priority``   of that presence, -128 to 127
    ``receives``   whether messages for the bare JID go to it: available, priority not negative
    ``origin``     what its stanzas get on their way: the attributes ``from`` and ``xml:lang``
    ``device``     the installation of a client that it belongs to; None where that is unknown
    ``since``      when it was bound, in seconds of the server's clock
    ``handled``    how many stanzas of its client were taken, since stream management was enabled
    ``safe``       how many of those are done with for good, whatever happens to the server
    ``outbox``     what its client has not acknowledged; None without stream management
    ``when_done``  called when nothing that was put off is unfinished any more
    """

    __slots__ = (
        "__weakref__",
        "account",
        "bare",
        "closed",
        "device",
        "gate",
        "handled",
        "host",
        "jid",
        "lang",
        "mechanism",
        "origin",
        "outbox",
        "presence",
        "priority",
        "receives",
        "safe",
        "since",
        "slots",
        "unfinished",
        "waiting",
        "when_done",
        "wire",
        "write",
    )

    def __init__(
        self,
        jid: FullJID,
        account: "Account",
        wire: Wire,
        *,
        lang: str | None,
        mechanism: str,
        since: float,
        device: Device | None = None,
    ) -> None:
        self.jid = jid
        self.bare: BareJID = jid.bare
        self.account = account
        self.host: Host = account.host
        self.wire = wire
        self.write: Callable[[bytes], None] = wire.write
        self.gate: Gate | None = None
        self.speak(lang)
        self.mechanism = mechanism
        self.since = since
        self.device = device
        self.presence: Stanza | None = None
        self.priority = 0
        self.receives = False
        self.closed = False
        self.handled = 0
        self.safe = 0
        self.outbox: Outbox | None = None
        self.unfinished: list[int] | None = None
        self.when_done: Callable[[], None] | None = None
        self.slots: dict[Slot[Any], Any] = {}
        self.waiting: list[Callable[[], None]] | None = None
        """IQ requests that wait for an ``async`` handler of an earlier one to end."""

    @property
    def available(self) -> bool:
        """Tell whether it has sent initial presence and not gone unavailable since."""
        return self.presence is not None

    @property
    def finished(self) -> int:
        """How many stanzas of its client were handled to the end: up to the first that was not."""
        return min(self.unfinished) - 1 if self.unfinished else self.handled

    def speak(self, lang: str | None) -> None:
        """Take the language of the client's stream, for stanzas that name none of their own."""
        language = "" if lang is None else f" xml:lang='{escape.attribute(lang)}'"
        self.lang = lang
        self.origin = f" from='{self.jid.xml}'{language}".encode()

    def carry_by(self, write: Callable[[bytes], None]) -> None:
        """Write stanzas by another function from now on; a gate stays before it."""
        if self.gate is None:
            self.write = write
        else:
            self.gate.forward = write

    def put_gate(self, gate: Gate) -> None:
        """Put a gate before what carries the session's stanzas; it has none yet."""
        gate.forward = self.write
        self.gate = gate
        self.write = gate.write

    def open_gate(self) -> None:
        """Take the gate away, if there is one, and let go what it holds back."""
        gate, self.gate = self.gate, None
        if gate is not None:
            self.write = gate.forward
            gate.release()

    def put_off(self) -> Callable[[], None]:
        """Take note that the stanza being handled takes longer; call what is returned at its end.

        Until then it is not acknowledged to the client (XEP-0198 §4).
        """
        if self.outbox is None:
            return _nothing
        number = self.handled
        unfinished = self.unfinished
        if unfinished is None:
            unfinished = self.unfinished = []
        unfinished.append(number)

        def done() -> None:
            unfinished.remove(number)
            if not unfinished and self.when_done is not None:
                self.when_done()

        return done

    def send(self, stanza: Stanza) -> None:
        """Send a stanza to the client."""
        self.write(stanza.to_bytes())

    def __repr__(self) -> str:
        return f"<session {self.jid}>"


def _nothing() -> None:
    pass
