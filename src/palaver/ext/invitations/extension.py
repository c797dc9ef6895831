"""Invitations: users and administrators make links; who opens one gets an account or a contact."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote

import structlog
from pydantic import BaseModel, ConfigDict, Field

from palaver import jid as addresses
from palaver.ext.accounts import Accounts
from palaver.ext.invitations.store import Invitation, Invitations, digest_of, new_token, table
from palaver.ext.presence.extension import Presence
from palaver.ext.registration.extension import Registration
from palaver.jid import BareJID
from palaver.kernel import hooks, permissions
from palaver.kernel.account import Account
from palaver.kernel.adhoc import Call, Done, Reply, Stage, adhoc
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Progress,
    Request,
    Target,
    Xep,
    command,
    iq,
    on,
    task,
)
from palaver.kernel.form_fields import Boolean, TextSingle
from palaver.kernel.forms import Form, Submission
from palaver.kernel.hooks import Phase, Verdict
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit, network
from palaver.kernel.roles import Access
from palaver.kernel.settings import unit
from palaver.kernel.slots import Slot
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

PARS: Final = "urn:xmpp:pars:0"
IBR: Final = "urn:xmpp:ibr-token:0"
INVITATION: Final = "urn:xmpp:invite#invitation"
_DAY: Final = 86_400_000_000  # microseconds
_GUESSES: Final = 30  # wrong tokens from one IP address in an hour
_HOUR: Final = 3600.0
_INVITED: Final[Slot[Invitation]] = Slot("invitation")

USERNAME: Final = TextSingle("username", "Username")
CONTACT: Final = Boolean("roster-subscription", "Roster subscription")
ACCOUNT_FORM: Final = Form(
    (USERNAME, CONTACT),
    title="Invite somebody to make an account",
    instructions=("Without a username the invited person chooses one.",),
)
URI: Final = TextSingle("uri", "Invitation URI")
LANDING: Final = TextSingle("landing-url", "Invitation page")
EXPIRE: Final = TextSingle("expire", "Good until")
RESULT: Final = Form((URI, LANDING, EXPIRE), form_type=INVITATION, title="Invitation")


class InvitationsConfig(ExtensionConfig):
    """Who may invite, and to what."""

    users: bool = Field(
        False, description="Whether users may invite others to become their contacts."
    )
    accounts: bool = Field(
        True, description="Whether those whom users invite may make an account here."
    )
    days: int = Field(
        7,
        ge=1,
        le=365,
        description="How long an invitation is good.",
        json_schema_extra=unit("days"),
    )
    per_user: int = Field(
        10, ge=1, le=10_000, description="Invitations of one user that may be open at a time."
    )
    page: str = Field(
        "",
        pattern=r"^(https://\S+)?$",
        description="Page that explains an invitation, as XEP-0379 §3.3 describes; the invitation "
        "follows it after a `#`. Clients have pages of their own when the key is missing.",
        examples=["https://example.org/invite/"],
    )


class CreateArguments(BaseModel):
    """Says whom to invite to what."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(description="Host of the new account.")
    username: str = Field("", description="Name of the new account; chosen by its user if empty.")
    contact: str = Field("", description="Account here that becomes the new one's contact.")
    uses: int = Field(1, ge=1, le=10_000, description="How many accounts may be made with it.")
    days: int = Field(7, ge=1, le=365, description="How many days it is good.")


class HostArguments(BaseModel):
    """Says of which host."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(description="The host.")


class RevokeArguments(HostArguments):
    """Says which invitation."""

    id: str = Field(description="What the list of invitations calls it.")


class Inviting(Extension[InvitationsConfig]):
    """Makes invitations and lets those who have one in."""

    Config = InvitationsConfig
    name: ClassVar = "invitations"
    implements: ClassVar = (
        Xep(379, "0.3.3", "the server accepts requests with its own tokens"),
        Xep(401, "0.6.0", "the invitation page is somebody else's"),
        Xep(445, "0.2.0"),
    )
    requires: ClassVar = ("accounts", "adhoc", "presence", "registration")
    tables: ClassVar = (table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Take the database of the server."""
        super().__init__(server, settings)
        self._kept = Invitations(server.database)
        self._guesses = RateLimit(_GUESSES, _HOUR)

    @property
    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    @task(every=21_600.0)
    async def tidy(self) -> None:
        """Delete invitations that are over."""
        await self._kept.tidy(self._now)

    # -- making ------------------------------------------------------------------------------------

    def users_invite(self, host: Host) -> bool:
        """Tell whether the users of a host may invite others."""
        return self.config(host.name).users

    @adhoc("urn:xmpp:invite#invite", "Invite user", access=Access.MEMBERS, offered="users_invite")
    async def invite(self, call: Call) -> Reply:
        """Let a user invite somebody to become a contact (XEP-0401 §4.1)."""
        config, account = self.config(call.host.name), _own(call)
        if not (config.users and permissions.has_right(self.server, account, "invitations")):
            raise StanzaError("forbidden", "users do not invite others here")
        if await self._kept.count(account.id, self._now) >= config.per_user:
            raise StanzaError("resource-constraint", "too many of your invitations are open")
        allowed = ";ibr=y" if config.accounts else ""
        token, made = await self._make(
            call.host.name, account, registers=config.accounts, days=config.days
        )
        uri = f"xmpp:{_escaped(account.jid)}?roster;preauth={token}{allowed}"
        return _shown(uri, self._page(call.host.name, uri), made)

    @adhoc("urn:xmpp:invite#create-account", "Create account", access=Access.ADMINISTRATORS)
    async def create_account(self, _call: Call) -> Reply:
        """Let an administrator invite somebody to make an account (XEP-0401 §5)."""
        return Stage(ACCOUNT_FORM, complete=self._created)

    async def _created(self, call: Call, answers: Submission) -> Reply:
        contact = _own(call) if answers.get(CONTACT) else None
        uri, made = await self.create(
            call.host,
            answers.get(USERNAME) or "",
            contact,
            uses=1,
            days=self.config(call.host.name).days,
        )
        return _shown(uri, self._page(call.host.name, uri), made)

    async def create(
        self, host: Host, username: str, contact: Account | None, *, uses: int, days: int
    ) -> tuple[str, Invitation]:
        """Make an invitation to an account on a host; return its URI with it.

        Raises:
            StanzaError: not-acceptable or conflict, nobody can have that username.
            CommandError: it is kept from everybody, such as ``tombstone``.
        """
        if username:
            address = self.server.extension(Registration).new_address(host, username)
            await self.server.extension(Accounts).check_name(address)
            taken = await self.server.store.find(host.name, address.local) is not None
            if taken or await self._kept.reserved(host.name, address.local, self._now):
                raise StanzaError("conflict", "that name is taken")
            username, uses = address.local, 1
        token, made = await self._make(host.name, contact, username=username, uses=uses, days=days)
        target = addresses.make(username, host.name) if username else host.jid
        return f"xmpp:{_escaped(target.bare)}?register;preauth={token}", made

    async def _make(
        self,
        host: str,
        contact: Account | None,
        *,
        username: str = "",
        registers: bool = True,
        uses: int = 1,
        days: int,
    ) -> tuple[str, Invitation]:
        token, now = new_token(), self._now
        until = now + days * _DAY
        inviter, address = (None, "") if contact is None else (contact.id, str(contact.jid))
        made = Invitation(
            digest_of(token), host, inviter, address, username, registers, uses, now, until
        )
        await self._kept.add(made)
        return token, made

    def _page(self, host: str, uri: str) -> str:
        page = self.config(host).page
        return f"{page}#{uri.removeprefix('xmpp:')}" if page else ""

    # -- commands ----------------------------------------------------------------------------------

    @command("invite create", CreateArguments, access=Access.ADMINISTRATORS)
    async def make(self, arguments: CreateArguments, _progress: Progress) -> dict[str, object]:
        """Make an invitation to an account."""
        host = self._host(arguments.host)
        contact = None
        if arguments.contact:
            address = self.server.extension(Accounts).address(arguments.contact)
            contact = await self.server.accounts.get(address)
            if contact is None:
                raise CommandError("not-found", f"There is no account {address}.")
        try:
            uri, made = await self.create(
                host, arguments.username, contact, uses=arguments.uses, days=arguments.days
            )
        except StanzaError as error:
            raise CommandError(error.condition, error.text) from error
        page = self._page(host.name, uri)
        return {"uri": uri, **({"page": page} if page else {}), "until": _date(made.until)}

    @command("invite list", HostArguments, access=Access.ADMINISTRATORS)
    async def list(self, arguments: HostArguments, _progress: Progress) -> list[dict[str, object]]:
        """List the invitations that are open."""
        found = await self._kept.all(self._host(arguments.host).name, self._now)
        return [
            {
                "id": each.id,
                "username": each.username,
                "uses": each.uses,
                "made": _date(each.since),
                "until": _date(each.until),
            }
            for each in found
        ]

    @command("invite revoke", RevokeArguments, access=Access.ADMINISTRATORS)
    async def revoke(self, arguments: RevokeArguments, _progress: Progress) -> dict[str, object]:
        """Let an invitation be good for nothing any more."""
        if not await self._kept.revoke(self._host(arguments.host).name, arguments.id):
            raise CommandError("not-found", f"There is no invitation {arguments.id}.")
        return {"revoked": arguments.id}

    def _host(self, name: str) -> Host:
        found = self.server.hosts.get(name)
        if found is None:
            raise CommandError("unknown-host", f"{name} is not served here.")
        return found

    # -- making an account -------------------------------------------------------------------------

    @on(hooks.features_before_login)
    def feature(self, _host: Host) -> Element | None:
        """Advertise registration with a token (XEP-0445 §4)."""
        return Element("register", IBR)

    @iq("set", PARS, "preauth", to=Target.STRANGER)
    async def authorise(self, request: Request) -> Answer:
        """Let somebody with a token register (XEP-0445 §5); it is not used up yet."""
        token = request.payload.get("token", "")
        self._check_guesses(request.peer)
        found = await self._kept.find(token, self._now)
        for known in request.host.dispatch.handlers(hooks.token_shown):
            if found is None and await known(request, token):
                self._guesses.give_back(network(request.peer))
                return None
        allowed = found is not None and found.registers and found.host == request.host.name
        if found is None or not allowed or request.stranger is None:
            raise StanzaError("item-not-found", "The provided token is invalid or expired")
        _INVITED.set(request.stranger, found)
        self._guesses.give_back(network(request.peer))
        return None

    def _check_guesses(self, peer: str) -> None:
        """Let nobody try one token after the other."""
        if self._guesses.take(network(peer), self.server.clock.monotonic()):
            raise StanzaError("resource-constraint", "too many attempts; try again later")

    @on(hooks.registering)
    async def may_register(self, request: Request, address: BareJID | None) -> bool:
        """Let those register who are invited; keep the names that others are invited to."""
        invited = None if request.stranger is None else _INVITED.get(request.stranger)
        if address is None:
            return invited is not None
        if invited is not None and invited.username:
            if invited.username != address.local:
                raise StanzaError("not-acceptable", f"the invitation is for {invited.username}")
        elif await self._kept.reserved(address.domain, address.local, self._now):
            raise StanzaError("conflict", "that name is taken, choose another")
        if invited is None:
            return False
        if not await self._kept.take(invited.digest):
            raise StanzaError("not-allowed", "the invitation is used up")
        return True

    @on(hooks.registered)
    async def welcome(self, request: Request, account: Account | None) -> None:
        """Make a new account and its inviter contacts of each other; or take nothing."""
        invited = None if request.stranger is None else _INVITED.get(request.stranger)
        if invited is None or request.stranger is None:
            return
        if account is None:
            await self._kept.give_back(invited.digest)
            return
        _INVITED.clear(request.stranger)
        inviter = None
        if invited.contact:
            inviter = await self.server.accounts.get(addresses.parse_bare(invited.contact))
        if inviter is not None:
            self.server.extension(Presence).make_contacts(inviter, account)
        log.info("invitation taken", account=str(account.jid), invitation=invited.id)

    # -- becoming a contact ------------------------------------------------------------------------

    @on(
        hooks.incoming,
        phase=Phase.REWRITE,
        kind="presence",
        payload=(PARS, "preauth"),
    )
    def asked(self, stanza: Stanza, account: Account) -> Verdict:
        """See whether a request for a subscription brings a token of ours (XEP-0379 §3.5)."""
        token = stanza.child("preauth", PARS)
        if stanza.type == "subscribe" and token is not None and account.record is not None:
            sender = stanza.sender.bare
            self.server.spawn(self._accept(account, sender, token.get("token", "")))
        return None

    async def is_good(self, account: Account, token: str) -> bool:
        """Tell whether a token makes somebody a contact of an account."""
        return await self._good(account, token) is not None

    async def _good(self, account: Account, token: str) -> Invitation | None:
        found = await self._kept.find(token, self._now)
        good = found is not None and found.inviter == account.id and not found.username
        return found if good else None

    async def _accept(self, account: Account, sender: BareJID, token: str) -> None:
        found = await self._good(account, token)
        if found is not None and await self._kept.take(found.digest):
            self.server.extension(Presence).accept(account, sender)
            log.info("invitation taken", account=str(account.jid), by=str(sender))


def _own(call: Call) -> Account:
    if call.session is None or call.session.account.temporary:
        raise StanzaError("forbidden", "you need an account for that")
    return call.session.account


def _shown(uri: str, page: str, made: Invitation) -> Done:
    filled = [URI.filled(uri), EXPIRE.filled(_date(made.until))]
    if page:
        filled.append(LANDING.filled(page))
    return Done(payload=(RESULT.result(*filled),))


def _date(moment: int) -> str:
    return datetime.fromtimestamp(moment // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _escaped(address: BareJID) -> str:
    """Write an address as it stands in a URI (RFC 5122 §2.7)."""
    return quote(str(address), safe="@")
