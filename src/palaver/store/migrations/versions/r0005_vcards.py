"""The vCards of accounts."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Xml, account_column

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table of vCards."""
    op.create_table(
        "vcards", account_column(primary_key=True), sa.Column("vcard", Xml, nullable=False)
    )
