"""The tables of nodes, their items, and who has to do with them."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
)

from palaver.kernel.storage import BigId, JidText, Name, Timestamp, Xml, metadata

NODE_BYTES: Final = 512
"""The longest name of a node: with the address of its service it is one key on every database."""

ITEM_BYTES: Final = 2500
"""The longest id of an item; the ids of some protocols are addresses."""


def _of_node(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "node_id",
        BigId,
        ForeignKey("pubsub_nodes.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
    )


nodes: Final = Table(
    "pubsub_nodes",
    metadata,
    Column("id", BigId, primary_key=True),
    # Of an account's nodes: they go with it.
    Column("account_id", BigId, ForeignKey("accounts.id", ondelete="CASCADE")),
    Column("service", JidText, nullable=False),
    Column("name", Name(NODE_BYTES), nullable=False),
    Column("creator", JidText, nullable=False),
    Column("created", Timestamp, nullable=False),
    Column("config", Xml, nullable=False),  # JSON: what differs from the defaults
    Column("expire", Integer, nullable=False),  # seconds that items last; 0 for ever
    Column("items", BigId, nullable=False),
    Column("bytes", BigId, nullable=False),
    # Whether items go when who published them goes offline.
    Column("purge_offline", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("service", "name"),
    sqlite_autoincrement=True,
)
Index(None, nodes.c.account_id)
Index(None, nodes.c.creator)
Index(None, nodes.c.expire)

items: Final = Table(
    "pubsub_items",
    metadata,
    Column("id", BigId, primary_key=True),  # their order: that in which they were published
    _of_node(),
    Column("item", Name(ITEM_BYTES), nullable=False),
    Column("publisher", JidText, nullable=False),
    Column("published", Timestamp, nullable=False),
    Column("size", Integer, nullable=False),  # of the payload, in bytes
    Column("payload", Xml, nullable=False),
    UniqueConstraint("node_id", "item"),
    sqlite_autoincrement=True,
)
Index("ix_pubsub_items_node_id_id", items.c.node_id, items.c.id)

affiliations: Final = Table(
    "pubsub_affiliations",
    metadata,
    _of_node(primary_key=True),
    Column("jid", JidText, primary_key=True),
    Column("affiliation", Name(16), nullable=False),
)
Index(None, affiliations.c.jid)

subscriptions: Final = Table(
    "pubsub_subscriptions",
    metadata,
    _of_node(primary_key=True),
    Column("subid", Name(40), primary_key=True),
    Column("jid", JidText, nullable=False),
    Column("resource", Name(1023), nullable=False),
    Column("state", Name(16), nullable=False),
    Column("options", Xml, nullable=False),  # JSON: what differs from the defaults
    Column("expires", Timestamp),  # 0 when its holder goes offline
)
Index(None, subscriptions.c.jid)
Index(None, subscriptions.c.expires)
