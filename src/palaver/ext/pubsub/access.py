"""Who may read a node, and who may publish: affiliations and models (XEP-0060 §4.1, §4.5)."""

from typing import TYPE_CHECKING

from palaver.ext.pubsub.errors import forbidden, refusal
from palaver.ext.pubsub.node import Affiliation, Node
from palaver.ext.roster.roster import Roster, roster_of
from palaver.jid import JID
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server


class Door:
    """Who may come in to a node, with the rosters that this depends on."""

    __slots__ = ("_is_open", "_node", "_rosters")

    def __init__(self, node: Node, rosters: tuple[Roster, ...]) -> None:
        self._node = node
        self._rosters = rosters
        self._is_open = node.config.access_model == "open"

    def refusal(self, who: JID, *, subscribing: bool = False) -> StanzaError | None:
        """Return why somebody may not retrieve items, or not subscribe; None where they may."""
        node = self._node
        affiliation = node.affiliation(who)
        if affiliation.never_reads:
            return forbidden()
        if affiliation.reads:
            return None
        match node.config.access_model:
            case "presence":
                return self._unseen(who)
            case "roster":
                return self._unseen(who) or self._in_no_group(who)
            case "whitelist":
                return refusal("not-allowed", "closed-node", "only those on a list have access")
            case "authorize" if not subscribing and not node.is_subscribed(who):
                return refusal("not-authorized", "not-subscribed", "an owner has to approve")
        return None

    def admits(self, who: JID) -> bool:
        """Tell whether somebody may retrieve items, and so be told of them."""
        if self._is_open and self._node.affiliation(who) is Affiliation.NONE:
            return True  # as for most of those who are told
        return self.refusal(who) is None

    def _unseen(self, who: JID) -> StanzaError | None:
        if any(roster.state_of(who).is_seen for roster in self._rosters):
            return None
        text = "only those who see the owner's presence have access"
        return refusal("not-authorized", "presence-subscription-required", text)

    def _in_no_group(self, who: JID) -> StanzaError | None:
        allowed = set(self._node.config.roster_groups_allowed)
        if any(allowed.intersection(roster.groups_of(who)) for roster in self._rosters):
            return None
        text = "only certain groups of the owner's roster have access"
        return refusal("not-authorized", "not-in-roster-group", text)


async def door_of(server: "Server", node: Node) -> Door:
    """Return the door of a node.

    Raises:
        StanzaError: an owner's roster cannot be read now.
    """
    if node.config.access_model not in ("presence", "roster"):
        return Door(node, ())
    rosters = []
    for owner in [node.service] if node.service.local else node.owners:
        account = await server.accounts.get(owner) if owner.domain in server.hosts else None
        if account is not None:
            rosters.append(roster_of(account))
    return Door(node, tuple(rosters))


def check_publishing(node: Node, who: JID) -> None:
    """Check that somebody may publish.

    Raises:
        StanzaError: forbidden.
    """
    affiliation, model = node.affiliation(who), node.config.publish_model
    if affiliation.publishes:
        return
    if affiliation is not Affiliation.OUTCAST and (
        model == "open" or (model == "subscribers" and node.is_subscribed(who))
    ):
        return
    raise forbidden()


def check_overwriting(node: Node, who: JID) -> None:
    """Check that somebody may put an item in place of one that others published.

    That deletes the older one, which only owners and publishers may (§4.1).

    Raises:
        StanzaError: forbidden.
    """
    if node.affiliation(who) not in (Affiliation.OWNER, Affiliation.PUBLISHER):
        raise forbidden()


def check_owner(node: Node, who: JID) -> None:
    """Check that somebody owns a node.

    Raises:
        StanzaError: forbidden.
    """
    if node.affiliation(who) is not Affiliation.OWNER:
        raise forbidden()
