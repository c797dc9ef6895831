"""The messages of all accounts, as the kernel sees them: `palaver.store` keeps them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection

#: The longest origin-id kept, in characters (XEP-0359 §3.2 sets no limit).
MAX_ORIGIN_ID: Final = 128


class LogEntry(NamedTuple):
    """One message in the log of one account; becomes one row.

    ``account_id``     whose log
    ``id``             from `MessageLog.new_id`; orders the log by time
    ``outgoing``       the account sent it, rather than received it
    ``peer``           the other side's bare JID, at most 2047 bytes
    ``peer_resource``  the other side's resource, "" when it has none; at most 1023 bytes
    ``stanza``         the stanza as serialised, without the stanza-id of this log
    ``pending``        no session of the account has acknowledged it yet; of what the account sent:
                       the server of its recipient has not
    ``archived``       stays after it has been acknowledged
    ``origin_id``      the sender's own id (XEP-0359 §3.2), at most `MAX_ORIGIN_ID` characters
    ``settled``        called once on the event loop: with None when the row is committed, or needs
                       no storing any more; with the exception when it cannot be stored
    """

    account_id: int
    id: int
    outgoing: bool
    peer: str
    peer_resource: str
    stanza: bytes
    pending: bool
    archived: bool
    origin_id: str | None = None
    settled: Callable[[BaseException | None], None] | None = None


class Word(NamedTuple):
    """A word that is looked for; ``beginning``: longer words that begin so are meant as well."""

    text: str
    beginning: bool = False


class LogFilter(NamedTuple):
    """Which entries of an archive are meant.

    ``after``, ``before``  ids that theirs are between; themselves excluded
    ``peer``               the other side's bare JID, or None for any
    ``peer_resource``      the other side's resource, "" for any
    ``ids``                ids, one of which theirs is; None for any
    ``words``              words that each of them has, all of them; None for any
    """

    after: int = 0
    before: int | None = None
    peer: str | None = None
    peer_resource: str = ""
    ids: tuple[int, ...] | None = None
    words: tuple[Word, ...] | None = None


class IndexedMessage(NamedTuple):
    """What the index has to know of a message.

    ``words``     what it is found by
    ``ids``       how later messages may call it
    ``retracts``  how it calls the message that it takes back; None where it does no such thing
    ``entry``     the id in this log of the message that it takes back, where it says that
    """

    words: Sequence[str] = ()
    ids: Sequence[str] = ()
    retracts: str | None = None
    entry: int | None = None


class Tombstone(NamedTuple):
    """What stands in the place of a message that was retracted.

    ``stanza``   what remains of the message
    ``is_last``  it was the message itself, rather than a correction of it
    """

    stanza: bytes
    is_last: bool


class MessageReader(Protocol):
    """Reads messages for the index of the log; called in other threads."""

    def searchable(self, host: str) -> bool:
        """Tell whether the messages of a host's accounts are to be found by their words."""

    def read(self, stanza: bytes, origin_id: str | None, *, with_words: bool) -> IndexedMessage:
        """Read a message as stored."""

    def tombstone(self, original: LogEntry, retraction: LogEntry) -> Tombstone | None:
        """Return what remains of a message after a retraction; None where that is of another.

        Both have the same ``outgoing`` and the same ``peer``.
        """

    def stone(self, original: LogEntry, retraction: LogEntry) -> bytes | None:
        """Return what remains of a message that is retracted; None where it cannot be read."""

    def corrects(self, later: LogEntry, original: LogEntry) -> bool:
        """Tell whether a later message of the same author is to replace another."""


def stanza_id(id_: int) -> str:
    """Write a log id as the ``id`` of a `<stanza-id/>` (XEP-0359 §3.1).

    Sixteen hexadecimal digits: the order of the texts is the order of the ids, which is time.
    """
    return f"{id_:016x}"


def parse_stanza_id(text: str) -> int:
    """Read what `stanza_id` wrote; raises ValueError for any other text."""
    if len(text) != 16 or text.strip("0123456789abcdef"):
        raise ValueError("not a stanza-id of this server")
    id_ = int(text, 16)
    if id_ >> 63:
        raise ValueError("not a stanza-id of this server")
    return id_


def timestamp_of(id_: int) -> int:
    """Return when a log id was made, to the millisecond, as a `Timestamp`."""
    return (id_ >> 20) * 1000


class MessageLog(Protocol):
    """The messages of all accounts: archive, offline messages and crash recovery in one.

    What is appended or acknowledged is collected and committed every few milliseconds in one
    transaction. Order is kept: an acknowledgement finds the entry appended before it.
    """

    @property
    def size(self) -> int:
        """Entries appended and not yet settled."""

    @property
    def full(self) -> bool:
        """Whether the bound on entries or on bytes is reached: readers should pause.

        At twice the bound, `append` settles entries with `StorageUnavailable` at once.
        """

    @property
    def available(self) -> bool:
        """Whether the last commit worked. When not, entries appended are refused quickly."""

    def new_id(self) -> int:
        """Return an id greater than all before, also those of earlier runs.

        Milliseconds since 1970 in the upper bits, a counter in the lower 20.
        """

    def append(self, entry: LogEntry) -> None:
        """Take an entry for the next commit; never blocks. The outcome goes to its ``settled``.

        Raises ValueError when the origin-id is too long.
        """

    def acknowledge(self, account_id: int, ids: Iterable[int]) -> None:
        """Note that they are where they belong: rows not archived go, others are pending no more.

        Ids that are not there are ignored. An entry not committed yet is never written at all,
        unless it is archived, and counts as settled.
        """

    def unsettled(self, account_id: int, id_: int) -> bool:
        """Tell whether an entry is neither committed nor refused yet."""

    def on_drain(self, callback: Callable[[], None]) -> None:
        """Call back once on the event loop as soon as the log is not `full` any more."""

    def barrier(self, callback: Callable[[], None]) -> None:
        """Call back once all entries appended so far are committed or refused.

        At once when there are none; else on the event loop, after their ``settled``.
        """

    def index_with(self, reader: MessageReader) -> None:
        """Index, in the background, all that is archived, and carry out what retractions ask for.

        Without this `LogFilter.words` must be None.
        """

    async def catch_up(self, account_id: int) -> bool:
        """Wait until the account's messages are indexed; tell whether all are.

        It does not wait for very many. Raises StorageUnavailable.
        """

    async def bury(
        self, account_id: int, id_: int, stone: Callable[[LogEntry], bytes | None]
    ) -> list[int]:
        """Replace an archived entry, and what corrects it, by what ``stone`` makes of each.

        Return the ids of those that were replaced: not the ones for which it is None, and none
        at all when the first is among those. Raises StorageUnavailable.
        """

    async def flush(self) -> None:
        """Wait until all that was appended and acknowledged so far is committed or refused."""

    async def pending(
        self, account_id: int, *, after_id: int = 0, limit: int = 1000
    ) -> list[LogEntry]:
        """Return what waits for the account after an id, oldest first, with what was just appended.

        Raises StorageUnavailable.
        """

    async def departing(self, *, after_id: int = 0, limit: int = 1000) -> list[LogEntry]:
        """Return what accounts sent and their recipients' servers have not, oldest first.

        Raises StorageUnavailable.
        """

    def origins(
        self, connection: Connection, account_id: int, limit: int
    ) -> list[tuple[bool, bool, str, str]]:
        """Return of the latest entries that are committed those with an origin-id.

        Each is: whether it is outgoing, and pending; the other's bare JID, the origin-id.
        """

    async def page(
        self, account_id: int, which: LogFilter, limit: int, *, newest: bool = False
    ) -> list[LogEntry]:
        """Return archived entries that match, oldest first: the first ones, or the last.

        Raises StorageUnavailable.
        """

    async def count(self, account_id: int, which: LogFilter) -> int:
        """Count the archived entries that match; raises StorageUnavailable."""

    async def known(self, account_id: int, ids: Sequence[int]) -> set[int]:
        """Return those of the ids that are archived entries; raises StorageUnavailable."""

    async def count_pending(self, account_id: int) -> int:
        """Count what waits for an account; raises StorageUnavailable."""

    async def between(self, account_id: int, after: int, before: int) -> list[LogEntry]:
        """Return all entries of an account between two ids, oldest first.

        Raises StorageUnavailable.
        """

    async def let_wait(self, account_id: int, id_: int) -> None:
        """Let an entry be pending, as if nobody had got it; raises StorageUnavailable."""

    async def index_again(self, account_id: int, first: int) -> None:
        """Index from an id on, as entries were appended whose ids are of the past.

        Raises StorageUnavailable.
        """

    async def expire(self, account_id: int, before: int) -> int:
        """Delete archived entries with lower ids, unless they are pending; return how many.

        Raises StorageUnavailable.
        """

    async def forget(self, account_id: int) -> None:
        """Delete an account's log, a part at a time; raises StorageUnavailable.

        Do this before deleting the account, which would delete it in one long transaction.
        """
