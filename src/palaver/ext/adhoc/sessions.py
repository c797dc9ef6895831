"""The sessions of commands that are being executed (XEP-0050 §3.3)."""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from palaver.ext.adhoc.payload import bad_request, expired
from palaver.jid import JID
from palaver.kernel.adhoc import Stage
from palaver.kernel.form_fields import Filled
from palaver.kernel.host import Host
from palaver.wire.errors import StanzaError

_MOST_OF_ONE: Final = 10  # sessions of one account; with more, its oldest ends
_RANDOM: Final = 16  # bytes
_SEAL: Final = 16  # bytes


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom a session is, and for which command: nobody else can go on with it."""

    requester: JID
    host: Host
    node: str


@dataclass(slots=True)
class CommandSession:
    """A command that is being executed.

    ``stages``  those shown so far with the values they are shown with, the present one last
    ``until``   when it ends by itself, on the clock of whoever keeps it
    """

    id: str
    parties: Parties
    until: float
    stages: list[tuple[Stage, tuple[Filled, ...]]] = field(default_factory=list)


class CommandSessions:
    """Keeps sessions until their time is over, within a bound.

    An id is random and carries a seal of who it was given to. So it can be neither guessed nor
    used by others, and an old id is told from an invented one without keeping a list.
    """

    __slots__ = ("_by_id", "_key", "_most", "_seconds")

    def __init__(self, most: int, seconds: float) -> None:
        """Keep at most so many, each so many seconds after its last stage."""
        self._by_id: OrderedDict[str, CommandSession] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._most = most
        self._seconds = seconds

    def __len__(self) -> int:
        return len(self._by_id)

    def new(self, parties: Parties) -> CommandSession:
        """Make a session; it is not kept before `keep`."""
        random = secrets.token_urlsafe(_RANDOM)
        return CommandSession(f"{random}.{self._seal(random, parties)}", parties, 0.0)

    def keep(self, session: CommandSession, now: float) -> None:
        """Keep a session for its next request.

        Raises:
            StanzaError: resource-constraint, there are too many of others.
        """
        self._sweep(now)
        self._make_room(session.parties.requester)
        if len(self._by_id) >= self._most:
            raise StanzaError("resource-constraint", "too many commands are being executed")
        session.until = now + self._seconds
        self._by_id[session.id] = session

    def take(self, id_: str, parties: Parties, now: float) -> CommandSession:
        """Return a session to go on with, and do not keep it meanwhile.

        Raises:
            StanzaError: session-expired, or bad-sessionid for what was never a session of theirs.
        """
        random, _, seal = id_.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(random, parties).encode()):
            raise bad_request("bad-sessionid", "there is no such session of yours")
        self._sweep(now)
        session = self._by_id.pop(id_, None)
        if session is None:
            raise expired()
        return session

    def _seal(self, random: str, parties: Parties) -> str:
        text = "\0".join((random, parties.requester, parties.host.name, parties.node))
        return hmac.digest(self._key, text.encode(), "sha256")[:_SEAL].hex()

    def _sweep(self, now: float) -> None:
        """Drop those whose time is over; the order is that of their ends."""
        while self._by_id:
            first = next(iter(self._by_id.values()))
            if first.until > now:
                return
            del self._by_id[first.id]

    def _make_room(self, requester: JID) -> None:
        sessions = self._by_id.values()
        own = [each.id for each in sessions if each.parties.requester.bare == requester.bare]
        while len(own) >= _MOST_OF_ONE:
            del self._by_id[own.pop(0)]
