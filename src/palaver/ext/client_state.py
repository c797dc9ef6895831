"""Client state indication: what can wait while nobody looks at a client (XEP-0352).

A phone in a pocket wakes its radio for every stanza. While its client says that it is inactive,
presence and other passing states are held back, of each the newest only. Whatever else comes takes
them along, in order, as the radio is awake then.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar, Final

from pydantic import Field

from palaver.ext.copying import MUC_USER
from palaver.ext.copying import NS as CARBONS
from palaver.ext.keeping import judge
from palaver.kernel import hooks
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.host import Host
from palaver.kernel.session import Session
from palaver.wire import element, ns
from palaver.wire.element import Element

NS: Final = "urn:xmpp:csi:0"

_EVENTS: Final = "http://jabber.org/protocol/pubsub#event"
_DELAY: Final = "urn:xmpp:delay delay"
_SELF: Final = "110"  # status code of one's own presence in a room (XEP-0045 §7.2.2)

Key = tuple[str, ...]
"""What a stanza tells the state of: a newer one with the same key takes its place."""


class ClientStateConfig(ExtensionConfig):
    """How much is held back for a client that is inactive."""

    stanzas: int = Field(1000, ge=1, description="Most stanzas; one more lets all of them go.")
    bytes: int = Field(262_144, ge=1024, description="Most bytes of them, likewise.")


class ClientStates(Extension[ClientStateConfig]):
    """Holds back what can wait from clients that are inactive."""

    Config = ClientStateConfig
    name: ClassVar = "client_state"
    implements: ClassVar = (Xep(352, "1.0.0"),)

    @on(hooks.features_after_login)
    def feature(self, _host: Host) -> Element | None:
        """Advertise it (§4.1)."""
        return Element("csi", NS)

    @on(hooks.bind_features)
    def offer(self, _host: Host) -> str | None:
        """Let a client say what it begins with (XEP-0386 §3.2)."""
        return NS

    @on(hooks.client_state)
    def change(self, session: Session, active: bool) -> None:
        """Hold back what can wait, or let it all go at once (§4.2, §5.1)."""
        if active:
            session.open_gate()
        elif session.gate is None:
            config = self.config(session.host.name)
            session.put_gate(Inactive(config.stanzas, config.bytes))


class Inactive:
    """The gate before the wire of an inactive client."""

    __slots__ = ("_held", "_limit", "_most", "_size", "forward")

    forward: Callable[[bytes], None]

    def __init__(self, most: int, limit: int) -> None:
        """Hold back at most so many stanzas, and so many bytes of them."""
        self._most = most
        self._limit = limit
        self._held: dict[Key, bytes] = {}
        self._size = 0

    def write(self, data: bytes) -> None:
        """Take a stanza for the client: forward it, or hold it back."""
        key = state_of(data)
        if key is None:
            self.release()
            self.forward(data)
            return
        older = self._held.pop(key, b"")
        self._held[key] = data
        self._size += len(data) - len(older)
        if len(self._held) > self._most or self._size > self._limit:
            self.release()

    def release(self) -> None:
        """Forward all that is held back."""
        held, self._held = self._held, {}
        self._size = 0
        for data in held.values():
            self.forward(data)


def state_of(data: bytes) -> Key | None:
    """Tell of whose state a stanza tells, if that is all it tells; None for what cannot wait."""
    if data.startswith(b"<presence"):
        return _presence(element.parse(data))
    if data.startswith(b"<message"):
        return _message(element.parse(data))
    return None


def _presence(presence: Element) -> Key | None:
    """Let presence wait, unless it asks for something or says that the user is in a room now."""
    if presence.get("type") not in (None, "unavailable"):
        return None
    room = presence.find("x", MUC_USER)
    codes = room.find_all("status") if room is not None else ()
    if any(status.get("code") == _SELF for status in codes):
        return None
    return "presence", presence.get("from", "")


def _message(message: Element) -> Key | None:
    """Let chat states wait, also copies of them, and what contacts publish about themselves."""
    copied = _copied(message)
    if copied is not None:
        inner = _message(copied)
        return None if inner is None else ("copy", copied.get("to", ""), *inner)
    sender = message.get("from", "")
    event = message.find("event", _EVENTS)
    if event is not None and all(child.key in (event.key, _DELAY) for child in message):
        return "event", sender, *_items(event)
    if message.get("type") == "error":
        return None
    names = tuple(child.key for child in message)
    return None if judge(message.get("type") or "normal", names).content else ("state", sender)


def _items(event: Element) -> Iterator[str]:
    """Name what an event is about: a newer item does not stand for another of the same node."""
    for child in event:
        yield child.get("node", "")
        yield from (item.get("id", "") for item in child)


def _copied(message: Element) -> Element | None:
    """Return the message inside a carbon copy."""
    for direction in ("received", "sent"):
        copy = message.find(direction, CARBONS)
        forwarded = copy.find("forwarded", "urn:xmpp:forward:0") if copy is not None else None
        if forwarded is not None:
            return forwarded.find("message", ns.CLIENT)
    return None
