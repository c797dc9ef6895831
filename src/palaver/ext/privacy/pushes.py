"""Tells an account's sessions that its rules have changed (XEP-0016 §2.2, XEP-0191 §3.3)."""

import secrets
from collections.abc import Iterable
from typing import Final

from palaver.ext.privacy import payload
from palaver.ext.privacy.rules import Rules
from palaver.ext.privacy.state import USES_BLOCKING, USES_LISTS
from palaver.kernel.account import Account
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

BLOCKING: Final = "urn:xmpp:blocking"


def push_list(account: Account, name: str, *, to_all: bool) -> None:
    """Push the name of a list that was changed; to all sessions or those that use lists."""
    for session in account.sessions.values():
        if to_all or USES_LISTS.get(session):
            _push(session, payload.query(payload.list_element(name)))


def push_blocking(account: Account, verb: str, jids: Iterable[str]) -> None:
    """Push that JIDs were blocked or (verb "unblock") unblocked; without any, that all were."""
    items = [Element("item", BLOCKING, {"jid": jid}) for jid in jids]
    for session in account.sessions.values():
        if USES_BLOCKING.get(session):
            _push(session, Element(verb, BLOCKING, None, *items))


def push_difference(account: Account, before: Rules, after: Rules) -> None:
    """Push what has changed in the block list."""
    old, new = before.blocked, after.blocked
    if old == new:
        return
    if unblocked := [jid for jid in old if jid not in new]:
        push_blocking(account, "unblock", unblocked if new else ())
    if blocked := [jid for jid in new if jid not in old]:
        push_blocking(account, "block", blocked)


def _push(session: Session, element: Element) -> None:
    attrs = {"type": "set", "id": f"privacy-{secrets.token_hex(6)}"}
    session.send(Stanza.make("iq", session.bare, session.jid, attrs, element))
