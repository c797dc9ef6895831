"""An index for the conversations of an account with one peer."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the index, of archived entries alone where the engine can have such."""
    op.create_index(
        "ix_log_account_id_peer_id",
        "log",
        ["account_id", "peer", "id"],
        sqlite_where=sa.text("archived = 1"),
        postgresql_where=sa.column("archived"),
    )
