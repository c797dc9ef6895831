"""A node: its configuration, and who has to do with it (XEP-0060 §4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from palaver.ext.pubsub.settings import NodeConfig
from palaver.jid import JID, BareJID

WITH_PRESENCE: Final = 0
"""The end of a subscription that lasts as long as its holder is online (XEP-0060 §12.5)."""

_NOBODY: Final[Mapping[JID, "Subscription"]] = {}


class Affiliation(Enum):
    """What an entity may do with a node (§4.1)."""

    OWNER = "owner"
    PUBLISHER = "publisher"
    PUBLISH_ONLY = "publish-only"
    MEMBER = "member"
    NONE = "none"
    OUTCAST = "outcast"

    @property
    def reads(self) -> bool:
        """Tell whether it may read whatever the access model says."""
        return self in (Affiliation.OWNER, Affiliation.PUBLISHER, Affiliation.MEMBER)

    @property
    def never_reads(self) -> bool:
        """Tell whether it may never read."""
        return self in (Affiliation.PUBLISH_ONLY, Affiliation.OUTCAST)

    @property
    def publishes(self) -> bool:
        """Tell whether it may publish whatever the publish model says."""
        return self in (Affiliation.OWNER, Affiliation.PUBLISHER, Affiliation.PUBLISH_ONLY)


@dataclass(frozen=True, slots=True)
class SubscriptionOptions:
    """How a subscriber wants to be notified (§6.3).

    ``deliver``     whether at all
    ``show_values`` in which states of presence; empty for all
    ``expire``      when the subscription ends, in microseconds since 1970; None for never, and
                    `WITH_PRESENCE` when its holder goes offline
    """

    deliver: bool = True
    show_values: tuple[str, ...] = ()
    expire: int | None = None

    def to_json(self) -> str:
        """Write them for storage, without the end, which has a column of its own."""
        return json.dumps([self.deliver, list(self.show_values)])

    @classmethod
    def from_json(cls, text: str, expire: int | None) -> "SubscriptionOptions":
        """Read what `to_json` wrote."""
        deliver, show_values = json.loads(text)
        return cls(deliver, tuple(show_values), expire)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription; ``state`` is "subscribed" or "pending" (§4.2)."""

    jid: JID
    subid: str
    state: str
    options: SubscriptionOptions = field(default_factory=SubscriptionOptions)

    @property
    def active(self) -> bool:
        """Tell whether its holder is notified and may read."""
        return self.state == "subscribed"


class Node:
    """A node of an account or a service.

    ``id``             its key in tables; 0 as long as it is stored nowhere
    ``service``        the address it is at
    ``name``           its name there
    ``items``, ``bytes``  how many items it has, and the size of their payloads
    ``affiliations``   those that are not "none"
    """

    __slots__ = (
        "_subscribers", "affiliations", "bytes", "config", "created", "creator", "id", "items",
        "name", "service",
    )  # fmt: skip

    def __init__(
        self,
        id_: int,
        service: BareJID,
        name: str,
        creator: BareJID,
        created: int,
        config: NodeConfig,
    ) -> None:
        self.id = id_
        self.service = service
        self.name = name
        self.creator = creator
        self.created = created
        self.config = config
        self.items = 0
        self.bytes = 0
        self.affiliations: dict[BareJID, Affiliation] = {}
        self._subscribers: dict[BareJID, dict[JID, Subscription]] = {}

    def affiliation(self, who: JID) -> Affiliation:
        """Return what an address may do; an account owns all of its own nodes."""
        bare = who.bare
        if bare == self.service:
            return Affiliation.OWNER
        return self.affiliations.get(bare, Affiliation.NONE)

    @property
    def is_new(self) -> bool:
        """Tell whether it is stored nowhere yet."""
        return self.id == 0

    @property
    def owners(self) -> list[BareJID]:
        """The addresses of the owners."""
        return [who for who, each in self.affiliations.items() if each is Affiliation.OWNER]

    def subscriptions_of(self, who: JID) -> list[Subscription]:
        """Return those of an address, with any resource or none."""
        return list(self._subscribers.get(who.bare, _NOBODY).values())

    def is_subscribed(self, who: JID) -> bool:
        """Tell whether an address has a subscription that was approved, with any resource."""
        return any(each.active for each in self.subscriptions_of(who))

    @property
    def subscriptions(self) -> list[Subscription]:
        """All subscriptions."""
        return [each for own in self._subscribers.values() for each in own.values()]

    def lasting(self, options: SubscriptionOptions) -> SubscriptionOptions:
        """Return options that last no longer than the node lets them (§12.5)."""
        return replace(options, expire=WITH_PRESENCE) if self.config.tempsub else options

    def put(self, subscription: Subscription) -> None:
        """Take a subscription, in place of one of the same address."""
        own = self._subscribers.setdefault(subscription.jid.bare, {})
        own[subscription.jid] = subscription

    def drop(self, subscription: Subscription) -> None:
        """Take a subscription away."""
        own = self._subscribers.get(subscription.jid.bare, {})
        own.pop(subscription.jid, None)
        if not own:
            self._subscribers.pop(subscription.jid.bare, None)
