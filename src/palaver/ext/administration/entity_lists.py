"""With whom a host exchanges nothing, or with whom alone (XEP-0133 §4.11, §4.12)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from sqlalchemy import delete, select

from palaver import jid as addresses
from palaver.ext.administration.fields import VERSION, form, node, said
from palaver.ext.administration.tables import entity_lists
from palaver.jid import JID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.adhoc import Call, Reply, Stage, adhoc
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.form_fields import JidMulti
from palaver.kernel.forms import FormError, Problem, Submission
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.host import Host
from palaver.kernel.session import Session
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

Kind = Literal["blocked", "allowed"]

BLACKLIST: Final = JidMulti("blacklistjids", "The blacklist")
WHITELIST: Final = JidMulti("whitelistjids", "The whitelist")

EDIT_BLACKLIST: Final = form(
    "Editing the Blacklist",
    "Fill out this form to edit the list of entities with whom communications are disallowed.",
    BLACKLIST,
)
EDIT_WHITELIST: Final = form(
    "Editing the Whitelist",
    "Fill out this form to edit the list of entities with whom communications are allowed; while "
    "it is empty, they are with everybody who is not on the blacklist.",
    WHITELIST,
)


class EntityList(NamedTuple):
    """The lists of one host, as addresses in normal form."""

    blocked: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()

    def permits(self, peer: JID) -> bool:
        """Decide on an address: the most exact entry for it counts (XEP-0016 §2.1)."""
        for name in (peer, peer.bare, f"{peer.domain}/{peer.resource}", peer.domain):
            if name in self.blocked:
                return False
            if name in self.allowed:
                return True
        return not self.allowed


class EntityLists(Extension):
    """Keeps the users of a host from exchanging anything with some addresses, or with all others.

    Who is on neither list may communicate, unless there is a whitelist. A host and its users are
    never kept from each other by a whitelist, and no list comes between users and themselves.
    """

    name: ClassVar = "entity_lists"
    implements: ClassVar = (Xep(133, VERSION, "lists are for both directions at once"),)
    requires: ClassVar = ("adhoc",)
    tables: ClassVar = (entity_lists,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nobody listed."""
        super().__init__(server, settings)
        self._lists: dict[str, EntityList] = {}

    # -- what it does ------------------------------------------------------------------------------

    @on(hooks.outgoing, phase=Phase.GUARD)
    def guard_outgoing(self, stanza: Stanza, session: Session) -> Verdict:
        """Refuse what is for somebody with whom nothing is exchanged.

        Raises:
            StanzaError: not-allowed.
        """
        if self._lists and stanza.to is not None:
            lists = self._lists.get(session.host.name)
            if lists is not None and not _permits(lists, stanza.to, session.account):
                raise StanzaError("not-allowed", f"this server exchanges nothing with {stanza.to}")
        return None

    @on(hooks.incoming, phase=Phase.GUARD)
    def guard_incoming(self, stanza: Stanza, account: Account) -> Verdict:
        """Refuse what comes from somebody with whom nothing is exchanged; presence disappears.

        Raises:
            StanzaError: service-unavailable, as if there was no account: it would tell who has one.
        """
        if self._lists:
            lists = self._lists.get(account.host.name)
            if lists is not None and not _permits(lists, stanza.sender, account):
                if stanza.kind == "presence":
                    return STOP
                raise StanzaError("service-unavailable")
        return None

    # -- the lists ---------------------------------------------------------------------------------

    def lists(self, host: Host) -> EntityList:
        """Return the lists of a host."""
        return self._lists.get(host.name, EntityList())

    @on(hooks.server_started)
    async def load(self) -> None:
        """Read the lists."""
        async with self.server.database.connect() as connection:
            rows = (await connection.execute(select(entity_lists))).all()
        for row in rows:
            self._take(row.host, row.kind, frozenset(row.jids.splitlines()))

    async def replace(self, host: Host, kind: Kind, jids: Iterable[JID]) -> None:
        """Replace a list of a host and store it."""
        names = sorted({str(jid) for jid in jids})
        database = self.server.database
        async with database.begin() as connection:
            if names:
                row = {"host": host.name, "kind": kind, "jids": "\n".join(names)}
                await database.upsert(connection, entity_lists, row, ["host", "kind"])
            else:
                c = entity_lists.c
                query = delete(entity_lists).where(c.host == host.name, c.kind == kind)
                await connection.execute(query)
        self._take(host.name, kind, frozenset(names))

    def _take(self, host: str, kind: Kind, names: frozenset[str]) -> None:
        present = self._lists.pop(host, EntityList())
        new = present._replace(**{kind: names})
        if any(new):
            self._lists[host] = new

    # -- ad-hoc commands ---------------------------------------------------------------------------

    @adhoc(node("edit-blacklist"), "Edit Blacklist")
    async def edit_blacklist(self, call: Call) -> Reply:
        """Ask with whom nothing is exchanged (§4.11)."""
        present = BLACKLIST.filled(_jids(self.lists(call.host).blocked))
        return Stage(EDIT_BLACKLIST, (present,), complete=self._edit_blacklist)

    async def _edit_blacklist(self, call: Call, answers: Submission) -> Reply:
        return await self._edit(call, answers, BLACKLIST, "blocked")

    @adhoc(node("edit-whitelist"), "Edit Whitelist")
    async def edit_whitelist(self, call: Call) -> Reply:
        """Ask with whom alone something is exchanged (§4.12)."""
        present = WHITELIST.filled(_jids(self.lists(call.host).allowed))
        return Stage(EDIT_WHITELIST, (present,), complete=self._edit_whitelist)

    async def _edit_whitelist(self, call: Call, answers: Submission) -> Reply:
        return await self._edit(call, answers, WHITELIST, "allowed")

    async def _edit(self, call: Call, answers: Submission, field: JidMulti, kind: Kind) -> Reply:
        if field not in answers:
            return said("Nothing was changed.")
        jids = answers.get(field, ())
        if kind == "blocked" and call.host.jid in jids:
            raise FormError([Problem(field.var, "a host cannot be kept from itself")])
        await self.replace(call.host, kind, jids)
        return said("The list was changed.")


def _permits(lists: EntityList, peer: JID, account: Account) -> bool:
    if peer.bare == account.jid or peer == account.host.jid:
        return True
    if peer.domain == account.host.name:
        return EntityList(lists.blocked).permits(peer)
    return lists.permits(peer)


def _jids(names: Iterable[str]) -> tuple[JID, ...]:
    return tuple(addresses.parse(name) for name in sorted(names))
