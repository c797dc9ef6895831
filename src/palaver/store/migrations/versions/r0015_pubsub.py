"""Nodes of publish-subscribe, their items, affiliations and subscriptions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, JidText, Name, Timestamp, Xml

revision = "0015"
down_revision = "0014"


def _of_node(*, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(
        "node_id",
        BigId,
        sa.ForeignKey("pubsub_nodes.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
    )


def upgrade() -> None:
    """Create the four tables."""
    op.create_table(
        "pubsub_nodes",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey("accounts.id", ondelete="CASCADE")),
        sa.Column("service", JidText, nullable=False),
        sa.Column("name", Name(512), nullable=False),
        sa.Column("creator", JidText, nullable=False),
        sa.Column("created", Timestamp, nullable=False),
        sa.Column("config", Xml, nullable=False),
        sa.Column("expire", sa.Integer, nullable=False),
        sa.Column("items", BigId, nullable=False),
        sa.Column("bytes", BigId, nullable=False),
        sa.UniqueConstraint("service", "name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pubsub_nodes_account_id", "pubsub_nodes", ["account_id"])
    op.create_index("ix_pubsub_nodes_expire", "pubsub_nodes", ["expire"])
    op.create_table(
        "pubsub_items",
        sa.Column("id", BigId, primary_key=True),
        _of_node(),
        sa.Column("item", Name(2500), nullable=False),
        sa.Column("publisher", JidText, nullable=False),
        sa.Column("published", Timestamp, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("payload", Xml, nullable=False),
        sa.UniqueConstraint("node_id", "item"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pubsub_items_node_id_id", "pubsub_items", ["node_id", "id"])
    op.create_table(
        "pubsub_affiliations",
        _of_node(primary_key=True),
        sa.Column("jid", JidText, primary_key=True),
        sa.Column("affiliation", Name(16), nullable=False),
    )
    op.create_index("ix_pubsub_affiliations_jid", "pubsub_affiliations", ["jid"])
    op.create_table(
        "pubsub_subscriptions",
        _of_node(primary_key=True),
        sa.Column("subid", Name(40), primary_key=True),
        sa.Column("jid", JidText, nullable=False),
        sa.Column("resource", Name(1023), nullable=False),
        sa.Column("state", Name(16), nullable=False),
        sa.Column("options", Xml, nullable=False),
    )
    op.create_index("ix_pubsub_subscriptions_jid", "pubsub_subscriptions", ["jid"])
