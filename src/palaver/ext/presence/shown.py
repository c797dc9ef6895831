"""What a session has shown of itself: its last presence, ready to be sent to who asks later."""

from typing import Final

from palaver.ext.delay import NS, delay
from palaver.jid import JID
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.wire.stanza import Stanza


class Shown:
    """Kept on a session that has sent presence of any kind.

    ``since``     when the session's last presence came, in microseconds since 1970
    ``directed``  who got directed presence without being subscribed (RFC 6121 §4.6), in order;
                  a dict because an empty set is thrice as large, and nearly all are empty
    """

    __slots__ = ("_answer", "directed", "since")

    def __init__(self) -> None:
        self.since = 0
        self.directed: dict[JID, None] = {}
        self._answer: Stanza | None = None

    def renew(self, since: int) -> None:
        """Take note of a new presence."""
        self.since = since
        self._answer = None

    def answer(self, session: Session) -> Stanza:
        """Return the last presence with the time it came, for a probe (RFC 6121 §4.3.2)."""
        if self._answer is None:
            presence = session.presence
            assert presence is not None
            stamped = presence.has("delay", NS)
            delayed = presence.with_child(*([] if stamped else [delay(session.jid, self.since)]))
            self._answer = delayed
        return self._answer


shown: Final[Slot[Shown]] = Slot("presence")


def shown_by(session: Session) -> Shown:
    """Return what a session has shown."""
    found = shown.get(session)
    if found is None:
        found = Shown()
        shown.set(session, found)
    return found
