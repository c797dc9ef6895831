"""Roles that people in rooms were given, and when rooms were used last."""

import time

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import JidText, Name, Timestamp, account_column

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Create the table, and the column: of the rooms that there are nobody knows, so it is now."""
    op.create_table(
        "room_roles",
        account_column(primary_key=True),
        sa.Column("jid", JidText, primary_key=True, index=True),
        sa.Column("role", Name(16), nullable=False),
    )
    op.add_column("rooms", sa.Column("used", Timestamp, nullable=False, server_default="0"))
    rooms = sa.table("rooms", sa.column("used", Timestamp))
    op.execute(rooms.update().values(used=int(time.time() * 1_000_000)))
