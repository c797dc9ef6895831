"""The index of those who can be found."""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Index, Select, Table, delete, insert, select

from palaver.ext.user_search.entry import WORD_BYTES, Word, words_of
from palaver.kernel.result_sets import Page
from palaver.kernel.storage import AccountRecord, Database, Name, Xml, account_column, metadata

_NEXT: Final = "\U0010ffff"  # after all words that begin alike

people: Final = Table(
    "user_search",
    metadata,
    account_column(primary_key=True),
    Column("host", Name(1023), nullable=False),
    Column("localpart", Name(1023), nullable=False),
    Column("source", Name(40), nullable=False),  # the hash of what it was made from
    Column("shown", Xml, nullable=False),  # JSON: the texts by field
)
Index(None, people.c.host, people.c.localpart)

words: Final = Table(
    "user_search_words",
    metadata,
    account_column(primary_key=True),
    Column("field", Name(8), primary_key=True),
    Column("word", Name(WORD_BYTES + len(_NEXT.encode())), primary_key=True),
)
Index(None, words.c.field, words.c.word)


class Found(NamedTuple):
    """Somebody who was found: the local part of the address, and the texts by field."""

    localpart: str
    texts: dict[str, str]


class PeopleIndex:
    """Reads and writes the index. Every coroutine raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sources(self, account_ids: Sequence[int]) -> dict[int, str]:
        """Return for those of the accounts that were indexed what from."""
        query = select(people.c.account_id, people.c.source)
        async with self._database.connect() as connection:
            rows = await connection.execute(query.where(people.c.account_id.in_(account_ids)))
            return {row.account_id: row.source for row in rows}

    async def put(self, account: AccountRecord, source: str, texts: dict[str, str]) -> None:
        """Let an account be found by these texts, and by no others."""
        row = {
            "account_id": account.id,
            "host": account.host,
            "localpart": account.localpart,
            "source": source,
            "shown": json.dumps(texts, ensure_ascii=False),
        }
        new = [{"account_id": account.id, **word._asdict()} for word in words_of(texts)]
        async with self._database.begin() as connection:
            await self._database.upsert(connection, people, row, ["account_id"])
            await connection.execute(delete(words).where(words.c.account_id == account.id))
            if new:
                await connection.execute(insert(words), new)

    async def drop(self, account: AccountRecord) -> None:
        """Let an account not be found."""
        async with self._database.begin() as connection:
            for table in (words, people):
                await connection.execute(delete(table).where(table.c.account_id == account.id))

    async def find(self, host: str, wanted: Collection[Word], page: Page, most: int) -> list[Found]:
        """Return those on a host who have all of these words, or longer ones that begin so.

        They come in the order of their addresses, one more than ``most`` where there are more.
        """
        query = _matching(host, wanted)
        if page.after is not None:
            query = query.where(people.c.localpart > page.after)
        if page.before is not None:
            query = query.where(people.c.localpart < page.before)
        order = people.c.localpart.desc() if page.last else people.c.localpart
        async with self._database.connect() as connection:
            rows = await connection.execute(query.order_by(order).limit(most + 1))
            return [Found(localpart, json.loads(shown)) for localpart, shown in rows]


def _matching(host: str, wanted: Collection[Word]) -> Select[Any]:
    query = select(people.c.localpart, people.c.shown).where(people.c.host == host)
    for field, word in wanted:
        begins = words.c.word >= word, words.c.word < word + _NEXT
        has = select(words.c.account_id).where(words.c.field == field, *begins)
        query = query.where(people.c.account_id.in_(has))
    return query
