"""Ends the subscriptions with a contact that is taken off, or whose account goes."""

from collections.abc import Iterator

from palaver.ext.roster.item import RosterItem
from palaver.kernel.account import Account
from palaver.wire.stanza import Stanza


def farewell(account: Account, item: RosterItem) -> Iterator[Stanza]:
    """Iterate over what the contact is told (RFC 6121 §2.5.2, §3.2.2, §3.3.2).

    A request that waits, on either side, is withdrawn or refused as well: nothing is left that
    could be answered later.
    """
    if item.state.is_seen:
        for session in account.sessions.values():
            if session.available:
                yield Stanza.make("presence", session.jid, item.contact, {"type": "unavailable"})
    if item.state.sees or item.state.pending_out:
        yield Stanza.make("presence", account.jid, item.contact, {"type": "unsubscribe"})
    if item.state.is_seen or item.state.pending_in:
        yield Stanza.make("presence", account.jid, item.contact, {"type": "unsubscribed"})
