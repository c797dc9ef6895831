"""Who sent an account presence without being subscribed to its presence (XEP-0060 §9.1.3).

Such a session is told of the account's open nodes that it wants to hear of, until it leaves.
"""

from collections.abc import Iterable
from typing import Final

from palaver.jid import JID, BareJID
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot

_MOST: Final = 100  # accounts that one session visits
_VISITED: Final[Slot[dict[BareJID, None]]] = Slot("accounts with nodes that got presence")


class Visits:
    """The visitors of all accounts."""

    def __init__(self) -> None:
        self._visitors: dict[BareJID, dict[JID, Session]] = {}

    def of(self, account: BareJID) -> Iterable[Session]:
        """Return the sessions that visit an account."""
        visitors = self._visitors.get(account)
        return () if visitors is None else list(visitors.values())

    def begin(self, session: Session, account: BareJID) -> bool:
        """Let a session visit an account; tell whether that is new."""
        visited = _VISITED.get(session)
        if visited is None:
            visited = {}
            _VISITED.set(session, visited)
        if account in visited or len(visited) >= _MOST:
            return False
        visited[account] = None
        self._visitors.setdefault(account, {})[session.jid] = session
        return True

    def end(self, session: Session, account: BareJID) -> None:
        """Let a session leave an account, if it is there."""
        visited = _VISITED.get(session)
        if visited is None or account not in visited:
            return
        del visited[account]
        visitors = self._visitors[account]
        del visitors[session.jid]
        if not visitors:
            del self._visitors[account]

    def end_all(self, session: Session) -> None:
        """Let a session leave all accounts."""
        for account in visited_by(session):
            self.end(session, account)


def visited_by(session: Session) -> list[BareJID]:
    """Return the accounts that a session visits."""
    return list(_VISITED.get(session) or ())
