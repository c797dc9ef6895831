"""The devices from which accounts are used."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Timestamp, Xml, account_column

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the table of devices."""
    op.create_table(
        "devices",
        account_column(primary_key=True),
        sa.Column("device", Name(32), primary_key=True),
        sa.Column("software", Xml, nullable=False),
        sa.Column("name", Xml, nullable=False),
        sa.Column("first_seen", Timestamp, nullable=False),
        sa.Column("last_seen", Timestamp, nullable=False),
        sa.Column("password", sa.Boolean, nullable=False),
    )
    op.create_index("ix_devices_last_seen", "devices", ["last_seen"])
