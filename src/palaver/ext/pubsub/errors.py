"""What publish-subscribe refuses, with the conditions of its own (XEP-0060 §13)."""

from palaver.ext.pubsub.names import NS_ERRORS
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError


def refusal(
    condition: str,
    detail: str,
    text: str = "",
    *,
    type: str = "",  # noqa: A002 - as StanzaError
) -> StanzaError:
    """Return an error with a condition of publish-subscribe in it."""
    return StanzaError(condition, text, type=type, detail=Element(detail, NS_ERRORS))


def unsupported(feature: str, text: str = "") -> StanzaError:
    """Return the error for a feature that a node does not have."""
    detail = Element("unsupported", NS_ERRORS, {"feature": feature})
    return StanzaError("feature-not-implemented", text, detail=detail)


def no_such_node() -> StanzaError:
    """Return the error for a node that does not exist."""
    return StanzaError("item-not-found", "there is no such node")


def node_required() -> StanzaError:
    """Return the error for a request that names no node."""
    return refusal("bad-request", "nodeid-required", "name a node")


def forbidden() -> StanzaError:
    """Return the error for what an affiliation does not allow."""
    return StanzaError("forbidden", "your affiliation does not allow that")
