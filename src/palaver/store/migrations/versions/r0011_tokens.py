"""Tokens to log in with."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Blob, Name, Timestamp, account_column

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table of tokens."""
    op.create_table(
        "tokens",
        account_column(primary_key=True),
        sa.Column("device", Name(32), primary_key=True),
        sa.Column("salt", Blob(32), primary_key=True),
        sa.Column("mechanism", Name(32), nullable=False),
        sa.Column("issued", Timestamp, nullable=False),
        sa.Column("expires", Timestamp, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
    )
    op.create_index("ix_tokens_expires", "tokens", ["expires"])
