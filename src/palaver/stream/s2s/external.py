"""SASL EXTERNAL between servers (XEP-0178 §3): who the certificate names, and who the header says.

It is little enough to be written out: one mechanism, one message, nothing to look up.
"""

from typing import Final

from palaver import jid
from palaver.sasl import Condition, SaslError, decode, encode_optional
from palaver.stream.s2s.machine import NS_SASL
from palaver.wire.element import Element

MECHANISM: Final = "EXTERNAL"


def mechanisms() -> Element:
    """Return the feature that offers it."""
    return Element("mechanisms", NS_SASL, None, Element("mechanism", NS_SASL, None, MECHANISM))


def offered(features: Element) -> bool:
    """Tell whether the other server offers it."""
    found = features.find("mechanisms", NS_SASL)
    return found is not None and any(
        each.text.strip() == MECHANISM for each in found.find_all("mechanism")
    )


def auth(domain: str) -> bytes:
    """Return the request; older servers rely on the name in it (§3, Interoperability Note)."""
    text = encode_optional(domain.encode())
    return Element("auth", NS_SASL, {"mechanism": MECHANISM}, text).to_bytes()


def check(text: str, domain: str) -> None:
    """Check who the other server wants to be.

    Raises:
        SaslError: incorrect-encoding, or invalid-authzid: it is not the domain of its header.
    """
    try:
        claimed = decode(text.strip()).decode() if text.strip() not in ("", "=") else ""
        agrees = not claimed or jid.prepare_domain(claimed) == domain
    except (UnicodeDecodeError, jid.JIDError):
        agrees = False
    if not agrees:
        raise SaslError(Condition.INVALID_AUTHZID, "that is not who the stream is from")


def failure(error: SaslError) -> bytes:
    """Return ``<failure/>`` (RFC 6120 §6.5)."""
    return Element("failure", NS_SASL, None, Element(str(error.condition), NS_SASL)).to_bytes()
