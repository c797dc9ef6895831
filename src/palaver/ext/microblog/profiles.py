"""The kinds of nodes that hold posts: their rules (XEP-0277 §4, XEP-0472 §5)."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from palaver.ext.microblog import atom
from palaver.ext.microblog.atom import ATOM, invalid
from palaver.ext.pubsub.errors import refusal
from palaver.ext.pubsub.node import Node
from palaver.ext.pubsub.profile import Profile
from palaver.ext.pubsub.settings import MAX, NodeConfig
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

MICROBLOG: Final = "urn:xmpp:microblog:0"
COMMENTS: Final = f"{MICROBLOG}:comments"
SOCIAL: Final = "urn:xmpp:pubsub-social-feed:1"
GALLERY: Final = "urn:xmpp:pubsub-social-feed:gallery:1"
METADATA: Final = "0"
"""The id of the item that tells of the feed itself (XEP-0277 §5)."""


class Social(Profile):
    """The profile that all others build on (XEP-0472 §5.1)."""

    def concerns(self, node: str, type_: str) -> bool:
        """Tell by the type."""
        return type_ == SOCIAL

    def default(self, config: NodeConfig) -> NodeConfig:
        """Return the default; subscribers fetch what they want to read."""
        return replace(
            config,
            type=config.type or SOCIAL,
            notify_retract=True,
            max_items=MAX,
            persist_items=True,
            send_last_published_item="never",
            deliver_payloads=False,
            itemreply="publisher",
        )

    def check_config(self, config: NodeConfig) -> None:
        """Insist on what readers rely on; how many items are kept is for the owner to say."""
        for field, value in (
            ("notify_retract", config.notify_retract),
            ("persist_items", config.persist_items),
        ):
            if not value:
                raise StanzaError("not-acceptable", f"pubsub#{field} is always on in such a node")

    def take(self, node: Node, item: str, payload: Element | None) -> None:
        """Take entries, and say in them where they are (XEP-0472 §4.3)."""
        if payload is None:
            raise refusal("bad-request", "payload-required", "publish an Atom entry")
        if payload.ns == ATOM and payload.name == "feed" and item == METADATA:
            atom.check(payload)
            return
        if payload.ns != ATOM or payload.name != "entry":
            raise invalid(f"what is published here is an <entry/> of {ATOM}")
        self.check_entry(payload)
        _locate(node, item, payload)

    def check_entry(self, entry: Element) -> None:
        """Check an entry; raises `StanzaError`."""
        atom.check(entry)


class Microblog(Social):
    """What somebody writes, at one node of the account (XEP-0277).

    Notifications have the post in them, as XEP-0277 §2.3 shows it and its clients expect;
    XEP-0472 §5.1 would rather have everybody ask for it.
    """

    def concerns(self, node: str, type_: str) -> bool:
        """Tell by the name, or by the type."""
        return MICROBLOG in (node, type_)

    def default(self, config: NodeConfig) -> NodeConfig:
        """Return the default."""
        default = super().default(replace(config, type=MICROBLOG))
        return replace(default, deliver_payloads=True)


class Comments(Microblog):
    """What others say to a post (XEP-0277 §3); everybody may, unless the owner says otherwise."""

    def concerns(self, node: str, type_: str) -> bool:
        """Tell by the name."""
        return node.startswith(f"{COMMENTS}/") or type_ == COMMENTS

    def default(self, config: NodeConfig) -> NodeConfig:
        """Return the default."""
        default = super().default(config)
        return replace(default, type=COMMENTS, access_model="open", publish_model="open")

    def check_entry(self, entry: Element) -> None:
        """Check an entry; a comment needs no id or time of its own (§3.2)."""
        atom.check(entry, complete=False)


class Gallery(Social):
    """Pictures (XEP-0472 §5.3)."""

    def concerns(self, node: str, type_: str) -> bool:
        """Tell by the type."""
        return type_ == GALLERY

    def default(self, config: NodeConfig) -> NodeConfig:
        """Return the default."""
        return super().default(replace(config, type=GALLERY))

    def check_entry(self, entry: Element) -> None:
        """Check that there is a picture."""
        super().check_entry(entry)
        links = entry.find_all("link")
        if not any(
            each.get("rel") == "enclosure" and each.get("type", "").startswith("image/")
            for each in links
        ):
            raise invalid("an item of a gallery has a picture: a link with rel='enclosure'")


def uri_of(node: Node, item: str = "") -> str:
    """Return the address of a node, or of an item of it (XEP-0060 §12.22)."""
    parts = [f"xmpp:{quote(str(node.service), safe='@')}?", f"node={quote(node.name, safe='')}"]
    if item:
        parts.append(f"item={quote(item, safe='')}")
    return ";".join(parts)


def _locate(node: Node, item: str, entry: Element) -> None:
    """Add a link to the item, unless there is one to an item of some node."""
    alternates = [each for each in entry.find_all("link") if each.get("rel") == "alternate"]
    if not any(each.get("href", "").startswith("xmpp:") for each in alternates):
        entry.add(Element("link", ATOM, {"rel": "alternate", "href": uri_of(node, item)}))
