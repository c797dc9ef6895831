"""Runs the ad-hoc commands that extensions declare (XEP-0050), and those of the shell."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import structlog
from pydantic import Field

from palaver.ext.adhoc import payload
from palaver.ext.adhoc.operations import operations
from palaver.ext.adhoc.payload import NS, Order, bad_request
from palaver.ext.adhoc.sessions import CommandSession, CommandSessions, Parties
from palaver.ext.disco import Discoverable, Identity, Info, Inquiry, Item
from palaver.jid import JID
from palaver.kernel import forms, permissions
from palaver.kernel.adhoc import AdHocCommand, Call, Done, Handler, Reply, Stage, Step
from palaver.kernel.dispatch import Dispatch
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Answer,
    Command,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    declarations,
    iq,
)
from palaver.kernel.form_fields import Field as FormField
from palaver.kernel.form_fields import Filled, TextPrivate
from palaver.kernel.forms import FormError
from palaver.kernel.host import Host
from palaver.kernel.permissions import Caller
from palaver.kernel.settings import unit
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_REFUSALS: Final = {
    "bad-jid": "jid-malformed",
    "bad-duration": "not-acceptable",
    "bad-role": "not-acceptable",
    "bad-password": "not-acceptable",
    "exists": "conflict",
    "forbidden": "forbidden",
    "look-alike": "conflict",
    "not-found": "item-not-found",
    "tombstone": "conflict",
    "unknown-host": "item-not-found",
}
"""The stanza error for the refusals of commands (`CommandError`); else not-allowed."""


class AdHocConfig(ExtensionConfig):
    """How long commands may take, and how many run at the same time."""

    session_seconds: float = Field(
        900.0,
        gt=0,
        le=86_400,
        description="Time to fill in a form; after it, the command has to be begun anew.",
        json_schema_extra=unit("seconds"),
    )
    sessions: int = Field(
        1_000,
        ge=1,
        le=100_000,
        description="Commands that wait for a form to be filled in, of all users together.",
    )


class Offer(NamedTuple):
    """A command of a host, with the method behind it; ``operation`` is that of the shell."""

    command: AdHocCommand
    call: Handler
    offered: Callable[[Host], bool] | None = None
    operation: Command | None = None

    @property
    def name(self) -> str:
        """What roles call it by (`palaver.kernel.permissions`)."""
        return self.command.node.rpartition("#")[2]


class AdHoc(Extension[AdHocConfig], Discoverable):
    """Offers the commands of the loaded extensions to those who may run them."""

    Config = AdHocConfig
    name: ClassVar = "adhoc"
    implements: ClassVar = (
        Xep(
            50,
            "1.3.0",
            "texts are in English whatever language is asked for; bad-locale is for what is no "
            "language tag",
        ),
    )
    features: ClassVar = (NS,)
    requires: ClassVar = ("disco",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with no session."""
        super().__init__(server, settings)
        config = self.config()
        self._sessions = CommandSessions(config.sessions, config.session_seconds)
        self._offers: dict[Host, tuple[Dispatch, Mapping[str, Offer]]] = {}

    # -- what there is -----------------------------------------------------------------------------

    def offers(self, host: Host) -> Mapping[str, Offer]:
        """Return the commands of a host by node; found once for each set of extensions."""
        known = self._offers.get(host)
        if known is None or known[0] is not host.dispatch:
            known = self._offers[host] = (host.dispatch, self._declared(host))
        return known[1]

    def _declared(self, host: Host) -> Mapping[str, Offer]:
        found: dict[str, Offer] = {}
        for name, extension in self.server.extensions.items():
            if name in host.extensions:
                for method, mark in declarations(type(extension)):
                    if isinstance(mark, AdHocCommand):
                        offered = getattr(extension, mark.offered) if mark.offered else None
                        found[mark.node] = Offer(mark, getattr(extension, method), offered)
        for command, operation in operations(self.server, host):
            offer = Offer(command, operation.begin, operation=operation.command)
            found.setdefault(command.node, offer)
        return found

    def _allowed(self, offer: Offer, sender: JID, host: Host) -> bool:
        if offer.offered is not None and not offer.offered(host):
            return False
        if offer.operation is not None:
            caller = Caller(self.server, sender, host)
            return permissions.may_run_command(caller, offer.operation)
        return permissions.may_run(self.server, sender, host, offer.name, offer.command.access)

    # -- service discovery -------------------------------------------------------------------------

    async def disco_node(self, inquiry: Inquiry) -> Info | None:
        """Tell what the list of commands, or a command, is (XEP-0050 §2.2).

        Raises:
            StanzaError: forbidden, the command is not for who asks.
        """
        if inquiry.account is not None:
            return None
        if inquiry.node == NS:
            return Info((Identity("automation", "command-list", "Commands"),))
        offer = self.offers(inquiry.host).get(inquiry.node)
        if offer is None:
            return None
        if not self._allowed(offer, inquiry.sender, inquiry.host):
            raise _forbidden()
        identity = Identity("automation", "command-node", offer.command.name)
        return Info((identity,), (NS, forms.NS))

    async def disco_node_items(self, inquiry: Inquiry) -> Sequence[Item] | None:
        """List the commands that are for who asks (XEP-0050 §2.2)."""
        if inquiry.account is not None:
            return None
        offers = self.offers(inquiry.host)
        if inquiry.node == NS:
            return [
                Item(inquiry.host.jid, offer.command.name, offer.command.node)
                for offer in offers.values()
                if self._allowed(offer, inquiry.sender, inquiry.host)
            ]
        return () if inquiry.node in offers else None

    # -- execution ---------------------------------------------------------------------------------

    @iq("set", NS, "command", to=Target.HOST)
    async def execute(self, request: Request) -> Answer:
        """Begin a command or go on with one (XEP-0050 §2.4)."""
        try:
            return await self._execute(request)
        except StanzaError as error:
            if error.payload is None:  # what was filled in may be a password
                error.payload = payload.bare(request.payload)
            raise

    async def _execute(self, request: Request) -> Element:
        order = payload.read(request.payload, request.stanza.lang)
        offer = self.offers(request.host).get(order.node)
        if offer is None:
            raise StanzaError("item-not-found", "there is no such command")
        # Again at every step: who may run it can change meanwhile.
        if not self._allowed(offer, request.sender, request.host):
            raise _forbidden()
        call = Call(request.host, request.sender, request.session)
        parties = Parties(request.sender, request.host, order.node)
        if order.session is None:
            if order.action != "execute":
                raise bad_request("bad-action", f"there is nothing to {order.action} yet")
            session = self._sessions.new(parties)
            return self._go_on(session, await _refusable(offer.call(call)))
        session = self._sessions.take(order.session, parties, self.server.clock.monotonic())
        if order.action == "cancel":
            return payload.canceled(order.node, session.id)
        return await self._continue(session, order, call)

    async def _continue(self, session: CommandSession, order: Order, call: Call) -> Element:
        try:
            if order.action == "prev":
                return self._back(session)
            stage, _ = session.stages[-1]
            step = _step(stage, order)
            return self._go_on(session, await self._take_step(session, stage, step, order, call))
        except Exception:
            # What was refused, or failed, can be filled in again.
            self._sessions.keep(session, self.server.clock.monotonic())
            raise

    async def _take_step(
        self, session: CommandSession, stage: Stage, step: Step, order: Order, call: Call
    ) -> Reply:
        if order.form is None:
            raise bad_request("bad-payload", "the form is missing")
        try:
            answers = stage.form.read(order.form)
            reply = await _refusable(step(call, answers))
        except FormError as error:
            raise bad_request("bad-payload", error.text) from error
        session.stages[-1] = (stage, _remembered(stage, order.form))
        return reply

    def _back(self, session: CommandSession) -> Element:
        if len(session.stages) < 2:
            raise bad_request("bad-action", "this is the first stage")
        session.stages.pop()
        return self._show(session)

    def _go_on(self, session: CommandSession, reply: Reply) -> Element:
        if isinstance(reply, Done):
            parties = session.parties
            log.info("ad-hoc command", command=parties.node, by=str(parties.requester))
            return payload.completed(parties.node, session.id, reply)
        session.stages.append((reply, reply.filled))
        return self._show(session)

    def _show(self, session: CommandSession) -> Element:
        self._sessions.keep(session, self.server.clock.monotonic())
        stage, filled = session.stages[-1]
        first = len(session.stages) == 1
        return payload.executing(session.parties.node, session.id, stage, filled, first=first)


def _step(stage: Stage, order: Order) -> Step:
    """Return what an action leads to at a stage (XEP-0050 §3.4).

    Raises:
        StanzaError: bad-action, the stage has no such action.
    """
    default = stage.next or stage.complete
    steps = {"execute": default, "next": stage.next, "complete": stage.complete}
    step = steps[order.action]
    if step is None:
        raise bad_request("bad-action", f"this stage has no action {order.action!r}")
    return step


def _remembered(stage: Stage, form: Element) -> tuple[Filled, ...]:
    """Return what was filled in, for when the user comes back; passwords are not shown again."""
    sent = forms.values(form)
    return tuple(
        Filled(field.var, tuple(sent[field.var]))
        for field in stage.form.fields
        if isinstance(field, FormField) and not isinstance(field, TextPrivate) and field.var in sent
    )


async def _refusable(work: Awaitable[Reply]) -> Reply:
    """Run a step of a command; a refusal becomes a stanza error."""
    try:
        return await work
    except CommandError as error:
        raise StanzaError(_REFUSALS.get(error.code, "not-allowed"), error.text) from error


def _forbidden() -> StanzaError:
    return StanzaError("forbidden", "this command is not for you", type="cancel")
