"""Groups that administrators keep, whose members are in each other's rosters."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, Name, account_column

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Create the tables of groups."""
    op.create_table(
        "shared_groups",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("host", Name(1023), nullable=False),
        sa.Column("name", Name(512), nullable=False),
        sa.Column("everybody", sa.Boolean, nullable=False),
        sa.UniqueConstraint("host", "name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shared_group_members",
        _of_group("group_id"),
        account_column(primary_key=True),
    )
    op.create_index("ix_shared_group_members_account_id", "shared_group_members", ["account_id"])
    op.create_table("shared_group_displays", _of_group("group_id"), _of_group("shown_to"))
    op.create_table(
        "shared_group_versions",
        sa.Column("host", Name(1023), primary_key=True),
        sa.Column("version", BigId, nullable=False),
    )


def _of_group(name: str) -> "sa.Column[int]":
    to = sa.ForeignKey("shared_groups.id", ondelete="CASCADE")
    return sa.Column(name, BigId, to, primary_key=True, nullable=False, autoincrement=False)
