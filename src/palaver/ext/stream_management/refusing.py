"""What becomes of a stanza that its client never acknowledged and that no log keeps."""

from collections.abc import Callable

from palaver.ext.keeping import keeping
from palaver.wire.errors import StanzaError, WireError
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza


def refuse(data: bytes, answer: Callable[[Stanza, StanzaError], None]) -> None:
    """Tell its sender, where a sender expects that, as for a resource that is not there.

    Requests get an error (RFC 6121 §8.5.3.2.3), and so do messages that say something but must not
    be kept; presence, results and what nobody waits for is dropped.
    """
    try:
        stanza = reread(data)
    except (WireError, KeyError):
        return
    if stanza.kind == "iq":
        if stanza.type in ("get", "set"):
            answer(stanza, StanzaError("service-unavailable"))
    elif stanza.kind == "message" and _is_missed(stanza):
        answer(stanza, StanzaError("recipient-unavailable"))


def _is_missed(stanza: Stanza) -> bool:
    return stanza.type == "groupchat" or (
        stanza.type in ("normal", "chat") and keeping(stanza).content
    )
