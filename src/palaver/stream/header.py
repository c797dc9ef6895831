"""Stream headers, stream errors and features as bytes (RFC 6120 §4)."""

from typing import Final

from palaver.wire import escape, ns
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

CLOSING: Final = b"</stream:stream>"


def opening(*, stream_id: str, sender: str, to: str | None, lang: str) -> bytes:
    """Return the response stream header (RFC 6120 §4.7)."""
    recipient = f" to='{escape.attribute(to)}'" if to else ""
    return (
        f"<?xml version='1.0'?><stream:stream xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}'"
        f" id='{stream_id}' from='{escape.attribute(sender)}'{recipient}"
        f" version='1.0' xml:lang='{escape.attribute(lang)}'>"
    ).encode()


def server_opening(*, sender: str, to: str | None, lang: str, stream_id: str = "") -> bytes:
    """Return the header of a stream between servers; the receiving one gives it an id (§4.7.3).

    It also says who it is, even if that is nobody whom the other server asked for (§4.9.1.3).
    """
    addresses = "".join(
        f" {name}='{escape.attribute(value or '')}'"
        for name, value in (("from", sender), ("to", to), ("id", stream_id))
        if value or (name == "from" and stream_id)
    )
    return (
        "<?xml version='1.0'?><stream:stream xmlns='jabber:server'"
        f" xmlns:stream='{ns.STREAMS}' xmlns:db='jabber:server:dialback'{addresses}"
        f" version='1.0' xml:lang='{escape.attribute(lang)}'>"
    ).encode()


def component_opening(stream_id: str, domain: str, namespace: str) -> bytes:
    """Return the response stream header for a component (XEP-0114 §3), which has no version."""
    sender = f" from='{escape.attribute(domain)}'" if domain else ""
    return (
        f"<?xml version='1.0'?><stream:stream xmlns='{namespace}' xmlns:stream='{ns.STREAMS}'"
        f"{sender} id='{stream_id}'>"
    ).encode()


def error(failure: StreamError) -> bytes:
    """Return ``<stream:error/>`` (RFC 6120 §4.9.1)."""
    children = [Element(failure.condition, ns.STREAM_ERRORS)]
    if failure.text:
        children.append(Element("text", ns.STREAM_ERRORS, {"xml:lang": "en"}, failure.text))
    if failure.detail is not None:
        children.append(failure.detail)
    inner = b"".join(child.to_bytes() for child in children)
    return b"<stream:error>" + inner + b"</stream:error>"


def features(children: list[Element]) -> bytes:
    """Return ``<stream:features/>`` (RFC 6120 §4.3.2)."""
    inner = b"".join(child.to_bytes() for child in children)
    return b"<stream:features>" + inner + b"</stream:features>"


def check_version(version: str | None) -> None:
    """Accept version 1.x and anything newer (RFC 6120 §4.7.5).

    Raises:
        StreamError: unsupported-version.
    """
    major = (version or "0.9").partition(".")[0]
    if not (major.isascii() and major.isdigit() and int(major[:9]) >= 1):
        raise StreamError("unsupported-version", "this server speaks XMPP 1.0")
