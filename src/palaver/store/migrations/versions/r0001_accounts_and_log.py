"""Accounts, their SCRAM keys, and the message log."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, Blob, JidText, Name, Timestamp, Xml, account_column

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "accounts",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("host", Name(1023), nullable=False),
        sa.Column("localpart", Name(1023), nullable=False),
        sa.Column("skeleton", Name(255), nullable=False),
        sa.Column("created", Timestamp, nullable=False),
        sa.Column("role", Name(16), nullable=False),
        sa.Column("disabled_at", Timestamp),
        sa.Column("disabled_reason", Xml),
        sa.Column("last_login", Timestamp),
        sa.UniqueConstraint("host", "localpart"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_accounts_host_skeleton", "accounts", ["host", "skeleton"])
    op.create_table(
        "credentials",
        account_column(primary_key=True),
        sa.Column("mechanism", Name(64), primary_key=True),
        sa.Column("salt", Blob(255), nullable=False),
        sa.Column("iterations", sa.Integer, nullable=False),
        sa.Column("stored_key", Blob(64), nullable=False),
        sa.Column("server_key", Blob(64), nullable=False),
    )
    op.create_table(
        "log",
        account_column(primary_key=True),
        sa.Column("id", BigId, primary_key=True, autoincrement=False),
        sa.Column("outgoing", sa.Boolean, nullable=False),
        sa.Column("peer", JidText, nullable=False),
        sa.Column("peer_resource", Name(1023), nullable=False),
        sa.Column("stanza", Blob, nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("origin_id", Name(512)),
    )
    if op.get_bind().dialect.name == "mysql":
        op.create_index("ix_log_account_id_pending_id", "log", ["account_id", "pending", "id"])
    else:
        op.create_index(
            "ix_log_pending",
            "log",
            ["account_id", "id"],
            sqlite_where=sa.text("pending = 1"),
            postgresql_where=sa.text("pending"),
        )
