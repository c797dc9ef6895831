"""In-band registration: accounts that users make, change and remove themselves (XEP-0077)."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import structlog

from palaver import jid as addresses
from palaver import lookalike
from palaver.ext.accounts import Accounts
from palaver.ext.disco import Discoverable, Info
from palaver.ext.registration.challenges import Challenges, choose, read_question
from palaver.ext.registration.config import Limits, RegistrationConfig
from palaver.ext.registration.payload import (
    CANCEL,
    CANCEL_FORM,
    CHANGE_FORM,
    INSTRUCTIONS,
    NS,
    NS_FEATURE,
    NS_URL,
    REGISTER_FORM,
    Wish,
    hide,
    read,
    to_fill_in,
    to_register,
)
from palaver.ext.registration.queue import RegistrationQueue
from palaver.jid import BareJID, JIDError
from palaver.kernel import hooks, permissions
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
)
from palaver.kernel.form_fields import Field, Filled
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit, network
from palaver.kernel.session import Session
from palaver.kernel.storage import AccountRecord
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()


class Registration(Extension[RegistrationConfig], Discoverable):
    """Lets users change their password and remove their account, and anybody register if open."""

    Config = RegistrationConfig
    name: ClassVar = "registration"
    implements: ClassVar = (
        Xep(77, "2.4", "for accounts; errors have no codes of the kind before RFC 3920"),
        Xep(158, "1.0.1", "questions and hashcash for those who register"),
    )
    requires: ClassVar = ("accounts", "disco", "registration_queue")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nobody having registered."""
        super().__init__(server, settings)
        self._limits: dict[str, Limits] = {}
        self._challenges = Challenges()

    # -- what is told ------------------------------------------------------------------------------

    @on(hooks.features_before_login)
    def stream_feature(self, host: Host) -> Element | None:
        """Advertise registration where clients that have no account can ask (XEP-0077 §8)."""
        config = self.config(host.name)
        return Element("register", NS_FEATURE) if config.open or config.url else None

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Tell those who are logged in that there is something they can do (XEP-0077 §10)."""
        config = self.config(host.name)
        any_of_it = config.open or config.url or config.change_password or config.remove_account
        return Info(features=(NS,)) if account is None and any_of_it else Info()

    # -- without an account ------------------------------------------------------------------------

    @iq(("get", "set"), NS, "query", to=Target.STRANGER)
    async def stranger(self, request: Request) -> Answer:
        """Tell what registration needs, or make an account (XEP-0077 §3.1)."""
        if not request.is_set:
            invited = await self._invited(request, None)
            if invited or not self.config(request.host.name).open:
                return self._offer(request.host, invited=invited)
            return self._ask(request)
        try:
            await self._register(request)
        except StanzaError as error:
            hide(error)
        return None

    async def _invited(self, request: Request, address: BareJID | None) -> bool:
        handlers = request.host.dispatch.handlers(hooks.registering)
        return any([await handle(request, address) for handle in handlers])

    def _offer(self, host: Host, *, invited: bool = False) -> Element:
        config = self.config(host.name)
        query = Element("query", NS)
        if config.open or invited:
            query.add(Element("instructions", NS, None, INSTRUCTIONS))
            query.add(Element("username", NS), Element("password", NS))
            return query.add(REGISTER_FORM.blank())
        if config.url:
            query.add(Element("instructions", NS, None, f"To register, visit {config.url}"))
            url = Element("url", NS_URL, None, config.url)
            return query.add(Element("x", NS_URL, None, url))
        raise StanzaError("service-unavailable", "this server is not open to registration")

    def _ask(self, request: Request) -> Element:
        """Ask whoever comes uninvited for what they have to give, and for an answer."""
        config, host = self.config(request.host.name), request.host
        if not (config.challenge or config.approval):
            return self._offer(host)
        fields: tuple[Field[str], ...] = ()
        filled: tuple[Filled, ...] = ()
        if config.challenge and request.stranger is not None:
            langs = (request.stanza.lang or "", self.server.settings.server.language)
            question = choose([read_question(line) for line in config.questions], *langs)
            now = self.server.clock.monotonic()
            asked = self._challenges.ask(request.stranger, question, config.work_bits, now)
            fields, filled = asked.fields(request.stanza.id or "")
        text, form = to_register(fields, filled, waits=config.approval)
        query = Element("query", NS, None, Element("instructions", NS, None, text))
        if not fields:  # whoever does not know forms could not answer
            query.add(Element("username", NS), Element("password", NS), Element("text", NS))
        query.add(form)
        if config.url:
            query.add(Element("x", NS_URL, None, Element("url", NS_URL, None, config.url)))
        return query

    def _check_answer(self, request: Request, wish: Wish) -> None:
        """Check that the challenge was met (XEP-0158 §4); without any, ask.

        Raises:
            StanzaError: it was not.
        """
        if not self.config(request.host.name).challenge:
            return
        if request.stranger is None or "challenge" not in wish.values:
            error = StanzaError("not-acceptable", "fill in the form, with its question")
            error.payload = self._ask(request)
            raise error
        now = self.server.clock.monotonic()
        self._challenges.check(request.stranger, wish.values, request.host.jid, now)

    async def _register(self, request: Request) -> None:
        config = self.config(request.host.name)
        if request.payload.find("remove") is not None:
            raise StanzaError("unexpected-request", "log in first")  # §3.2
        invited = await self._invited(request, None)
        if not config.open and not invited:
            raise StanzaError("service-unavailable", "this server is not open to registration")
        limits, origin = self._limits_of(request.host), network(request.peer)
        self._take(limits.attempts, origin)
        wish = read(request.payload)
        if not wish.username or not wish.password:
            raise StanzaError("not-acceptable", "a username and a password are needed")
        for instead in request.host.dispatch.handlers(hooks.register_instead):
            if await instead(request, wish.username, wish.password):
                return
        if not invited:
            self._check_answer(request, wish)
        address = self.new_address(request.host, wish.username)
        self.check_length(request.host, wish.password)
        self._take(limits.accounts, origin)
        try:
            await self._invited(request, address)
            if config.approval and not invited:
                await self._let_wait(request, address, wish)
                return
            await self._create(request, address, wish.password)
        except Exception:
            if limits.accounts is not None:
                limits.accounts.give_back(origin)
            raise
        log.info("account registered", account=str(address), peer=request.peer)

    async def _let_wait(self, request: Request, address: BareJID, wish: Wish) -> None:
        """Make an account that an administrator has to approve."""
        config, queue = self.config(request.host.name), self.server.extension(RegistrationQueue)
        await queue.check_room(request.host, config.approval_queue)
        peer, days = request.peer, config.approval_days
        try:
            await queue.add(request.host, address, wish.password or "", wish.reason, peer, days)
        except CommandError as error:
            raise _refusal(error) from error

    async def _create(self, request: Request, address: BareJID, password: str) -> None:
        account: Account | None = None
        try:
            await self.server.extension(Accounts).create(address, password)
            account = await self.server.accounts.get(address)
        except CommandError as error:
            raise _refusal(error) from error
        finally:
            for handle in request.host.dispatch.handlers(hooks.registered):
                await handle(request, account)

    def new_address(self, host: Host, username: str) -> BareJID:
        """Return the address that somebody wants.

        Raises:
            StanzaError: not-acceptable, no account can have it or nobody may take it.
        """
        try:
            address = addresses.make(username, host.name).bare
        except JIDError as error:
            raise StanzaError("not-acceptable", f"that cannot be a username: {error}") from error
        config, local = self.config(host.name), address.local
        if lookalike.is_suspicious(local):
            raise StanzaError("not-acceptable", "that name mixes characters that mislead")
        wanted = lookalike.skeleton(local)
        reserved = {*config.reserved, *self._administrators(host)}
        if any(wanted == lookalike.skeleton(name) for name in reserved):
            raise StanzaError("not-acceptable", "that name is reserved, choose another")
        return address

    def _administrators(self, host: Host) -> list[str]:
        admins = self.server.settings.server.admins
        return [admin.local for admin in map(addresses.parse, admins) if admin.domain == host.name]

    # -- with an account ---------------------------------------------------------------------------

    @iq("get", NS, "query", to=(Target.HOST, Target.ACCOUNT))
    def registered(self, request: Request) -> Answer:
        """Tell users that they are registered (XEP-0077 §3.1)."""
        if _own_record(request) is None:
            # Whoever can ask here is logged in elsewhere, or anonymously.
            if self.config(request.host.name).url:
                return self._offer(request.host)
            raise StanzaError("service-unavailable", "register before you log in")
        return Element(
            "query",
            NS,
            None,
            Element("registered", NS),
            Element("instructions", NS, None, "You are registered. You can choose a new password."),
            Element("username", NS, None, request.sender.local),
            Element("password", NS),
        )

    @iq("set", NS, "query", to=(Target.HOST, Target.ACCOUNT))
    async def change(self, request: Request) -> Answer:
        """Change one's password, or remove one's account (XEP-0077 §3.2, §3.3)."""
        try:
            removal = request.payload.find("remove") is not None
            if removal and len(list(request.payload)) > 1:
                raise StanzaError("bad-request", "a removal has nothing beside it")
            wish = read(request.payload)
            if removal or wish.form_type == CANCEL:
                await self._remove(request, wish)
            else:
                await self._change_password(request, wish)
        except StanzaError as error:
            hide(error)
        return None

    async def _remove(self, request: Request, wish: Wish) -> None:
        record, session = _own_record(request), request.session
        if record is None or session is None:
            raise StanzaError("registration-required", "you have no account here")
        config = self.config(request.host.name)
        if not config.remove_account or not self._has_right(session):
            raise StanzaError("not-allowed", "this server lets nobody remove accounts like this")
        if config.ask_password and wish.form_type != CANCEL:
            raise to_fill_in(CANCEL_FORM, "not-allowed", "cancel")
        if wish.form_type == CANCEL:
            await self._check(request, record, wish.username, wish.password)

        def tell() -> None:  # before the session ends with all others
            session.send(request.stanza.result())

        try:
            await self.server.extension(Accounts).delete(record, before_ending=tell)
        except CommandError as error:
            raise StanzaError("registration-required", error.text) from error
        log.info("account removed by its user", account=str(session.bare), peer=session.wire.peer)

    async def _change_password(self, request: Request, wish: Wish) -> None:
        record, session = _own_record(request), request.session
        if record is None or session is None:
            raise StanzaError("not-allowed", "you have no account here")
        config = self.config(request.host.name)
        if not config.change_password or not self._has_right(session):
            raise StanzaError("not-allowed", "this server lets nobody change passwords like this")
        if not session.wire.secure and not self.server.settings.sasl.plain_without_tls:
            raise StanzaError("not-authorized", "the connection is not encrypted", type="modify")
        if config.ask_password and wish.old_password is None:
            raise to_fill_in(CHANGE_FORM, "not-authorized", "modify")
        if not wish.username or not wish.password:
            raise StanzaError("bad-request", "your username and a new password are needed")
        if wish.old_password is not None:
            await self._check(request, record, wish.username, wish.old_password)
        _check_own(request, wish.username)
        self.check_length(request.host, wish.password)
        try:
            await self.server.extension(Accounts).change_password(record, wish.password)
        except CommandError as error:
            raise StanzaError("not-acceptable", error.text) from error
        log.info("password changed by its user", account=str(session.bare), peer=session.wire.peer)

    def _has_right(self, session: Session) -> bool:
        return permissions.has_right(self.server, session.account, "account")

    async def _check(
        self, request: Request, record: AccountRecord, username: str | None, password: str | None
    ) -> None:
        """Check that it is the user who sits there.

        Raises:
            StanzaError: not-authorized, or resource-constraint after too many attempts.
        """
        _check_own(request, username or "")
        attempts, who = self._limits_of(request.host).attempts, request.sender.bare
        self._take(attempts, who)
        if not await self.server.extension(Accounts).password_fits(record, password or ""):
            raise StanzaError("not-authorized", "that is not your password", type="modify")
        if attempts is not None:
            attempts.give_back(who)

    # -- limits ------------------------------------------------------------------------------------

    def check_length(self, host: Host, password: str) -> None:
        """Check a new password; raises `StanzaError` (not-acceptable) for a short one."""
        shortest = self.config(host.name).min_password_length
        if len(password) < shortest:
            text = f"a password has at least {shortest} characters"
            raise StanzaError("not-acceptable", text)

    def _limits_of(self, host: Host) -> Limits:
        found = self._limits.get(host.name)
        if found is None:
            found = self._limits[host.name] = Limits(self.config(host.name))
        return found

    def _take(self, limit: RateLimit | None, key: str) -> None:
        wait = limit.take(key, self.server.clock.monotonic()) if limit is not None else 0.0
        if wait:
            log.warning("too many registrations", peer=key)
            text = f"too many attempts; try again in {_duration(wait)}"
            raise StanzaError("resource-constraint", text)


def _refusal(error: CommandError) -> StanzaError:
    """Return what somebody is told who cannot have an account."""
    if error.code in ("exists", "look-alike", "tombstone"):
        # Not whose name it looks like: that is nobody's business.
        return StanzaError("conflict", "that name is taken, choose another")
    return StanzaError("not-acceptable", error.text)


def _own_record(request: Request) -> AccountRecord | None:
    """Return the record of the account here that asks; None for strangers and guests."""
    session: Session | None = request.session
    if session is None or session.host is not request.host:
        return None
    return session.account.record


def _check_own(request: Request, username: str) -> None:
    """Check that a name, or an address, is the user's own.

    Raises:
        StanzaError: not-allowed.
    """
    own = request.sender.bare
    try:
        named = addresses.parse(username if "@" in username else f"{username}@{own.domain}")
    except JIDError:
        named = None
    if named != own:
        raise StanzaError("not-allowed", "that is not your account")


def _duration(seconds: float) -> str:
    if seconds <= 60:
        return f"{math.ceil(seconds)} seconds"
    return f"{math.ceil(seconds / 60)} minutes"
