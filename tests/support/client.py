"""A raw XMPP client for tests: logs in over a real connection, and proves what has arrived."""

import asyncio
import base64
import itertools
import ssl
from typing import Self
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from tests.support.channel_binding import tls_server_end_point
from tests.support.pretty import pretty, split
from tests.support.scram import HASHES, Scram, plain
from tests.support.stream import (
    BARRIER,
    DEADLINE,
    ClientError,
    Journal,
    NothingArrivedError,
    Security,
    Stream,
    StreamEndedError,
)
from tests.support.xmlstream import BIND, PING, SASL

__all__ = [
    "DEADLINE",
    "AuthenticationError",
    "Client",
    "ClientError",
    "Journal",
    "NothingArrivedError",
    "Security",
    "StreamEndedError",
]

_ids = itertools.count(1)


class AuthenticationError(ClientError):
    """Carries the SASL error condition (RFC 6120 §6.5), and the text for the user."""

    def __init__(self, condition: str, text: str = "") -> None:
        super().__init__(condition)
        self.condition = condition
        self.text = text


class Client(Stream):
    """A client of the server under test; see `Stream` for how it connects and what it hears.

    ``jid`` may leave out the resource (the server makes one up), or be a domain alone for a client
    that never logs in.
    """

    def __init__(
        self,
        jid: str,
        password: str | None = None,
        *,
        address: tuple[str, int],
        security: Security = "starttls",
        trust: ssl.SSLContext | None = None,
        mechanism: str | None = None,
        language: str | None = None,
        journal: Journal | None = None,
    ) -> None:
        bare, _, resource = jid.partition("/")
        local, at, domain = bare.rpartition("@")
        super().__init__(
            domain,
            address=address,
            security=security,
            trust=trust,
            language=language,
            journal=journal,
        )
        self.jid = jid
        self.local = local if at else ""
        self.resource = resource or None
        self.password = password
        self.mechanism = mechanism
        self.bound = False

    @property
    def bare(self) -> str:
        """The account's address."""
        return self.jid.partition("/")[0]

    # Connecting

    async def connect(self) -> Self:
        """Connect, secure the stream, log in and bind the resource."""
        try:
            await self.open()
            await self.authenticate()
            await self.bind()
        except BaseException:
            await self.abort()
            raise
        return self

    async def authenticate(self) -> None:
        """Log in with SASL and restart the stream; raises `AuthenticationError`."""
        mechanism = self.mechanism or self._best()
        if mechanism == "PLAIN":
            await self._auth(mechanism, plain(self.local, self.password or ""))
            await self._sasl("success")
        elif mechanism == "ANONYMOUS":
            await self._auth(mechanism, b"")
            await self._sasl("success")
        else:
            await self._scram(mechanism)
        await self.start_stream()

    def _best(self) -> str:
        offered = self.mechanisms
        if not self.local:
            return "ANONYMOUS"
        wanted = (*HASHES, "PLAIN")
        found = next((name for name in wanted if name in offered), None)
        if found is None:
            raise ClientError(f"the server offers none of {wanted}, only {offered}")
        return found

    async def _scram(self, mechanism: str) -> None:
        binding = None
        if mechanism.endswith("-PLUS"):
            tls: ssl.SSLObject = self.writer.get_extra_info("ssl_object")
            binding = ("tls-server-end-point", tls_server_end_point(tls))
        scram = Scram(mechanism, self.local, self.password or "", binding=binding)
        await self._auth(mechanism, scram.first())
        answer = base64.b64encode(scram.final(await self._sasl("challenge"))).decode()
        await self.send(f"<response xmlns='{SASL}'>{answer}</response>")
        scram.verify(await self._sasl("success"))

    async def _auth(self, mechanism: str, initial: bytes) -> None:
        data = base64.b64encode(initial).decode() or "="
        await self.send(f"<auth xmlns='{SASL}' mechanism='{mechanism}'>{data}</auth>")

    async def _sasl(self, name: str) -> bytes:
        answer = await self.receive()
        if answer.tag == f"{{{SASL}}}failure":
            text = answer.findtext(f"{{{SASL}}}text") or ""
            raise AuthenticationError(split(answer[0].tag)[1] if len(answer) else "", text)
        if answer.tag != f"{{{SASL}}}{name}":
            raise ClientError(f"instead of <{name}/> the server sent\n{pretty(answer)}")
        return base64.b64decode(answer.text or "")

    async def bind(self) -> str:
        """Bind the resource (RFC 6120 §7) and return the full JID."""
        resource = f"<resource>{escape(self.resource)}</resource>" if self.resource else ""
        result = await self.iq("set", f"<bind xmlns='{BIND}'>{resource}</bind>")
        jid = result.findtext(f"{{{BIND}}}bind/{{{BIND}}}jid")
        if result.get("type") != "result" or not jid:
            raise ClientError(f"binding {self.resource!r} failed:\n{pretty(result)}")
        self.jid = jid
        self.bound = True
        return jid

    async def iq(self, kind: str, payload: str = "", to: str | None = None) -> Element:
        """Send an IQ of type ``kind`` and return its answer, be it result or error."""
        name = f"iq{next(_ids)}"
        target = f" to={quoteattr(to)}" if to else ""
        await self.send(f"<iq type='{kind}' id='{name}'{target}>{payload}</iq>")
        return await self.expect(lambda found: _answers(found, name))

    async def barrier(self) -> list[Element]:
        """Wait until all the client sent is processed, and return all that arrived by then.

        Pings the server and the client itself; stanzas between two entities stay in order
        (RFC 6120 §10.1). What arrived stays in the inbox too.
        """
        await self.ping(self.domain)
        await self.ping(self.jid)
        return list(self.inbox)

    async def ping(self, jid: str) -> None:
        """Ping an entity and wait for an answer of any kind; what else arrives stays."""
        name = await self._send_ping(jid)
        await self._pump(name)

    async def _send_ping(self, jid: str) -> str:
        name = f"{BARRIER}{next(_ids)}"
        payload = f"<ping xmlns='{PING}'/>"
        await self.send(f"<iq type='get' id='{name}' to={quoteattr(jid)}>{payload}</iq>")
        return name

    async def barrier_from(self, sender: "Client") -> None:
        """Wait until all that ``sender`` sent to this client before has arrived here.

        A ping between the two either arrives or, where one blocks the other, comes back.
        """
        name = await sender._send_ping(self.jid)
        ways = [asyncio.create_task(self._pump(name)), asyncio.create_task(sender._pump(name))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            outcomes = await asyncio.gather(*ways, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, ClientError):
                raise outcome

    async def drain(self) -> list[Element]:
        """Take all that has arrived up to a barrier."""
        arrived = await self.barrier()
        self.inbox.clear()
        return arrived

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(self, kind: object, error: object, _trace: object) -> None:
        await (self.abort() if error else self.close())

    async def _pump(self, name: str) -> None:
        await self.expect(lambda stanza: stanza.get("id") == name)


def _answers(stanza: Element, name: str) -> bool:
    return stanza.get("id") == name and stanza.get("type") in ("result", "error")
