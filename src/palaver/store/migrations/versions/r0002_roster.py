"""The rosters."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, Blob, JidText, Name, Xml, account_column

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "roster",
        account_column(primary_key=True),
        sa.Column("contact", JidText, primary_key=True),
        sa.Column("subscription", Name(6), nullable=False),
        sa.Column("ask", sa.Boolean, nullable=False),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("name", Xml, nullable=False),
        sa.Column("groups", Xml, nullable=False),
        sa.Column("request", Blob),
        sa.Column("version", BigId, nullable=False),
        sa.Column("floor", BigId, nullable=False),
    )
