"""When accounts were left, and with which status."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Timestamp, Xml, account_column

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table of last activity."""
    op.create_table(
        "last_activity",
        account_column(primary_key=True),
        sa.Column("ended", Timestamp, nullable=False),
        sa.Column("status", Xml),
    )
