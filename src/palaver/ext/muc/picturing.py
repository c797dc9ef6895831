"""The vCards of rooms, and the avatars in them (XEP-0486).

The hashes are told in the disco form alone. COMPAT: presence from the bare address of the room, by
which other servers tell of avatars (2026-11), is not sent: XEP-0486 §6.2 advises against it, as
clients take it for an occupant without a nickname.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from hashlib import sha1
from typing import Final

from palaver.ext.muc.engine import Engine
from palaver.ext.muc.names import CONFIGURATION_CHANGED, USER
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.vcard import NS as NS
from palaver.ext.vcard import Vcard
from palaver.jid import JID
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_FEW: Final = 8  # pictures of one room


class Picturing:
    """Keeps the vCards of rooms, where the extension for those of accounts is in use."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def available(self) -> bool:
        """Tell whether rooms can have vCards here."""
        return Vcard.name in self._engine.server.extensions

    def _vcards(self) -> Vcard:
        if not self.available():
            raise StanzaError("service-unavailable", "rooms have no vCards here")
        return self._engine.server.extension(Vcard)

    async def card(self, room: Room) -> Element:
        """Return the vCard of a room; an empty one where there is none."""
        found = await self._vcards().stored_by((room.id,))
        return found.get(room.id) or Element("vCard", NS)

    async def hashes(self, room: Room) -> tuple[str, ...]:
        """Return the hashes of the pictures of a room (XEP-0153 §3.1)."""
        if room.pictures is None:
            room.pictures = _hashes(await self.card(room)) if self.available() else ()
        return room.pictures

    async def publish(self, room: Room, who: JID, card: Element) -> None:
        """Give a room a vCard; an empty one takes it away.

        Raises:
            StanzaError: forbidden, that is for owners; policy-violation, it is too long;
                bad-request, a picture is none.
        """
        vcards, engine = self._vcards(), self._engine
        limit = vcards.config(room.host.name).max_bytes
        if len(card.to_bytes()) > limit:
            raise StanzaError("policy-violation", f"a vCard may have {limit} bytes")
        pictures = _hashes(card)
        async with engine.turn(room):
            if engine.power(room, who) is not Affiliation.OWNER:
                raise StanzaError("forbidden", "that is for owners")
            await vcards.store(room.id, card.to_bytes().decode() if list(card) else None)
            room.pictures = pictures
        status = Element("status", USER, {"code": str(CONFIGURATION_CHANGED)})
        engine.tell_all(room, Element("x", USER, None, status))


def _hashes(card: Element) -> tuple[str, ...]:
    found = [photo.text_of("BINVAL") for photo in card.find_all("PHOTO")]
    if len(found) > _FEW:
        raise StanzaError("policy-violation", f"a room may have {_FEW} pictures")
    try:
        data = [b64decode("".join(each.split()), validate=True) for each in found if each]
    except (Base64Error, ValueError) as error:
        raise StanzaError("bad-request", "a picture is not in base64") from error
    return tuple(sha1(each, usedforsecurity=False).hexdigest() for each in data if each)
