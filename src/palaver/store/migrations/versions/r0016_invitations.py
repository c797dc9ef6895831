"""Invitations to make an account or to become a contact."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import BigId, Blob, JidText, Name, Timestamp

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the table of invitations."""
    op.create_table(
        "invitations",
        sa.Column("digest", Blob(32), primary_key=True),
        sa.Column("host", Name(1023), nullable=False, index=True),
        sa.Column(
            "inviter",
            BigId,
            sa.ForeignKey("accounts.id", ondelete="CASCADE", name="fk_invitations_inviter"),
            index=True,
        ),
        sa.Column("contact", JidText, nullable=False),
        sa.Column("username", Name(1023), nullable=False),
        sa.Column("registers", sa.Boolean, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("since", Timestamp, nullable=False),
        sa.Column("until", Timestamp, nullable=False),
    )
