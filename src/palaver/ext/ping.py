"""Answers pings, so that clients and servers can tell a live connection from a dead one."""

from typing import ClassVar, Final

from palaver.kernel.extension import Answer, Extension, Request, Target, Xep, iq

NS: Final = "urn:xmpp:ping"


class Ping(Extension):
    """XMPP Ping: hosts and one's own account answer; one for a full JID goes to the client."""

    name: ClassVar = "ping"
    implements: ClassVar = (Xep(199, "2.0.1"),)
    features: ClassVar = (NS,)
    account_features: ClassVar = (NS,)

    @iq("get", NS, "ping", to=(Target.ACCOUNT, Target.HOST))
    def ping(self, _request: Request) -> Answer:
        """Answer with an empty result (XEP-0199 §4)."""
        return None
