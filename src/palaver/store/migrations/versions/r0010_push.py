"""Push services that clients asked to be told by."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Timestamp, Xml, account_column

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table of push registrations."""
    op.create_table(
        "push_registrations",
        account_column(primary_key=True),
        sa.Column("service", Name(1023), primary_key=True),
        sa.Column("node", Name(1000), primary_key=True),
        sa.Column("resource", Name(1023), nullable=False),
        sa.Column("options", Xml, nullable=False),
        sa.Column("since", Timestamp, nullable=False),
    )
