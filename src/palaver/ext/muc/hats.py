"""The hats of a room, and who wears them (XEP-0317)."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from palaver.ext.muc.names import HATS
from palaver.jid import BareJID
from palaver.wire import escape

LONGEST_URI: Final = 500  # bytes
LONGEST_HUE: Final = 16


@dataclass(frozen=True, slots=True)
class Hat:
    """A hat that people in a room can wear.

    ``uri``    identifies it
    ``title``  what people read
    ``hue``    the angle of its colour as in XEP-0392, or ""
    """

    uri: str
    title: str
    hue: str = ""

    @property
    def xml(self) -> str:
        """The ``<hat/>``."""
        hue = f" hue='{escape.attribute(self.hue)}'" if self.hue else ""
        uri, title = escape.attribute(self.uri), escape.attribute(self.title)
        return f"<hat title='{title}' uri='{uri}'{hue}/>"


class Hats:
    """All hats of a room.

    ``all``   the hats by URI
    ``worn``  the URIs of what people wear, by bare address
    """

    __slots__ = ("_written", "all", "worn")

    def __init__(self) -> None:
        self.all: dict[str, Hat] = {}
        self.worn: dict[BareJID, set[str]] = {}
        self._written: dict[BareJID, bytes] = {}

    def xml_of(self, who: BareJID) -> bytes:
        """Return the ``<hats/>`` of an address; nothing where it wears none."""
        if who not in self.worn:
            return b""
        found = self._written.get(who)
        if found is None:
            hats = "".join(each.xml for each in self.of(who))
            found = self._written[who] = f"<hats xmlns='{HATS}'>{hats}</hats>".encode()
        return found

    def of(self, who: BareJID) -> list[Hat]:
        """Return what an address wears, in the order of the URIs."""
        return [self.all[uri] for uri in sorted(self.worn.get(who, ()))]

    def listed(self) -> list[Hat]:
        """Return all hats, in the order of their URIs."""
        return [self.all[uri] for uri in sorted(self.all)]

    def wearers(self, uri: str) -> list[BareJID]:
        """Return who wears a hat."""
        return [who for who, worn in self.worn.items() if uri in worn]

    def digest(self) -> str:
        """Return what is another when any hat is (§2); "" without hats."""
        if not self.all:
            return ""
        return sha256("".join(each.xml for each in self.listed()).encode()).hexdigest()

    # -- changes -----------------------------------------------------------------------------------

    def put(self, hat: Hat) -> None:
        """Let there be a hat, or let it look different."""
        self.all[hat.uri] = hat
        self._written.clear()

    def remove(self, uri: str) -> None:
        """Let a hat be no more."""
        for who in self.wearers(uri):
            self.take_off(who, uri)
        del self.all[uri]

    def put_on(self, who: BareJID, uri: str) -> None:
        """Let an address wear a hat."""
        self.worn.setdefault(who, set()).add(uri)
        self._written.pop(who, None)

    def take_off(self, who: BareJID, uri: str) -> None:
        """Let an address not wear a hat any more."""
        self.worn[who].discard(uri)
        if not self.worn[who]:
            del self.worn[who]
        self._written.pop(who, None)
