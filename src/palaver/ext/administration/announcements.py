"""Announcements, the message of the day, and the welcome (XEP-0133 §4.23 to §4.28)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple

import structlog
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Parameter
from sqlalchemy import Connection, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from palaver.ext.administration.fields import VERSION, form, node, said
from palaver.ext.administration.tables import announcements, motd_readers
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.adhoc import Call, Reply, Stage, adhoc
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, Xep, command, on
from palaver.kernel.form_fields import TextMulti
from palaver.kernel.forms import Submission
from palaver.kernel.host import Host
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import StorageUnavailable, metadata
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

Kind = Literal["motd", "welcome"]

_MOST_AT_ONCE: Final = 500  # rows of a transaction
_SUBJECTS: Final[dict[Kind, str]] = {"motd": "Message of the day", "welcome": "Welcome"}

TO_ANNOUNCE: Final = TextMulti("announcement", "Announcement", required=True)
MOTD: Final = TextMulti("motd", "Message of the Day", required=True)
WELCOME: Final = TextMulti("welcome", "Welcome Message", required=True)

ANNOUNCE: Final = form(
    "Making an Announcement",
    "Fill out this form to make an announcement to all online users of this service.",
    TO_ANNOUNCE,
)
SET_MOTD: Final = form(
    "Setting the Message of the Day", "Fill out this form to set the message of the day.", MOTD
)
EDIT_MOTD: Final = form(
    "Editing the Message of the Day", "Fill out this form to edit the message of the day.", MOTD
)
SET_WELCOME: Final = form(
    "Setting Welcome Message",
    "Fill out this form to set the welcome message for this service.",
    WELCOME,
)

_READ: Final[Slot[int]] = Slot("version of the message of the day that was read")
_WELCOMED: Final[Slot[bool]] = Slot("welcome was told")


class HostArguments(BaseModel):
    """Says which host it is about."""

    model_config = ConfigDict(extra="forbid")

    host: str = Parameter(description="The host, such as example.org.")


class TextArguments(HostArguments):
    """Says what to tell the users of a host."""

    text: str = Parameter(min_length=1, description="The text.")


class Standing(NamedTuple):
    """What is told to users when they come, since a moment that tells it from others."""

    version: int
    text: str


class Announcements(Extension):
    """Tells users what administrators write: now, at their next login, or at their first.

    The message of the day goes once to each user, to those who are online at once. Setting it
    makes it new for everybody; editing it does not tell it again to those who have got it.
    """

    name: ClassVar = "announcements"
    implements: ClassVar = (Xep(133, VERSION),)
    requires: ClassVar = ("adhoc",)
    tables: ClassVar = (announcements, motd_readers)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nothing to tell."""
        super().__init__(server, settings)
        self._standing: dict[tuple[str, str], Standing] = {}
        self._unwritten: dict[int, int] = {}

    # -- for other extensions ----------------------------------------------------------------------

    def announce(self, host: Host, text: str, subject: str = "Announcement") -> int:
        """Tell something to all users of a host who are online; returns to how many sessions."""
        sessions = self._online(host)
        _tell(host, sessions, subject, text)
        return len(sessions)

    def _online(self, host: Host) -> list[Session]:
        return [each for each in self.server.sessions() if each.host is host and each.receives]

    # -- what users get ----------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load_reader(self, account: Account, connection: Connection) -> None:
        """Read whether the account has got the message of the day, when there is one."""
        if (account.host.name, "motd") not in self._standing:
            return
        columns = motd_readers.c
        query = select(columns.version).where(columns.account_id == account.id)
        version = connection.scalar(query)
        if version is not None:
            _READ.set(account, version)

    @on(hooks.session_available)
    def greet(self, session: Session, _presence: Stanza) -> None:
        """Tell what is to be told to who comes."""
        account = session.account
        welcome = self._standing.get((account.host.name, "welcome"))
        if welcome is not None and _is_new(account):
            _tell(account.host, (session,), _SUBJECTS["welcome"], welcome.text)
        _WELCOMED.set(account, True)
        motd = self._standing.get((account.host.name, "motd"))
        if motd is not None and _READ.get(account) != motd.version:
            _tell(account.host, (session,), _SUBJECTS["motd"], motd.text)
            self._has_read(account, motd.version)

    def _has_read(self, account: Account, version: int) -> None:
        _READ.set(account, version)
        if account.temporary:
            return
        first = not self._unwritten  # else somebody writes already
        self._unwritten[account.id] = version
        if first:
            self.server.spawn(self._write_readers())

    async def _write_readers(self) -> None:
        """Store who has got the message; what storage refuses is told again some day."""
        while self._unwritten:
            batch = dict(list(self._unwritten.items())[:_MOST_AT_ONCE])
            try:
                async with self.server.database.begin() as connection:
                    await self._store_readers(connection, batch)
            except StorageUnavailable as error:
                log.warning("readers of the message of the day not written", reason=str(error))
                self._unwritten.clear()
                return
            for id_, version in batch.items():
                if self._unwritten.get(id_) == version:
                    del self._unwritten[id_]

    async def _store_readers(self, connection: AsyncConnection, batch: dict[int, int]) -> None:
        accounts = metadata.tables["accounts"]
        # Some may have been deleted since.
        there = await connection.scalars(select(accounts.c.id).where(accounts.c.id.in_(batch)))
        rows = [{"account_id": id_, "version": batch[id_]} for id_ in sorted(there)]
        if rows:
            await self.server.database.upsert(connection, motd_readers, rows, ["account_id"])

    # -- what is told ------------------------------------------------------------------------------

    @on(hooks.server_started)
    async def load(self) -> None:
        """Read what is to be told."""
        async with self.server.database.connect() as connection:
            rows = (await connection.execute(select(announcements))).all()
        self._standing = {(row.host, row.kind): Standing(row.version, row.text) for row in rows}

    def standing(self, host: Host, kind: Kind) -> str | None:
        """Return the message of the day, or the welcome, of a host, if there is one."""
        found = self._standing.get((host.name, kind))
        return None if found is None else found.text

    async def set_motd(self, host: Host, text: str) -> None:
        """Set the message of the day; those who are online get it now."""
        motd = await self._set(host, "motd", text)
        sessions = self._online(host)
        _tell(host, sessions, _SUBJECTS["motd"], text)
        for account in {session.account for session in sessions}:
            self._has_read(account, motd.version)

    async def edit_motd(self, host: Host, text: str) -> None:
        """Replace the text of the message of the day for those who have not got it yet."""
        present = self._standing.get((host.name, "motd"))
        if present is None:
            await self.set_motd(host, text)
        else:
            await self._set(host, "motd", text, present.version)

    async def set_welcome(self, host: Host, text: str) -> None:
        """Set what users get when they log in for the first time."""
        await self._set(host, "welcome", text)

    async def remove(self, host: Host, kind: Kind) -> bool:
        """Take a message back for those who have not got it; returns whether there was one."""
        c = announcements.c
        async with self.server.database.begin() as connection:
            query = delete(announcements).where(c.host == host.name, c.kind == kind)
            await connection.execute(query)
        return self._standing.pop((host.name, kind), None) is not None

    async def _set(self, host: Host, kind: Kind, text: str, version: int | None = None) -> Standing:
        if version is None:
            before = self._standing.get((host.name, kind))
            now = int(self.server.clock.now() * 1_000_000)
            version = max(now, before.version + 1) if before is not None else now
        row: dict[str, Any] = {"host": host.name, "kind": kind, "version": version, "text": text}
        async with self.server.database.begin() as connection:
            await self.server.database.upsert(connection, announcements, row, ["host", "kind"])
        found = self._standing[host.name, kind] = Standing(version, text)
        return found

    # -- ad-hoc commands ---------------------------------------------------------------------------

    @adhoc(node("announce"), "Send Announcement to Online Users")
    async def ask_announcement(self, call: Call) -> Reply:
        """Ask what to announce (§4.23)."""
        return Stage(ANNOUNCE, complete=self._announce)

    async def _announce(self, call: Call, answers: Submission) -> Reply:
        return said(f"Told to {self.announce(call.host, answers[TO_ANNOUNCE])} session(s).")

    @adhoc(node("set-motd"), "Set Message of the Day")
    async def ask_motd(self, call: Call) -> Reply:
        """Ask for the message of the day (§4.24)."""
        return Stage(SET_MOTD, complete=self._set_motd)

    async def _set_motd(self, call: Call, answers: Submission) -> Reply:
        await self.set_motd(call.host, answers[MOTD])
        return said("The message of the day was set.")

    @adhoc(node("edit-motd"), "Edit Message of the Day")
    async def ask_edited_motd(self, call: Call) -> Reply:
        """Ask for another text of the message of the day (§4.25)."""
        present = MOTD.filled(self.standing(call.host, "motd"))
        return Stage(EDIT_MOTD, (present,), complete=self._edit_motd)

    async def _edit_motd(self, call: Call, answers: Submission) -> Reply:
        await self.edit_motd(call.host, answers[MOTD])
        return said("The message of the day was changed.")

    @adhoc(node("delete-motd"), "Delete Message of the Day")
    async def delete_motd(self, call: Call) -> Reply:
        """Take the message of the day back (§4.26)."""
        return _removed(await self.remove(call.host, "motd"), "message of the day")

    @adhoc(node("set-welcome"), "Set Welcome Message")
    async def ask_welcome(self, call: Call) -> Reply:
        """Ask for the welcome (§4.27)."""
        present = WELCOME.filled(self.standing(call.host, "welcome"))
        return Stage(SET_WELCOME, (present,), complete=self._set_welcome)

    async def _set_welcome(self, call: Call, answers: Submission) -> Reply:
        await self.set_welcome(call.host, answers[WELCOME])
        return said("The welcome message was set.")

    @adhoc(node("delete-welcome"), "Delete Welcome Message")
    async def delete_welcome(self, call: Call) -> Reply:
        """Take the welcome back (§4.28)."""
        return _removed(await self.remove(call.host, "welcome"), "welcome message")

    # -- commands ----------------------------------------------------------------------------------

    @command("announcement send", TextArguments)
    async def send(self, arguments: TextArguments, progress: Progress) -> dict[str, object]:
        """Tell something to all users of a host who are online."""
        return {"sessions": self.announce(self._host(arguments.host), arguments.text)}

    @command("motd set", TextArguments)
    async def set_motd_command(self, arguments: TextArguments, progress: Progress) -> None:
        """Set the message of the day, which every user gets once: now, or when they come."""
        await self.set_motd(self._host(arguments.host), arguments.text)

    @command("motd delete", HostArguments)
    async def delete_motd_command(self, arguments: HostArguments, progress: Progress) -> None:
        """Take the message of the day back."""
        await self._remove(arguments, "motd")

    @command("welcome set", TextArguments)
    async def set_welcome_command(self, arguments: TextArguments, progress: Progress) -> None:
        """Set what users get when they log in for the first time."""
        await self.set_welcome(self._host(arguments.host), arguments.text)

    @command("welcome delete", HostArguments)
    async def delete_welcome_command(self, arguments: HostArguments, progress: Progress) -> None:
        """Take the welcome back."""
        await self._remove(arguments, "welcome")

    async def _remove(self, arguments: HostArguments, kind: Kind) -> None:
        if not await self.remove(self._host(arguments.host), kind):
            raise CommandError("not-found", f"{arguments.host} has none.")

    def _host(self, name: str) -> Host:
        found = self.server.hosts.get(name)
        if found is None:
            hosts = ", ".join(self.server.hosts)
            raise CommandError("unknown-host", f"{name} is not served here; hosts: {hosts}.")
        return found


def _is_new(account: Account) -> bool:
    """Tell whether the account's user is here for the first time, and was told nothing yet."""
    record = account.record
    return record is not None and record.last_login is None and not _WELCOMED.get(account)


def _tell(host: Host, sessions: Iterable[Session], subject: str, text: str) -> None:
    """Send a message of the host to sessions; they share all but the address."""
    content = Element("subject", ns.CLIENT, None, subject), Element("body", ns.CLIENT, None, text)
    message = Stanza.make("message", host.jid, None, None, *content)
    tail = message.tail()
    for session in sessions:
        session.write(message.head(session.jid.xml) + tail)


def _removed(was_there: bool, what: str) -> Reply:
    return said(f"The {what} was deleted." if was_there else f"There is no {what}.")
