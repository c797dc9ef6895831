"""What nodes can do, as discovery tells it (XEP-0060 §10)."""

from typing import Final

from palaver.ext.pubsub.names import NS

_BOTH: Final = (
    "auto-create", "config-node", "get-pending", "last-published", "leased-subscription",
    "create-and-configure", "create-nodes", "delete-items",
    "delete-nodes", "instant-nodes", "item-ids", "manage-subscriptions", "member-affiliation",
    "meta-data", "modify-affiliations", "multi-items", "outcast-affiliation",
    "persistent-items", "publish", "publish-node-full", "publish-only-affiliation",
    "publish-options", "publisher-affiliation", "purge-nodes", "retract-items",
    "retrieve-affiliations", "retrieve-default", "retrieve-default-sub", "retrieve-items",
    "retrieve-subscriptions", "rsm", "subscribe", "subscription-notifications",
    "subscription-options", "presence-notifications", "config-node-max",
)  # fmt: skip
_ACCOUNT: Final = (
    "auto-subscribe", "filtered-notifications", "presence-subscribe",
    "pubsub-on-a-jid",
)  # fmt: skip


def _full(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{NS}#{name}" for name in names)


# The access model named is the default one; all are supported.
OF_SERVICE: Final = (NS, *_full((*_BOTH, "access-open")))
OF_ACCOUNT: Final = (NS, *_full((*_BOTH, *_ACCOUNT, "access-presence")))
