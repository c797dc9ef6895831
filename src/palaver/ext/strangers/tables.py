"""What strangers are in storage: users' choices, those they wrote to, and what is held back."""

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from palaver.kernel.storage import (
    BigId,
    JidText,
    Name,
    Timestamp,
    Xml,
    account_column,
    metadata,
)

choices: Final = Table(
    "stranger_choices",
    metadata,
    account_column(primary_key=True),
    Column("policy", Name(16), nullable=False),
    Column("per_hour", Integer),
)

acquaintances: Final = Table(
    "stranger_acquaintances",
    metadata,
    account_column(primary_key=True),
    Column("peer", JidText, primary_key=True),
    Column("since", Timestamp, nullable=False),
    Index(None, "peer"),
)

quarantine: Final = Table(
    "stranger_quarantine",
    metadata,
    Column("id", BigId, primary_key=True),
    account_column(),
    Column("peer", JidText, nullable=False),
    Column("stanza", Xml, nullable=False),
    Column("since", Timestamp, nullable=False, index=True),
    Index(None, "account_id"),
    sqlite_autoincrement=True,
)
