"""Column types that mean the same on SQLite, PostgreSQL and MySQL/MariaDB.

Key text compares byte by byte everywhere: case, accents and trailing blanks count, and the order
is that of the UTF-8 bytes. That is the order of code points, so a prefix is a range.

Lengths are in bytes of UTF-8 and checked before the database sees a value, because each engine
has an opinion of its own about values that are too long.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Text,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

MAX_BARE_JID: Final = 2047
"""Bytes of the longest bare JID: two parts of 1023 bytes and "@" (RFC 7622 §3.1)."""

MAX_FULL_JID: Final = 3071
"""Bytes of the longest full JID."""

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Every table of the core and of the extensions is declared on this, beside its owner."""


class Name(TypeDecorator[str]):
    """Short text that may be part of a key: at most ``size`` bytes of UTF-8.

    On MySQL this is VARBINARY, as its binary collations ignore trailing blanks. There all columns
    of an index together take at most 3072 bytes; on PostgreSQL 2704.

    Raises ValueError (inside SQLAlchemy's StatementError) for a longer value.
    """

    impl = Text
    cache_ok = True

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the engine's type that compares bytes."""
        if dialect.name == "mysql":
            return dialect.type_descriptor(mysql.VARBINARY(self.size))
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Text(collation="C"))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """Check the length; a JID becomes a plain string, which drivers handle at once."""
        if value is None:
            return None
        # No character takes more than four bytes.
        if len(value) * 4 > self.size and len(value.encode()) > self.size:
            raise ValueError(f"longer than {self.size} bytes: {value[:40]!r}...")
        return value.encode() if dialect.name == "mysql" else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Return the text."""
        return value.decode() if isinstance(value, bytes) else value


class JidText(Name):
    """A JID in normal form; a bare one unless ``full``.

    A bare JID fits into a primary key or an index beside an account id and one or two short names.
    A full JID does not (MySQL's limit): keep bare JID and resource (``Name(1023)``) in columns of
    their own where they are looked for.
    """

    cache_ok = True

    def __init__(self, *, full: bool = False) -> None:
        super().__init__(MAX_FULL_JID if full else MAX_BARE_JID)
        self.full = full


class Xml(TypeDecorator[str]):
    """Long text, such as XML or JSON, up to 4 GB; not for keys."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the engine's type for long text in all of Unicode."""
        if dialect.name == "mysql":
            long_text = mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin")
            return dialect.type_descriptor(long_text)
        return dialect.type_descriptor(Text())


class Blob(TypeDecorator[bytes]):
    """Bytes: with a ``size`` a short string of at most so many, else up to 4 GB."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, size: int | None = None) -> None:
        super().__init__()
        self.size = size

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the engine's type for binary data."""
        if dialect.name != "mysql":
            return dialect.type_descriptor(LargeBinary())
        blob = mysql.VARBINARY(self.size) if self.size else mysql.LONGBLOB()
        return dialect.type_descriptor(blob)


class BigId(TypeDecorator[int]):
    """A 64-bit key. As a table's only primary key column it counts up and never repeats.

    Pass ``sqlite_autoincrement=True`` to such a table, or SQLite uses a deleted last key again.
    """

    # SQLite counts up in columns of this very type only; all its integers have 64 bits.
    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True


class Timestamp(TypeDecorator[int]):
    """A moment: integer microseconds since 1970-01-01T00:00:00Z."""

    impl = BigInteger
    cache_ok = True


def account_column(*, primary_key: bool = False) -> Column[int]:
    """Make the column ``account_id`` of a table whose rows go when their account goes."""
    return Column(
        "account_id",
        BigId,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        autoincrement=False,
    )
