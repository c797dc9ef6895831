"""The tables of accounts that go, of the names they leave, and of passwords to be set anew."""

from typing import Final

from sqlalchemy import Column, Index, Table

from palaver.kernel.storage import Blob, Name, Timestamp, account_column, metadata

deletions: Final = Table(
    "deletions",
    metadata,
    account_column(primary_key=True),
    Column("since", Timestamp, nullable=False),
)
"""The accounts whose deletion has begun; one that was cut short is taken up again."""

tombstones: Final = Table(
    "tombstones",
    metadata,
    Column("host", Name(1023), primary_key=True),
    Column("localpart", Name(1023), primary_key=True),
    Column("skeleton", Name(255), nullable=False),
    Column("since", Timestamp, nullable=False),
    Column("until", Timestamp, nullable=False),
)
"""The names of deleted accounts, and until when nobody can have them."""
Index(None, tombstones.c.host, tombstones.c.skeleton)

password_resets: Final = Table(
    "password_resets",
    metadata,
    Column("digest", Blob(32), primary_key=True),
    account_column(),
    Column("since", Timestamp, nullable=False),
    Column("until", Timestamp, nullable=False),
)
"""Tokens to set a new password with; only digests, who reads the table can use none."""
Index(None, password_resets.c.account_id)
