"""Reads the export of Openfire's plugin "User Import Export" in its own format.

The plugin can write XEP-0227 as well, which says more; this is for the files that people have.
"""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Final

from palaver.ext.moving import elements
from palaver.ext.moving.names import Found, Misfit, UserBegins, UserEnds
from palaver.ext.moving.reader import read_children
from palaver.wire.element import Element

_SUBSCRIPTIONS: Final = {"0": "none", "1": "to", "2": "from", "3": "both"}
_WANTS: Final = "0"  # the state of the account's own request
_IS_ASKED: Final = "1"  # the state of the contact's request


def read(path: Path, host: str, depths: Mapping[str, int]) -> Generator[Found]:
    """Iterate over the accounts; the file does not say of which ``host`` they are.

    Raises:
        FormatError: it is another format, or not safe to read.
    """
    for user in read_children(path, "Openfire"):
        if user.name != "User":
            yield Misfit(f"<{user.name}/> is not understood")
            continue
        yield UserBegins(host, user.text_of("Username") or "", user.text_of("Password") or None)
        for each in _data(user, host):
            yield from elements.pieces(each, depths)
        yield UserEnds()


def _data(user: Element, host: str) -> Iterator[Element]:
    roster = user.find("Roster")
    items, requests = [], []
    for item in roster.find_all("Item") if roster is not None else ():
        contact = item.get("jid", "")
        if contact and "@" not in contact and "." not in contact:
            contact = f"{contact}@{host}"
        if item.get("recvstatus") == _IS_ASKED:
            requests.append(elements.request(contact))
        subscription = _SUBSCRIPTIONS.get(item.get("substatus", "0"))
        if subscription is not None:
            groups = [group.text for group in item.find_all("Group") if group.text]
            asked = item.get("askstatus") == _WANTS
            name = item.get("name", "")
            items.append(
                elements.roster_item(contact, name, subscription, asked=asked, groups=groups)
            )
    if items:
        yield Element("query", "jabber:iq:roster", None, *items)
    yield from requests
    yield from _card(user)


def _card(user: Element) -> Iterator[Element]:
    """Make a vCard of what Openfire knows of a user itself."""
    name, mail = user.text_of("Name"), user.text_of("Email")
    if not name and not mail:
        return
    card = Element("vCard", "vcard-temp")
    if name:
        card.add(Element("FN", "vcard-temp", None, name))
    if mail:
        userid = Element("USERID", "vcard-temp", None, mail)
        card.add(Element("EMAIL", "vcard-temp", None, Element("INTERNET", "vcard-temp"), userid))
    yield card
