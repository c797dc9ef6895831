"""Rooms, and who is affiliated with them."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import JidText, Name, Timestamp, Xml, account_column

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rooms",
        account_column(primary_key=True),
        sa.Column("service", Name(1023), nullable=False),
        sa.Column("name", Name(1023), nullable=False),
        sa.Column("creator", JidText, nullable=False, index=True),
        sa.Column("created", Timestamp, nullable=False),
        sa.Column("persistent", sa.Boolean, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("config", Xml, nullable=False),
        sa.Column("subject", Xml, nullable=False),
        sa.Column("subject_nick", Name(1023), nullable=False),
        sa.Column("subject_at", Timestamp, nullable=False),
        sa.UniqueConstraint("service", "name"),
    )
    op.create_table(
        "room_affiliations",
        account_column(primary_key=True),
        sa.Column("jid", JidText, primary_key=True, index=True),
        sa.Column("affiliation", Name(16), nullable=False),
        sa.Column("nick", Name(1023), nullable=False),
        sa.Column("reason", Xml, nullable=False),
    )
