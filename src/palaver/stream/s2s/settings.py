"""What the streams between servers need to know."""

from collections.abc import Callable
from dataclasses import dataclass

from palaver.sasl.domain_certificates import certificate_covers
from palaver.stream.s2s.dialback import Pair
from palaver.wire.events import Limits


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of the server of a domain.

    ``allowed``      whether there is anything to do with it at all
    ``certificate``  whether it must have a certificate that is valid for the domain
    ``encryption``   whether the stream must be encrypted
    ``bidi``         whether one stream may carry stanzas both ways (XEP-0288)
    """

    allowed: bool = True
    certificate: bool = False
    encryption: bool = True
    bidi: bool = True


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """The certificate of the server at the other end.

    ``der``      as it came; empty without one
    ``trusted``  whether it is within its time, and from an authority that is trusted
    ``problem``  why it is not
    ``constrained``  whether an authority on the way to it may sign for some names only
    ``expires``  the time of day until which it is, with all between it and its authority
    """

    der: bytes = b""
    trusted: bool = False
    problem: str = "it has no certificate"
    constrained: bool = False
    expires: float = float("inf")

    def covers(self, domain: str) -> bool:
        """Tell whether it is good for a domain."""
        return self.trusted and certificate_covers(
            self.der, domain, dns_names_only=self.constrained
        )


@dataclass(frozen=True, slots=True)
class ServerStreamSettings:
    """What is the same for every stream between servers.

    ``rules``   gives what is asked of a domain
    ``ours``    tells whether a domain is one of ours
    ``tls``     tells whether there is a certificate for a domain of ours
    ``key``     makes the dialback key of a pair on a stream
    ``before``, ``after``  limits before and after it is known who the other server is
    """

    rules: Callable[[str], Rules]
    ours: Callable[[str], bool]
    tls: Callable[[str], bool]
    key: Callable[[Pair, str], str]
    lang: str
    before: Limits
    after: Limits
