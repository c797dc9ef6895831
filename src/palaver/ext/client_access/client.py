"""A client that has access to an account, as it is told to the account's owner (XEP-0494 §3.1)."""

from dataclasses import dataclass, field
from typing import Final

from palaver.ext.delay import timestamp
from palaver.kernel.session import Session
from palaver.wire.element import Element

NS: Final = "urn:xmpp:cam:0"

_PASSWORDS: Final = ("SCRAM-", "PLAIN")


def knows_password(session: Session) -> bool:
    """Tell whether a session's client logged in with the password."""
    return session.mechanism.startswith(_PASSWORDS)


@dataclass(slots=True)
class Client:
    """A client; times are `Timestamp` values.

    ``id``        what its access is ended by
    ``sessions``  those it has now
    ``password``  whether it knows the password, ``token`` whether it has one
    """

    id: str
    software: str
    name: str
    first_seen: int
    last_seen: int
    password: bool
    token: bool
    sessions: list[Session] = field(default_factory=list)

    @property
    def has_access(self) -> bool:
        """Tell whether it is connected or could log in."""
        return bool(self.sessions) or self.password or self.token

    def element(self) -> Element:
        """Return ``<client/>``; all there are may do all that the account may."""
        attrs = {"id": self.id, "type": "session"}
        attrs["connected"] = "true" if self.sessions else "false"
        return Element(
            "client",
            NS,
            attrs,
            Element("first-seen", NS, None, timestamp(self.first_seen)),
            Element("last-seen", NS, None, timestamp(self.last_seen)),
            Element(
                "auth",
                NS,
                None,
                Element("password", NS) if self.password else None,
                Element("fast", NS) if self.token else None,
            ),
            Element("permission", NS, {"status": "unrestricted"}),
            Element(
                "user-agent",
                NS,
                None,
                Element("software", NS, None, self.software) if self.software else None,
                Element("device", NS, None, self.name) if self.name else None,
            ),
        )

    def shown(self) -> dict[str, object]:
        """Return what an administrator sees."""
        return {
            "id": self.id,
            "software": self.software,
            "device": self.name,
            "first_seen": timestamp(self.first_seen),
            "last_seen": timestamp(self.last_seen),
            "password": self.password,
            "token": self.token,
            "sessions": sorted(session.jid.resource for session in self.sessions),
        }
