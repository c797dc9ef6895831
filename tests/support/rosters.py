"""What tests of rosters and presence have in common: short ways to say what came."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.house import Client, House

from palaver import jid
from palaver.ext.roster.roster import Roster, roster_of
from palaver.wire.element import Element

ROSTER = "jabber:iq:roster"


async def connect(house: House, address: str, *, available: bool = True) -> Client:
    """Open a session that asks for the roster and becomes available, and drop what comes."""
    client = await house.client(address, available=False)
    await client.ask("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>")
    if available:
        client.available()
    await client.taken()
    return client


async def befriend(one: Client, other: Client) -> None:
    """Subscribe two clients to each other, and drop what comes."""
    for asking, asked in ((one, other), (other, one)):
        asking.send(f"<presence type='subscribe' to='{asked.session.bare}'/>")
        await asking.taken()
        asked.send(f"<presence type='subscribed' to='{asking.session.bare}'/>")
        await asked.taken()
    await one.taken()
    await other.taken()


async def heard(client: Client) -> list[str]:
    """Return what came since the last time, each stanza in a few words."""
    return [brief(stanza) for stanza in await client.taken()]


def brief(stanza: Element) -> str:
    """Say what a stanza is: a push by its item, a presence by its type, sender and content."""
    query = stanza.find("query", ROSTER)
    if query is not None and stanza.get("type") == "set":
        return "push " + " ".join(item(each) for each in query)
    error = stanza.find("error")
    if error is not None:
        return f"{stanza.name} error {stanza.get('from')} {next(iter(error)).name}"
    if stanza.name == "iq":
        return f"iq {stanza.get('type')} {stanza.get('id')}"
    words = [stanza.get("type", "available" if stanza.name == "presence" else "normal")]
    words.append(stanza.get("from", ""))
    words += [each.text or each.name for each in stanza if each.name != "delay"]
    return " ".join(words)


def item(element: Element) -> str:
    """Say what a roster item is."""
    words = [element.get("jid", ""), element.get("subscription", "")]
    words += [name for name in ("ask", "approved") if name in element.attrs]
    if "name" in element.attrs:
        words.append(repr(element.attrs["name"]))
    words += [f"[{group.text}]" for group in element]
    return " ".join(words)


async def put(client: Client, content: str) -> str:
    """Send a roster set and return "result" or the error's condition."""
    answer = await client.ask(
        f"<iq type='set' id='put'><query xmlns='jabber:iq:roster'>{content}</query></iq>"
    )
    error = answer.find("error")
    return "result" if error is None else next(iter(error)).name


async def listed(client: Client, version: str | None = None) -> list[str] | None:
    """Ask for the roster and return its items; None for an empty result."""
    ver = "" if version is None else f" ver='{version}'"
    answer = await client.ask(
        f"<iq type='get' id='get'><query xmlns='jabber:iq:roster'{ver}/></iq>"
    )
    query = answer.find("query", ROSTER)
    return None if query is None else [item(each) for each in query]


async def roster(house: House, address: str) -> Roster:
    """Return the roster of an account."""
    return roster_of(await house.account(address))


async def states(house: House, one: str, other: str) -> tuple[str, str]:
    """Return the names of the states in which two accounts are for each other."""
    here, there = await roster(house, one), await roster(house, other)
    return (
        here.state_of(jid.parse(other)).name,
        there.state_of(jid.parse(one)).name,
    )


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Lock the database, so that nothing can be stored meanwhile."""
    path: Path = next(house.server.data.glob("**/*.sqlite3"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def impatient(house: House) -> None:
    """Let the server give up at once when the database is locked, instead of waiting."""
    async with house.server.database.begin() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 0")
