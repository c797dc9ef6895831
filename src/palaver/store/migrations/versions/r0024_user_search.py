"""The index of people by what their vCards say."""

import sqlalchemy as sa
from alembic import op

from palaver.kernel.storage import Name, Xml, account_column

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Create the tables of the search for people."""
    op.create_table(
        "user_search",
        account_column(primary_key=True),
        sa.Column("host", Name(1023), nullable=False),
        sa.Column("localpart", Name(1023), nullable=False),
        sa.Column("source", Name(40), nullable=False),
        sa.Column("shown", Xml, nullable=False),
    )
    op.create_index("ix_user_search_host_localpart", "user_search", ["host", "localpart"])
    op.create_table(
        "user_search_words",
        account_column(primary_key=True),
        sa.Column("field", Name(8), primary_key=True),
        sa.Column("word", Name(124), primary_key=True),
    )
    op.create_index("ix_user_search_words_field_word", "user_search_words", ["field", "word"])
