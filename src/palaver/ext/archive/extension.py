"""The archive: what an account sends and receives stays in its log.

A message that is to be archived is stamped before it is delivered. The stamp says that the message
has a row of that id in the account's log; whoever ends its way writes the row: this extension when
the message was handed to sessions, `palaver.ext.offline` when it waits for one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import Field
from sqlalchemy import Connection

from palaver.ext.archive import preferences, queries, retention, words
from palaver.ext.archive.answers import answer, by_session, metadata
from palaver.ext.archive.names import EXTENDED, NS, RETRACT, TOMBSTONE
from palaver.ext.archive.preferences import Default, wanted
from palaver.ext.archive.reader import Reader
from palaver.ext.disco import Discoverable, Info
from palaver.ext.keeping import keeping
from palaver.ext.stanza_ids import NS as NS_IDS
from palaver.ext.stanza_ids import note_sent, origin_id, stamped, taken_off, unstamped
from palaver.jid import JID
from palaver.kernel import hooks, result_sets
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
    task,
)
from palaver.kernel.hooks import Phase
from palaver.kernel.host import Host
from palaver.kernel.session import Session
from palaver.kernel.settings import unit
from palaver.kernel.storage import LogEntry, StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_NO_ROW: Final = 0
_BETWEEN_TRIES: Final = 1.0  # seconds
_EVERY: Final = 21_600.0  # seconds


class ArchiveConfig(ExtensionConfig):
    """How much of the archive is sent at once."""

    days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Messages older than this are deleted; 0 keeps them for ever.",
        json_schema_extra=unit("days"),
    )
    default: Default = Field(
        "always",
        description="What is archived for accounts that have not chosen: always (everything), "
        "roster (conversations with contacts), or never.",
    )
    search: bool = Field(
        True,
        description="Whether the words of archived messages are indexed, so that clients can "
        "search for them. What was archived meanwhile is not found when this is turned on again.",
    )
    page: int = Field(
        100, ge=1, le=10_000, description="Messages in the answer to one question, at most."
    )


class Archive(Extension[ArchiveConfig], Discoverable):
    """Keeps a copy of every message in the logs of its sender and its recipient."""

    Config = ArchiveConfig
    name: ClassVar = "archive"
    default: ClassVar = True
    implements: ClassVar = (
        Xep(313, "1.1.3", "for accounts", partial=True),
        Xep(424, "0.4.2", "tombstones, in the archives of accounts and rooms"),
        Xep(431, "0.2.0"),
        Xep(441, "0.2.0"),
        *result_sets.IMPLEMENTS,
    )
    # COMPAT: profanity 0.13 (2026-11) asks the host alone whether accounts have archives.
    features: ClassVar = (NS, RETRACT)
    account_features: ClassVar = (NS, EXTENDED, RETRACT, TOMBSTONE)
    requires: ClassVar = ("stanza_ids",)
    tables: ClassVar = (preferences.table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Take the log of the server."""
        super().__init__(server, settings)
        self._log = server.log
        self._tried = 0.0
        self._retracting: set[int] = set()

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Advertise the search where it works (XEP-0431 §2.1)."""
        offered = account is not None and self._searchable(host.name)
        return Info(features=(words.NS,) if offered else ())

    def _searchable(self, host: str) -> bool:
        return host in self.server.hosts and self.config(host).search

    # -- keeping -----------------------------------------------------------------------------------

    @on(hooks.server_started)
    async def index(self) -> None:
        """Let messages be indexed, by their words and by what retractions call them."""
        self._log.index_with(Reader(self._searchable))

    @task(every=_EVERY)
    async def expire(self) -> None:
        """Delete what is older than is allowed by its host or for its account."""
        for host in self.server.hosts:
            deleted = await retention.expire(self.server, host, self.config(host).days)
            if deleted:
                log.info("old messages deleted from archives", host=host, messages=deleted)

    # -- retracting --------------------------------------------------------------------------------

    @on(hooks.delivered, kind="message", payload=(RETRACT, "retract"))
    def retract(self, stanza: Stanza, account: Account, _sessions: tuple[Session, ...]) -> None:
        """Let a retraction count at once in the archives of both sides (XEP-0424 §5)."""
        for each in (account, self.server.accounts.loaded(stanza.sender.bare)):
            self._retract_soon(each)

    @on(hooks.sent, kind="message", payload=(RETRACT, "retract"))
    def retract_elsewhere(self, _stanza: Stanza, session: Session) -> None:
        """Let a retraction that left the server count at once in the archive of its author."""
        self._retract_soon(session.account)

    def _retract_soon(self, account: Account | None) -> None:
        if account is None or account.record is None:
            return
        if not self._retracting:
            self.server.spawn(self._retract_all())
        self._retracting.add(account.record.id)

    async def _retract_all(self) -> None:
        """Let the index come to the retractions that arrived: it carries them out."""
        while self._retracting:
            account_id = next(iter(self._retracting))
            try:
                await self._log.catch_up(account_id)
            except StorageUnavailable:
                log.info("a retraction is carried out later", account_id=account_id)
            self._retracting.discard(account_id)

    # -- asking ------------------------------------------------------------------------------------

    @iq("set", NS, "query", to=Target.ACCOUNT)
    async def query(self, request: Request) -> Answer:
        """Send a page of the archive (XEP-0313 §4)."""
        account, session = _owner(request), request.session
        assert session is not None
        asked = queries.read(request.payload, searchable=self._searchable(account.host.name))
        most, stable = self.config(account.host.name).page, True
        if asked.which.words or account.id in self._retracting:
            stable = await self._log.catch_up(account.id)
        return await answer(self._log, account.id, asked, by_session(session), most, stable=stable)

    @iq("get", NS, "query", to=Target.ACCOUNT)
    def form(self, request: Request) -> Answer:
        """Tell which fields a question may have (§4.1.5)."""
        return queries.form(searchable=self._searchable(_owner(request).host.name))

    @iq("get", NS, "metadata", to=Target.ACCOUNT)
    async def metadata(self, request: Request) -> Answer:
        """Tell where the archive begins and ends (§4.4)."""
        return await metadata(self._log, _owner(request).id)

    @on(hooks.bind_requested, after=("carbons", "offline"))
    async def tell(self, session: Session, _request: Element) -> Element | None:
        """Tell a client where the archive ends as it begins to listen (XEP-0386 §3.2)."""
        if session.account.temporary:
            return None
        return await metadata(self._log, session.account.id)

    @iq("get", NS, "prefs", to=Target.ACCOUNT)
    def tell_preferences(self, request: Request) -> Answer:
        """Tell which conversations are archived (XEP-0441 §2.1)."""
        return preferences.write(preferences.preferences_of(_owner(request)))

    @iq("set", NS, "prefs", to=Target.ACCOUNT)
    async def change_preferences(self, request: Request) -> Answer:
        """Change which conversations are archived, from the next message on."""
        account = _owner(request)
        chosen = preferences.read(request.payload)
        row = preferences.row_of(account.id, chosen)
        database = self.server.database
        async with database.begin() as connection:
            await database.upsert(connection, preferences.table, row, ["account_id"])
        preferences.apply(account, chosen)
        return preferences.write(chosen)

    @iq(("get", "set"), NS, "query", to=(Target.CONTACT, Target.NOBODY))
    def refuse_query(self, _request: Request) -> Answer:
        """Let nobody read somebody else's archive (§7.1)."""
        raise StanzaError("forbidden", "that is somebody else's archive")

    @iq("get", NS, "metadata", to=(Target.CONTACT, Target.NOBODY))
    def refuse_metadata(self, _request: Request) -> Answer:
        """Let nobody learn of somebody else's archive."""
        raise StanzaError("forbidden", "that is somebody else's archive")

    @iq(("get", "set"), NS, "prefs", to=(Target.CONTACT, Target.NOBODY))
    def refuse_preferences(self, _request: Request) -> Answer:
        """Let nobody see or change somebody else's preferences."""
        raise StanzaError("forbidden", "those are somebody else's preferences")

    # -- writing -----------------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Have the preferences of an account at hand."""
        preferences.load(connection, account, self.config(account.host.name).default)

    @on(hooks.outgoing, phase=Phase.GUARD, kind="message", after=("resends",))
    def check(self, stanza: Stanza, session: Session) -> None:
        """Refuse what could not be archived now: nothing is passed on that is not kept."""
        if not self._log.available and keeping(stanza).archived:
            self._refuse(session.account)

    @on(hooks.incoming, phase=Phase.REWRITE, kind="message", after=("stanza_ids",))
    def stamp(self, stanza: Stanza, account: Account) -> Stanza | None:
        """Give the message the id of its row (XEP-0359 §2.1)."""
        if account.record is None or not keeping(stanza).archived:
            return None
        if not wanted(account, stanza.sender):
            return None  # it may still wait for a reader, but only for that
        if not self._log.available:
            self._refuse(account)
        return stamped(stanza, account.jid, self._log.new_id())

    def _refuse(self, account: Account) -> None:
        now = self.server.clock.monotonic()
        if account.record is not None and now - self._tried > _BETWEEN_TRIES:
            self._tried = now
            # Work for the log, so that it finds out whether the database is back.
            self._log.acknowledge(account.id, (_NO_ROW,))
        raise StanzaError("resource-constraint", "messages cannot be stored at the moment")

    @on(hooks.delivered, kind="message", payload=(NS_IDS, "stanza-id"))
    def keep_received(
        self, stanza: Stanza, account: Account, sessions: tuple[Session, ...]
    ) -> None:
        """Write the row of a message that was handed to sessions.

        Stream management does it for those that have to acknowledge it.
        """
        record = account.record
        if not sessions or record is None or any(session.outbox for session in sessions):
            return
        id_, data = unstamped(stanza, account.jid)
        if id_ is None:
            return
        sender, origin = stanza.sender, origin_id(stanza)
        # By position, as this runs for every message: outgoing, …, pending, archived.
        self._log.append(
            LogEntry(record.id, id_, False, sender.bare, sender.resource, data, False, True, origin)
        )

    @on(hooks.delivered, kind="message")
    def keep_sent(self, stanza: Stanza, account: Account, _sessions: tuple[Session, ...]) -> None:
        """Write the row of a sender here; what goes to oneself is archived once, as received.

        Not before the recipient's row: a message that is in the archive of its sender alone would
        be taken for one that arrived when it is sent again.
        """
        sender = stanza.sender.bare
        if sender == account.jid or sender.domain not in self.server.hosts:
            return
        author = self.server.accounts.loaded(sender)
        if author is None or author.record is None or not keeping(stanza).archived:
            return
        if wanted(author, _recipient(stanza)):
            self._append_sent(author.record.id, stanza, taken_off(stanza, account.jid)[1])

    @on(hooks.sent, kind="message")
    def keep_sent_elsewhere(self, stanza: Stanza, session: Session) -> None:
        """Write the row of a sender here for a message that left the server."""
        to, record = stanza.to, session.account.record
        if to is None or to.domain in self.server.hosts or record is None:
            return
        if keeping(stanza).archived and wanted(session.account, to):
            self._append_sent(record.id, stanza, stanza.to_bytes())

    def _append_sent(self, account_id: int, stanza: Stanza, data: bytes) -> None:
        to, origin, id_ = _recipient(stanza), origin_id(stanza), self._log.new_id()
        note_sent(stanza, id_)
        self._log.append(
            LogEntry(
                account_id,
                id_,
                True,
                to.bare,
                to.resource,
                data,
                False,
                True,
                origin,
            )
        )


def _recipient(stanza: Stanza) -> JID:
    assert stanza.to is not None
    return stanza.to


def _owner(request: Request) -> Account:
    account = request.account
    assert account is not None
    if account.temporary:
        raise StanzaError("not-allowed", "a temporary account has no archive")
    return account
