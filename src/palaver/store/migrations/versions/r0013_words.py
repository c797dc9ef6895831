"""An index of the words of archived messages, and how far it goes for each account."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, account_column
from palaver.store.words import CREATE

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the index, as each engine can have one; it is filled while the server runs."""
    op.create_table(
        "log_indexed",
        account_column(primary_key=True),
        sa.Column("upto", BigId, nullable=False),
    )
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)
