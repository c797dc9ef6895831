"""Reports of spam and abuse."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, JidText, Name, Timestamp, Xml, account_column

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create the table of reports."""
    op.create_table(
        "abuse_reports",
        sa.Column("id", BigId, primary_key=True),
        account_column(),
        sa.Column("host", Name(1023), nullable=False, index=True),
        sa.Column("by", JidText, nullable=False),
        sa.Column("about", JidText(full=True), nullable=False),
        sa.Column("reason", Name(200), nullable=False),
        sa.Column("words", Xml, nullable=False),
        sa.Column("stanzas", Xml, nullable=False),
        sa.Column("since", Timestamp, nullable=False),
        sqlite_autoincrement=True,
    )
