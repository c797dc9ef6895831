"""The messages of an account as they travel: its archive and what waits for it (XEP-0227)."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import ClassVar, Final, NamedTuple

from palaver import jid as addresses
from palaver.ext.delay import NS as NS_DELAY
from palaver.ext.delay import timestamp
from palaver.ext.moving.names import ARCHIVE, NS_ARCHIVE, OFFLINE
from palaver.ext.offline import as_delivered
from palaver.ext.portable import Note, Piece, Portable
from palaver.ext.stanza_ids import NS as NS_IDS
from palaver.jid import JID, JIDError
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension
from palaver.kernel.slots import Slot
from palaver.kernel.storage import (
    MAX_ORIGIN_ID,
    LogEntry,
    LogFilter,
    StorageUnavailable,
    now,
    parse_stanza_id,
    stanza_id,
    timestamp_of,
)
from palaver.wire import ns
from palaver.wire.element import Element, parse

_MAM: Final = "urn:xmpp:mam:2"
_FORWARD: Final = "urn:xmpp:forward:0"
_PAGE: Final = 100  # rows
_MILLISECOND: Final = 1 << 20  # of the ids of the log
_STEP: Final = 64  # ids of an account in a millisecond; other accounts have others
_SPREAD: Final = _MILLISECOND // _STEP
_NEAR: Final = 1_000_000  # microseconds by which copies of one message may differ
_MESSAGE: Final = b"<message"
_WITH_NAMESPACE: Final = b"<message xmlns='jabber:client'"
#: The ids that servers gave a message; ejabberd writes an older one as well.
_STAMPS: Final = frozenset({f"{NS_IDS} stanza-id", "urn:xmpp:mam:tmp archived"})
_REMARKS: Final = frozenset({f"{NS_DELAY} delay", "jabber:x:delay x", *_STAMPS})


class _Message(NamedTuple):
    """A message as it was found."""

    when: int
    outgoing: bool
    peer: JID
    element: Element
    id: int | None

    @property
    def fingerprint(self) -> bytes:
        """What two copies of one message have in common."""
        return _fingerprint(self.element, self.peer.bare, outgoing=self.outgoing)


class _Progress:
    """How far the import of an account has come.

    ``last``     the last id that was made up
    ``matched``  the rows that were imported, or are known to be messages that came
    ``taken``    the ids that are in use at the time of the messages being looked at
    """

    __slots__ = ("last", "matched", "taken")

    def __init__(self) -> None:
        self.last = 0
        self.matched: set[int] = set()
        self.taken: set[int] = set()


_PROGRESS: Final[Slot[_Progress]] = Slot("messages imported")


class MessagePortability(Extension, Portable):
    """Lets archives and waiting messages move with their account."""

    name: ClassVar = "message_portability"
    requires: ClassVar = ("stanza_ids",)
    portable: ClassVar = {ARCHIVE: 1, OFFLINE: 1}

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Write the archive, then what waits."""
        await self.server.log.flush()
        async for part in self._archive(account):
            yield part
        yield b"<offline-messages>"
        after = 0
        while rows := await self.server.log.pending(account.id, after_id=after, limit=_PAGE):
            for row in rows:
                yield as_delivered(row, account).replace(_MESSAGE, _WITH_NAMESPACE, 1)
            after = rows[-1].id
        yield b"</offline-messages>"

    async def _archive(self, account: Account) -> AsyncIterator[bytes]:
        yield f"<archive xmlns='{NS_ARCHIVE}'>".encode()
        after = 0
        while rows := await self.server.log.page(account.id, LogFilter(after=after), _PAGE):
            for row in rows:
                yield _result(row)
            after = rows[-1].id
        yield b"</archive>"

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Put messages into the log at the time they are of, unless they are there."""
        archived = pieces[0].within[0].key == ARCHIVE
        if not archived and account.record is not None and account.record.last_login is not None:
            note(f"{len(pieces)} waiting messages left out, as the account is in use here")
            return
        found = []
        for piece in pieces:
            try:
                found.append(_read(piece.element, account, archived=archived))
            except (JIDError, ValueError) as error:
                note(f"a message cannot be read: {error}")
        if found:
            await self._store(account, found, archived=archived)

    def importing(self, account: Account) -> None:
        """Forget what was imported before: from now on it is what was there already."""
        _PROGRESS.set(account, _Progress())

    async def _store(self, account: Account, found: list[_Message], *, archived: bool) -> None:
        progress = _PROGRESS.of(account)
        if not archived:
            progress.matched = set()  # what waits may be in the archive as well
        present = await self._present(account, found, progress)
        entries = []
        for message in found:
            rows = present.get(message.fingerprint)
            if not rows:
                entries.append(self._entry(account, message, progress, archived=archived))
                continue
            row = rows.pop(0)
            progress.matched.add(row.id)
            if not archived and not row.pending:
                await self.server.log.let_wait(account.id, row.id)
        if entries:
            await self._append(entries)
            await self.server.log.index_again(account.id, min(entry.id for entry in entries))

    async def _append(self, entries: Sequence[LogEntry]) -> None:
        failed: list[BaseException] = []

        def settled(error: BaseException | None) -> None:
            if error is not None:
                failed.append(error)

        for entry in entries:
            self.server.log.append(entry._replace(settled=settled))
        await self.server.log.flush()
        if failed:
            raise StorageUnavailable(str(failed[0]))

    async def _present(
        self, account: Account, found: Sequence[_Message], progress: _Progress
    ) -> dict[bytes, list[LogEntry]]:
        """Return by fingerprint what the log has of that time and was not matched yet."""
        moments = [message.when for message in found]
        after = max(0, (min(moments) - _NEAR) // 1000) << 20
        before = ((max(moments) + _NEAR) // 1000 + 1) << 20
        present: dict[bytes, list[LogEntry]] = {}
        progress.taken = set()
        progress.matched = {id_ for id_ in progress.matched if id_ > after}
        for row in await self.server.log.between(account.id, after, before):
            progress.taken.add(row.id)
            if row.id in progress.matched:
                continue
            mark = _fingerprint(parse(row.stanza), row.peer, outgoing=row.outgoing)
            present.setdefault(mark, []).append(row)
        return present

    def _entry(
        self, account: Account, message: _Message, progress: _Progress, *, archived: bool
    ) -> LogEntry:
        id_ = message.id
        if id_ is None or abs(timestamp_of(id_) - message.when) > _NEAR or id_ in progress.taken:
            id_ = _first_id(account, message.when)
            if progress.last >> 20 == id_ >> 20:
                id_ = max(id_, progress.last + 1)
            while id_ in progress.taken:
                id_ += 1
            progress.last = id_
        progress.taken.add(id_)
        progress.matched.add(id_)
        return LogEntry(
            account.id,
            id_,
            message.outgoing,
            message.peer.bare,
            message.peer.resource,
            _written(message.element),
            pending=not archived,
            archived=archived,
            origin_id=_origin_id(message.element),
        )


def _first_id(account: Account, when: int) -> int:
    """Return an id of that moment that is hardly ever another account's as well."""
    digest = blake2b(account.jid.encode(), digest_size=4).digest()
    return (when // 1000 << 20) + int.from_bytes(digest) % _SPREAD * _STEP


def _fingerprint(message: Element, peer: str, *, outgoing: bool) -> bytes:
    digest = blake2b(digest_size=16)
    parts = [peer, str(outgoing), message.get("type", ""), message.get("id", "")]
    parts += sorted(each.to_bytes().decode() for each in message if each.key not in _REMARKS)
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.digest()


def _result(row: LogEntry) -> bytes:
    head = f"<result xmlns='{_MAM}' id='{stanza_id(row.id)}'><forwarded xmlns='{_FORWARD}'>"
    stamp = Element("delay", NS_DELAY, {"stamp": timestamp(timestamp_of(row.id))})
    original = row.stanza.replace(_MESSAGE, _WITH_NAMESPACE, 1)
    return b"".join((head.encode(), stamp.to_bytes(), original, b"</forwarded></result>\n"))


def _read(element: Element, account: Account, *, archived: bool) -> _Message:
    """Read a message of the archive or one that waits; raises ValueError."""
    id_ = None
    message: Element | None = element
    stamp = None
    if archived:
        forwarded = element.find("forwarded", _FORWARD)
        if element.key != f"{_MAM} result" or forwarded is None:
            raise ValueError("it is no result of an archive")
        message = forwarded.find("message", ns.CLIENT)
        stamp = forwarded.find("delay", NS_DELAY)
        id_ = _own_id(element.get("id", ""))
    elif (stamp := _latest(element)) is not None:
        id_ = next((_own_id(e.get("id", "")) for e in element.find_all("stanza-id", NS_IDS)), None)
    if message is None or message.key != f"{ns.CLIENT} message":
        raise ValueError("there is no message in it")
    when = now() if stamp is None else moment(stamp.get("stamp", ""))
    sender = addresses.parse(message.get("from") or account.jid)
    outgoing = archived and sender.bare == account.jid and message.get("to") is not None
    peer = addresses.parse(message.get("to") or account.jid) if outgoing else sender
    if outgoing and peer.bare == account.jid:
        outgoing = False  # what one sends to oneself is archived once, as received
    return _Message(when, outgoing, peer, _clean(message), id_)


def _latest(message: Element) -> Element | None:
    """Return the last delay of a message: that of the server it waited on."""
    found = [each for each in message if each.name in ("delay", "x") and each.get("stamp")]
    return found[-1] if found else None


def _clean(message: Element) -> Element:
    """Return a message as it was when it came: what it waited for is told again when it is sent."""
    last = _latest(message)
    children = [
        child
        for child in message.children
        if isinstance(child, Element) and child is not last and child.key != f"{NS_IDS} stanza-id"
    ]
    return Element("message", ns.CLIENT, message.attrs, *children)


def _written(message: Element) -> bytes:
    data = message.to_bytes()
    return data if message.children else data.removesuffix(b"/>") + b"></message>"


def _own_id(text: str) -> int | None:
    try:
        return parse_stanza_id(text)
    except ValueError:
        return None


def _origin_id(message: Element) -> str | None:
    found = message.find("origin-id", NS_IDS)
    text = None if found is None else found.get("id")
    return text if text and len(text) <= MAX_ORIGIN_ID else None


def moment(text: str) -> int:
    """Read a moment of XEP-0082 or XEP-0091; raises ValueError."""
    form = text.strip()
    if "T" in form and "-" not in form.partition("T")[0]:
        form = f"{form[:4]}-{form[4:6]}-{form[6:]}"
    read = datetime.fromisoformat(form)
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    microseconds = int(read.timestamp()) * 1_000_000 + read.microsecond
    if microseconds <= 0:
        raise ValueError(f"{text} is too long ago")
    return microseconds
