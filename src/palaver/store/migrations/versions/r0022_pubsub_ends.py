"""When subscriptions to nodes end, and nodes whose items go with their publishers."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Timestamp

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the columns."""
    op.add_column(
        "pubsub_nodes",
        sa.Column("purge_offline", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("pubsub_subscriptions", sa.Column("expires", Timestamp))
    op.create_index("ix_pubsub_subscriptions_expires", "pubsub_subscriptions", ["expires"])
