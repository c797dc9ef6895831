"""Feeds of the web that are imported into nodes."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, JidText, Name, Timestamp, Xml

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the table of feeds."""
    account = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    op.create_table(
        "feeds",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, account),
        sa.Column("service", JidText, nullable=False),
        sa.Column("node", Name(512), nullable=False),
        sa.Column("url", Xml, nullable=False),
        sa.Column("every", sa.Integer, nullable=False),
        sa.Column("next", Timestamp, nullable=False),
        sa.Column("fetched", Timestamp, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", Xml, nullable=False),
        sa.Column("etag", Xml, nullable=False),
        sa.Column("modified", Xml, nullable=False),
        sa.Column("seen", Xml, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feeds_account_id", "feeds", ["account_id"])
    op.create_index("ix_feeds_next", "feeds", ["next"])
