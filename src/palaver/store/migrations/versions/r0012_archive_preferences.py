"""What accounts want in their archives, and for how long."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Xml, account_column

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the table of archiving preferences."""
    op.create_table(
        "archive_preferences",
        account_column(primary_key=True),
        sa.Column("default", Name(6)),
        sa.Column("always", Xml, nullable=False),
        sa.Column("never", Xml, nullable=False),
        sa.Column("days", sa.Integer),
    )
