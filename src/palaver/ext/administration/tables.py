"""The tables of service administration."""

from typing import Final

from sqlalchemy import Column, Table

from palaver.kernel.storage import Name, Timestamp, Xml, account_column, metadata

announcements: Final = Table(
    "announcements",
    metadata,
    Column("host", Name(1023), primary_key=True),
    Column("kind", Name(16), primary_key=True),  # "motd" or "welcome"
    Column("version", Timestamp, nullable=False),
    Column("text", Xml, nullable=False),
)
"""What a host tells its users; a new version is told again to those who have read the last."""

motd_readers: Final = Table(
    "motd_readers",
    metadata,
    account_column(primary_key=True),
    Column("version", Timestamp, nullable=False),
)
"""Which version of the message of the day an account has got."""

entity_lists: Final = Table(
    "entity_lists",
    metadata,
    Column("host", Name(1023), primary_key=True),
    Column("kind", Name(16), primary_key=True),  # "blocked" or "allowed"
    Column("jids", Xml, nullable=False),  # one in a line
)
"""With whom a host exchanges nothing, or with whom alone."""
