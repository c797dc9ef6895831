"""Finds out quickly who has written to an address, so that it can be forgotten."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_stranger_acquaintances_peer", "stranger_acquaintances", ["peer"])
