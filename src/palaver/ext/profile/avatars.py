"""The avatar of an account: two nodes, one with the picture, one that says which (XEP-0084)."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, select

from palaver.ext.profile import picture
from palaver.ext.profile.picture import Picture
from palaver.ext.pubsub import settings, tables
from palaver.ext.pubsub.access import door_of
from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS as PUBSUB
from palaver.ext.pubsub.node import Node
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.kernel.server import Server
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, WireError

DATA: Final = "urn:xmpp:avatar:data"
METADATA: Final = "urn:xmpp:avatar:metadata"

_HASH_DIGITS: Final = 40
_MOST_INFOS: Final = 20
_LONGEST_NUMBER: Final = 9  # digits
_PUBLIC: Final = {"access_model": "open"}

Reach = Literal["everybody", "contacts", "others"]
"""Who may see an avatar: everybody, those who see the presence, or whom else the nodes admit."""


@dataclass(frozen=True, slots=True)
class Avatar:
    """The avatar that an account shows: the hash of the picture, and who may see it."""

    id: str
    reach: Reach


class Avatars:
    """Reads and publishes the avatars of accounts. Coroutines raise StorageUnavailable."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def _pubsub(self) -> PubSub:
        return self._server.extension(PubSub)

    async def find(self, account: Account) -> Avatar | None:
        """Return the avatar that an account shows now."""
        engine = self._pubsub.engine
        data = await engine.nodes.find(account.jid, DATA)
        metadata = await engine.nodes.find(account.jid, METADATA)
        if data is None or metadata is None:
            return None
        last = (await engine.items.last_of([metadata])).get(metadata.id)
        shown = None if last is None else _shown_by(last.payload)
        if shown is None:
            return None
        return Avatar(shown, _reach(data.config.access_model, metadata.config.access_model))

    async def seen_by(self, who: JID | None, account: Account) -> Picture | None:
        """Return the picture that an account shows to somebody; None stands for everybody."""
        avatar = await self.find(account)
        if avatar is None:
            return None
        if who is None and avatar.reach != "everybody":
            return None
        engine = self._pubsub.engine
        for name in (DATA, METADATA):
            node = await engine.nodes.find(account.jid, name)
            if node is None or (who is not None and not await self._admits(node, who)):
                return None
        return await self._picture(account, avatar.id)

    async def _admits(self, node: Node, who: JID) -> bool:
        return (await door_of(self._server, node)).admits(who)

    async def _picture(self, account: Account, id_: str) -> Picture | None:
        payload = await self._pubsub.payload_of(account, DATA, id_)
        if payload is None:
            return None
        try:
            return picture.read(element.parse(payload.encode()).text)
        except (ValueError, WireError):  # from before it was checked
            return None

    async def show(self, account: Account, new: Picture) -> None:
        """Publish a picture as the avatar of an account (XEP-0398 §3.2).

        Raises:
            StanzaError: it is too big, or nothing can be published.
        """
        data = Element("data", DATA, None, new.base64)
        await self._publish(account, DATA, Element("item", PUBSUB, {"id": new.id}, data))
        attrs: dict[str, str | None] = {
            "bytes": str(len(new.data)),
            "id": new.id,
            "type": new.type,
        }
        if new.size is not None:
            attrs["width"], attrs["height"] = map(str, new.size)
        metadata = Element("metadata", METADATA, None, Element("info", METADATA, attrs))
        await self._publish(account, METADATA, Element("item", PUBSUB, {"id": new.id}, metadata))

    async def hide(self, account: Account) -> None:
        """Show no avatar any more (XEP-0084 §3.5)."""
        if await self.find(account) is not None:
            empty = Element("item", PUBSUB, None, Element("metadata", METADATA))
            await self._publish(account, METADATA, empty)

    async def _publish(self, account: Account, name: str, item: Element) -> None:
        there = await self._pubsub.engine.nodes.find(account.jid, name)
        await self._pubsub.publish(account, name, item, {} if there else _PUBLIC)

    # -- checks ------------------------------------------------------------------------------------

    async def check_metadata(self, account: Account, payload: Element) -> None:
        """Check that what is said of a picture is so (XEP-0084 §4.2).

        Raises:
            StanzaError: bad-request with invalid-payload, it is not, or there is no such picture.
        """
        if payload.key != f"{METADATA} metadata":
            raise invalid("the node is for <metadata/>")
        infos = list(payload.find_all("info"))
        if len(infos) > _MOST_INFOS:
            raise invalid(f"at most {_MOST_INFOS} pictures are described")
        for info in infos:
            _check_info(info)
            if info.get("url") is None:
                await self._check_described(account, info)

    async def _check_described(self, account: Account, info: Element) -> None:
        found = await self._picture(account, info.get("id", "").lower())
        if found is None:
            raise invalid("publish the picture before what is said of it")
        if int(info.get("bytes", "")) != len(found.data):
            raise invalid(f"the picture has {len(found.data)} bytes")
        if not found.is_of(info.get("type", "")):
            raise invalid(f"the picture is of type {found.type}")
        told = info.get("width"), info.get("height")
        size = found.size
        if size is not None and any(
            t not in (None, str(n)) for t, n in zip(told, size, strict=True)
        ):
            raise invalid(f"the picture is {size[0]} pixels wide and {size[1]} high")


def check_data(id_: str, payload: Element) -> None:
    """Check that what is published as a picture is one, under its hash (XEP-0084 §3.1).

    Raises:
        StanzaError: bad-request with invalid-payload, it is not.
    """
    if payload.key != f"{DATA} data" or payload.attrs or list(payload):
        raise invalid("the node is for <data/> with a picture in base64")
    try:
        found = picture.read(payload.text)
    except ValueError as error:
        raise invalid(str(error)) from error
    if found.id != id_:
        raise invalid(f"the id of the item is the hash of the picture, {found.id}")


def invalid(text: str) -> StanzaError:
    """Return the error for an item that does not hold what belongs into its node."""
    return refusal("bad-request", "invalid-payload", text)


def _check_info(info: Element) -> None:
    id_ = info.get("id", "")
    if len(id_) != _HASH_DIGITS or not set(id_.lower()) <= set("0123456789abcdef"):
        raise invalid("the id of a picture is its SHA-1 hash in hexadecimal")
    if not info.get("type", "").strip():
        raise invalid("a picture has a type")
    for name in ("bytes", "width", "height"):
        text = info.get(name, "" if name == "bytes" else "0")
        if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
            raise invalid(f"{name} is a number")


def load(account: Account, connection: Connection) -> Avatar | None:
    """Read the avatar that an account shows, as it comes into use."""
    nodes, items = tables.nodes, tables.items
    mine = nodes.c.service == str(account.jid), nodes.c.name.in_((DATA, METADATA))
    found = {row.name: row for row in connection.execute(select(nodes).where(*mine))}
    if not {DATA, METADATA} <= found.keys():
        return None
    last = select(items.c.payload).where(items.c.node_id == found[METADATA].id)
    payload = connection.scalar(last.order_by(items.c.id.desc()).limit(1))
    shown = None if payload is None else _shown_by(payload)
    if shown is None:
        return None
    models = [settings.from_json(row.config).access_model for row in found.values()]
    return Avatar(shown, _reach(*models))


def _shown_by(metadata: str) -> str | None:
    """Return the hash of the picture that is in the node of data (XEP-0398 §3.1)."""
    for info in element.parse(metadata.encode()).find_all("info"):
        if info.get("url") is None:
            return info.get("id", "").lower() or None
    return None


def _reach(*models: str) -> Reach:
    if all(model == "open" for model in models):
        return "everybody"
    return "contacts" if all(model in ("open", "presence") for model in models) else "others"
