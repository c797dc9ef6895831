"""Answers a client's questions to its archive (XEP-0313 §4)."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from palaver.ext.archive.names import NS
from palaver.ext.archive.queries import Query
from palaver.ext.delay import delay, timestamp
from palaver.jid import JID, BareJID
from palaver.kernel import result_sets
from palaver.kernel.session import Session
from palaver.kernel.storage import LogEntry, LogFilter, MessageLog, stanza_id, timestamp_of
from palaver.wire import escape
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

_CHUNK: Final = 50  # rows read at once, which may be large
_MOST_BYTES: Final = 1 << 20  # of a page; the rest comes with the next
_LOOK_AGAIN: Final = 0.05  # seconds
_MESSAGE: Final = b"<message"


class Asker(NamedTuple):
    """Who asks which archive, and how an answer gets there.

    ``archive``  the address whose archive it is
    ``to``       who asks
    ``write``    sends what is written
    ``waits``    tells whether that has to wait
    ``stanza``   returns an entry's stanza as who asks may see it
    """

    archive: BareJID
    to: JID
    write: Callable[[bytes], None]
    waits: Callable[[], bool]
    stanza: Callable[[LogEntry], bytes]


def by_session(session: Session) -> Asker:
    """Return the asker that a session is of its own account's archive."""
    return Asker(
        session.bare,
        session.jid,
        session.write,
        lambda: session.wire.congested and not session.closed,
        lambda row: row.stanza,
    )


async def answer(
    log: MessageLog,
    account_id: int,
    query: Query,
    asker: Asker,
    most: int,
    *,
    stable: bool = True,
) -> Element:
    """Send the page that was asked for, and return the ``<fin/>`` that follows it.

    ``most`` bounds the number of messages, whatever the client asks for. An answer that is not
    ``stable`` may be another the next time, as not all is indexed yet (§4.3.2).

    Raises:
        StanzaError: item-not-found, an id named in the question is not in the archive.
        StorageUnavailable: it cannot be read now.
    """
    if query.known:
        wanted = set(query.known)
        if await log.known(account_id, sorted(wanted)) != wanted:
            raise StanzaError("item-not-found", "a message of that id is not in the archive")
    if query.page.most == 0:
        count = await log.count(account_id, query.which)
        return _fin((), complete=False, stable=stable, count=count)
    limit = min(query.page.most or most, most)
    rows, complete = await _page(log, account_id, query.which, limit, newest=query.page.last)
    for row in reversed(rows) if query.flipped else rows:
        # A wire tells no more than whether it is congested.
        while asker.waits():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_AGAIN)
        asker.write(_result(row, query, asker))
    return _fin(rows, complete=complete, stable=stable)


async def _page(
    log: MessageLog, account_id: int, which: LogFilter, limit: int, *, newest: bool
) -> tuple[list[LogEntry], bool]:
    """Read so many rows, or fewer large ones; tell whether there are no more."""
    rows: list[LogEntry] = []
    size = 0
    while size <= _MOST_BYTES and len(rows) < limit:
        wanted = min(_CHUNK, limit - len(rows))
        found = await log.page(account_id, which, wanted + 1, newest=newest)
        more = len(found) > wanted
        if newest:
            found = found[more:]
            rows[:0] = found
        else:
            found = found[:wanted]
            rows += found
        if not more:
            return rows, True
        size += sum(len(row.stanza) for row in found)
        which = which._replace(before=rows[0].id) if newest else which._replace(after=rows[-1].id)
    return rows, False


def _result(row: LogEntry, query: Query, asker: Asker) -> bytes:
    asked = "" if query.id is None else f" queryid='{escape.attribute(query.id)}'"
    head = (
        f"<message from='{asker.archive.xml}' to='{asker.to.xml}'>"
        f"<result xmlns='{NS}'{asked} id='{stanza_id(row.id)}'>"
        "<forwarded xmlns='urn:xmpp:forward:0'>"
    )
    stamp = delay(asker.archive, timestamp_of(row.id)).to_bytes()
    original = asker.stanza(row).replace(_MESSAGE, _MESSAGE + b" xmlns='jabber:client'", 1)
    return b"".join((head.encode(), stamp, original, b"</forwarded></result></message>"))


def _fin(
    rows: Iterable[LogEntry], *, complete: bool, stable: bool, count: int | None = None
) -> Element:
    ids = [stanza_id(row.id) for row in rows]
    first, last = (ids[0], ids[-1]) if ids else (None, None)
    attrs = {"complete": "true" if complete else None, "stable": None if stable else "false"}
    return Element("fin", NS, attrs, result_sets.write(first, last, count))


async def metadata(log: MessageLog, account_id: int) -> Element:
    """Return where the archive begins and ends (§4.4)."""
    ends = []
    for name, newest in (("start", False), ("end", True)):
        for row in await log.page(account_id, LogFilter(), 1, newest=newest):
            attrs = {"id": stanza_id(row.id), "timestamp": timestamp(timestamp_of(row.id))}
            ends.append(Element(name, NS, attrs))
    return Element("metadata", NS, None, *ends)
