"""The tables of rooms, and of who has to do with them.

To storage a room is an account of the service's domain that nobody can log in to: so it has a log
of its own, and everything about it goes with that one row.
"""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint

from palaver.kernel.storage import JidText, Name, Timestamp, Xml, account_column, metadata

rooms: Final = Table(
    "rooms",
    metadata,
    account_column(primary_key=True),
    Column("service", Name(1023), nullable=False),
    Column("name", Name(1023), nullable=False),
    Column("creator", JidText, nullable=False),
    Column("created", Timestamp, nullable=False),
    Column("persistent", Boolean, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("config", Xml, nullable=False),  # JSON
    Column("subject", Xml, nullable=False),
    Column("subject_nick", Name(1023), nullable=False),
    Column("subject_at", Timestamp, nullable=False),
    # When somebody was in it last, within an hour.
    Column("used", Timestamp, nullable=False, server_default="0"),
    UniqueConstraint("service", "name"),
)
Index(None, rooms.c.creator)

affiliations: Final = Table(
    "room_affiliations",
    metadata,
    account_column(primary_key=True),
    Column("jid", JidText, primary_key=True),
    Column("affiliation", Name(16), nullable=False),
    Column("nick", Name(1023), nullable=False),
    Column("reason", Xml, nullable=False),
)
Index(None, affiliations.c.jid)

roles: Final = Table(
    "room_roles",
    metadata,
    account_column(primary_key=True),
    Column("jid", JidText, primary_key=True),
    Column("role", Name(16), nullable=False),
)
Index(None, roles.c.jid)

hats: Final = Table(
    "room_hats",
    metadata,
    account_column(primary_key=True),
    Column("uri", Name(500), primary_key=True),
    Column("title", Xml, nullable=False),
    Column("hue", Name(16), nullable=False),
)

hat_wearers: Final = Table(
    "room_hat_wearers",
    metadata,
    account_column(primary_key=True),
    Column("uri", Name(500), primary_key=True),
    Column("jid", JidText, primary_key=True),
)
Index(None, hat_wearers.c.jid)
