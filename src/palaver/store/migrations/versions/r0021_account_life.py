"""Accounts disabled for a while, names kept after deletion, deletions under way, reset tokens."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Blob, Name, Timestamp, account_column

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the column and create the tables."""
    op.add_column("accounts", sa.Column("disabled_until", Timestamp))
    op.create_table(
        "deletions",
        account_column(primary_key=True),
        sa.Column("since", Timestamp, nullable=False),
    )
    op.create_table(
        "tombstones",
        sa.Column("host", Name(1023), primary_key=True),
        sa.Column("localpart", Name(1023), primary_key=True),
        sa.Column("skeleton", Name(255), nullable=False),
        sa.Column("since", Timestamp, nullable=False),
        sa.Column("until", Timestamp, nullable=False),
    )
    op.create_index("ix_tombstones_host_skeleton", "tombstones", ["host", "skeleton"])
    op.create_table(
        "password_resets",
        sa.Column("digest", Blob(32), primary_key=True),
        account_column(),
        sa.Column("since", Timestamp, nullable=False),
        sa.Column("until", Timestamp, nullable=False),
    )
    op.create_index("ix_password_resets_account_id", "password_resets", ["account_id"])
