"""One profile in three forms: vcard-temp, vCard4 and avatar follow each other (XEP-0398, XEP-0292).

The picture is in the nodes of the avatar alone; who reads a vcard-temp finds it there if the nodes
admit them. A vCard4 is an item of a node, and the vcard-temp is stored beside it. Whoever may not
read the vCard4 may not read the vcard-temp either. What the server changes in consequence is no
request, so that nothing goes round in circles.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final

import structlog
from sqlalchemy import Connection

from palaver.ext.presence.extension import Presence
from palaver.ext.profile import avatars, hashes, picture
from palaver.ext.profile.avatars import Avatars
from palaver.ext.profile.conversion import (
    inline_pictures,
    photo4,
    photo_temp,
    to_temp,
    to_vcard4,
    without_pictures,
)
from palaver.ext.profile.hashes import AVATAR
from palaver.ext.profile.picture import Picture
from palaver.ext.profile.vocabulary import TEMP, VCARD4
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS as PUBSUB
from palaver.ext.roster.turns import Turns
from palaver.ext.vcard import Vcard
from palaver.jid import JID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
)
from palaver.kernel.hooks import Phase
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NODE: Final = "urn:xmpp:vcard4"
_ITEM: Final = "current"
# Who hears of a vCard4 gets it by a request (XEP-0292 §3.2.2).
_OPTIONS: Final = {"access_model": "open", "deliver_payloads": "false"}


class Profile(Extension):
    """Converts vCards and avatars into each other, and puts the avatar's hash into presence."""

    name: ClassVar = "profile"
    implements: ClassVar = (
        Xep(84, "1.1.4", "pictures and what is said of them are checked"),
        Xep(153, "1.1.1", "the server fills in the hash"),
        Xep(292, "0.12.0"),
        Xep(398, "1.0.0"),
    )
    features: ClassVar = (VCARD4,)
    account_features: ClassVar = (VCARD4, "urn:xmpp:pep-vcard-conversion:0")
    requires: ClassVar = ("vcard", "pubsub", "presence")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._avatars = Avatars(server)
        self._turns = Turns()

    @property
    def _pubsub(self) -> PubSub:
        return self.server.extension(PubSub)

    @property
    def _vcards(self) -> Vcard:
        return self.server.extension(Vcard)

    # -- presence ----------------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Have the hash at hand for presence."""
        avatar = avatars.load(account, connection)
        if avatar is not None:
            AVATAR.set(account, avatar)

    @on(hooks.outgoing, phase=Phase.REWRITE, kind="presence")
    def announce(self, stanza: Stanza, session: Session) -> Stanza | None:
        """Put the hash of the avatar into a presence (XEP-0398 §4)."""
        if stanza.type != "available" or session.account.temporary:
            return None
        return hashes.corrected(stanza, session)

    @on(hooks.session_saving)
    def save(self, session: Session, known: dict[str, Any]) -> None:
        """Remember over a restart which clients say themselves that there is no avatar."""
        if hashes.is_silent(session):
            known[self.name] = True

    @on(hooks.session_restored)
    def restore(self, session: Session, known: Mapping[str, Any]) -> None:
        """Know it again."""
        if known.get(self.name):
            hashes.be_silent(session)

    async def _renew(self, account: Account) -> None:
        """Take note of the avatar as it is now, and let those who see it know."""
        avatar = await self._avatars.find(account)
        if avatar == AVATAR.get(account):
            return
        if avatar is None:
            AVATAR.clear(account)
        else:
            AVATAR.set(account, avatar)
        for session in list(account.sessions.values()):
            presence = hashes.renewed(session)
            if presence is not None:
                self.server.extension(Presence).renew(presence, session)

    # -- what clients publish in nodes -------------------------------------------------------------

    @on(hooks.item_publishing)
    async def check(self, account: Account, node: str, id_: str, payload: Element) -> None:
        """Refuse pictures that are none, false words about them, and vCards that are broken."""
        if node == avatars.DATA:
            avatars.check_data(id_, payload)
        elif node == avatars.METADATA:
            await self._avatars.check_metadata(account, payload)
        elif node == NODE:
            self._check_vcard4(account, payload)

    def _check_vcard4(self, account: Account, payload: Element) -> None:
        if payload.key != f"{VCARD4} vcard":
            raise avatars.invalid("the node is for a vCard4")
        if len(payload.to_bytes()) > self._vcards.config(account.host.name).max_bytes:
            raise refusal("not-acceptable", "payload-too-big", "the vCard is too big")
        for _, text in inline_pictures(payload):
            try:
                picture.read(text)
            except ValueError as error:
                raise avatars.invalid(f"photo: {error}") from error

    @on(hooks.node_changed)
    @on(hooks.node_imported)
    async def changed(self, account: Account, node: str) -> None:
        """Let the rest of a profile follow what a client published or changed."""
        if node in (avatars.DATA, avatars.METADATA):
            async with self._turns.of(account.jid):
                await self._follow_avatar(account)
        elif node == NODE:
            async with self._turns.of(account.jid):
                await self._follow_vcard4(account)

    async def _follow_avatar(self, account: Account) -> None:
        await self._renew(account)
        card = await self._vcard4(account)
        if card is not None:
            await self._publish_vcard4(account, card)

    async def _follow_vcard4(self, account: Account) -> None:
        card = await self._vcard4(account)
        old = await self._vcards.stored(account)
        if card is not None:
            await self._take_picture(account, _picture_in(card))
        if old is not None and await self._avatars.find(account) is None:
            await self._take_picture(account, _picture_in(old))  # one that was imported
        new = to_temp(without_pictures(card or Element("vcard", VCARD4)), old)
        if old is None or new != old:
            await self._vcards.keep(account, new if list(new) else None)

    async def _vcard4(self, account: Account) -> Element | None:
        node = await self._pubsub.engine.nodes.find(account.jid, NODE)
        if node is None:
            return None
        last = (await self._pubsub.engine.items.last_of([node])).get(node.id)
        return element.parse(last.payload.encode()) if last and last.payload else None

    async def _publish_vcard4(self, account: Account, card: Element) -> None:
        """Publish a vCard4 with the avatar that everybody may see, unless it is as it was."""
        shown = await self._avatars.seen_by(None, account)
        plain = without_pictures(card)
        new = plain if shown is None else _with(plain, photo4(shown.type, shown.base64))
        if len(new.to_bytes()) > self._pubsub.config(account.host.name).payload_bytes:
            new = plain
        if new == await self._vcard4(account):
            return
        there = await self._pubsub.engine.nodes.find(account.jid, NODE)
        item = Element("item", PUBSUB, {"id": _ITEM}, new)
        await self._pubsub.publish(account, NODE, item, {} if there else _OPTIONS)

    async def _take_picture(self, account: Account, new: Picture | None) -> None:
        """Show a picture that came with a vCard, unless it is shown already."""
        shown = await self._avatars.find(account)
        if new is not None and (shown is None or shown.id != new.id):
            await self._avatars.show(account, new)
            await self._renew(account)

    # -- vcard-temp --------------------------------------------------------------------------------

    @on(hooks.vcard_publishing)
    async def take(self, account: Account, card: Element) -> Element:
        """Let avatar and vCard4 follow a vcard-temp; its picture is stored as the avatar.

        Raises:
            StanzaError: bad-request, a picture is broken; not-acceptable, it is too big.
        """
        shown = _checked_picture(card)
        async with self._turns.of(account.jid):
            if shown is None:
                await self._avatars.hide(account)
                await self._renew(account)
            await self._take_picture(account, shown)
            if not list(card):
                await self._pubsub.purge(account, NODE)
                return card
            plain = without_pictures(card)
            before = await self._vcard4(account)
            await self._publish_vcard4(account, to_vcard4(plain, before, str(account.jid)))
        return plain

    @on(hooks.vcard_reading)
    async def complete(self, account: Account, who: JID, card: Element | None) -> Element | None:
        """Give a vcard-temp the avatar, for who may see both (XEP-0398 §7)."""
        if account.temporary:
            return card
        if card is not None:
            card = await self._open_to(account, who, card)
        shown = await self._avatars.seen_by(who, account)
        if shown is None:
            return card
        plain = Element("vCard", TEMP) if card is None else without_pictures(card)
        return _with(plain, photo_temp(shown.type, shown.base64))

    async def _open_to(self, account: Account, who: JID, card: Element) -> Element | None:
        if who.bare == account.jid:
            node = await self._pubsub.engine.nodes.find(account.jid, NODE)
            if node is None or any(inline_pictures(card)):
                await self._make_whole(account, card)
            return card
        return card if await self._admits(account, who) else None

    async def _admits(self, account: Account, who: JID) -> bool:
        """Tell whether somebody may read the vCard4 of an account, if there is one."""
        node = await self._pubsub.engine.nodes.find(account.jid, NODE)
        return node is None or (await door_of(self.server, node)).admits(who)

    async def _make_whole(self, account: Account, card: Element) -> None:
        """Convert a vCard that was imported, or stored before this extension was there."""
        if await self._avatars.find(account) is not None:
            card = without_pictures(card)
        elif not any(inline_pictures(card)) and await self._vcard4(account) is not None:
            return
        with suppress(StanzaError, StorageUnavailable):
            await self._vcards.keep(account, await self._taken_over(account, card))

    async def _taken_over(self, account: Account, card: Element) -> Element:
        shown = _checked_picture(card)
        async with self._turns.of(account.jid):
            await self._take_picture(account, shown)
            plain = without_pictures(card)
            before = await self._vcard4(account)
            await self._publish_vcard4(account, to_vcard4(plain, before, str(account.jid)))
        return plain

    # -- vCard4 by requests ------------------------------------------------------------------------

    @iq("get", VCARD4, "vcard", to=(Target.ACCOUNT, Target.CONTACT))
    async def read(self, request: Request) -> Answer:
        """Return the vCard4 of an account to who may read it.

        Raises:
            StanzaError: item-not-found for one's own, service-unavailable for others', as for
                accounts that do not exist: there is none.
        """
        account = request.account
        assert account is not None
        card = await self._seen_by(request.sender, account)
        if card is None and request.sender.bare == account.jid:
            raise StanzaError("item-not-found", "you have not published a vCard")
        if card is None:
            raise StanzaError("service-unavailable")
        return card

    async def _seen_by(self, who: JID, account: Account) -> Element | None:
        if account.temporary:
            return None
        old = await self._vcards.seen_by(who, account)
        if old is None:
            return None
        shown = _picture_in(old)
        before = await self._vcard4(account) if await self._admits(account, who) else None
        new = to_vcard4(without_pictures(old), before, str(account.jid))
        plain = without_pictures(new)
        return plain if shown is None else _with(plain, photo4(shown.type, shown.base64))

    @iq("set", VCARD4, "vcard", to=Target.ACCOUNT)
    async def publish(self, request: Request) -> Answer:
        """Publish one's own vCard4.

        Raises:
            StanzaError: as publishing it in its node does.
        """
        account, card = request.account, request.payload
        assert account is not None
        there = await self._pubsub.engine.nodes.find(account.jid, NODE)
        item = Element("item", PUBSUB, {"id": _ITEM}, card)
        await self._pubsub.publish(account, NODE, item, {} if there else _OPTIONS)
        await self.changed(account, NODE)
        return None

    @iq("get", VCARD4, "vcard", to=Target.HOST)
    def of_host(self, request: Request) -> Answer:
        """Return what is configured of the host (XEP-0292 §5).

        Raises:
            StanzaError: service-unavailable, nothing is.
        """
        card = self._vcards.of(request.host)
        if card is None:
            raise StanzaError("service-unavailable")
        kind = Element("text", VCARD4, None, "application")
        found = to_vcard4(card, None, request.host.name)
        return found.add(Element("kind", VCARD4, None, kind))

    @iq("set", VCARD4, "vcard", to=(Target.CONTACT, Target.NOBODY, Target.HOST))
    def refuse(self, request: Request) -> Answer:
        """Let nobody change a vCard that is not their own."""
        raise StanzaError("forbidden", "that is not your vCard")


def _with(card: Element, *more: Element) -> Element:
    return Element(card.name, card.ns, card.attrs, *card.children, *more)


def _picture_in(card: Element) -> Picture | None:
    """Return the first picture in a vCard that was checked before."""
    for _, text in inline_pictures(card):
        with suppress(ValueError):
            return picture.read(text)
    return None


def _checked_picture(card: Element) -> Picture | None:
    """Return the first picture of a vcard-temp, and check all of them.

    Raises:
        StanzaError: bad-request, one is broken.
    """
    found: list[Picture] = []
    for child, text in inline_pictures(card):
        try:
            found.append(picture.read(text))
        except ValueError as error:
            raise StanzaError("bad-request", f"{child.name}: {error}") from error
    return found[0] if found else None
