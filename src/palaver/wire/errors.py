"""The errors that the protocol itself has names for (RFC 6120 §4.9 and §8.3)."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from palaver.wire.element import Element


class WireError(ValueError):
    """Says that something cannot be read from or written to the wire."""


#: Stream error conditions of RFC 6120 §4.9.3.
STREAM_CONDITIONS: Final = frozenset(
    {
        "bad-format",
        "bad-namespace-prefix",
        "conflict",
        "connection-timeout",
        "host-gone",
        "host-unknown",
        "improper-addressing",
        "internal-server-error",
        "invalid-from",
        "invalid-namespace",
        "invalid-xml",
        "not-authorized",
        "not-well-formed",
        "policy-violation",
        "remote-connection-failed",
        "reset",
        "resource-constraint",
        "restricted-xml",
        "see-other-host",
        "system-shutdown",
        "undefined-condition",
        "unsupported-encoding",
        "unsupported-feature",
        "unsupported-stanza-type",
        "unsupported-version",
    }
)

#: Stanza error conditions of RFC 6120 §8.3.3 and the type each usually has.
STANZA_CONDITIONS: Final = {
    "bad-request": "modify",
    "conflict": "cancel",
    "feature-not-implemented": "cancel",
    "forbidden": "auth",
    "gone": "cancel",
    "internal-server-error": "cancel",
    "item-not-found": "cancel",
    "jid-malformed": "modify",
    "not-acceptable": "modify",
    "not-allowed": "cancel",
    "not-authorized": "auth",
    "payment-required": "auth",
    "policy-violation": "modify",
    "recipient-unavailable": "wait",
    "redirect": "modify",
    "registration-required": "auth",
    "remote-server-not-found": "cancel",
    "remote-server-timeout": "wait",
    "resource-constraint": "wait",
    "service-unavailable": "cancel",
    "subscription-required": "auth",
    "undefined-condition": "cancel",
    "unexpected-request": "wait",
}


class StreamError(Exception):
    """Ends a stream with a condition of RFC 6120 §4.9.3.

    ``text`` is for a person; ``detail`` is an application-specific element (§4.9.4).
    """

    def __init__(self, condition: str, text: str = "", detail: "Element | None" = None) -> None:
        if condition not in STREAM_CONDITIONS:
            raise ValueError(f"not a stream error condition: {condition}")
        super().__init__(condition, text)
        self.condition = condition
        self.text = text
        self.detail = detail


class StanzaError(Exception):
    """Refuses one stanza with a condition of RFC 6120 §8.3.3; the stream goes on.

    ``type`` defaults to what the RFC gives for the condition; ``detail`` is an
    application-specific element (§8.3.4). ``payload`` goes back with the error of an IQ instead of
    what was asked: a form to fill in, or the request without the password that it held.
    """

    def __init__(
        self,
        condition: str,
        text: str = "",
        *,
        type: str = "",  # noqa: A002 - the attribute's name in the RFC
        detail: "Element | None" = None,
        payload: "Element | None" = None,
    ) -> None:
        if condition not in STANZA_CONDITIONS:
            raise ValueError(f"not a stanza error condition: {condition}")
        super().__init__(condition, text)
        self.condition = condition
        self.type = type or STANZA_CONDITIONS[condition]
        self.text = text
        self.detail = detail
        self.payload = payload
