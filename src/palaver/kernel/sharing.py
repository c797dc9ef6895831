"""One stanza for many recipients of another domain, where its server takes such (XEP-0033).

Stanzas of one turn of the event loop that follow each other from one domain to another, and are the
same but for the address, are gathered. The first of them goes out as it is, so that a stanza that
is alone is never held; the rest goes as one stanza for the other server's multicast service.

Servers that know `RECIPIENTS` get the recipients without the domain, one in a line, in an element
inside an ``<address/>`` (XEP-0033 §5 lets it be extended). It is taken off before the stanza is
delivered: recipients get what they would have got plainly.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final

from palaver import jid
from palaver.wire import escape
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.jid import JID
    from palaver.kernel.federation_routes import Pair, Route

    _Name = tuple[Pair, "JID | None", str, str | None]

NS: Final = "http://jabber.org/protocol/address"
RECIPIENTS: Final = "urn:palaver:recipients:0"
KEY: Final = f"{NS} addresses"
MOST: Final = 99  # recipients of one stanza: XEP-0033 §9 wants fewer than 100

_MOST_ELSEWHERE: Final = 20  # what all other implementations take
_SINGLE: Final = frozenset(
    {"error", "probe", "subscribe", "subscribed", "unsubscribe", "unsubscribed"}
)
_KNOWN_FOR: Final = 43_200  # seconds; XEP-0033 §2.3 allows twice that
_REMEMBERED: Final = 5_000  # stanzas for many that may still come back
_REMEMBERED_BYTES: Final = 16_777_216  # of those together


class Form(Enum):
    """In what form a domain takes stanzas for many."""

    PLAIN = "one each"
    STANDARD = "as XEP-0033 has it"
    SHORT = "with the recipients in lines"


class Shared(Stanza):
    """A stanza for many; ``originals`` are those that it stands for."""

    __slots__ = ("originals",)

    def __init__(self, one: Stanza, originals: Sequence[Stanza]) -> None:
        at = one._at  # noqa: SLF001 - of a stanza by a kind of stanza
        super().__init__(one.kind, one.attrs, one.inner, one.names, at)
        self.originals = originals


class Lane:
    """What is being shared on the way between two domains.

    ``first``     what was sent last in this turn of the loop, or None
    ``told``      whom the same went to, or None where that was not asked yet
    ``gathered``  the stanzas after it that are the same, and have not gone yet
    ``form``      what the other domain takes; None while that is not known
    ``asked``     whether it was asked on this stream
    """

    __slots__ = ("asked", "first", "form", "gathered", "told", "until")

    def __init__(self) -> None:
        self.first: Stanza | None = None
        self.told: set[JID] | None = None
        self.gathered: list[Stanza] = []
        self.forget()

    def forget(self) -> None:
        """Forget what the other domain takes."""
        self.form: Form | None = None
        self.asked = False
        self.until = 0.0


class Sharing:
    """Gathers stanzas.

    ``ask``  finds out what a domain takes, and calls `learnt`
    """

    def __init__(
        self,
        send: Callable[["Route", Stanza], None],
        again: Callable[[Stanza], Stanza],
        soon: Callable[[Callable[[], None]], object],
        monotonic: Callable[[], float],
    ) -> None:
        """``send`` carries a stanza on; ``soon`` calls at the end of this turn of the loop.

        ``again`` returns what is sent for a stanza that did not arrive with others.
        """
        self.ask: Callable[[Pair], None] = _nobody_asks
        self._send = send
        self._again = again
        self._soon = soon
        self._monotonic = monotonic
        self._busy: list[Route] = []
        self._recent: OrderedDict[_Name, Shared] = OrderedDict()
        self._recent_bytes = 0

    # -- stanzas on their way ----------------------------------------------------------------------

    def took(self, route: "Route", stanza: Stanza) -> bool:
        """Take a stanza if it can be shared or is not needed; else it is to be sent now."""
        lane = route.lane
        first = lane.first
        if first is None:
            if not self._busy:
                self._soon(self._end_turn)
            self._busy.append(route)
        elif alike(first, stanza):
            return self._gathered(route, stanza)
        elif lane.gathered:
            self.flush(route)
        lane.first = stanza
        lane.told = None
        return False

    def _gathered(self, route: "Route", stanza: Stanza) -> bool:
        lane, to = route.lane, stanza.to
        assert to is not None
        if stanza.kind == "iq" or not to.local or stanza.type in _SINGLE:
            return False
        if stanza.kind == "presence" and self._repeated(lane, to):
            return True
        form = self._form(route)
        if form is Form.PLAIN or (form is Form.STANDARD and KEY in stanza.names):
            return False
        if stanza.kind == "message" and self._repeated(lane, to):
            self.flush(route)
            lane.told = {to}
            return False  # who finds somebody twice in a list may take it for a mistake
        lane.gathered.append(stanza)
        if len(lane.gathered) >= (MOST if form is Form.SHORT else _MOST_ELSEWHERE):
            self.flush(route)
        return True

    @staticmethod
    def _repeated(lane: Lane, to: "JID") -> bool:
        """Tell whether the same went to somebody a moment ago."""
        told = lane.told
        if told is None:
            assert lane.first is not None
            assert lane.first.to is not None
            told = lane.told = {lane.first.to}
        if to in told:
            return True
        told.add(to)
        return False

    def _form(self, route: "Route") -> Form:
        lane = route.lane
        if lane.form is not None and self._monotonic() > lane.until:
            lane.forget()
        if not lane.asked:  # its server may be another one than on the stream before
            lane.asked = True
            self.ask(route.pair)
        return lane.form or Form.PLAIN

    def flush(self, route: "Route") -> None:
        """Send what was gathered; a single one as it is."""
        lane = route.lane
        gathered, lane.gathered = lane.gathered, []
        if len(gathered) < 2:  # one is not many
            for each in gathered:
                self._send(route, each)
            return
        one = _together(gathered, route.pair[1], short=lane.form is Form.SHORT)
        self._remember(_name(route.pair, one), one)
        self._send(route, one)

    def _remember(self, name: "_Name", one: Shared) -> None:
        """Keep a stanza that may come back; of very many, those that were sent last."""
        self._take_back(name)
        self._recent[name] = one
        self._recent_bytes += len(one.inner)
        while self._recent_bytes > _REMEMBERED_BYTES or len(self._recent) > _REMEMBERED:
            self._take_back(next(iter(self._recent)))

    def _take_back(self, name: "_Name") -> Shared | None:
        one = self._recent.pop(name, None)
        if one is not None:
            self._recent_bytes -= len(one.inner)
        return one

    def _end_turn(self) -> None:
        busy, self._busy = self._busy, []
        for route in busy:
            lane = route.lane
            lane.first = lane.told = None
            if lane.gathered:
                self.flush(route)

    # -- what becomes of them ----------------------------------------------------------------------

    def learnt(self, route: "Route", features: Iterable[str]) -> None:
        """Take note of the features of a domain; none where it does not answer."""
        lane, found = route.lane, frozenset(features)
        lane.form = Form.PLAIN
        if NS in found:
            lane.form = Form.SHORT if RECIPIENTS in found else Form.STANDARD
        lane.until = self._monotonic() + _KNOWN_FOR

    def returned(self, route: "Route", error: Stanza) -> bool:
        """Take an error from a domain's own address, if it is about a stanza for many.

        They go one by one then, and so do those that follow.
        """
        lane = route.lane
        one = self._take_back((route.pair, error.to, error.kind, error.id))
        if one is None:
            return False
        lane.form = Form.PLAIN
        lane.until = self._monotonic() + _KNOWN_FOR
        for each in one.originals:
            self._send(route, self._again(each))
        return True


def _name(pair: "Pair", one: Stanza) -> "_Name":
    """Return what an error about a stanza says of it, and the way that it went."""
    return pair, one.sender, one.kind, one.id


def originals(stanza: Stanza) -> Sequence[Stanza]:
    """Return the stanzas that one stands for: itself, unless it is for many."""
    return stanza.originals if isinstance(stanza, Shared) else (stanza,)


def alike(one: Stanza, other: Stanza) -> bool:
    """Tell whether two stanzas are the same but for the recipient."""
    return (
        one.inner == other.inner
        and one.sender == other.sender
        and one.attrs == other.attrs
        and one.kind == other.kind
    )


def _together(stanzas: Sequence[Stanza], domain: str, *, short: bool) -> Shared:
    recipients = [stanza.to for stanza in stanzas if stanza.to is not None]
    if short:
        lines = escape.text("\n".join([_within(each) for each in recipients]))
        inside = (
            f"<address type='bcc' jid='{escape.attribute(domain)}'>"
            f"<recipients xmlns='{RECIPIENTS}'>{lines}</recipients></address>"
        )
    else:
        inside = "".join([f"<address type='bcc' jid='{each.xml}'/>" for each in recipients])
    header = f"<addresses xmlns='{NS}'>{inside}</addresses>"
    one = Shared(stanzas[0].appended(KEY, header.encode()), stanzas)
    one.sender = stanzas[0].sender
    one.to = jid.parse_bare(domain)
    return one


def _within(to: "JID") -> str:
    return f"{to.local}/{to.resource}" if to.resource else to.local


def _nobody_asks(_pair: "Pair") -> None:
    """Ask nobody: everything stays plain."""
