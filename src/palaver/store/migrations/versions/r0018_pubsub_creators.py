"""An index for what one account has created at a service of publish-subscribe."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_pubsub_nodes_creator", "pubsub_nodes", ["creator"])
