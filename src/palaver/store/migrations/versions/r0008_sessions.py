"""Sessions that clients may resume after a restart."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Timestamp, Xml, account_column

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table of sessions."""
    op.create_table(
        "sessions",
        account_column(primary_key=True),
        sa.Column("resource", Name(1023), primary_key=True),
        sa.Column("until", Timestamp, nullable=False),
        sa.Column("state", Xml, nullable=False),
    )
