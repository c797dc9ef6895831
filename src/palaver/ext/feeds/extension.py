"""Feeds: RSS and Atom of the web is imported into nodes, and nodes are written as Atom."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from palaver import jid as addresses
from palaver.ext.feeds import writing
from palaver.ext.feeds.importing import Importer, Outcome
from palaver.ext.feeds.store import Source, Sources, table
from palaver.ext.microblog.profiles import SOCIAL
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.items import Window
from palaver.ext.pubsub.place import Place
from palaver.ext.pubsub.tables import NODE_BYTES
from palaver.jid import BareJID, JIDError
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, command, task
from palaver.kernel.settings import unit
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_LOOK: Final = 20.0  # seconds between two looks at what is due
_AT_ONCE: Final = 20
_DAY: Final = 86_400
_JITTER: Final = 0.1  # of the time between two fetches
_PATH: Final[dict[str, JsonValue]] = {"path": True}


class FeedsConfig(ExtensionConfig):
    """How feeds are fetched."""

    minutes: int = Field(
        15,
        ge=1,
        le=1440,
        description="Shortest time between two fetches of a feed.",
        json_schema_extra=unit("minutes"),
    )
    seconds: int = Field(
        30,
        ge=1,
        le=300,
        description="How long a fetch may take as a whole.",
        json_schema_extra=unit("seconds"),
    )
    bytes: int = Field(
        4_194_304, ge=10_000, le=67_108_864, description="Largest feed that is read, bytes."
    )
    entries: int = Field(
        200, ge=1, le=1_000, description="Most entries of a feed that are read, the newest ones."
    )
    networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        (),
        description="Networks that feeds may be fetched from although they are not of the "
        "internet. Without any, nobody can make the server look into its own network.",
        examples=[["10.20.0.0/16"]],
    )


class AddArguments(BaseModel):
    """Says what to import, and where to."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="Address of the feed, http or https.", max_length=2_000)
    node: str = Field(description="Name of the node; made if there is none.", min_length=1)
    at: str = Field(
        "", description="Account or service of the node; the service of pubsub if empty."
    )
    minutes: int = Field(60, ge=1, le=10_080, description="Minutes between two fetches.")
    keep: int | None = Field(
        None, ge=1, description="Items that a new node keeps; all if not said."
    )
    payloads: bool = Field(
        False, description="Notifications of a new node have the entry, not only its id."
    )
    title: str = Field("", max_length=500, description="Title of a new node.")
    owner: str = Field("", description="Who owns a new node of the service, as an address.")


class IdArguments(BaseModel):
    """Says which feed."""

    model_config = ConfigDict(extra="forbid")

    id: int = Field(description="The number that the list gives it.")


class ExportArguments(BaseModel):
    """Says which node to write, and where to."""

    model_config = ConfigDict(extra="forbid")

    node: str = Field(description="Name of the node.")
    at: str = Field(
        "", description="Account or service of the node; the service of pubsub if empty."
    )
    file: str = Field(
        description="File to write, in place of an older one.", json_schema_extra=_PATH
    )
    entries: int = Field(50, ge=1, le=1_000, description="Most entries, the newest ones.")
    closed: bool = Field(False, description="Write it although not everybody may read the node.")


class Feeds(Extension[FeedsConfig]):
    """Imports feeds on a schedule, and writes nodes as feeds."""

    Config = FeedsConfig
    name: ClassVar = "feeds"
    requires: ClassVar = ("microblog", "pubsub")
    tables: ClassVar = (table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with no fetch under way."""
        super().__init__(server, settings)
        self._sources = Sources(server.database)
        self._importer = Importer(server)
        self._under_way: set[int] = set()

    # -- the schedule ------------------------------------------------------------------------------

    @task(every=_LOOK)
    async def look(self) -> None:
        """Fetch what is due; feeds wait for each other, not for the next look."""
        due = await self._sources.due(self._now, _AT_ONCE)
        await asyncio.gather(*(self._run(each) for each in due))

    @property
    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    async def _run(self, source: Source) -> Outcome | None:
        """Fetch a feed and note what came of it; None where that is being done already."""
        if source.id in self._under_way:
            return None
        self._under_way.add(source.id)
        try:
            place = await self._place(source.service)
            config = self.config(place.host.name if place is not None else None)
            outcome = await self._importer.run(source, place, config)
            await self._note(source, outcome)
        finally:
            self._under_way.discard(source.id)
        return outcome

    async def _note(self, source: Source, outcome: Outcome) -> None:
        failures = source.failures + 1 if outcome.error else 0
        wait = min(source.every * 2 ** min(failures, 10), max(_DAY, source.every))
        wait = max(wait, min(outcome.wait, _DAY))
        jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - nothing to guess
        values: dict[str, object] = {
            "next": self._now + int(wait * jitter * 1_000_000),
            "failures": failures,
            "error": outcome.error,
            **outcome.changes,
        }
        if not outcome.error:
            values["fetched"] = self._now
        await self._sources.change(source.id, **values)
        if outcome.error:
            again = f"{wait / 60:.0f} minutes"
            log.warning("feed not imported", url=source.url, reason=outcome.error, again_in=again)
        elif outcome.published:
            log.info("feed imported", url=source.url, node=source.node, new=outcome.published)

    # -- commands ----------------------------------------------------------------------------------

    @command("feed add", AddArguments)
    async def add(self, arguments: AddArguments, _progress: Progress) -> dict[str, object]:
        """Import an RSS or Atom feed of the web into a node, again and again."""
        place = await self._named(arguments.at)
        config = self.config(place.host.name)
        if arguments.minutes < config.minutes:
            raise CommandError(
                "bad-arguments", f"Not more often than every {config.minutes} minutes."
            )
        if not arguments.url.lower().startswith(("http://", "https://")):
            raise CommandError(
                "bad-arguments", "The address of a feed begins with https:// or http://."
            )
        service = str(place.address)
        if len(arguments.node.encode()) > NODE_BYTES:
            raise CommandError("bad-arguments", f"The name has more than {NODE_BYTES} bytes.")
        if any(e.url == arguments.url for e in await self._sources.at(service, arguments.node)):
            raise CommandError("exists", "That feed is imported into that node already.")
        await self._make_node(place, arguments)
        every = arguments.minutes * 60
        new = Source(0, place.account_id, service, arguments.node, arguments.url, every, self._now)
        id_ = await self._sources.add(new)
        return {"id": id_, "node": arguments.node, "at": service}

    async def _make_node(self, place: Place, arguments: AddArguments) -> None:
        owner = _address(arguments.owner) if arguments.owner else place.address
        if place.account is not None and owner != place.address:
            raise CommandError("bad-arguments", "The nodes of an account are its own.")
        changes: dict[str, object] = {"title": arguments.title}
        if arguments.payloads:
            changes["deliver_payloads"] = True
        if arguments.keep is not None:
            changes["max_items"] = arguments.keep
        try:
            await self.server.extension(PubSub).provide(
                place, arguments.node, owner, changes, type_=SOCIAL
            )
        except StanzaError as error:
            raise CommandError(error.condition, error.text) from error

    @command("feed list")
    async def list(self, _arguments: BaseModel, _progress: Progress) -> list[dict[str, object]]:
        """List the feeds that are imported, with what went wrong the last time."""
        return [_shown(each) for each in await self._sources.all()]

    @command("feed show", IdArguments)
    async def show(self, arguments: IdArguments, _progress: Progress) -> dict[str, object]:
        """Show a feed that is imported."""
        source = await self._one(arguments.id)
        more = {"failures": source.failures, "entries seen": len(source.known)}
        return {**_shown(source), **more}

    @command("feed remove", IdArguments)
    async def remove(self, arguments: IdArguments, _progress: Progress) -> dict[str, object]:
        """Import a feed no more; what was imported stays."""
        if not await self._sources.remove(arguments.id):
            raise _unknown(arguments.id)
        return {"removed": arguments.id}

    @command("feed fetch", IdArguments)
    async def fetch(self, arguments: IdArguments, _progress: Progress) -> dict[str, object]:
        """Fetch a feed now."""
        outcome = await self._run(await self._one(arguments.id))
        if outcome is None:
            raise CommandError("busy", "It is being fetched now.")
        if outcome.error:
            raise CommandError("feed", f"The feed was not imported: {outcome.error}.")
        return {"id": arguments.id, "published": outcome.published}

    @command("feed export", ExportArguments, offline=True)
    async def export(self, arguments: ExportArguments, _progress: Progress) -> dict[str, object]:
        """Write the posts of a node into an Atom file, for a web server to offer."""
        place = await self._named(arguments.at)
        engine = self.server.extension(PubSub).engine
        node = await engine.find(place, arguments.node)
        if node is None:
            raise CommandError(
                "not-found", f"There is no node {arguments.node} at {place.address}."
            )
        if node.config.access_model != "open" and not arguments.closed:
            raise CommandError("closed", "Not everybody may read that node; --closed writes it.")
        items = await engine.items.page(node, Window(), arguments.entries, newest=True)
        data = writing.document(node, items, datetime.now(UTC))
        path = Path(arguments.file)
        try:
            await asyncio.to_thread(_replace, path, data)
        except OSError as error:
            raise CommandError("file", f"{path}: {error.strerror}") from None
        return {"file": arguments.file, "bytes": len(data)}

    async def _one(self, id_: int) -> Source:
        found = await self._sources.get(id_)
        if found is None:
            raise _unknown(id_)
        return found

    # -- places ------------------------------------------------------------------------------------

    async def _named(self, name: str) -> Place:
        """Return the place that an administrator names; raises `CommandError`."""
        pubsub = self.server.extension(PubSub)
        services = [s.address for s in self.server.services.values() if s.extension is pubsub]
        if not name and len(services) != 1:
            raise CommandError("bad-arguments", "Say with --at which account or service it is.")
        place = await self._place(name or str(services[0]))
        if place is None:
            raise CommandError("not-found", f"There is no account or service {name}.")
        return place

    async def _place(self, name: str) -> Place | None:
        """Return an account of ours or a service; None where there is none of that address."""
        address = _address(name)
        service = self.server.services.get(str(address))
        if service is not None and service.extension is self.server.extension(PubSub):
            return Place(address, service.host, None)
        account = await self.server.accounts.get(address)
        return None if account is None else Place(address, account.host, account)


def _address(text: str) -> BareJID:
    try:
        return addresses.parse_bare(text)
    except JIDError as error:
        raise CommandError("bad-address", f"{text}: {error}") from None


def _unknown(id_: int) -> CommandError:
    return CommandError("not-found", f"There is no feed {id_}.")


def _shown(source: Source) -> dict[str, object]:
    return {
        "id": source.id,
        "url": source.url,
        "node": source.node,
        "at": source.service,
        "minutes": source.every // 60,
        "fetched": _moment(source.fetched) if source.fetched else "",
        "next": _moment(source.next),
        "error": source.error,
    }


def _moment(microseconds: int) -> str:
    return writing.stamp(datetime.fromtimestamp(microseconds // 1_000_000, UTC))


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that who reads it finds the old one or the new one, and nothing between."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
