"""What administrators tell users, and with whom hosts communicate."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Timestamp, Xml, account_column

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables of service administration."""
    op.create_table(
        "announcements",
        sa.Column("host", Name(1023), primary_key=True),
        sa.Column("kind", Name(16), primary_key=True),
        sa.Column("version", Timestamp, nullable=False),
        sa.Column("text", Xml, nullable=False),
    )
    op.create_table(
        "motd_readers",
        account_column(primary_key=True),
        sa.Column("version", Timestamp, nullable=False),
    )
    op.create_table(
        "entity_lists",
        sa.Column("host", Name(1023), primary_key=True),
        sa.Column("kind", Name(16), primary_key=True),
        sa.Column("jids", Xml, nullable=False),
    )
