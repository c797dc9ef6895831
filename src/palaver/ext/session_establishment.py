"""Session establishment of RFC 3921, which clients of that time ask for after binding."""

from typing import ClassVar, Final

from palaver.kernel.extension import Answer, Extension, Request, Target, iq

NS: Final = "urn:ietf:params:xml:ns:xmpp-session"


class SessionEstablishment(Extension):
    """Says yes: a bound resource is a session already (RFC 6121 §1.4)."""

    name: ClassVar = "session_establishment"

    @iq("set", NS, "session", to=(Target.ACCOUNT, Target.HOST))
    def establish(self, _request: Request) -> Answer:
        """Answer with an empty result (RFC 3921 §3)."""
        return None
