"""Tells a database that is away, locked or full from one that was asked something wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import exc

from palaver.kernel.storage import StorageUnavailable

# Primary result codes (sqlite.org/rescode.html): perm, busy, locked, nomem, readonly, interrupt,
# ioerr, corrupt, full, cantopen, protocol, notadb.
_SQLITE: Final = frozenset({3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26})

# PostgreSQL error classes: connection, read-only transaction, transaction rollback, resources,
# object not in state (locks), operator intervention, system error.
_POSTGRESQL: Final = ("08", "25006", "40", "53", "55P03", "57", "58")

# MySQL and MariaDB: disk full, read and write errors, out of memory, too many connections,
# shutdown, network, table full, lock timeout, deadlock, read-only server, killed, timeouts.
_MYSQL: Final = frozenset(
    {1020, 1021, 1024, 1026, 1030, 1037, 1038, 1040, 1041, 1053, 1077, 1114, 1129, 1152}
    | {1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1226, 1290, 1317, 1792, 1836, 1927, 1969}
    | {2002, 2003, 2004, 2005, 2006, 2013, 2014, 2055, 3024, 3100, 4031}
)


@contextmanager
def told() -> Iterator[None]:
    """Raise StorageUnavailable in place of the errors that mean it."""
    try:
        yield
    except (exc.SQLAlchemyError, OSError) as error:
        outage = outage_of(error)
        if outage is None:
            raise
        raise outage from error


@contextmanager
def told_while_connecting() -> Iterator[None]:
    """Raise StorageUnavailable in place of any error of a driver that cannot connect."""
    try:
        yield
    except (exc.ArgumentError, StorageUnavailable, TypeError):
        raise
    except Exception as error:
        raise StorageUnavailable(reason_of(error)) from error


def outage_of(error: BaseException) -> StorageUnavailable | None:
    """Return the StorageUnavailable an error stands for, if it does."""
    return StorageUnavailable(reason_of(error)) if _is_outage(error) else None


def _is_outage(error: BaseException) -> bool:
    # A TimeoutError is an OSError; SQLAlchemy's own is that of a pool with no free connection.
    if isinstance(error, (exc.TimeoutError, exc.DisconnectionError, OSError)):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    cause = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in _SQLITE
    state = getattr(cause, "pgcode", None)
    if isinstance(state, str):
        return state.startswith(_POSTGRESQL)
    return cause is not None and bool(cause.args) and cause.args[0] in _MYSQL


def reason_of(error: BaseException) -> str:
    """Say what is wrong without the statement and its parameters, which are private."""
    cause = error.orig if isinstance(error, exc.DBAPIError) and error.orig else error
    match cause:
        case OSError(errno=int(number)) if number > 0:
            place = f": {cause.filename}" if cause.filename else ""
            return f"{os.strerror(number)}{place}"
        case OSError(strerror=str(text)):
            return text  # of a name that cannot be looked up
    match cause.args:
        case (int(number), str(text)):
            return f"{text} ({number})"
    kind = type(cause).__name__
    return str(cause) if kind == "Error" else f"{kind}: {cause}".removesuffix(": ")
