"""The tables of the accounts and of their SCRAM keys."""

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from palaver.kernel.storage import BigId, Blob, Name, Timestamp, Xml, account_column, metadata

accounts: Final = Table(
    "accounts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("host", Name(1023), nullable=False),
    Column("localpart", Name(1023), nullable=False),
    Column("skeleton", Name(255), nullable=False),
    Column("created", Timestamp, nullable=False),
    Column("role", Name(16), nullable=False),
    Column("disabled_at", Timestamp),
    Column("disabled_reason", Xml),
    Column("last_login", Timestamp),
    Column("disabled_until", Timestamp),
    UniqueConstraint("host", "localpart"),
    # An id must not come back: a row or a stanza-id that outlives its account shall find nobody.
    sqlite_autoincrement=True,
)
Index(None, accounts.c.host, accounts.c.skeleton)

credentials: Final = Table(
    "credentials",
    metadata,
    account_column(primary_key=True),
    Column("mechanism", Name(64), primary_key=True),
    Column("salt", Blob(255), nullable=False),
    Column("iterations", Integer, nullable=False),
    Column("stored_key", Blob(64), nullable=False),
    Column("server_key", Blob(64), nullable=False),
)
