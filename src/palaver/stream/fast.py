"""Tokens to log in with: their elements (XEP-0484)."""

import re
from dataclasses import dataclass
from typing import Final

from palaver import sasl
from palaver.sasl import Channel, Condition, SaslError
from palaver.stream.settings import StreamHost
from palaver.wire.element import Element

NS: Final = "urn:xmpp:fast:0"
_COUNT: Final = re.compile(r"\s*\+?0*([1-9][0-9]{0,9})\s*").fullmatch
_MOST: Final = 0x7FFFFFFF  # xs:int
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Fast:
    """Says that a client logs in with a token.

    ``count``       its own count of doing so; None when it does not count
    ``invalidate``  whether the token shall be good for nothing after that
    """

    count: int | None
    invalidate: bool


def offered(here: StreamHost, channel: Channel) -> list[str]:
    """Return the mechanisms for tokens that a client may use."""
    return sasl.token_offers(here.policy, channel) if here.tokens() else []


def feature(here: StreamHost, channel: Channel) -> Element | None:
    """Offer to log in with tokens (§3.1); never in TLS early data, which nothing here reads."""
    names = offered(here, channel)
    if not names:
        return None
    return Element("fast", NS, None, *(Element("mechanism", NS, None, name) for name in names))


def read(element: Element | None) -> Fast | None:
    """Read ``<fast/>``, which may be missing (§3.4).

    Raises:
        SaslError: malformed-request, a count that is no positive number, or no truth value.
    """
    if element is None:
        return None
    invalidate = _BOOLEANS.get(element.get("invalidate", "false").strip())
    count = _COUNT(element.get("count", "1"))
    if invalidate is None or count is None or int(count[1]) > _MOST:
        raise SaslError(Condition.MALFORMED_REQUEST, "count or invalidate is not what it must be")
    return Fast(int(count[1]) if "count" in element.attrs else None, invalidate)


def written(token: str, expiry: str) -> bytes:
    """Write ``<token/>`` (§3.3)."""
    return Element("token", NS, {"expiry": expiry, "token": token}).to_bytes()
