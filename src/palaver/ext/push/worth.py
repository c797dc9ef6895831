"""Which messages are worth waking a device for, and what a notification tells of them."""

from typing import Final

from palaver.ext.push.notices import Notice
from palaver.kernel.account import Account
from palaver.wire.stanza import Stanza

_BODY: Final = "jabber:client body"
_MENTIONS: Final = "urn:xmpp:mmn:0 mentions"  # XEP-0452
_WORTH: Final = frozenset(
    {
        _BODY,
        "urn:xmpp:attention:0 attention",  # XEP-0224
        "urn:xmpp:omemo:2 encrypted",  # XEP-0384
        "eu.siacs.conversations.axolotl encrypted",
        "urn:xmpp:openpgp:0 openpgp",  # XEP-0373
        "jabber:x:encrypted x",  # XEP-0027
        "urn:xmpp:jingle-message:0 propose",  # XEP-0353: it rings
        "urn:xmpp:jingle-message:0 retract",  # and it stops
        "urn:xmpp:call-invites:0 invite",  # XEP-0482
        "urn:xmpp:call-invites:0 retract",
        "jabber:x:conference x",  # XEP-0249
        "http://jabber.org/protocol/muc#user x",  # XEP-0045 §7.8.2
        "urn:xmpp:sfs:0 file-sharing",  # XEP-0447
        _MENTIONS,
    }
)
_REFERENCE: Final = ("reference", "urn:xmpp:reference:0")


def is_worth(stanza: Stanza, account: Account) -> bool:
    """Tell whether a message is something its recipient wants to be told of."""
    if stanza.type in ("error", "headline") or stanza.sender.bare == account.jid:
        return False
    return not _WORTH.isdisjoint(stanza.names)


def mentions(stanza: Stanza, account: Account) -> bool:
    """Tell whether a message refers to its recipient by address (XEP-0372 §3.3)."""
    if not stanza.has(*_REFERENCE):
        return False
    own = f"xmpp:{account.jid}"
    return any(
        child.name == "reference"
        and child.ns == _REFERENCE[1]
        and child.get("type") == "mention"
        and child.get("uri", "").partition("?")[0] == own
        for child in stanza.elements
    )


def notice_of(stanza: Stanza, account: Account, *, sender: bool, body: bool) -> Notice:
    """Return what is told of a message: who sent it and what it says, where that may be told."""
    if _MENTIONS in stanza.names:
        return _mention(stanza, sender=sender, body=body)
    said = stanza.child("body") if body else None
    return Notice(
        str(stanza.sender) if sender else "",
        "" if said is None else said.text,
        from_room=stanza.type == "groupchat",
        mention=mentions(stanza, account),
    )


def _mention(stanza: Stanza, *, sender: bool, body: bool) -> Notice:
    """Return what is told of a message that a room forwards to whom it mentions (XEP-0452)."""
    forwarded = stanza.child("mentions")
    for name in ("forwarded", "message"):
        forwarded = next((each for each in forwarded or () if each.name == name), None)
    said = None if forwarded is None else forwarded.text_of("body", "jabber:client")
    who = stanza.sender if forwarded is None else forwarded.get("from", str(stanza.sender))
    return Notice(
        str(who) if sender else "",
        (said or "") if body else "",
        from_room=True,
        mention=True,
    )
