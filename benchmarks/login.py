"""Logs a client in as cheaply as it goes: no XML parser, keys derived once per salt."""

import asyncio
import base64
import functools
import hashlib
import hmac
import re
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from benchmarks.accounts import DOMAIN, PASSWORD, user

SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
FEATURES = b"</stream:features>"
FAILURES = (b"<failure", b"<failed", b"<stream:error")
MECHANISM = "SCRAM-SHA-1"
PATIENCE = 60.0  # seconds for one login while hundreds of others wait too


class LoginError(Exception):
    """The server refused a login or closed the connection; the text is its answer."""


@dataclass(slots=True)
class Session:
    """A logged-in client: write stanzas to `transport`, read them through its protocol."""

    transport: asyncio.Transport
    jid: str


async def login(
    port: int,
    number: int,
    resource: str,
    *,
    tls: bool,
    token: bytes = b"",
    domain: str = DOMAIN,
) -> Session:
    """Log account `number` in over loopback, and return when its own presence came back.

    With a token it resumes the session that has it instead of binding a resource (XEP-0198).
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Session] = loop.create_future()
    async with asyncio.timeout(PATIENCE):
        transport, _ = await loop.create_connection(
            lambda: Login(user(number), domain, resource, done, token),
            "127.0.0.1",
            port,
            ssl=tls_context() if tls else None,
            server_hostname=domain if tls else None,
        )
        try:
            return await done
        except BaseException:
            transport.abort()
            raise


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return the client's side of TLS; the certificate is our own and is not checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@functools.cache
def derive(salt: bytes, iterations: int) -> tuple[bytes, bytes, bytes]:
    """Return ClientKey, StoredKey and ServerKey (RFC 5802 §3)."""
    salted = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha1")
    return (
        client_key,
        hashlib.sha1(client_key).digest(),
        hmac.digest(salted, b"Server Key", "sha1"),
    )


def header(domain: str) -> bytes:
    """Return the header of a stream to a domain."""
    return (
        f"<?xml version='1.0'?><stream:stream to='{domain}' version='1.0' xmlns='jabber:client'"
        " xmlns:stream='http://etherx.jabber.org/streams'>"
    ).encode()


class Login(asyncio.Protocol):
    """Steps through stream, SASL, stream, bind and presence: one awaited token at a time."""

    def __init__(
        self,
        localpart: str,
        domain: str,
        resource: str,
        done: asyncio.Future[Session],
        token: bytes,
    ) -> None:
        self._header = header(domain)
        self._resource = resource
        self._token = token
        self._done = done
        self._bare = f"n={localpart},r={secrets.token_hex(12)}"
        self._signature = b""
        self._jid = ""
        self._buffer = b""
        self._awaited = FEATURES
        self._step: Callable[[bytes], None] = self._authenticate

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._header)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(f"connection closed after: {self._buffer[-300:]!r} {error or ''}")

    def data_received(self, data: bytes) -> None:
        if self._done.done():  # What comes before the scenario takes the transport over.
            return
        self._buffer += data
        while (start := self._buffer.find(self._awaited)) >= 0:
            end = start + len(self._awaited)
            received, self._buffer = self._buffer[:end], self._buffer[end:]
            self._step(received)
            if self._done.done():
                return
        if any(failure in self._buffer for failure in FAILURES):
            self._fail(self._buffer[-300:].decode(errors="replace"))

    def _fail(self, reason: str) -> None:
        if not self._done.done():
            self._done.set_exception(LoginError(reason))

    def _authenticate(self, features: bytes) -> None:
        if f">{MECHANISM}<".encode() not in features:
            self._fail(f"{MECHANISM} is not offered: {features[-600:]!r}")
            return
        first = base64.b64encode(f"n,,{self._bare}".encode()).decode()
        self._transport.write(f"<auth {SASL} mechanism='{MECHANISM}'>{first}</auth>".encode())
        self._awaited, self._step = b"</challenge>", self._prove

    def _prove(self, challenge: bytes) -> None:
        server_first = base64.b64decode(text_of(challenge)).decode()
        fields = dict(part.split("=", 1) for part in server_first.split(","))
        client_key, stored_key, server_key = derive(base64.b64decode(fields["s"]), int(fields["i"]))
        final = f"c=biws,r={fields['r']}"
        signed = f"{self._bare},{server_first},{final}".encode()
        self._signature = hmac.digest(server_key, signed, "sha1")
        mask = int.from_bytes(hmac.digest(stored_key, signed, "sha1"), "big")
        proof = (int.from_bytes(client_key, "big") ^ mask).to_bytes(20, "big")
        answer = f"{final},p={base64.b64encode(proof).decode()}"
        encoded = base64.b64encode(answer.encode()).decode()
        self._transport.write(f"<response {SASL}>{encoded}</response>".encode())
        self._awaited, self._step = b"</success>", self._restart

    def _restart(self, success: bytes) -> None:
        if base64.b64decode(text_of(success)) != b"v=" + base64.b64encode(self._signature):
            self._fail("the server's signature is wrong")
            return
        self._transport.write(self._header)
        self._awaited, self._step = FEATURES, self._resume if self._token else self._bind

    def _resume(self, _features: bytes) -> None:
        self._transport.write(b"<resume xmlns='urn:xmpp:sm:3' h='0' previd='%s'/>" % self._token)
        self._awaited, self._step = b"<resumed", self._finish

    def _bind(self, _features: bytes) -> None:
        self._transport.write(
            "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            f"<resource>{self._resource}</resource></bind></iq>".encode()
        )
        self._awaited, self._step = b"</iq>", self._appear

    def _appear(self, result: bytes) -> None:
        found = re.search(rb"<jid>([^<]+)</jid>", result)
        if found is None:
            self._fail(f"resource binding failed: {result[-300:]!r}")
            return
        self._jid = found[1].decode()
        self._transport.write(b"<presence/>")
        # The server sends a client's own presence back to it (RFC 6121 §4.2.2).
        self._awaited, self._step = b"<presence", self._finish

    def _finish(self, _presence: bytes) -> None:
        self._done.set_result(Session(self._transport, self._jid))


def text_of(element: bytes) -> bytes:
    """Return the text of the last element, which ends the bytes."""
    return element[element.rindex(b">", 0, -1) + 1 : element.rindex(b"</")]
