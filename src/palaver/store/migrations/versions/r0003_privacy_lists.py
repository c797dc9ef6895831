"""Privacy lists, and with them the block lists."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Xml, account_column

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of the privacy lists."""
    op.create_table(
        "privacy_lists",
        account_column(primary_key=True),
        sa.Column("name", Name(255), primary_key=True),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("items", Xml, nullable=False),
    )
