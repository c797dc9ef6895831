"""The hash of the avatar in the presence of sessions (XEP-0153, XEP-0398 §4).

A presence is looked into only where it says something about avatars itself.
"""

from typing import Final

from palaver.ext.profile.avatars import Avatar
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.wire import element, ns
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

NS: Final = "vcard-temp:x:update"
KEY: Final = ns.qname(NS, "x")

AVATAR: Final[Slot[Avatar]] = Slot("avatar that the account shows")
_SILENT: Final[Slot[bool]] = Slot("the client itself says that there is no avatar")


def corrected(stanza: Stanza, session: Session) -> Stanza | None:
    """Return a presence of a session with the hash of the avatar; None where it stays as it is.

    Who says that there is no avatar is left alone, as XEP-0398 has it.
    """
    avatar, broadcast = AVATAR.get(session.account), stanza.to is None
    told = told_by(stanza)
    if broadcast and (told == "" or is_silent(session)):
        _SILENT.set(session, told == "")
    if told == "" or not _concerned(avatar, broadcast=broadcast):
        return None
    hash_ = "" if avatar is None else avatar.id
    if KEY not in stanza.names:
        return stanza.appended(KEY, _update(hash_)) if hash_ else None
    return None if told == hash_ else _with_hash(stanza, hash_)


def renewed(session: Session) -> Stanza | None:
    """Return the last presence of a session with the hash as it is now; None where it is so."""
    presence, avatar = session.presence, AVATAR.get(session.account)
    if presence is None or is_silent(session):
        return None
    hash_ = avatar.id if avatar is not None and _concerned(avatar, broadcast=True) else ""
    told = told_by(presence)
    if told == hash_ or (told is None and not hash_):
        return None
    return _with_hash(presence, hash_)


def is_silent(session: Session) -> bool:
    """Tell whether a client said of itself that there is no avatar; nothing is put in then."""
    return bool(_SILENT.get(session))


def be_silent(session: Session) -> None:
    """Take note that a client said so."""
    _SILENT.set(session, True)


def told_by(stanza: Stanza) -> str | None:
    """Return the hash in a presence: "" for no avatar, None where nothing is said of any."""
    if KEY not in stanza.names:
        return None
    photo = element.parse(stanza.part(KEY)).find("photo")
    return None if photo is None else photo.text.strip().lower()


def _concerned(avatar: Avatar | None, *, broadcast: bool) -> bool:
    """Tell whether those who get a presence may see the avatar, if there is one.

    Broadcasts go to those who see the presence, directed presence to rooms and strangers as well.
    """
    if avatar is None or avatar.reach == "everybody":
        return True
    return broadcast and avatar.reach == "contacts"


def _with_hash(stanza: Stanza, hash_: str) -> Stanza:
    return stanza.without(lambda key, _: key == KEY).appended(KEY, _update(hash_))


def _update(hash_: str) -> bytes:
    photo = Element("photo", NS, None, hash_ or None)
    return Element("x", NS, None, photo).to_bytes()
