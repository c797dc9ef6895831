"""Each engine's index of the words of archived messages.

What is indexed are texts of words with blanks between. Every word begins with the number of its
account, so that a look-up touches nobody else's. The tables differ too much between the engines to
be declared like others: FTS5 on SQLite, GIN on PostgreSQL, FULLTEXT on MySQL and MariaDB.
"""

# The statements are put together of constants and placeholders only.
# ruff: noqa: S608

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple
from zlib import crc32

from sqlalchemy import Connection, text

from palaver.kernel.storage import Dialect, LogFilter

NAME: Final = "log_words"
LAST: Final = (1 << 63) - 1
_NEAR: Final = 2_000  # rows that are looked at one by one before a search uses the index
CREATE: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {NAME} USING fts5(words, detail=none, columnsize=0,"
        " tokenize='ascii')",
        f"CREATE TRIGGER {NAME}_gone AFTER DELETE ON log WHEN old.archived"
        f" BEGIN DELETE FROM {NAME} WHERE rowid = old.id; END",
    ),
    "postgresql": (
        f"CREATE TABLE {NAME} (account_id bigint NOT NULL, id bigint NOT NULL,"
        " words tsvector NOT NULL, PRIMARY KEY (account_id, id), FOREIGN KEY (account_id, id)"
        " REFERENCES log (account_id, id) ON DELETE CASCADE)",
        f"CREATE INDEX ix_{NAME} ON {NAME} USING gin (words)",
    ),
    "mysql": (
        f"CREATE TABLE {NAME} (account_id bigint NOT NULL, id bigint NOT NULL,"
        " words mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,"
        " PRIMARY KEY (account_id, id), FULLTEXT ix_words (words), FOREIGN KEY (account_id, id)"
        " REFERENCES log (account_id, id) ON DELETE CASCADE)",
    ),
}
"""What creates the index, by dialect."""


class Indexed(NamedTuple):
    """The words of one message, with blanks between."""

    account_id: int
    id: int
    words: str


def token(account_id: int, word: str) -> str:
    """Return a word as it is indexed for an account."""
    return f"{account_id}w{word}"


def peer_token(account_id: int, peer: str) -> str:
    """Return what stands for the other side of a conversation."""
    return f"{account_id}p{crc32(peer.encode()):x}"


def id_token(account_id: int, id_: str) -> str:
    """Return what stands for an id by which other messages call one."""
    return f"{account_id}i{blake2b(id_.encode(), digest_size=8).hexdigest()}"


def writer(dialect: Dialect) -> Callable[[Connection, Sequence[Indexed]], None]:
    """Return the function that indexes messages; those that are indexed already stay so."""
    return {"sqlite": _write_sqlite, "postgresql": _write_postgresql, "mysql": _write_mysql}[
        dialect
    ]


def _write_sqlite(connection: Connection, rows: Sequence[Indexed]) -> None:
    statement = f"INSERT OR REPLACE INTO {NAME} (rowid, words) VALUES (?, ?)"
    connection.exec_driver_sql(statement, [(row.id, row.words) for row in rows])


def _write_postgresql(connection: Connection, rows: Sequence[Indexed]) -> None:
    statement = (
        f"INSERT INTO {NAME} SELECT got.account, got.message,"
        " array_to_tsvector(string_to_array(got.words, ' '))"
        " FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS got (account, message, words)"
        " ON CONFLICT DO NOTHING"
    )
    connection.exec_driver_sql(statement, tuple(map(list, zip(*rows, strict=True))))


def _write_mysql(connection: Connection, rows: Sequence[Indexed]) -> None:
    statement = f"INSERT IGNORE INTO {NAME} (account_id, id, words) VALUES (%s, %s, %s)"
    # With blanks around each word, as `LIKE` is used too.
    connection.exec_driver_sql(statement, [(*row[:2], f" {row.words} ") for row in rows])


def remove(connection: Connection, account_id: int, id_: int) -> None:
    """Let a message not be found any more, which stays in the log."""
    sqlite = connection.dialect.name == "sqlite"
    which = "rowid = :id" if sqlite else "account_id = :owner AND id = :id"
    values = {"id": id_} if sqlite else {"owner": account_id, "id": id_}
    connection.execute(text(f"DELETE FROM {NAME} WHERE {which}"), values)


class Search(NamedTuple):
    """What is looked for.

    ``tokens``         words as they are indexed, each with whether longer ones are meant as well
    ``after``, ``before``  ids that those found are between
    """

    account_id: int
    tokens: tuple[tuple[str, bool], ...]
    after: int
    before: int


def search(account_id: int, which: LogFilter) -> Search:
    """Return the search that a filter asks for; it has words."""
    tokens = [(token(account_id, word.text), word.beginning) for word in which.words or ()]
    if which.peer is not None:
        tokens.append((peer_token(account_id, which.peer), False))
    return Search(account_id, tuple(tokens), which.after, which.before or LAST)


def find(connection: Connection, wanted: Search, most: int, *, newest: bool) -> list[int]:
    """Return the ids of the oldest or the newest messages that have all the words, in that order.

    Only SQLite's index gives what it finds in the order of the ids, and not for beginnings of
    words; else hundreds of thousands are found and sorted. A common word is among the first few
    thousand messages as well, so those are looked at one by one before.
    """
    engine = _ENGINES[connection.dialect.name]
    order = "DESC" if newest else "ASC"
    condition = engine.near(wanted)
    if condition:
        values = engine.values(wanted) | {"most": most}
        offset = text(f"{engine.window} ORDER BY id {order} LIMIT 1 OFFSET {_NEAR}")
        end = connection.scalar(offset, _range(wanted))
        near = wanted
        if end is not None:
            near = wanted._replace(after=end) if newest else wanted._replace(before=end)
        statement = text(f"{engine.looked_at} AND {condition} ORDER BY id {order} LIMIT :most")
        found = list(connection.scalars(statement, values | _range(near)))
        if len(found) == most or end is None:
            return found
    if engine.leader_first:
        led = _led_by_longest(connection, wanted, most, order)
        if led is not None:
            return led
    return _hits(connection, wanted, most, order)


def _led_by_longest(
    connection: Connection, wanted: Search, most: int, order: str
) -> list[int] | None:
    """Find the messages with the longest word, which is seldom a common one, and look at those.

    For engines that gather all messages in which a word begins so, before they compare them with
    those that have the other words. None where there are too many.
    """
    said = [each for each in wanted.tokens if not each[0].startswith(f"{wanted.account_id}p")]
    if len(wanted.tokens) == 1 or not said:
        return None
    engine = _ENGINES[connection.dialect.name]
    leader = wanted._replace(tokens=(max(said, key=lambda each: len(each[0])),))
    statement = text(
        f"SELECT {engine.id} AS id, {engine.fits(wanted)} AS fits {engine.hits}"
        f" ORDER BY id {order} LIMIT {_NEAR}"
    )
    values = engine.values(wanted) | {"query": engine.values(leader)["query"]}
    rows = connection.execute(statement, values).all()
    found = [id_ for id_, fits in rows if fits][:most]
    return found if len(rows) < _NEAR or len(found) == most else None


def find_rare(connection: Connection, wanted: Search, most: int) -> list[int]:
    """Return the ids of the newest messages that have all the words, of which one is rare."""
    return _hits(connection, wanted, most, "DESC")


def _hits(connection: Connection, wanted: Search, most: int, order: str) -> list[int]:
    engine = _ENGINES[connection.dialect.name]
    statement = text(f"SELECT {engine.id} AS id {engine.hits} ORDER BY id {order} LIMIT :most")
    return list(connection.scalars(statement, engine.values(wanted) | {"most": most}))


def count(connection: Connection, wanted: Search) -> int:
    """Count the messages that have all the words."""
    engine = _ENGINES[connection.dialect.name]
    statement = text(f"SELECT count(*) {engine.hits}")
    return connection.scalar(statement, engine.values(wanted)) or 0


def _range(wanted: Search) -> dict[str, Any]:
    return {"owner": wanted.account_id, "after": wanted.after, "before": wanted.before}


def _values_sqlite(wanted: Search) -> dict[str, Any]:
    query = " ".join(f'"{word}"{"*" * beginning}' for word, beginning in wanted.tokens)
    parts = {
        f"part{number}": f" {word}{'' if beginning else ' '}"
        for number, (word, beginning) in enumerate(wanted.tokens)
    }
    return {"query": query} | _range(wanted) | parts


def _fits_sqlite(wanted: Search) -> str:
    numbers = range(len(wanted.tokens))
    return " AND ".join(f"instr(' ' || words || ' ', :part{number}) > 0" for number in numbers)


def _near_sqlite(wanted: Search) -> str:
    return _fits_sqlite(wanted) if any(beginning for _, beginning in wanted.tokens) else ""


def _values_postgresql(wanted: Search) -> dict[str, Any]:
    query = " & ".join(f"'{word}'{':*' * beginning}" for word, beginning in wanted.tokens)
    return {"query": query} | _range(wanted)


def _values_mysql(wanted: Search) -> dict[str, Any]:
    query = " ".join(f"+{word}{'*' * beginning}" for word, beginning in wanted.tokens)
    likes = {
        f"like{number}": f"% {word}{'' if beginning else ' '}%"
        for number, (word, beginning) in enumerate(wanted.tokens)
    }
    return {"query": query} | _range(wanted) | likes


def _fits_mysql(wanted: Search) -> str:
    return " AND ".join(f"words LIKE :like{number}" for number in range(len(wanted.tokens)))


class _Engine(NamedTuple):
    """How an engine searches.

    ``id``      the column of the ids
    ``hits``    where the messages between two ids are that match
    ``values``  of its parameters
    ``fits``    the condition on a single row of the index
    ``near``    the same, or "" where there is no need to look at single rows
    ``window``  selects the ids between two, whatever is in the messages
    ``looked_at``  the same, with the index at hand
    ``leader_first``  whether to look for one word alone before all together
    """

    id: str
    hits: str
    values: Callable[[Search], dict[str, Any]]
    fits: Callable[[Search], str]
    near: Callable[[Search], str]
    window: str
    looked_at: str
    leader_first: bool


_BETWEEN: Final = "id > :after AND id < :before"
_WINDOW: Final = f"SELECT id FROM {NAME} WHERE account_id = :owner AND {_BETWEEN}"
_ENGINES: Final[dict[str, _Engine]] = {
    "sqlite": _Engine(
        "rowid",
        f"FROM {NAME} WHERE {NAME} MATCH :query AND rowid > :after AND rowid < :before",
        _values_sqlite,
        _fits_sqlite,
        _near_sqlite,
        f"SELECT id FROM log WHERE account_id = :owner AND {_BETWEEN}",
        f"SELECT log.id AS id FROM log CROSS JOIN {NAME} ON {NAME}.rowid = log.id"
        " WHERE log.account_id = :owner AND log.id > :after AND log.id < :before",
        leader_first=True,
    ),
    "postgresql": _Engine(
        "id",
        # Or it would read the table in the order of ids, looking for what may be rare; the words
        # say whose they are.
        f"FROM (SELECT id FROM {NAME} WHERE words @@ CAST(:query AS tsquery) OFFSET 0)"
        f" AS hits WHERE {_BETWEEN}",
        _values_postgresql,
        lambda _: "words @@ CAST(:query AS tsquery)",
        lambda _: "words @@ CAST(:query AS tsquery)",
        _WINDOW,
        _WINDOW,
        leader_first=False,
    ),
    "mysql": _Engine(
        "id",
        f"FROM {NAME} WHERE account_id = :owner AND {_BETWEEN}"
        " AND MATCH (words) AGAINST (:query IN BOOLEAN MODE)",
        _values_mysql,
        _fits_mysql,
        _fits_mysql,
        _WINDOW,
        _WINDOW,
        leader_first=True,
    ),
}
