"""Playing of a story against a running server."""

import re
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from tests.support.client import (
    AuthenticationError,
    Client,
    ClientError,
    Journal,
    NothingArrivedError,
    Security,
    StreamEndedError,
)
from tests.support.component import ACCEPT, Component
from tests.support.pretty import pretty
from tests.support.sasl2 import NS as SASL2
from tests.support.sasl2 import encoded, hashed
from tests.support.story.awaited import Awaited
from tests.support.story.model import (
    Actor,
    Befriend,
    Block,
    CannotLogIn,
    Closed,
    ComeOnline,
    Connect,
    Disconnect,
    Drop,
    IsOffered,
    LogIn,
    MayClose,
    OneOrMoreReceive,
    Receive,
    ReceiveNothing,
    Send,
    Skip,
    Step,
    Story,
    StoryError,
)
from tests.support.story.names import Names
from tests.support.story.pattern import (
    MismatchError,
    Pattern,
    PatternError,
    match,
    match_all,
    patterns,
    substitute,
)
from tests.support.story.transcript import Transcript
from tests.support.xmlstream import CLIENT, STREAM

_ROSTER = "jabber:iq:roster"
_PROOF = re.compile(r"\{(?P<user>\w+)'s proof of (?P<token>\w+)\}")
_ADDRESS = re.compile(r"""<(?:message|presence|iq)\b[^>]*?\sto=(["'])(.*?)\1""")


class StoryFailedError(Exception):
    """Tells what was expected of whom, and what came instead."""


class Stage(Protocol):
    """Where a story is played: something that makes clients of a server."""

    def client(
        self,
        jid: str,
        password: str | None = None,
        *,
        security: Security = "starttls",
        mechanism: str | None = None,
        language: str | None = None,
        journal: Journal | None = None,
    ) -> Client:
        """Make a client that is not connected yet."""

    def component(self, domain: str, secret: str, *, journal: Journal | None = None) -> Component:
        """Make a component that is not connected yet."""


@dataclass(slots=True)
class _UnmetError(Exception):
    """Says, inside the runner, what an actor should have received and did not."""

    actor: str
    expected: str
    instead: str


async def play(story: Story, stage: Stage, names: Names) -> None:
    """Play a story whose accounts exist; raises `StoryFailedError` or `StoryError`."""
    await _Performance(story, stage, names).play()


class _Performance:
    def __init__(self, story: Story, stage: Stage, names: Names) -> None:
        self._story = story
        self._stage = stage
        self._names = names
        self._transcript = Transcript()
        self._clients: dict[str, Client | Component] = {}
        self._bindings: dict[str, str] = {}
        self._gone: set[str] = set()
        self._addressed: dict[str, set[str]] = {}
        self._awaited: dict[str, Awaited] = {}
        self._allowed: dict[str, list[Pattern]] = {}

    async def play(self) -> None:
        last = self._story.steps[-1]
        try:
            for step in self._story.steps:
                await self._guarded(step, step.text, self._step(step))
            await self._guarded(last, "the story ends", self._nothing_left())
        finally:
            for client in self._clients.values():
                await client.abort()

    async def _guarded(self, step: Step, words: str, work: Awaitable[None]) -> None:
        try:
            await work
        except _UnmetError as unmet:
            raise self._failure(
                step,
                f"{unmet.actor} should have received\n{_indent(unmet.expected)}\n"
                f"but {unmet.instead}",
            ) from None
        except ClientError as error:
            raise self._failure(step, f"{words}: {self._names.to_story(str(error))}") from None
        except PatternError as error:
            raise StoryError(self._story.file, step.line + error.line, str(error)) from None

    def _failure(self, step: Step, problem: str) -> StoryFailedError:
        return StoryFailedError(
            f"{self._story.file}:{step.line}: {self._story.source}\n"
            f"Story: {self._story.title}\n{problem}\n\n"
            f"What was said before:\n{_indent(str(self._transcript))}"
        )

    # Steps

    async def _step(self, step: Step) -> None:
        match step.action:
            case Connect(name):
                await self._connect(name)
            case ComeOnline(name, priority):
                await self._come_online(name, priority)
            case IsOffered(name, block):
                self._is_offered(name, block)
            case LogIn(name):
                await self._log_in(name)
            case CannotLogIn(name, condition):
                await self._cannot_log_in(name, condition)
            case Disconnect(name):
                await self._disconnect(name)
            case Drop(name):
                await self._stream(name).abort()
                self._gone.add(name)
            case Closed(name):
                await self._closed(name)
            case MayClose(name):
                await self._may_close(name)
            case Send(name, block):
                await self._send(name, block)
            case Receive(name, block, "in order"):
                for wanted in patterns(block.xml):
                    await self._receive(name, wanted)
            case Receive(name, block, "in any order"):
                await self._receive_in_any_order(name, patterns(block.xml))
            case Receive(name, block, _):
                await self._may_receive(name, block)
            case OneOrMoreReceive(names, block):
                await self._one_or_more_receive(names, block)
            case ReceiveNothing(name):
                await self._settle()
                self._check_empty(name, "nothing")
            case Skip(name):
                await self._skip(name)
            case Befriend(subscriber, contact, mutual):
                await self._befriend(subscriber, contact, mutual)

    # Connecting and leaving

    def _actor(self, name: str) -> Actor:
        return self._story.cast[name]

    def _client(self, name: str) -> Client:
        found = self._stream(name)
        if not isinstance(found, Client):
            raise ClientError(f"{name} is a component, which does not do that")
        return found

    def _stream(self, name: str) -> Client | Component:
        if name not in self._clients:
            raise ClientError(f"{name} has not connected yet")
        return self._clients[name]

    def _new_client(self, name: str) -> Client:
        actor = self._actor(name)

        def journal(direction: str, xml: str) -> None:
            self._transcript.note(name, direction, self._names.to_story(xml))

        client = self._stage.client(
            self._names.to_server(actor.jid),
            actor.password,
            security=actor.security,
            mechanism=actor.mechanism,
            language=actor.language,
            journal=journal,
        )
        client.sender = client.bare if actor.names_itself else None
        self._clients[name] = client
        self._gone.discard(name)
        return client

    def _new_component(self, name: str) -> Component:
        actor = self._actor(name)

        def journal(direction: str, xml: str) -> None:
            self._transcript.note(name, direction, self._names.to_story(xml))

        domain = self._names.to_server(actor.jid)
        component = self._stage.component(domain, actor.password, journal=journal)
        self._clients[name] = component
        return component

    async def _connect(self, name: str) -> None:
        if self._actor(name).component:
            await self._new_component(name).connect()
            return
        await self._new_client(name).open()
        if self._actor(name).logs_in:
            await self._log_in(name)
            self._transcript.summarise(name, f"is connected as {self._bindings[name]}")

    def _is_offered(self, name: str, block: Block) -> None:
        features = list(self._client(name).features or ())
        for wanted in patterns(block.xml):
            for feature in features:
                with suppress(MismatchError):
                    found = self._translated(feature)
                    self._bindings |= match(wanted, found, self._me(name), self._bindings)
                    break
            else:
                raise _UnmetError(name, str(wanted), f"was offered\n{_received(features)}")

    async def _log_in(self, name: str) -> None:
        client = self._client(name)
        await client.authenticate()
        self._bindings[name] = self._names.to_story(await client.bind())

    async def _come_online(self, name: str, priority: int) -> None:
        await self._connect(name)
        await _come_online(self._client(name), priority)

    async def _cannot_log_in(self, name: str, condition: str | None) -> None:
        client = self._new_client(name)
        await client.open()
        try:
            await client.authenticate()
        except AuthenticationError as failure:
            await client.abort()
            if condition not in (None, failure.condition):
                raise _UnmetError(
                    name, f"<{condition}/>", f"received <{failure.condition}/>"
                ) from None
        else:
            raise _UnmetError(name, "a SASL failure", "logged in")

    async def _may_close(self, name: str) -> None:
        client = self._client(name)
        with suppress(StreamEndedError):
            await client.barrier()
        if client.ended:
            client.inbox.clear()
            self._gone.add(name)

    async def _closed(self, name: str) -> None:
        client = self._client(name)
        await client.expect_end()
        self._gone.add(name)
        if client.inbox and client.inbox[-1].tag == f"{{{STREAM}}}error":
            client.inbox.pop()
        self._check_empty(name, "the end of the connection")

    async def _disconnect(self, name: str) -> None:
        await self._stream(name).close()
        self._gone.add(name)
        self._check_empty(name, "nothing more")

    # Sending and receiving

    async def _send(self, name: str, block: Block) -> None:
        bindings = {key: _escaped(value) for key, value in self._bindings.items()}
        bindings |= {found[0][1:-1]: self._proof(found) for found in _PROOF.finditer(block.xml)}
        xml = self._names.to_server(substitute(block.xml, bindings))
        client = self._stream(name)
        accounts = (found[2].partition("/")[0] for found in _ADDRESS.finditer(xml))
        addressed = self._addressed.setdefault(name, set())
        addressed.update(account for account in accounts if self._names.serves(account))
        self._awaited.setdefault(name, Awaited()).note_sent(xml)
        await client.send(xml)

    def _proof(self, found: re.Match[str]) -> str:
        """Prove that a user has a token (XEP-0484)."""
        token = self._bindings.get(found["token"], found["token"])
        return encoded(found["user"].encode() + b"\0" + hashed(token, b"Initiator"))

    async def _receive(self, name: str, wanted: Pattern) -> None:
        try:
            stanza = await self._next(name)
        except ClientError as error:
            raise _UnmetError(name, str(wanted), f"{error}") from None
        self._compare(name, wanted, stanza)

    def _compare(self, name: str, wanted: Pattern, stanza: Element) -> None:
        try:
            self._bindings |= match(wanted, stanza, self._me(name), self._bindings)
        except MismatchError as mismatch:
            raise _UnmetError(
                name, str(wanted), f"received\n{_indent(pretty(stanza))}\nbecause {mismatch}"
            ) from None

    async def _receive_in_any_order(self, name: str, wanted: list[Pattern]) -> None:
        expected = "in any order\n" + "\n".join(map(str, wanted))
        stanzas: list[Element] = []
        try:
            while len(stanzas) < len(wanted):
                stanzas.append(await self._next(name))
            self._bindings |= match_all(wanted, stanzas, self._me(name), self._bindings)
        except (NothingArrivedError, MismatchError) as error:
            raise _UnmetError(name, expected, f"{_received(stanzas)}\nbecause {error}") from None

    async def _skip(self, name: str) -> None:
        client, awaited = self._stream(name), self._awaited.setdefault(name, Awaited())
        # Where nothing more comes, the story goes on: what it is about will tell.
        with suppress(ClientError):
            while awaited and isinstance(client, Client):
                awaited.note_received(await client.expect(awaited.is_awaited))
        awaited.clear()
        await self._settle()
        client.inbox.clear()

    async def _may_receive(self, name: str, block: Block) -> None:
        await self._settle()
        inbox = self._stream(name).inbox
        for wanted in patterns(block.xml):
            if inbox and self._matches(name, wanted, inbox[0]):
                inbox.popleft()
            else:
                self._allowed.setdefault(name, []).append(wanted)  # it may take its time

    def _matches(self, name: str, wanted: Pattern, received: Element) -> bool:
        try:
            stanza = self._translated(received)
            self._bindings |= match(wanted, stanza, self._me(name), self._bindings)
        except MismatchError:
            return False
        return True

    async def _one_or_more_receive(self, names: tuple[str, ...], block: Block) -> None:
        await self._settle()
        (wanted,) = patterns(block.xml)
        receivers = [name for name in names if self._stream(name).inbox]
        if not receivers:
            raise _UnmetError(" or ".join(names), str(wanted), "none of them received anything")
        for name in receivers:
            self._compare(name, wanted, self._translated(self._stream(name).inbox.popleft()))

    async def _next(self, name: str) -> Element:
        received = await self._stream(name).receive()
        self._awaited.setdefault(name, Awaited()).note_received(received)
        element = self._translated(received)
        jid = element.findtext(f"{{{SASL2}}}authorization-identifier") or ""
        if element.tag == f"{{{SASL2}}}success" and "/" in jid:
            client = self._client(name)
            client.jid, client.bound = self._names.to_server(jid), True
            self._bindings[name] = jid
        return element

    def _me(self, name: str) -> str:
        return self._bindings.get(name, self._actor(name).jid)

    def _translated(self, stanza: Element) -> Element:
        for element in stanza.iter():
            element.tag = element.tag.replace(f"{{{ACCEPT}}}", f"{{{CLIENT}}}")
            element.text = element.text and self._names.to_story(element.text)
            element.tail = element.tail and self._names.to_story(element.tail)
            for key, value in element.attrib.items():
                element.set(key, self._names.to_story(value))
        return stanza

    # Proving that nothing is under way

    async def _settle(self) -> None:
        """Wait until the server has processed all that was sent and delivered what follows."""
        for name, client in self._present():
            with suppress(StreamEndedError):
                await client.barrier()
                # Whoever is not here answers in order too, or the server does for it.
                for account in self._addressed.get(name, ()):
                    await client.ping(account)
        for _, sender in self._present():
            for _, receiver in self._present():
                if sender is not receiver:
                    with suppress(StreamEndedError):
                        await receiver.barrier_from(sender)
        for client in self._clients.values():
            if isinstance(client, Component) and not client.ended:
                await client.barrier()

    def _present(self) -> list[tuple[str, Client]]:
        return [
            (name, client)
            for name, client in self._clients.items()
            if isinstance(client, Client) and client.bound and not client.ended
        ]

    def _check_empty(self, name: str, expected: str) -> None:
        allowed = self._allowed.get(name, ())
        stanzas = [
            self._translated(stanza)
            for stanza in self._stream(name).inbox
            if not any(self._matches(name, each, stanza) for each in allowed)
        ]
        if stanzas:
            raise _UnmetError(name, expected, _received(stanzas))

    async def _nothing_left(self) -> None:
        await self._settle()
        for name, client in self._clients.items():
            known = isinstance(client, Component) or client.bound
            if known and name not in self._gone:
                self._check_empty(name, "nothing more until the story ends")
                if client.ended:
                    raise ClientError(f"the server has closed the connection of {name}")

    # What happened before the story

    async def _befriend(self, subscriber: str, contact: str, mutual: bool) -> None:
        async with self._visitor(subscriber) as first, self._visitor(contact) as second:
            await _come_online(first)
            await _come_online(second)
            await _subscribe(first, second)
            if mutual:
                await _subscribe(second, first)

    def _visitor(self, name: str) -> Client:
        actor = self._actor(name)
        if any(self._actor(other).bare == actor.bare for other in self._clients):
            raise ClientError(f"{name} is connected; subscribe before that")
        return self._stage.client(self._names.to_server(actor.bare), actor.password)


async def _subscribe(subscriber: Client, contact: Client) -> None:
    await subscriber.send(f"<presence type='subscribe' to={quoteattr(contact.bare)}/>")
    await contact.expect(lambda found: found.get("type") == "subscribe")
    await contact.send(f"<presence type='subscribed' to={quoteattr(subscriber.bare)}/>")
    await contact.expect(lambda found: _subscription(found, subscriber.bare) in ("from", "both"))
    await subscriber.expect(lambda found: _subscription(found, contact.bare) in ("to", "both"))


def _subscription(push: Element, jid: str) -> str | None:
    """Return the subscription that a roster push tells for an address."""
    item = push.find(f"{{{_ROSTER}}}query/{{{_ROSTER}}}item")
    return item.get("subscription") if item is not None and item.get("jid") == jid else None


async def _come_online(client: Client, priority: int = 0) -> None:
    await client.iq("get", f"<query xmlns='{_ROSTER}'/>")
    await client.send(
        f"<presence><priority>{priority}</priority></presence>" if priority else "<presence/>"
    )
    await client.drain()


def _escaped(value: str) -> str:
    return escape(value, {'"': "&quot;", "'": "&apos;"})


def _received(stanzas: list[Element]) -> str:
    if not stanzas:
        return "received nothing"
    return "received\n" + _indent("\n".join(pretty(stanza) for stanza in stanzas))


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def accounts(story: Story, names: Names) -> Mapping[str, str]:
    """Give the accounts that must exist on the server: bare JID and password."""
    return {names.to_server(jid): password for jid, password in story.accounts.items()}
