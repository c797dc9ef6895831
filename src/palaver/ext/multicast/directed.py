"""Who got presence through the service, so that they hear of its end too (XEP-0033 §5.1)."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from palaver.jid import JID
from palaver.wire.stanza import Stanza

_SENDERS: Final = 10_000
_RECIPIENTS: Final = 1_000  # of one sender
_ALL: Final = 200_000  # recipients of all senders together; each takes some hundred bytes


class Directed:
    """Remembers recipients by sender; of too many, those who were used last."""

    __slots__ = ("_by_sender", "_number")

    def __init__(self) -> None:
        self._by_sender: OrderedDict[JID, dict[JID, None]] = OrderedDict()
        self._number = 0

    def note(self, stanza: Stanza, recipients: Iterable[JID]) -> None:
        """Take note of who gets a presence."""
        sender = stanza.sender
        known = self._take(sender)
        if stanza.type == "available":
            known.update(dict.fromkeys(recipients))
        else:
            for each in recipients:
                known.pop(each, None)
        if not known:
            return
        for each in list(known)[: max(0, len(known) - _RECIPIENTS)]:
            del known[each]
        self._by_sender[sender] = known
        self._number += len(known)
        while len(self._by_sender) > _SENDERS or self._number > _ALL:
            _, oldest = self._by_sender.popitem(last=False)
            self._number -= len(oldest)

    def forget(self, sender: JID) -> list[JID]:
        """Return who got presence of a sender, who is gone."""
        return list(self._take(sender))

    def _take(self, sender: JID) -> dict[JID, None]:
        known = self._by_sender.pop(sender, None) or {}
        self._number -= len(known)
        return known
