"""Block lists, strangers, and accounts that wait for approval."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, Blob, JidText, Name, Timestamp, Xml, account_column

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "block_entries",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("host", Name(1023), nullable=False),
        sa.Column("address", JidText, nullable=False),
        sa.Column("reason", Name(1000), nullable=False),
        sa.Column("since", Timestamp, nullable=False),
        sa.Column("until", Timestamp),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "block_list_items",
        sa.Column("list", Blob(32), primary_key=True),
        sa.Column("item", Name(1023), primary_key=True),
    )
    op.create_table(
        "stranger_choices",
        account_column(primary_key=True),
        sa.Column("policy", Name(16), nullable=False),
        sa.Column("per_hour", sa.Integer),
    )
    op.create_table(
        "stranger_acquaintances",
        account_column(primary_key=True),
        sa.Column("peer", JidText, primary_key=True),
        sa.Column("since", Timestamp, nullable=False),
    )
    op.create_table(
        "stranger_quarantine",
        sa.Column("id", BigId, primary_key=True),
        account_column(),
        sa.Column("peer", JidText, nullable=False),
        sa.Column("stanza", Xml, nullable=False),
        sa.Column("since", Timestamp, nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stranger_quarantine_account_id", "stranger_quarantine", ["account_id"])
    op.create_table(
        "registration_requests",
        account_column(primary_key=True),
        sa.Column("reason", Name(4000), nullable=False),
        sa.Column("peer", Name(64), nullable=False),
        sa.Column("since", Timestamp, nullable=False),
        sa.Column("until", Timestamp, nullable=False),
    )
