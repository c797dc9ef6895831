"""Client state on a stream: whether the user attends to the client (XEP-0352)."""

from typing import TYPE_CHECKING, Final

from palaver.stream.events import ClientState
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = "urn:xmpp:csi:0"


def handle(stream: "ClientStream", element: Element) -> None:
    """Take an element of the namespace; nothing answers it.

    Raises:
        StreamError: it is none that a client sends.
    """
    if element.name not in ("active", "inactive"):
        raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")
    stream.tell(ClientState(element.name == "active"))
