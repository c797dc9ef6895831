"""What a client asks for along with its login (XEP-0388 §2.1)."""

from dataclasses import dataclass, field
from typing import Final

from palaver.sasl import Hash, ScramKeys
from palaver.stream import fast, management, user_agent
from palaver.stream.events import Resume
from palaver.stream.fast import Fast
from palaver.stream.user_agent import UserAgent
from palaver.wire.element import Element

NS_BIND: Final = "urn:xmpp:bind:0"


@dataclass(slots=True)
class Inline:
    """A request to log in, and how far it is.

    ``element``  the request, ``<authenticate/>``
    ``agent``    the client that sends it
    ``fast``     how it uses a token; None when it has none (XEP-0484)
    ``data``     what the mechanism says with its success, until that is sent
    ``due``      whether the token it used should be followed by another
    ``since``    when its login began, on a clock that the connection has
    ``upgrades`` the hash functions that its account may need keys for (XEP-0480)
    ``salt``     of the keys being asked for; empty until the client begins, None when none are
    ``keys``     those it gave, to be stored
    """

    element: Element
    agent: UserAgent
    fast: Fast | None
    data: bytes | None = None
    due: bool = False
    since: float | None = None
    upgrades: list[Hash] = field(default_factory=list)
    salt: bytes | None = None
    keys: ScramKeys | None = None

    @property
    def resume(self) -> Element | None:
        """The request to resume a session (XEP-0198 §6.2)."""
        return self.element.find("resume", management.NS)

    @property
    def resumption(self) -> Resume | None:
        """What it says, or None for nonsense."""
        return None if self.resume is None else management.read_resume(self.resume)

    @property
    def token_request(self) -> str | None:
        """The mechanism for which the client wants a token (XEP-0484 §3.2)."""
        wish = self.element.find("request-token", fast.NS)
        return None if wish is None else wish.get("mechanism", "")

    @property
    def bind(self) -> Element | None:
        """The request for a resource (XEP-0386)."""
        return self.element.find("bind", NS_BIND)


def read(element: Element) -> Inline:
    """Read ``<authenticate/>``; raises `SaslError` for nonsense in it."""
    agent = user_agent.read(element.find("user-agent"))
    return Inline(element, agent, fast.read(element.find("fast", fast.NS)))


def bind_feature(features: list[str]) -> Element:
    """Offer to bind a resource along with the login, and to enable features with it."""
    offered = [Element("feature", NS_BIND, {"var": name}) for name in features]
    inner = Element("inline", NS_BIND, None, *offered) if offered else None
    return Element("bind", NS_BIND, None, inner)


def bound(told: list[bytes]) -> bytes:
    """Write ``<bound/>`` with what features say of being enabled (XEP-0386 §3.2)."""
    return b"".join((f"<bound xmlns='{NS_BIND}'>".encode(), *told, b"</bound>"))
