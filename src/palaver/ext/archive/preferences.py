"""Which conversations an account wants in its archive (XEP-0441), and for how long.

The archiving preferences of an account are a row that exists once something was chosen. They are at
hand while the account is in use, so that they can be looked at for every message.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from sqlalchemy import Column, Connection, Integer, Table, bindparam, select

from palaver import jid
from palaver.ext.archive.names import NS
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot
from palaver.kernel.storage import Name, Xml, account_column, metadata
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

Default = Literal["always", "never", "roster"]

_MOST_JIDS: Final = 1_000  # of one list

table: Final = Table(
    "archive_preferences",
    metadata,
    account_column(primary_key=True),
    Column("default", Name(6)),  # NULL: as the host has it
    Column("always", Xml, nullable=False),  # JSON arrays of addresses
    Column("never", Xml, nullable=False),
    Column("days", Integer),  # NULL: as the host has it; 0: for ever
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What an account wants in its archive: conversations with whom."""

    default: Default = "always"
    always: frozenset[JID] = frozenset()
    never: frozenset[JID] = frozenset()

    def wants(self, peer: JID, account: Account) -> bool:
        """Tell whether messages from or to an address are to be archived (§2.3).

        What is said of a full address outweighs what is said of a bare one, and "never" outweighs
        "always". Notes to oneself count as messages to somebody in the roster.
        """
        for each in (peer, peer.bare):
            if each in self.never:
                return False
            if each in self.always:
                return True
        if self.default == "roster":
            return peer.bare == account.jid or peer in roster_of(account)
        return self.default == "always"


_EVERYTHING: Final = Preferences()
_CHOSEN: Final[Slot[Preferences]] = Slot("archiving preferences")
"""On accounts that do not want everything; for all others the look-up is all that it costs."""


def wanted(account: Account, peer: JID) -> bool:
    """Tell whether an account wants messages from or to that address in its archive."""
    chosen = _CHOSEN.get(account)
    return chosen is None or chosen.wants(peer, account)


def preferences_of(account: Account) -> Preferences:
    """Return what applies to an account."""
    return _CHOSEN.get(account) or _EVERYTHING


def apply(account: Account, preferences: Preferences) -> None:
    """Let preferences apply from now on."""
    if preferences == _EVERYTHING:
        _CHOSEN.clear(account)
    else:
        _CHOSEN.set(account, preferences)


_LOAD: Final = select(table.c.default, table.c.always, table.c.never).where(
    table.c.account_id == bindparam("account_id")
)


def load(connection: Connection, account: Account, default: Default) -> None:
    """Have the preferences of an account at hand; ``default`` is that of its host."""
    row = connection.execute(_LOAD, {"account_id": account.id}).one_or_none()
    if row is None:
        apply(account, Preferences(default))
        return
    apply(
        account,
        Preferences(
            cast("Default", row.default or default), _addresses(row.always), _addresses(row.never)
        ),
    )


def row_of(account_id: int, preferences: Preferences) -> dict[str, object]:
    """Return the row of preferences, without what it says of retention."""
    return {
        "account_id": account_id,
        "default": preferences.default,
        "always": json.dumps(sorted(preferences.always), ensure_ascii=False),
        "never": json.dumps(sorted(preferences.never), ensure_ascii=False),
    }


def _addresses(text: str) -> frozenset[JID]:
    return frozenset(map(jid.parse, json.loads(text)))


# -- as clients read and write them ----------------------------------------------------------------


def write(preferences: Preferences) -> Element:
    """Write a ``<prefs/>`` (§2.1)."""
    return Element(
        "prefs",
        NS,
        {"default": preferences.default},
        _list("always", preferences.always),
        _list("never", preferences.never),
    )


def _list(name: str, addresses: Iterable[JID]) -> Element:
    return Element(name, NS, None, *(Element("jid", NS, None, each) for each in sorted(addresses)))


def read(prefs: Element) -> Preferences:
    """Read a ``<prefs/>``.

    Raises:
        StanzaError: bad-request, the default is none of the three; jid-malformed;
            policy-violation, a list is too long.
    """
    default = prefs.get("default")
    if default not in get_args(Default):
        raise StanzaError("bad-request", "the default is always, never or roster")
    return Preferences(
        cast("Default", default), _read_list(prefs, "always"), _read_list(prefs, "never")
    )


def _read_list(prefs: Element, name: str) -> frozenset[JID]:
    found = prefs.find(name)
    texts = [] if found is None else [each.text.strip() for each in found.find_all("jid")]
    if len(texts) > _MOST_JIDS:
        raise StanzaError("policy-violation", f"at most {_MOST_JIDS} addresses in a list")
    try:
        return frozenset(map(jid.parse, texts))
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error
