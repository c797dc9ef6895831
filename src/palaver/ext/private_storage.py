"""Private XML storage: clients keep XML of their own on the server (XEP-0049)."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import ClassVar, Final, NamedTuple

from pydantic import Field
from sqlalchemy import Column, Integer, Table, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from palaver.ext.portable import Note, Piece, Portable
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Answer, Extension, ExtensionConfig, Request, Target, Xep, iq
from palaver.kernel.storage import Name, Xml, account_column, metadata
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "jabber:iq:private"

_MOST_KEYS: Final = 100  # elements of one request: each is a statement while others wait to write
_NAME_BYTES: Final = 1024
_RESERVED: Final = ("jabber:", "http://jabber.org/")  # and what begins so (XEP-0049 §2.3)
_RESERVED_WHOLE: Final = frozenset({"", "vcard-temp"})

table: Final = Table(
    "private_storage",
    metadata,
    account_column(primary_key=True),
    Column("namespace", Name(_NAME_BYTES), primary_key=True),
    Column("name", Name(_NAME_BYTES), primary_key=True),
    Column("size", Integer, nullable=False),  # of the XML, in bytes
    Column("xml", Xml, nullable=False),
)


class Key(NamedTuple):
    """Under what an element is kept."""

    namespace: str
    name: str


class PrivateStorageConfig(ExtensionConfig):
    """How much an account may keep."""

    max_bytes: int = Field(
        1_048_576,
        ge=0,
        le=1_073_741_824,
        description="Most that one account may keep in private storage.",
        json_schema_extra={"unit": "bytes"},
    )
    max_elements: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="Most elements that one account may keep in private storage.",
        json_schema_extra={"unit": "elements"},
    )


class PrivateStorage(Extension[PrivateStorageConfig], Portable):
    """Keeps elements by name and namespace, for each account its own."""

    Config = PrivateStorageConfig
    name: ClassVar = "private_storage"
    implements: ClassVar = (Xep(49, "1.2"),)
    features: ClassVar = (NS,)
    account_features: ClassVar = (NS,)
    tables: ClassVar = (table,)
    portable: ClassVar = {f"{NS} query": 0}

    @iq("get", NS, "query", to=Target.ACCOUNT)
    async def get(self, request: Request) -> Answer:
        """Return what is kept under the element asked for, or that element empty.

        Raises:
            StanzaError: bad-request, nothing is asked for, or more than one namespace is;
                not-acceptable, the namespace is reserved.
        """
        keys = _keys(request.payload)
        if not keys:
            raise StanzaError("bad-request", "name an element to get")
        if len({key.namespace for key in keys}) > 1:
            raise StanzaError("bad-request", "a request is about one namespace")
        kept = await self.kept(_account(request), keys)
        result = Element("query", NS)
        for key in keys:
            found = element.parse_all(kept[key].encode()) if key in kept else []
            result.add(*(found or [Element(key.name, key.namespace)]))
        return result

    @iq("set", NS, "query", to=Target.ACCOUNT)
    async def set(self, request: Request) -> Answer:
        """Keep elements, each in place of what was kept under its name and namespace.

        Raises:
            StanzaError: not-acceptable, there is no element, or a namespace is reserved;
                policy-violation, the account would keep too much; not-allowed, it is temporary.
        """
        account = _account(request)
        if account.temporary:
            raise StanzaError("not-allowed", "nothing is stored for a temporary account")
        keys = _keys(request.payload)
        if not keys:
            raise StanzaError("not-acceptable", "there is nothing to store")
        parts: dict[Key, list[Element]] = {key: [] for key in keys}
        for child in request.payload:
            parts[Key(child.ns, child.name)].append(child)
        await self._ask_others(account, request.payload)
        await self._keep(account, {key: _xml(children) for key, children in parts.items()})
        return None

    @iq(("get", "set"), NS, "query", to=(Target.CONTACT, Target.NOBODY))
    def refuse(self, request: Request) -> Answer:
        """Let nobody see or change what belongs to somebody else (XEP-0049 §2.3)."""
        raise StanzaError("forbidden", "that is somebody else's storage")

    @staticmethod
    async def _ask_others(account: Account, contents: Iterable[Element]) -> None:
        """Let other extensions refuse what is stored, and follow it."""
        for handle in account.host.dispatch.handlers(hooks.private_storing):
            for each in contents:
                await handle(account, each)

    async def keep(self, account: Account, content: Element) -> None:
        """Keep an element in the name of an account; for other extensions.

        Raises:
            StanzaError: policy-violation, there is too much.
        """
        await self._keep(account, {Key(content.ns, content.name): _xml([content])})

    # -- moving ------------------------------------------------------------------------------------

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Write all that is kept (XEP-0227 §4.6)."""
        query = select(table.c.xml).where(table.c.account_id == account.id)
        async with self.server.database.connect() as connection:
            kept = (await connection.scalars(query)).all()
        yield f"<query xmlns='{NS}'>".encode()
        for xml in kept:
            for each in element.parse_all(xml.encode()):
                yield each.to_bytes(NS)
        yield b"</query>"

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Keep what is not kept yet."""
        parts: dict[Key, list[Element]] = {}
        for piece, _ in pieces:
            for child in piece:
                try:
                    _keys(Element("query", NS, None, child))
                except StanzaError as error:
                    note(f"in private storage: {error}")
                    continue
                parts.setdefault(Key(child.ns, child.name), []).append(child)
        there = await self.kept(account, parts) if parts else {}
        new = {
            key: xml for key, found in parts.items() if key not in there and (xml := _xml(found))
        }
        await self._keep(account, new)
        for handle in account.host.dispatch.handlers(hooks.private_imported):
            for key in new:
                for each in parts[key]:
                    await handle(account, each)

    # -- rows --------------------------------------------------------------------------------------

    async def kept(self, account: Account, keys: Collection[Key]) -> dict[Key, str]:
        """Return as XML what an account keeps under these; raises StorageUnavailable."""
        if account.temporary:
            return {}
        wanted = or_(*(and_(table.c.namespace == ns, table.c.name == name) for ns, name in keys))
        columns = (table.c.namespace, table.c.name, table.c.xml)
        query = select(*columns).where(table.c.account_id == account.id, wanted)
        async with self.server.database.connect() as connection:
            rows = await connection.execute(query)
            return {Key(namespace, name): xml for namespace, name, xml in rows}

    async def _keep(self, account: Account, contents: Mapping[Key, str]) -> None:
        """Commit all of it or nothing; what is empty is taken away."""
        database = self.server.database
        async with database.begin() as connection:
            for key, xml in contents.items():
                if not xml:
                    mine = and_(table.c.namespace == key.namespace, table.c.name == key.name)
                    query = delete(table).where(table.c.account_id == account.id, mine)
                    await connection.execute(query)
                    continue
                row = {"account_id": account.id, **key._asdict(), "size": len(xml.encode())}
                names = ("account_id", *Key._fields)
                await database.upsert(connection, table, {**row, "xml": xml}, names)
            await self._check_total(connection, account)

    async def _check_total(self, connection: AsyncConnection, account: Account) -> None:
        config = self.config(account.host.name)
        totals = select(func.count(), func.coalesce(func.sum(table.c.size), 0))
        found = await connection.execute(totals.where(table.c.account_id == account.id))
        elements, size = found.one()
        if elements > config.max_elements or size > config.max_bytes:
            raise StanzaError("policy-violation", "there is too much in private storage")


def _account(request: Request) -> Account:
    assert request.account is not None
    return request.account


def _keys(query: Element) -> list[Key]:
    """Return under what the children of a request are kept, each once.

    Raises:
        StanzaError: not-acceptable, one has no namespace of its own or is not for clients to use;
            policy-violation, there are more than one request may name.
    """
    keys = list(dict.fromkeys(Key(child.ns, child.name) for child in query))
    if len(keys) > _MOST_KEYS:
        raise StanzaError("policy-violation", f"a request names at most {_MOST_KEYS} elements")
    for key in keys:
        if key.namespace in _RESERVED_WHOLE or key.namespace.startswith(_RESERVED):
            raise StanzaError("not-acceptable", f"the namespace {key.namespace!r} is reserved")
        if max(len(part.encode()) for part in key) > _NAME_BYTES:
            raise StanzaError("not-acceptable", f"a name is longer than {_NAME_BYTES} bytes")
    return keys


def _xml(children: list[Element]) -> str:
    """Write the elements of one key, or "" where they say nothing."""
    if not any(child.attrs or child.children for child in children):
        return ""
    return b"".join(child.to_bytes() for child in children).decode()
