"""The command that shows owners who waits for their approval (XEP-0060 §8.7)."""

import secrets
from typing import Final

from palaver.ext.adhoc.payload import NS as NS_COMMANDS
from palaver.ext.adhoc.payload import canceled, completed, read
from palaver.ext.disco import Identity, Info, Item
from palaver.ext.pubsub import approving
from palaver.ext.pubsub.engine import Engine
from palaver.ext.pubsub.errors import no_such_node, unsupported
from palaver.ext.pubsub.names import NS, SUBSCRIBE_AUTHORIZATION
from palaver.ext.pubsub.node import Affiliation, Node
from palaver.ext.pubsub.place import Place
from palaver.jid import JID
from palaver.kernel import forms
from palaver.kernel.adhoc import Done
from palaver.kernel.form_fields import ListSingle, Option, TextSingle
from palaver.kernel.forms import Form
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

GET_PENDING: Final = f"{NS}#get-pending"
NAME: Final = "Requests to subscribe that wait for approval"
_NODE: Final = TextSingle("pubsub#node", "Node", required=True)
_ANSWER: Final = Form((_NODE,), form_type=SUBSCRIBE_AUTHORIZATION)
_MOST: Final = 1_000  # requests shown at once; as they are dealt with there is room for others


class Pending:
    """Runs the command.

    Its two steps need nothing remembered between them: the second says which node it is about.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def run(self, place: Place, who: JID, command: Element, lang: str | None) -> Element:
        """Take a step.

        Raises:
            StanzaError: forbidden, who asks owns no node, or not that one; item-not-found, there
                is no such node; feature-not-implemented, that is another command.
        """
        here = place.is_owned_by(who) or not place.address.local
        if not here and not await self._owned(place, who):
            # Without a text, as for an account that does not exist.
            raise StanzaError("service-unavailable")
        order = read(command, lang)
        if order.node != GET_PENDING:
            raise unsupported("get-pending", "there is no such command")
        session = order.session or secrets.token_hex(8)
        if order.action == "cancel":
            return canceled(order.node, session)
        if order.form is not None:
            await self._show(place, who, _ANSWER.read(order.form)[_NODE])
            return completed(order.node, session, Done())
        form = await self._choice(place, who)
        attrs = {"node": order.node, "sessionid": session, "status": "executing"}
        actions = Element("actions", NS_COMMANDS, {"execute": "complete"})
        actions.add(Element("complete", NS_COMMANDS))
        return Element("command", NS_COMMANDS, attrs, actions, form)

    async def about(self, place: Place, who: JID, node: str) -> Info | None:
        """Tell owners that there is the command, where the node is its, or the list of commands."""
        if node not in (NS_COMMANDS, GET_PENDING) or not await self._owned(place, who):
            return None
        if node == NS_COMMANDS:
            return Info((Identity("automation", "command-list", "Commands"),))
        return Info((Identity("automation", "command-node", NAME),), (NS_COMMANDS, forms.NS))

    async def listed(self, place: Place, who: JID, node: str) -> list[Item] | None:
        """List the command for owners."""
        if node != NS_COMMANDS or not await self._owned(place, who):
            return None
        return [Item(place.address, NAME, GET_PENDING)]

    async def _choice(self, place: Place, who: JID) -> Element:
        """Return the form with the nodes that somebody waits for."""
        owned = await self._owned(place, who)
        if not owned:
            raise StanzaError("forbidden", "you own no node")
        waited_for = await self._engine.nodes.waited_for(place.address)
        options = tuple(Option(node.name) for node in owned if node.name in waited_for)
        choice = ListSingle(_NODE.var, "Node", required=True, options=options)
        return Form((choice,), form_type=SUBSCRIBE_AUTHORIZATION, title=NAME).blank()

    async def _owned(self, place: Place, who: JID) -> list[Node]:
        if place.is_owned_by(who):
            return await self._engine.nodes.of_service(place.address, who)
        found = await self._engine.nodes.concerning(place.address, who)
        return [node for node in found if _owns(node, who)]

    async def _show(self, place: Place, who: JID, name: str) -> None:
        """Ask who asked about each request that waits."""
        node = await self._engine.find(place, name)
        if node is not None and _owns(node, who):
            waiting = [each for each in node.subscriptions if not each.active]
            for each in waiting[:_MOST]:
                self._engine.server.router.route(approving.request(node, each, who))
        elif node is None:
            raise no_such_node()
        else:
            raise StanzaError("forbidden", "you do not own that node")


def _owns(node: Node, who: JID) -> bool:
    return node.affiliation(who) is Affiliation.OWNER
