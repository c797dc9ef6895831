"""People who moved to another address stay contacts (XEP-0283).

The statement that somebody moved is an item of the old account. A request to subscribe that says it
comes from somebody who moved is granted when the old account says the same, and when it was
subscribed; then the old address is subscribed no more, so that one account moves once.
"""

from typing import ClassVar, Final

import structlog
from pydantic import Field

from palaver import jid as addresses
from palaver.ext.accounts import AccountArguments, Accounts
from palaver.ext.presence.extension import Presence
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS as PUBSUB
from palaver.ext.roster.roster import roster_of
from palaver.jid import BareJID, JIDError
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, Xep, command, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

NS: Final = "urn:xmpp:moved:1"
_ITEM: Final = "current"
_OPTIONS: Final = {"access_model": "presence", "max_items": "1", "persist_items": "true"}


class MovedArguments(AccountArguments):
    """Says who moved, and where to."""

    to: str = Field(description="The new address.")


class Moved(Extension):
    """Follows contacts who moved, and says where an account went."""

    name: ClassVar = "moved"
    implements: ClassVar = (Xep(283, "0.2.0"),)
    requires: ClassVar = ("accounts", "presence", "pubsub", "roster")

    # -- contacts who moved ------------------------------------------------------------------------

    @on(
        hooks.incoming,
        phase=Phase.ROUTE,
        kind="presence",
        payload=(NS, "moved"),
        before=("presence",),
    )
    def asked(self, stanza: Stanza, account: Account) -> Verdict:
        """Take a request to subscribe that says from where its sender moved (§4.4)."""
        old = _address(stanza.child("moved", NS), "old-jid")
        roster = roster_of(account)
        if stanza.type != "subscribe" or account.temporary or old is None:
            return None
        contact = stanza.sender.bare
        if contact in (old, account.jid) or not roster.state_of(old).is_seen:
            return None
        if roster.state_of(contact).is_seen:
            return None
        self.server.spawn(self._verify(stanza, account, old))
        return STOP

    async def _verify(self, stanza: Stanza, account: Account, old: BareJID) -> None:
        """Grant the request if the old account says so; else it is one like any other."""
        presence = self.server.extension(Presence)
        new = await self._statement(account, old)
        # Somebody else may have been quicker, while the old account was asked.
        if new != stanza.sender.bare or not roster_of(account).state_of(old).is_seen:
            presence.receive(stanza, account)
            return
        both = roster_of(account).state_of(old).sees
        log.info("contact moved", account=str(account.jid), old=str(old), new=str(new))
        presence.approve(account, new)
        presence.receive(stanza, account)
        presence.revoke(account, old)
        if both:
            presence.subscribe(account, new)

    async def _statement(self, account: Account, old: BareJID) -> BareJID | None:
        """Ask an old account where its owner went (§4.3)."""
        item = Element("item", PUBSUB, {"id": _ITEM})
        asked = Element("pubsub", PUBSUB, None, Element("items", PUBSUB, {"node": NS}, item))
        try:
            answer = await self.server.requests.ask("get", account.jid, old, asked)
        except StanzaError as error:
            scheme, _, address = error.text.strip().partition(":")
            return _parsed(address) if error.condition == "gone" and scheme == "xmpp" else None
        items = None if answer is None else answer.find("items", PUBSUB)
        for each in () if items is None else items.find_all("item"):
            if each.get("id") == _ITEM:
                return _address(each.find("moved", NS), "new-jid")
        return None

    # -- accounts that move ------------------------------------------------------------------------

    @command("user moved", MovedArguments)
    async def move(self, arguments: MovedArguments, _progress: Progress) -> dict[str, object]:
        """Say on an account where its owner went; a new account here tells the contacts as well."""
        jid, _ = await self.server.extension(Accounts).record(arguments.jid)
        new = _parsed(arguments.to)
        if new is None or not new.local or new == jid:
            raise CommandError("bad-arguments", f"{arguments.to} is no address to move to.")
        old = await self.server.accounts.get(jid)
        successor = await self.server.accounts.get(new) if new.domain in self.server.hosts else None
        if old is None or (new.domain in self.server.hosts and successor is None):
            raise CommandError("not-found", f"There is no account {jid if old is None else new}.")
        try:
            await self._publish(old, new)
        except StanzaError as error:
            raise CommandError("refused", str(error)) from error
        told = [] if successor is None else self._tell(old, successor)
        return {"jid": str(jid), "to": str(new), "contacts_told": len(told)}

    async def _publish(self, old: Account, new: BareJID) -> None:
        """Publish the statement (§4.1)."""
        pubsub = self.server.extension(PubSub)
        moved = Element("moved", NS, None, Element("new-jid", NS, None, str(new)))
        there = await pubsub.engine.nodes.find(old.jid, NS)
        item = Element("item", PUBSUB, {"id": _ITEM}, moved)
        await pubsub.publish(old, NS, item, {} if there else _OPTIONS)

    def _tell(self, old: Account, new: Account) -> list[BareJID]:
        """Ask the contacts from the new account (§4.2); their own requests are approved."""
        presence = self.server.extension(Presence)
        moved = Element("moved", NS, None, Element("old-jid", NS, None, str(old.jid)))
        told = []
        for item in roster_of(old).own_items:
            if item.state.sees and item.contact != new.jid:
                if item.state.is_seen:
                    presence.approve(new, item.contact)
                presence.subscribe(new, item.contact, moved)
                told.append(item.contact)
        return told


def _address(moved: Element | None, name: str) -> BareJID | None:
    text = None if moved is None else moved.text_of(name)
    return None if text is None else _parsed(text.strip())


def _parsed(text: str) -> BareJID | None:
    try:
        return addresses.parse_bare(text)
    except JIDError:
        return None
