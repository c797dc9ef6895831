"""Stanzas on streams whose namespace is not that of clients: of components, and of servers."""

from typing import Final

from palaver.wire import ns
from palaver.wire.stanza import Stanza

_CLIENT: Final = ns.CLIENT.encode()


def written(stanza: Stanza) -> bytes:
    """Return a stanza as written on such a stream.

    What it holds means the same there, but for children that name the namespace of clients.
    """
    inner = stanza.inner
    if b":" not in inner or _CLIENT not in inner:
        return stanza.to_bytes()
    parts = zip(stanza.parts(), stanza.elements, strict=True)
    own = f"{ns.CLIENT} "
    inner = b"".join(
        child.to_bytes() if key.startswith(own) else data for (key, data), child in parts
    )
    return b"".join((stanza.head(), b">", inner, f"</{stanza.kind}>".encode()))
