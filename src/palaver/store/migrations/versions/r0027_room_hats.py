"""Hats of rooms, and who wears them."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import JidText, Name, Xml, account_column

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "room_hats",
        account_column(primary_key=True),
        sa.Column("uri", Name(500), primary_key=True),
        sa.Column("title", Xml, nullable=False),
        sa.Column("hue", Name(16), nullable=False),
    )
    op.create_table(
        "room_hat_wearers",
        account_column(primary_key=True),
        sa.Column("uri", Name(500), primary_key=True),
        sa.Column("jid", JidText, primary_key=True, index=True),
    )
