"""What is blocked by command, and what real-time lists said last, in storage."""

from typing import Final

from sqlalchemy import Column, Table

from palaver.kernel.storage import BigId, Blob, JidText, Name, Timestamp, metadata

REASON_BYTES: Final = 1000
ITEM_BYTES: Final = 1023

entries: Final = Table(
    "block_entries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("host", Name(1023), nullable=False),
    Column("address", JidText, nullable=False),
    Column("reason", Name(REASON_BYTES), nullable=False),
    Column("since", Timestamp, nullable=False),
    Column("until", Timestamp),
    sqlite_autoincrement=True,
)

items: Final = Table(
    "block_list_items",
    metadata,
    Column("list", Blob(32), primary_key=True),
    Column("item", Name(ITEM_BYTES), primary_key=True),
)
