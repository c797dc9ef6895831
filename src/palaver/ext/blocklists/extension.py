"""Blocks senders for whole hosts, whoever says so: the configuration, a command, or a list."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from palaver.ext.blocklists import lists, tables
from palaver.ext.blocklists.following import Follower
from palaver.ext.blocklists.lists import BlockList
from palaver.ext.blocklists.matching import Block, Source, normal
from palaver.ext.blocklists.storage import Storage
from palaver.ext.delay import timestamp
from palaver.ext.pubsub.names import NS_EVENT
from palaver.jid import JID, JIDError
from palaver.kernel import durations, hooks
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, command, on, task
from palaver.kernel.hooks import STOP, Verdict
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.settings import unit
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_EVERYWHERE: Final = ""
_TOLD_EVERY: Final = 60.0  # seconds between two lines in the log about one sender
_WITHDRAWALS: Final = ("unsubscribe", "unsubscribed", "unavailable", "error")


def _address(text: str) -> str:
    try:
        return normal(text)
    except JIDError as error:
        raise ValueError(f"{text!r} is neither an account nor a domain: {error}") from None


def _list(text: str) -> str:
    try:
        lists.parse(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is no list such as xmpp:rtbl.example?;node=x: {error}"
        ) from None
    return text


class BlocklistsConfig(ExtensionConfig):
    """Who is blocked, and by whose lists."""

    block: tuple[Annotated[str, AfterValidator(_address)], ...] = Field(
        (),
        description="Accounts and domains elsewhere from which nothing is taken and to which "
        "nothing is sent; `*.` before a domain blocks all below it.",
        examples=[["spam.example", "*.spam.example", "mallory@example.net"]],
    )
    lists: tuple[Annotated[str, AfterValidator(_list)], ...] = Field(
        (),
        description="Real-time block lists of others: a publish-subscribe service, with its node "
        f"if that is not `{lists.NODE}`.",
        examples=[["xmppbl.org", "xmpp:rtbl.example?;node=spam_source_domains"]],
    )
    list_items: int = Field(
        100_000,
        ge=1,
        le=10_000_000,
        description="A list with more items than this is not taken.",
        json_schema_extra=unit("items"),
    )
    list_refresh: float = Field(
        3600.0,
        ge=60,
        le=604_800,
        description="How often lists are read as a whole; of changes their services tell at once.",
        json_schema_extra=unit("seconds"),
    )


class ListArguments(BaseModel):
    """Says which blocks to list."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field("", description="Only those that are for this host.")


class RemoveArguments(BaseModel):
    """Says which block."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(description="Account, domain, or *. and a domain for all below it.")
    host: str = Field("", description="Only for this host; for all when it is left out.")


class AddArguments(RemoveArguments):
    """Says whom to block."""

    reason: str = Field("", description="Why; for administrators.")
    time: str = Field("", description="For how long, such as 12h or 30d; for ever if left out.")


class Blocklists(Extension[BlocklistsConfig]):
    """Knows who is blocked, and keeps them away from everything behind the router.

    Others ask `found`: rooms about those who enter, federation about servers that connect.
    Accounts of this server are never blocked; they are disabled.
    """

    Config = BlocklistsConfig
    name: ClassVar = "blocklists"
    tables: ClassVar = (tables.entries, tables.items)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nobody blocked."""
        super().__init__(server, settings)
        self._storage = Storage(server.database)
        self._commanded: dict[str, Source] = {}
        self._configured: dict[str, Source] = {}
        self._followers: list[Follower] = []
        self._sources: dict[str, tuple[Source, ...]] = {}
        self._told = RateLimit(1, _TOLD_EVERY)

    # -- for other extensions ----------------------------------------------------------------------

    def found(self, host: str, who: JID) -> Block | None:
        """Return what keeps an address away from a host, or None for nearly everybody.

        ``host`` is the name of a host here; with "" only what is blocked everywhere counts.
        """
        sources = self._sources.get(host)
        if not sources or who.domain in self.server.hosts:
            return None
        now = self._now
        for source in sources:
            found = source.find(who, now)
            if found is not None:
                return found
        return None

    @property
    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    # -- stanzas -----------------------------------------------------------------------------------

    def _stops(self, stanza: Stanza) -> bool:
        """Tell whether a stanza goes no further; see `Router.barrier`."""
        assert stanza.to is not None
        found = self.found(self._host_of(stanza.to), stanza.sender)
        if found is not None:
            return self._stop_received(stanza, found)
        found = self.found(self._host_of(stanza.sender), stanza.to)
        return found is not None and self._stop_sent(stanza)

    def _stop_received(self, stanza: Stanza, found: Block) -> bool:
        """Stop what comes from outside; errors as RFC 6120 §8.3.3.4 has it, presence in silence.

        The end of a subscription passes: nobody is to stay subscribed because they are blocked.
        """
        if stanza.kind == "presence":
            return stanza.type not in _WITHDRAWALS
        self._tell(stanza, found)
        if stanza.kind != "message" or stanza.type != "headline":
            refusal = StanzaError("forbidden", "this server takes nothing from you")
            self.server.router.refuse(stanza, refusal)
        return True

    def _stop_sent(self, stanza: Stanza) -> bool:
        """Stop what goes to a blocked address: no answer could come (RFC 6120 §8.3.3.10).

        Raises:
            StanzaError: not-allowed, to one of our users.
        """
        if stanza.kind == "presence":
            return stanza.type not in _WITHDRAWALS
        if stanza.type in ("error", "result"):
            return True
        if self.server.router.asking(stanza) is None:
            return True
        raise StanzaError("not-allowed", "this server blocks that address")

    def _tell(self, stanza: Stanza, found: Block) -> None:
        if not self._told.take(stanza.sender.bare, self.server.clock.monotonic()):
            log.info(
                "blocked sender refused",
                sender=str(stanza.sender.bare),
                to=str(stanza.to),
                kind=stanza.kind,
                source=found.source,
            )

    def _host_of(self, address: JID) -> str:
        """Return the host that an address here belongs to."""
        domain = address.domain
        service = self.server.services.get(domain)
        return domain if service is None else service.host.name

    # -- what is blocked ---------------------------------------------------------------------------

    @on(hooks.server_started)
    async def load(self) -> None:
        """Read what is blocked, and begin to follow the lists."""
        for name in self._hosts():
            source = self._configured[name] = Source()
            for address in self.config(name).block:
                source.put(Block(address))
        for name, block in await self._storage.blocks(self._now):
            self._commanded.setdefault(name, Source()).put(block)
        await self._follow()
        self._arrange()

    def _hosts(self) -> list[str]:
        """Return the names of the hosts that have this extension."""
        return [name for name, host in self.server.hosts.items() if self.name in host.extensions]

    async def _follow(self) -> None:
        found: dict[bytes, BlockList] = {}
        for name in self._hosts():
            for uri in self.config(name).lists:
                new = BlockList(uri, self.server.hosts[name].jid)
                found.setdefault(new.key, new).hosts.add(name)
        await self._storage.keep_only(list(found))
        for each in found.values():
            config = self.config(each.subscriber.domain)
            follower = Follower(
                self.server, self._storage, each, config.list_items, self._list_changed
            )
            await follower.remember()
            self._followers.append(follower)
            self.server.spawn(follower.follow(config.list_refresh))

    def _arrange(self) -> None:
        """Put together for each host what counts there; without any block nothing is looked at."""
        everywhere = self._commanded.get(_EVERYWHERE)
        sources: dict[str, tuple[Source, ...]] = {}
        for name in (_EVERYWHERE, *self.server.hosts):
            found = [self._commanded.get(name), self._configured.get(name)]
            if name:
                found.append(everywhere)
            found += [each.list.blocks for each in self._followers if name in each.list.hosts]
            sources[name] = tuple(each for each in found if each)
        self._sources = {name: found for name, found in sources.items() if found}
        self.server.router.barrier = self._stops if self._sources else None

    def _changed(self, hosts: set[str]) -> None:
        self._arrange()
        for name in hosts:
            host = self.server.hosts[name]
            for handle in host.dispatch.handlers(hooks.blocks_changed):
                self.server.guarded(handle, host)

    def _list_changed(self, changed: BlockList) -> None:
        self._changed(changed.hosts)

    @on(hooks.host_message, kind="message", payload=(NS_EVENT, "event"))
    def hear(self, stanza: Stanza, _host: Host) -> Verdict:
        """Take the notification of a list."""
        event = stanza.child("event", NS_EVENT)
        heard = [each.hear(stanza, event) for each in self._followers]
        return STOP if any(heard) else None

    @task(every=60.0)
    async def expire(self) -> None:
        """Forget blocks whose time is over."""
        now = self._now
        for name, source in self._commanded.items():
            for block in list(source.blocks.values()):
                if block.until is not None and block.until <= now:
                    await self._lift(name, block.address)

    # -- commands ----------------------------------------------------------------------------------

    @command("block add", AddArguments)
    async def add(self, arguments: AddArguments, _progress: Progress) -> dict[str, object]:
        """Block an account or a domain elsewhere."""
        host, address = self._which(arguments)
        if address.rpartition("@")[2].removeprefix("*.") in self.server.hosts:
            raise CommandError(
                "served-here", f"{address} is on this server; use `palaver user disable`."
            )
        if len(arguments.reason.encode()) > tables.REASON_BYTES:
            raise CommandError("too-long", f"A reason may have {tables.REASON_BYTES} bytes.")
        now = self._now
        until = now + durations.seconds_of(arguments.time) * 1_000_000 if arguments.time else None
        block = Block(address, arguments.reason, "command", now, until)
        await self._storage.put(host, block)
        self._commanded.setdefault(host, Source()).put(block)
        self._changed({host} if host else set(self.server.hosts))
        log.info("block added", address=address, host=host or "all")
        return _shown(host, block)

    @command("block remove", RemoveArguments)
    async def remove(self, arguments: RemoveArguments, _progress: Progress) -> dict[str, object]:
        """Block an account or a domain no longer."""
        host, address = self._which(arguments)
        if not await self._lift(host, address):
            raise CommandError("not-found", f"No command blocks {address} there.")
        return {"removed": address}

    async def _lift(self, host: str, address: str) -> bool:
        stored = await self._storage.remove(host, address)
        dropped = self._commanded.get(host, Source()).drop(address)
        if dropped:
            self._changed({host} if host else set(self.server.hosts))
            log.info("block removed", address=address, host=host or "all")
        return stored or dropped

    @command("block list", ListArguments)
    async def list(self, arguments: ListArguments, _progress: Progress) -> list[dict[str, object]]:
        """List who is blocked by the configuration and by commands."""
        wanted = self._host(arguments.host)
        return [
            _shown(host, block)
            for hosts in (self._configured, self._commanded)
            for host, source in hosts.items()
            if not wanted or host in ("", wanted)
            for block in source.blocks.values()
        ]

    @command("block lists")
    async def show_lists(self, _arguments: BaseModel, _progress: Progress) -> object:
        """Show the real-time block lists that are followed, and whether they can be read."""
        return [
            {
                "list": each.list.uri,
                "hosts": sorted(each.list.hosts),
                "items": len(each.list.blocks),
                "current": each.list.fresh,
                "problem": each.list.problem,
            }
            for each in self._followers
        ]

    @command("block refresh")
    async def refresh(self, _arguments: BaseModel, _progress: Progress) -> object:
        """Read the real-time block lists anew."""
        for each in self._followers:
            await each.read()
        return await self.show_lists(_arguments, _progress)

    def _which(self, arguments: RemoveArguments) -> tuple[str, str]:
        try:
            address = normal(arguments.address)
        except JIDError as error:
            text = f"{arguments.address!r} is neither an account nor a domain: {error}."
            raise CommandError("bad-jid", text) from None
        return self._host(arguments.host), address

    def _host(self, name: str) -> str:
        if name and name not in self.server.hosts:
            raise CommandError("unknown-host", f"{name} is not served here.")
        return name


def _shown(host: str, block: Block) -> dict[str, object]:
    return {
        "address": block.address,
        "host": host or "all",
        "source": block.source,
        "reason": block.reason,
        "since": "" if block.since is None else timestamp(block.since),
        "until": "" if block.until is None else timestamp(block.until),
    }
