"""ANONYMOUS, the server's side (RFC 4505, XEP-0175)."""

import uuid
from typing import Final

from palaver.jid import parse_bare
from palaver.sasl.errors import malformed
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.steps import Identity, Step, Success

#: Longest trace information taken, in characters (RFC 4505 §2).
MAX_TRACE: Final = 255


class AnonymousServer(ServerMechanism):
    """Gives whoever asks a random identity, and forgets the trace information.

    What clients send as trace cannot be verified and may be somebody's e-mail address.
    """

    __slots__ = ()

    def _on_response(self, response: bytes) -> Step:
        try:
            trace = response.decode("utf-8")
        except UnicodeDecodeError:
            raise malformed("not UTF-8") from None
        if len(trace) > MAX_TRACE:
            raise malformed(f"trace information longer than {MAX_TRACE} characters")
        return self._on_nothing()

    def _on_nothing(self) -> Step:
        jid = parse_bare(f"{uuid.uuid4()}@{self.domain}")
        return Success(Identity(jid, anonymous=True))
