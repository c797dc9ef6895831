"""Database URLs: from what an administrator writes to the driver that serves it."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from palaver.kernel.config_error import ConfigError

_KEY: Final = "storage.url"
_EXAMPLES: Final = (
    "Write sqlite:///palaver.sqlite3, postgresql://user:password@host/database or "
    "mysql://user:password@host/database."
)
#: By scheme: SQLAlchemy's name, the driver's module, and the extra that installs it.
_DRIVERS: Final = {
    "sqlite": ("sqlite+aiosqlite", "aiosqlite", ""),
    "postgresql": ("postgresql+asyncpg", "asyncpg", "postgresql"),
    "postgres": ("postgresql+asyncpg", "asyncpg", "postgresql"),
    "mysql": ("mysql+asyncmy", "asyncmy", "mysql"),
    # SQLAlchemy finds out by itself which of the two answers.
    "mariadb": ("mysql+asyncmy", "asyncmy", "mysql"),
}


def driver_url(text: str, directory: Path) -> URL:
    """Return SQLAlchemy's URL for a configured one; SQLite paths are relative to ``directory``.

    Query parameters are kept. Raises ConfigError for what is no usable URL, and when the driver
    is not installed.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigError.at(_KEY, "is not a database URL", _EXAMPLES) from None
    scheme, _, driver = url.drivername.partition("+")
    if scheme not in _DRIVERS:
        raise ConfigError.at(_KEY, f'there is no database "{scheme}"', _EXAMPLES)
    name, module, extra = _DRIVERS[scheme]
    if driver not in ("", module):
        raise ConfigError.at(_KEY, f'the driver "{driver}" is not supported', _EXAMPLES)
    if find_spec(module) is None:
        hint = f"Install it: pip install 'palaver[{extra}]'"
        raise ConfigError.at(_KEY, f"the driver {module} is not installed", hint)
    url = url.set(drivername=name)
    if scheme == "sqlite":
        return _sqlite(url, directory)
    return _libpq(url) if name.startswith("postgresql") else _utf8(url)


def _sqlite(url: URL, directory: Path) -> URL:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        hint = "Write a file name: sqlite:///palaver.sqlite3"
        raise ConfigError.at(_KEY, "SQLite needs a file to keep messages in", hint)
    if url.host:
        hint = f"Write three slashes: sqlite:///{url.host}/{url.database}"
        raise ConfigError.at(_KEY, "an SQLite URL has no host", hint)
    return url.set(database=str(directory / url.database))


def _libpq(url: URL) -> URL:
    """Take the parameter by which PostgreSQL's own clients ask for TLS."""
    if "sslmode" not in url.query:
        return url
    mode = url.query["sslmode"]
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def _utf8(url: URL) -> URL:
    return url.update_query_dict({"charset": "utf8mb4"})
