"""Namespaces of publish-subscribe."""

from typing import Final

NS: Final = "http://jabber.org/protocol/pubsub"
NS_OWNER: Final = f"{NS}#owner"
NS_EVENT: Final = f"{NS}#event"
NS_ERRORS: Final = f"{NS}#errors"
NODE_CONFIG: Final = f"{NS}#node_config"
PUBLISH_OPTIONS: Final = f"{NS}#publish-options"
META_DATA: Final = f"{NS}#meta-data"
SUBSCRIBE_OPTIONS: Final = f"{NS}#subscribe_options"
SUBSCRIBE_AUTHORIZATION: Final = f"{NS}#subscribe_authorization"
