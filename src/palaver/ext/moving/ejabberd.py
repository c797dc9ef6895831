"""Reads what ejabberd keeps in an SQL database, with the old schema or the new one."""

import datetime
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, column, select, table

from palaver.ext.moving import elements
from palaver.ext.moving.keys import checked, decoded
from palaver.ext.moving.names import FormatError, Found, Key, Misfit, UserBegins, UserEnds
from palaver.kernel.storage import OtherDatabase
from palaver.wire.element import Element

_HASHES: Final = {"": "SCRAM-SHA-1", "sha256": "SCRAM-SHA-256", "sha512": "SCRAM-SHA-512"}
_SUBSCRIPTIONS: Final = {"B": "both", "T": "to", "F": "from", "N": "none"}
_AFFILIATIONS: Final = {
    "o": "owner",
    "p": "publisher",
    "u": "publish-only",
    "m": "member",
    "c": "outcast",
}
_STATES: Final = {"s": "subscribed", "p": "pending"}
_TYPES: Final = {"j": "jid", "g": "group", "s": "subscription"}
_KINDS: Final = ("iq", "message", "presence-in", "presence-out")
_PRIVACY: Final = "jabber:iq:privacy"
_PUBSUB: Final = "http://jabber.org/protocol/pubsub"
_FORM: Final = "jabber:x:data"
_ATOM: Final = re.compile(r"[a-z0-9_]+")


def read(database: OtherDatabase, host: str | None, depths: Mapping[str, int]) -> Generator[Found]:
    """Iterate over the accounts of a database; ``host`` is theirs where the schema has none.

    Raises:
        FormatError: it is no such database, or does not say which host it is of.
        StorageUnavailable: it cannot be read.
    """
    kept = _Kept(database, host)
    for name, of in kept.users():
        yield from _User(kept, of, name, depths).read()


class _Kept:
    """The tables, with either schema."""

    def __init__(self, database: OtherDatabase, host: str | None) -> None:
        self._database = database
        self._host = host
        columns = database.columns("users")
        if "username" not in columns:
            raise FormatError("it is no database of ejabberd")
        self._by_host = "server_host" in columns
        if not self._by_host and host is None:
            raise FormatError("this database does not say which host it is of; give it with --host")

    def users(self) -> Iterator[tuple[str, str]]:
        """Iterate over the names and hosts of the accounts."""
        for row in self._database.rows(self._all("users")):
            host = str(row["server_host"] if self._by_host else self._host)
            if self._host in (None, host):
                yield row["username"], host

    def rows(self, name: str, user: str, host: str, *order: str) -> Iterator[RowMapping]:
        """Iterate over a user's rows of a table; none where there is no such table."""
        wanted = {"username": user}
        if self._by_host:
            wanted["server_host"] = host
        return self.select(name, wanted, *order)

    def select(self, name: str, wanted: Mapping[str, object], *order: str) -> Iterator[RowMapping]:
        """Iterate over those rows of a table whose columns have the wanted values."""
        if self._database.columns(name):
            query = self._all(name).where(*(column(each) == wanted[each] for each in wanted))
            yield from self._database.rows(query.order_by(*map(column, order)))

    def _all(self, name: str) -> Select[Any]:
        columns: list[ColumnElement[Any]] = [column(each) for each in self._database.columns(name)]
        return select(*columns).select_from(table(name))


class _User:
    """One account."""

    def __init__(self, kept: _Kept, host: str, name: str, depths: Mapping[str, int]) -> None:
        self._kept = kept
        self._host = host
        self._name = name
        self._depths = depths

    def _rows(self, name: str, *order: str) -> Iterator[RowMapping]:
        return self._kept.rows(name, self._name, self._host, *order)

    def read(self) -> Iterator[Found]:
        """Iterate over all of it."""
        yield from self._account()
        for each in self._data():
            yield from elements.pieces(each, self._depths)
        for row in self._rows("archive", "timestamp", "id"):
            yield from _message(row["xml"], row["timestamp"] / 1_000_000, archived=True)
        for row in self._rows("spool", "seq"):
            yield from _message(row["xml"], _created(row["created_at"]), archived=False)
        yield UserEnds()

    def _account(self) -> Iterator[Found]:
        row = next(self._rows("users"))
        scram = bool(row["salt"])
        yield UserBegins(self._host, self._name, None if scram else row["password"])
        if scram:
            yield from _key(row)

    def _data(self) -> Iterator[Element]:
        yield from self._roster()
        for row in self._rows("vcard"):
            yield from _parsed(row["vcard"])
        private = [each for row in self._rows("private_storage") for each in _parsed(row["data"])]
        if private:
            yield Element("query", "jabber:iq:private", None, *private)
        yield from self._privacy()
        yield from self._nodes()

    def _roster(self) -> Iterator[Element]:
        groups: dict[str, list[str]] = {}
        for row in self._rows("rostergroups"):
            groups.setdefault(row["jid"], []).append(row["grp"])
        items, requests = [], []
        for row in self._rows("rosterusers"):
            subscription = _SUBSCRIPTIONS.get(row["subscription"])
            if row["ask"] in ("I", "B"):
                requests.append(elements.request(row["jid"]))
            # One who only asked is a row as well, which clients do not see.
            if subscription and not (subscription == "none" and row["ask"] == "I"):
                asked = row["ask"] in ("O", "S", "B")
                named = groups.get(row["jid"], [])
                items.append(
                    elements.roster_item(
                        row["jid"], row["nick"], subscription, asked=asked, groups=named
                    )
                )
        if items:
            yield Element("query", "jabber:iq:roster", None, *items)
        yield from requests

    def _privacy(self) -> Iterator[Element]:
        lists = []
        for row in self._rows("privacy_list"):
            rules = self._kept.select("privacy_list_data", {"id": row["id"]}, "ord")
            items = map(_rule, rules)
            lists.append(Element("list", _PRIVACY, {"name": row["name"]}, *items))
        defaults = self._rows("privacy_default_list")
        lists += [Element("default", _PRIVACY, {"name": row["name"]}) for row in defaults]
        if lists:
            yield Element("query", _PRIVACY, None, *lists)

    def _nodes(self) -> Iterator[Element]:
        configured, filled = [], []
        mine = {"host": f"{self._name}@{self._host}"}
        for row in self._kept.select("pubsub_node", mine, "nodeid"):
            configured.append(self._configuration(row["node"], row["nodeid"]))
            configured += self._people(row["node"], row["nodeid"])
            items = self._items(row["nodeid"])
            filled.append(Element("items", _PUBSUB, {"node": row["node"]}, *items))
        if configured:
            yield Element("pubsub", f"{_PUBSUB}#owner", None, *configured)
            yield Element("pubsub", _PUBSUB, None, *filled)

    def _items(self, id_: int) -> Iterator[Element]:
        for row in self._kept.select("pubsub_item", {"nodeid": id_}, "modification"):
            attrs = {"id": row["itemid"], "publisher": row["publisher"]}
            yield Element("item", _PUBSUB, attrs, *_parsed(row["payload"]))

    def _people(self, node: str, id_: int) -> Iterator[Element]:
        """Iterate over who has to do with a node."""
        affiliations, subscriptions, space = [], [], f"{_PUBSUB}#owner"
        for row in self._kept.select("pubsub_state", {"nodeid": id_}):
            affiliation = _AFFILIATIONS.get(row["affiliation"])
            if affiliation:
                attrs = {"jid": row["jid"], "affiliation": affiliation}
                affiliations.append(Element("affiliation", space, attrs))
            for each in filter(None, (row["subscriptions"] or "").split(",")):
                state, _, subid = each.partition(":")
                attrs = {"jid": row["jid"], "subscription": _STATES.get(state, "none")}
                subscriptions.append(Element("subscription", space, {**attrs, "subid": subid}))
        if affiliations:
            yield Element("affiliations", space, {"node": node}, *affiliations)
        if subscriptions:
            yield Element("subscriptions", space, {"node": node}, *subscriptions)

    def _configuration(self, node: str, id_: int) -> Element:
        """Return those options of a node that are not Erlang terms."""
        form = Element("x", _FORM, {"type": "form"})
        form.add(_field("FORM_TYPE", f"{_PUBSUB}#node_config"))
        for row in self._kept.select("pubsub_node_option", {"nodeid": id_}, "name"):
            if _ATOM.fullmatch(row["val"]):
                form.add(_field(f"pubsub#{row['name']}", row["val"]))
        return Element("configure", f"{_PUBSUB}#owner", {"node": node}, form)


def _field(name: str, value: str) -> Element:
    return Element("field", _FORM, {"var": name}, Element("value", _FORM, None, value))


def _key(row: RowMapping) -> Iterator[Found]:
    hash_, _, stored = row["password"].rpartition(":")
    try:
        salt, stored_key, server_key = map(decoded, (row["salt"], stored, row["serverkey"]))
        mechanism = _HASHES.get(hash_, hash_)
        yield Key(checked(mechanism, salt, int(row["iterationcount"]), stored_key, server_key))
    except ValueError as error:
        yield Misfit(f"keys of an account: {error}")


def _rule(row: RowMapping) -> Element:
    type_ = _TYPES.get(row["t"])
    value = row["value"]
    if type_ == "subscription":
        value = _SUBSCRIPTIONS.get(value, value)
    attrs = {
        "type": type_,
        "value": value if type_ else None,
        "action": "allow" if row["action"] == "a" else "deny",
        "order": str(int(row["ord"])),
    }
    columns = (f"match_{kind.replace('-', '_')}" for kind in _KINDS)
    kinds = [kind for kind, column in zip(_KINDS, columns, strict=True) if row[column]]
    children = () if row["match_all"] else (Element(kind, _PRIVACY) for kind in kinds)
    return Element("item", _PRIVACY, attrs, *children)


def _parsed(text: str) -> Iterator[Element]:
    if text:
        try:
            yield elements.parsed(text)
        except ValueError as error:
            raise FormatError(f"the database has what is no XML: {error}") from None


def _message(text: str, seconds: float, *, archived: bool) -> Iterator[Found]:
    try:
        message = elements.parsed(text)
        dated = not archived and message.find("delay", "urn:xmpp:delay") is not None
        if dated:
            yield elements.as_waiting(message)
        else:
            yield (elements.archived if archived else elements.waiting)(message, seconds)
    except ValueError as error:
        yield Misfit(f"a message: {error}")


def _created(when: str | datetime.datetime) -> float:
    moment = when if isinstance(when, datetime.datetime) else datetime.datetime.fromisoformat(when)
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp()
