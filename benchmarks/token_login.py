"""Logs a known client in with a token (XEP-0388, XEP-0386, XEP-0484): everything in one flight."""

import asyncio
import base64
import hmac
import re
import ssl
import uuid
from dataclasses import dataclass
from typing import cast

from benchmarks.accounts import DOMAIN, PASSWORD, user
from benchmarks.login import LoginError, Session, header, tls_context

MECHANISM = "HT-SHA-256-NONE"
PATIENCE = 60.0
SASL2 = "xmlns='urn:xmpp:sasl:2'"
_TOKEN = re.compile(rb"<token[^>]*? token=['\"]([^'\"]+)['\"]").search
_RESUMABLE = re.compile(rb"<enabled[^>]*? id=['\"]([^'\"]+)['\"]").search
_ADDRESS = re.compile(rb"<authorization-identifier>([^<]+)<").search
_END = b"</success>"


@dataclass(slots=True)
class Known:
    """What a client keeps between its connections."""

    number: int
    device: str
    token: bytes
    session: bytes


async def introduce(port: int, number: int) -> tuple[Known, Session]:
    """Log in with a password, ask for a token, and bind a session that can be resumed."""
    known = Known(number, str(uuid.UUID(int=number + 1, version=4)), b"", b"")
    plain = base64.b64encode(f"\0{user(number)}\0{PASSWORD}".encode()).decode()
    inside = (
        f"<request-token xmlns='urn:xmpp:fast:0' mechanism='{MECHANISM}'/>"
        "<bind xmlns='urn:xmpp:bind:0'><tag>bench</tag>"
        "<enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>"
    )
    session, answer = await _authenticate(port, known, "PLAIN", plain, inside)
    token, resumable = _TOKEN(answer), _RESUMABLE(answer)
    if token is None or resumable is None:
        raise LoginError(f"no token, or no session to resume: {answer!r}")
    known.token, known.session = token[1], resumable[1]
    return known, session


async def return_with(port: int, known: Known) -> Session:
    """Come back with the token, and into the session."""
    proof = hmac.digest(known.token, b"Initiator", "sha256")
    data = base64.b64encode(user(known.number).encode() + b"\0" + proof).decode()
    resume = f"<resume xmlns='urn:xmpp:sm:3' h='0' previd='{known.session.decode()}'/>"
    inside = f"<fast xmlns='urn:xmpp:fast:0'/>{resume}"
    session, answer = await _authenticate(port, known, MECHANISM, data, inside)
    if b"<resumed" not in answer:
        raise LoginError(f"not resumed: {answer!r}")
    if (rotated := _TOKEN(answer)) is not None:
        known.token = rotated[1]
    return session


async def _authenticate(
    port: int, known: Known, mechanism: str, data: str, inside: str
) -> tuple[Session, bytes]:
    request = (
        f"<authenticate {SASL2} mechanism='{mechanism}'>"
        f"<initial-response>{data}</initial-response>"
        f"<user-agent id='{known.device}'/>{inside}</authenticate>"
    )
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()
    tls: ssl.SSLContext = tls_context()
    async with asyncio.timeout(PATIENCE):
        transport, _ = await loop.create_connection(
            lambda: _OneFlight(request.encode(), done),
            "127.0.0.1",
            port,
            ssl=tls,
            server_hostname=DOMAIN,
        )
        try:
            answer = await done
        except BaseException:
            transport.abort()
            raise
    address = _ADDRESS(answer)
    return Session(transport, address[1].decode() if address else ""), answer


class _OneFlight(asyncio.Protocol):
    """Sends header and login together, and reads up to the end of ``<success/>``."""

    def __init__(self, request: bytes, done: asyncio.Future[bytes]) -> None:
        self._request = request
        self._done = done
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(header(DOMAIN) + self._request)

    def data_received(self, data: bytes) -> None:
        if self._done.done():
            return
        self._buffer += data
        if _END in self._buffer:
            self._done.set_result(self._buffer)
        elif b"<failure" in self._buffer or b"<stream:error" in self._buffer:
            self._done.set_exception(LoginError(self._buffer[-300:].decode(errors="replace")))

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(LoginError(f"closed after {self._buffer[-300:]!r}"))
