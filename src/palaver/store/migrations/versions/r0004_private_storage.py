"""What clients keep in private XML storage."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Xml, account_column

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of private XML storage."""
    op.create_table(
        "private_storage",
        account_column(primary_key=True),
        sa.Column("namespace", Name(1024), primary_key=True),
        sa.Column("name", Name(1024), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("xml", Xml, nullable=False),
    )
