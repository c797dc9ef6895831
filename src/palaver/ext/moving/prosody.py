"""Reads what Prosody keeps: its data directory (internal storage), or its SQL database."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, cast
from urllib.parse import unquote

from sqlalchemy import Select, TableClause, column, select, table

from palaver.ext.moving import elements, lua
from palaver.ext.moving.keys import checked
from palaver.ext.moving.names import FormatError, Found, Key, Misfit, UserBegins, UserEnds
from palaver.ext.portable import Piece
from palaver.kernel.storage import OtherDatabase
from palaver.wire import ns
from palaver.wire.element import Element

Table = lua.Table
_MECHANISMS: Final = {20: "SCRAM-SHA-1", 32: "SCRAM-SHA-256", 64: "SCRAM-SHA-512"}
_ARCHIVES: Final = ("archive", "archive2")
_METADATA: Final = "false"  # the key of a roster under which its own data are
_PUBSUB: Final = "http://jabber.org/protocol/pubsub"
_DEEPEST: Final = 100
_PLACE: Final = ("host", "user", "store")
_DATA: Final = table("prosody", *map(column, (*_PLACE, "key", "type", "value")))
_ARCHIVE: Final = table(
    "prosodyarchive", *map(column, (*_PLACE, "sort_id", "key", "when", "type", "value"))
)
_DEFAULTS: Final[Table] = {"access_model": "presence", "max_items": 1}  # of its PEP nodes

# What it calls fields of the form by other names.
_OPTIONS: Final = {
    "payload_type": "type",
    "notify_items": "deliver_notifications",
    "include_payload": "deliver_payloads",
}


class Kept(Protocol):
    """One of the ways in which Prosody keeps things."""

    def hosts(self) -> list[str]:
        """Return the hosts that have accounts."""

    def users(self, host: str) -> Iterator[str]:
        """Iterate over the names of a host's accounts."""

    def table(self, host: str, user: str, store: str) -> Table:
        """Return what is kept in a store for a user; empty where there is nothing."""

    def messages(self, host: str, user: str, store: str) -> Iterator[tuple[str, float, Element]]:
        """Iterate over the ids, the times (seconds) and the elements of a list."""


def read(source: Path | OtherDatabase, depths: Mapping[str, int]) -> Generator[Found]:
    """Iterate over the accounts in a data directory or an SQL database.

    Raises:
        FormatError: it is neither, or is damaged.
        OSError, StorageUnavailable: it cannot be read.
    """
    kept: Kept = _Directory(source) if isinstance(source, Path) else _Database(source)
    hosts = kept.hosts()
    if not hosts:
        raise FormatError("there are no accounts of Prosody")
    for host in hosts:
        for user in kept.users(host):
            yield from _user(kept, host, user, depths)


def _user(kept: Kept, host: str, user: str, depths: Mapping[str, int]) -> Iterator[Found]:
    account = kept.table(host, user, "accounts")
    password = account.get("password")
    yield UserBegins(host, user, password if isinstance(password, str) else None)
    if not isinstance(password, str):
        yield from _key(account)
    if account.get("disabled"):
        yield Misfit("an account was disabled there, and is not here")
    for each in _data(kept, host, user):
        try:
            yield from elements.pieces(each, depths)
        except ValueError as error:
            yield Misfit(str(error))
    yield from _messages(kept, host, user)
    yield UserEnds()


def _key(account: Table) -> Iterator[Found]:
    if "stored_key" not in account:
        return
    try:
        stored_key = bytes.fromhex(str(account["stored_key"]))
        yield Key(
            checked(
                _MECHANISMS.get(len(stored_key), "an unknown mechanism"),
                str(account.get("salt", "")).encode(),
                int(cast("int", account.get("iteration_count", 0))),
                stored_key,
                bytes.fromhex(str(account.get("server_key", ""))),
            )
        )
    except (ValueError, TypeError) as error:
        yield Misfit(f"keys of an account: {error}")


def _data(kept: Kept, host: str, user: str) -> Iterator[Element]:
    yield from _roster(kept.table(host, user, "roster"))
    card = kept.table(host, user, "vcard")
    if card:
        yield element_of(card)
    private = [_stanza(each) for each in kept.table(host, user, "private").values()]
    if private:
        yield Element("query", "jabber:iq:private", None, *filter(None, private))
    blocked = [str(each) for each in kept.table(host, user, "blocklist") if _is_address(each)]
    if blocked:
        space = "urn:xmpp:blocking"
        items = (Element("item", space, {"jid": each}) for each in sorted(blocked))
        yield Element("blocklist", space, None, *items)
    yield from _nodes(kept, host, user)


def _is_address(key: object) -> bool:
    return isinstance(key, str) and key not in ("", _METADATA)


def _roster(roster: Table) -> Iterator[Element]:
    metadata = roster.get(_METADATA)
    items = [
        elements.roster_item(
            str(contact),
            str(item.get("name") or ""),
            str(item.get("subscription", "none")),
            asked=item.get("ask") is not None,
            groups=sorted(str(group) for group in _table(item.get("groups"))),
        )
        for contact, item in roster.items()
        if _is_address(contact) and contact != "pending" and isinstance(item, dict)
    ]
    if items:
        yield Element("query", "jabber:iq:roster", None, *items)
    for contact in _table(_table(metadata).get("pending")):
        yield elements.request(str(contact))


def _nodes(kept: Kept, host: str, user: str) -> Iterator[Element]:
    """Iterate over the nodes of a user's PEP service, with their items."""
    configured, filled = [], []
    for name, node in kept.table(host, user, "pep").items():
        if not isinstance(name, str) or node is False:
            continue
        configured.append(_configuration(name, _table(node)))
        configured += _people(name, _table(node))
        filled.append(Element("items", _PUBSUB, {"node": name}, *_items(kept, host, user, name)))
    if configured:
        yield Element("pubsub", f"{_PUBSUB}#owner", None, *configured)
        yield Element("pubsub", _PUBSUB, None, *filled)


def _items(kept: Kept, host: str, user: str, node: str) -> Iterator[Element]:
    for each in kept.messages(host, user, f"pep_{node}"):
        yield _pep_item(*each)


def _pep_item(id_: str, _when: float, item: Element) -> Element:
    """Return an item; Prosody keeps what is in it, marked with the time."""
    _unmark(item)
    if item.name == "item" and item.ns in (_PUBSUB, ns.CLIENT):
        attrs = {"id": item.get("id") or id_, "publisher": item.get("publisher")}
        return Element("item", _PUBSUB, attrs, *item.children)
    return Element("item", _PUBSUB, {"id": id_}, item)


def _configuration(name: str, node: Table) -> Element:
    space = "jabber:x:data"
    form = Element("x", space, {"type": "form"})
    type_ = Element("value", space, None, f"{_PUBSUB}#node_config")
    form.add(Element("field", space, {"var": "FORM_TYPE", "type": "hidden"}, type_))
    config = {**_DEFAULTS, **_table(node.get("config"))}
    for option, value in sorted(config.items(), key=str):
        if isinstance(value, str | int | float):
            text = str(int(value)) if isinstance(value, bool) else str(value)
            leaf = Element("value", space, None, text)
            var = f"pubsub#{_OPTIONS.get(str(option), option)}"
            form.add(Element("field", space, {"var": var}, leaf))
    return Element("configure", f"{_PUBSUB}#owner", {"node": name}, form)


def _people(name: str, node: Table) -> Iterator[Element]:
    """Iterate over who has to do with a node."""
    space, affiliations, subscribers = f"{_PUBSUB}#owner", [], []
    for who, what in _table(node.get("affiliations")).items():
        attrs = {"jid": str(who), "affiliation": str(what)}
        affiliations.append(Element("affiliation", space, attrs))
    for who in _table(node.get("subscribers")):
        attrs = {"jid": str(who), "subscription": "subscribed"}
        subscribers.append(Element("subscription", space, attrs))
    if affiliations:
        yield Element("affiliations", space, {"node": name}, *affiliations)
    if subscribers:
        yield Element("subscriptions", space, {"node": name}, *subscribers)


def _messages(kept: Kept, host: str, user: str) -> Iterator[Found]:
    for store in _ARCHIVES:
        for _, when, message in kept.messages(host, user, store):
            yield from _dated(elements.archived, message, when)
    for _, when, message in kept.messages(host, user, "offline"):
        yield from _dated(elements.waiting, message, when)


def _dated(
    make: Callable[[Element, float], Piece], message: Element, when: float
) -> Iterator[Found]:
    _unmark(message)
    try:
        yield make(message, when)
    except ValueError as error:
        yield Misfit(str(error))


def _unmark(element: Element) -> None:
    """Take off the marks that Prosody sets on what it keeps."""
    element.attrs.pop("stamp", None)
    element.attrs.pop("stamp_legacy", None)


def _table(value: object) -> Table:
    return value if isinstance(value, dict) else {}


def _stanza(value: object) -> Element | None:
    if isinstance(value, Element):
        return value
    return element_of(value) if isinstance(value, dict) and "name" in value else None


def element_of(table: Table, inherited: str = ns.CLIENT, depth: int = 0) -> Element:
    """Return the element that Prosody keeps as a table; raises `FormatError`."""
    if depth > _DEEPEST:
        raise FormatError("elements are too deep in each other")
    attrs = {str(key): str(value) for key, value in _table(table.get("attr")).items()}
    space = attrs.pop("xmlns", inherited)
    found = Element(str(table.get("name")), space)
    for key, value in attrs.items():
        outer, _, inner = key.replace("\1", "|").rpartition("|")
        found.attrs[f"{outer} {inner}" if outer else key] = value
    place = 1
    while (child := table.get(place)) is not None:
        if isinstance(child, dict):
            found.add(element_of(child, space, depth + 1))
        else:
            found.add(str(child))
        place += 1
    return found


class _Directory:
    """The data directory: ``host/store/user.dat`` and ``.list``, names percent-encoded."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def hosts(self) -> list[str]:
        found = (each.parent.name for each in self._path.glob("*/accounts") if each.is_dir())
        return sorted(unquote(name) for name in found)

    def users(self, host: str) -> Iterator[str]:
        for file in sorted((self._path / _encoded(host) / "accounts").glob("*.dat")):
            yield unquote(file.stem)

    def table(self, host: str, user: str, store: str) -> Table:
        path = self._file(host, user, store, "dat")
        return lua.load(path) if path.is_file() else {}

    def messages(self, host: str, user: str, store: str) -> Iterator[tuple[str, float, Element]]:
        path = self._file(host, user, store, "list")
        for item in lua.items(path) if path.is_file() else ():
            when = item.get("when")
            if not isinstance(when, int | float):
                when = elements.seconds_of(str(_table(item.get("attr")).get("stamp")))
            yield str(item.get("key", "")), when, element_of(item)

    def _file(self, host: str, user: str, store: str, kind: str) -> Path:
        folder = self._path / _encoded(host) / _encoded(store, "_")
        return folder / f"{_encoded(user)}.{kind}"


def _encoded(name: str, kept: str = "") -> str:
    """Encode all but ASCII letters and digits, as Prosody does."""
    return "".join(
        chr(byte)
        if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in kept)
        else f"%{byte:02x}"
        for byte in name.encode()
    )


class _Database:
    """The tables ``prosody`` and ``prosodyarchive``."""

    def __init__(self, database: OtherDatabase) -> None:
        self._database = database
        if not database.columns("prosody") >= {each.name for each in _DATA.c}:
            raise FormatError("it is no database of Prosody")

    def hosts(self) -> list[str]:
        data = _DATA.c
        query = select(data.host).distinct().where(data.store == "accounts")
        return [row["host"] for row in self._database.rows(query.order_by(data.host))]

    def users(self, host: str) -> Iterator[str]:
        data = _DATA.c
        query = select(data.user).distinct().where(data.store == "accounts", data.host == host)
        for row in self._database.rows(query.order_by(data.user)):
            yield row["user"]

    def table(self, host: str, user: str, store: str) -> Table:
        found: Table = {}
        for row in self._database.rows(_of(_DATA, host, user, store)):
            read = _read(row["type"], row["value"])
            if row["key"]:
                found[row["key"]] = read
            elif isinstance(read, dict):
                found |= read
        return found

    def messages(self, host: str, user: str, store: str) -> Iterator[tuple[str, float, Element]]:
        if not self._database.columns(_ARCHIVE.name):
            return
        query = _of(_ARCHIVE, host, user, store).order_by(_ARCHIVE.c.sort_id)
        for row in self._database.rows(query):
            message = _read(row["type"], row["value"])
            if isinstance(message, Element):
                yield row["key"], row["when"], message


def _of(kept: TableClause, host: str, user: str, store: str) -> Select[Any]:
    return select(kept).where(kept.c.host == host, kept.c.user == user, kept.c.store == store)


def _read(type_: str, value: str) -> object:
    """Read a value of the database; raises `FormatError`."""
    try:
        if type_ == "json":
            return _from_json(json.loads(value))
        if type_ == "xml":
            return elements.parsed(value)
        if type_ == "number":
            return float(value) if not value.lstrip("-").isdigit() else int(value)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"a value of type {type_} cannot be read: {error}") from None
    return value == "true" if type_ == "boolean" else value


def _from_json(value: object) -> object:
    """Return a table for what Prosody writes as JSON."""
    if isinstance(value, list):
        return {place: _from_json(each) for place, each in enumerate(value, 1)}
    if not isinstance(value, dict):
        return value
    table: Table = {
        key: _from_json(each) for key, each in value.items() if key not in ("__array", "__hash")
    }
    table |= cast("Table", _from_json(value.get("__array", [])))
    pairs = value.get("__hash", [])
    for key, each in zip(pairs[::2], pairs[1::2], strict=False):
        table[str(key).lower() if isinstance(key, bool) else key] = _from_json(each)
    return table
