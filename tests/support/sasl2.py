"""Logging in with SASL2 (XEP-0388), for tests: one request, and what comes of it."""

import base64
import hmac
import ssl
from typing import Final
from xml.etree.ElementTree import Element

from tests.support.channel_binding import tls_server_end_point
from tests.support.client import AuthenticationError, Client, ClientError
from tests.support.pretty import pretty, split
from tests.support.scram import Scram, plain
from tests.support.xmlstream import STREAM

NS: Final = "urn:xmpp:sasl:2"
BIND: Final = "urn:xmpp:bind:0"
SM: Final = "urn:xmpp:sm:3"
FAST: Final = "urn:xmpp:fast:0"
AGENT: Final = "d4565fa7-4d72-4749-b3d3-740edbf87770"
OTHER_AGENT: Final = "0b9b2b2c-6d5c-4b53-9a9f-3c1f5a7f0b11"


def user_agent(id_: str = AGENT, software: str = "AwesomeXMPP", device: str = "Phone") -> str:
    attribute = f" id='{id_}'" if id_ else ""
    names = f"<software>{software}</software><device>{device}</device>"
    return f"<user-agent{attribute}>{names}</user-agent>"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def hashed(token: str, role: bytes, binding: bytes = b"") -> bytes:
    """Prove that one has a token (draft-schmaus-kitten-sasl-ht §3)."""
    return hmac.digest(token.encode(), role + binding, "sha256")


def request(mechanism: str, initial: bytes | None, inner: str) -> str:
    """Write ``<authenticate/>``."""
    data = "" if initial is None else f"<initial-response>{encoded(initial)}</initial-response>"
    return f"<authenticate xmlns='{NS}' mechanism='{mechanism}'>{data}{inner}</authenticate>"


async def log_in(client: Client, inner: str = "", *, mechanism: str = "PLAIN") -> Element:
    """Log in with the password and return ``<success/>``; raises `AuthenticationError`.

    ``inner`` is what else is asked for. The client becomes bound where that was among it.
    """
    if mechanism == "PLAIN":
        await client.send(request(mechanism, plain(client.local, client.password or ""), inner))
        return await succeed(client)
    binding = None
    if mechanism.endswith("-PLUS"):
        tls: ssl.SSLObject = client.writer.get_extra_info("ssl_object")
        binding = ("tls-server-end-point", tls_server_end_point(tls))
    scram = Scram(mechanism, client.local, client.password or "", binding=binding)
    await client.send(request(mechanism, scram.first(), inner))
    challenge = await client.receive()
    if challenge.tag != f"{{{NS}}}challenge":
        raise ClientError(f"instead of a challenge the server sent\n{pretty(challenge)}")
    final = scram.final(base64.b64decode(challenge.text or ""))
    await client.send(f"<response xmlns='{NS}'>{encoded(final)}</response>")
    success = await succeed(client)
    scram.verify(data_of(success))
    return success


async def log_in_fast(
    client: Client,
    token: str,
    inner: str = "",
    *,
    mechanism: str = "HT-SHA-256-NONE",
    binding: bytes = b"",
    fast: str = "",
) -> Element:
    """Log in with a token (XEP-0484); ``fast`` are attributes. Checks that the server knows it."""
    initial = client.local.encode() + b"\0" + hashed(token, b"Initiator", binding)
    await client.send(request(mechanism, initial, f"{inner}<fast xmlns='{FAST}' {fast}/>"))
    success = await succeed(client)
    assert data_of(success) == hashed(token, b"Responder", binding)
    return success


async def succeed(client: Client) -> Element:
    """Read ``<success/>`` and the features behind it."""
    answer = await client.receive()
    if answer.tag == f"{{{NS}}}failure":
        raise AuthenticationError(split(answer[0].tag)[1] if len(answer) else "")
    if answer.tag != f"{{{NS}}}success":
        raise ClientError(f"instead of <success/> the server sent\n{pretty(answer)}")
    jid = answer.findtext(f"{{{NS}}}authorization-identifier") or ""
    if "/" in jid:
        client.jid, client.bound = jid, True
    if answer.find(f"{{{SM}}}resumed") is None:
        client.features = await client.receive()
        assert client.features.tag == f"{{{STREAM}}}features"
    return answer


def data_of(success: Element) -> bytes:
    """Return the additional data of the mechanism."""
    return base64.b64decode(success.findtext(f"{{{NS}}}additional-data") or "")


def names(element: Element) -> list[str]:
    """Return the local names of the children."""
    return [split(child.tag)[1] for child in element]
