"""How far a user has read, on all devices: the server's part of XEP-0490.

The state itself is an item of a node of the account, which clients publish and hear of like any
other. What is here lets a client say it along with the marker that it sends to the contact.
"""

from typing import ClassVar, Final

import structlog

from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS as PUBSUB
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.extension import Extension, Xep, on
from palaver.kernel.hooks import Phase
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

NS: Final = "urn:xmpp:mds:displayed:0"
_OPTIONS: Final = {
    "persist_items": "true",
    "max_items": "max",
    "send_last_published_item": "never",
    "access_model": "whitelist",
}


class Displayed(Extension):
    """Publishes what a client has displayed, and keeps it from the contact."""

    name: ClassVar = "displayed"
    implements: ClassVar = (Xep(490, "1.0.1"),)
    account_features: ClassVar = ("urn:xmpp:mds:server-assist:0",)
    requires: ClassVar = ("pubsub",)

    @on(hooks.outgoing, phase=Phase.REWRITE, kind="message", payload=(NS, "displayed"))
    def take_out(self, stanza: Stanza, session: Session) -> Stanza | None:
        """Publish it on behalf of the client, and let the rest of the message go on."""
        state = stanza.child("displayed", NS)
        if state is not None and stanza.to is not None and not session.account.temporary:
            self.server.spawn(self._publish(session, stanza.to.bare, state))
        return stanza.without(lambda _key, child: child.ns == NS and child.name == "displayed")

    async def _publish(self, session: Session, chat: BareJID, state: Element) -> None:
        item = Element("item", PUBSUB, {"id": str(chat)}, state)
        try:
            await self.server.extension(PubSub).publish(session.account, NS, item, _OPTIONS)
        except (StanzaError, StorageUnavailable) as error:
            log.warning("displayed state not published", account=session.bare, reason=str(error))
