"""What an actor has asked for and is still going to be told."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, fromstring

from tests.support.xmlstream import CLIENT

_ROOM = "{http://jabber.org/protocol/muc}x"
_STATUS = "{http://jabber.org/protocol/muc#user}x/{http://jabber.org/protocol/muc#user}status"


@dataclass(slots=True)
class Awaited:
    """Knows which requests of an actor are not answered, and which rooms it is about to enter.

    A service may need its time for them and answer a ping in between, so that a ping does not prove
    that all has come.
    """

    _requests: set[str] = field(default_factory=set)
    _rooms: set[str] = field(default_factory=set)

    def note_sent(self, xml: str) -> None:
        """Note what the actor sends; only what servers have to answer is awaited."""
        try:
            stanzas = fromstring(f"<stream xmlns='{CLIENT}'>{xml}</stream>")
        except ParseError:
            return  # the story is about that
        for stanza in stanzas:
            to, kind = stanza.get("to", ""), stanza.get("type")
            if stanza.tag == f"{{{CLIENT}}}iq" and kind in ("get", "set") and "/" not in to:
                self._requests.add(stanza.get("id", ""))
            elif stanza.find(_ROOM) is not None and kind is None:
                self._rooms.add(to.partition("/")[0])

    def note_received(self, stanza: Element) -> None:
        """Note what the actor receives."""
        self._requests.discard(_request(stanza))
        self._rooms.discard(_room(stanza))

    def is_awaited(self, stanza: Element) -> bool:
        """Tell whether this is one of what is still to come."""
        return _request(stanza) in self._requests or _room(stanza) in self._rooms

    def __bool__(self) -> bool:
        return bool(self._requests or self._rooms)

    def clear(self) -> None:
        """Await nothing more."""
        self._requests.clear()
        self._rooms.clear()


def _request(stanza: Element) -> str:
    """Return the id of the request that a stanza answers, "" for none."""
    answers = stanza.tag == f"{{{CLIENT}}}iq" and stanza.get("type") in ("result", "error")
    return stanza.get("id", "") if answers else ""


def _room(stanza: Element) -> str:
    """Return the room that a presence lets its receiver in or keeps it out of, "" for none."""
    if stanza.tag != f"{{{CLIENT}}}presence":
        return ""
    codes = {status.get("code") for status in stanza.iterfind(_STATUS)}
    told = stanza.get("type") == "error" or "110" in codes
    return stanza.get("from", "").partition("/")[0] if told else ""
