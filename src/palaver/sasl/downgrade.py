"""Protection against somebody who takes mechanisms out of the list a client sees (XEP-0474)."""

from functools import lru_cache
from typing import Final

from palaver.sasl.encoding import encode
from palaver.sasl.keys import Hash

#: The attribute of a SCRAM server's first message that carries the hash.
ATTRIBUTE: Final = "h"

_BETWEEN: Final = "\x1e"
_BINDINGS: Final = "\x1f"


@lru_cache(128)
def advertised(mechanisms: tuple[str, ...], bindings: tuple[str, ...], hash_: Hash) -> str:
    """Return the hash of what a server advertised, in base64 (§5.1).

    *bindings* are the channel-binding types of XEP-0440; none when it named none. A proof of SCRAM
    covers the message that this is in, so only who knows the password can make it fit.
    """
    text = _BETWEEN.join(sorted(mechanisms))
    types = sorted(bindings)
    if types:
        text += _BINDINGS + _BETWEEN.join(types)
    return encode(hash_.of(text.encode("ascii")))
