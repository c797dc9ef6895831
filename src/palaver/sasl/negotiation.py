"""Which mechanisms a client may use on a connection, and the start of the one it chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from palaver.sasl.anonymous import AnonymousServer
from palaver.sasl.binding import by_strength
from palaver.sasl.decoys import Decoys
from palaver.sasl.downgrade import ATTRIBUTE, advertised
from palaver.sasl.errors import Condition, SaslError
from palaver.sasl.external import ExternalServer, accounts
from palaver.sasl.hashed_token import TOKEN_MECHANISMS, HashedTokenServer
from palaver.sasl.keys import DEFAULT_ITERATIONS, Hash
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.plain import PlainServer
from palaver.sasl.scram import ScramServer

EXTERNAL: Final = "EXTERNAL"
PLAIN: Final = "PLAIN"
ANONYMOUS: Final = "ANONYMOUS"
PLUS: Final = "-PLUS"

_STRONGEST_FIRST: Final = (Hash.SHA_512, Hash.SHA_256, Hash.SHA_1)
#: Mechanism names of the SCRAM family → hash function.
SCRAM: Final = {f"SCRAM-{hash_}{form}": hash_ for form in (PLUS, "") for hash_ in _STRONGEST_FIRST}
#: Those with which a client shows that it knows the password.
PASSWORD_MECHANISMS: Final = frozenset({PLAIN, *SCRAM})
_UNBOUND: Final = (PLAIN, *(name for name in SCRAM if not name.endswith(PLUS)))
#: Every mechanism there is, strongest first.
MECHANISMS: Final = (EXTERNAL, *SCRAM, PLAIN, ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Policy:
    """Says what a host allows; made once per host.

    *domain* is the host in normal form; *decoys* are the keys of accounts that do not exist;
    *mechanisms* are those configured, in any order; *iterations* are what new keys get.
    """

    domain: str
    decoys: Decoys = field(repr=False)
    mechanisms: tuple[str, ...] = MECHANISMS
    encryption_required: bool = True
    plain_without_tls: bool = False
    anonymous: bool = False
    iterations: int = DEFAULT_ITERATIONS


@dataclass(frozen=True, slots=True)
class Channel:
    """Says what a connection gives.

    *bindings* is channel-binding data by type; *addresses* are those in the client's certificate
    if there is one and TLS has verified it.
    """

    encrypted: bool = False
    bindings: Mapping[str, bytes] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()


def offers(policy: Policy, channel: Channel) -> list[str]:
    """Return the mechanisms to advertise, strongest first (RFC 6120 §6.3.3, §6.3.4).

    EXTERNAL only comes with a certificate that names an account of the host: clients prefer it,
    and would fail for nothing.
    """
    return [
        name
        for name in MECHANISMS
        if name in policy.mechanisms and _obstacle(name, policy, channel) is None
    ]


def scram_hashes(policy: Policy) -> list[Hash]:
    """Return the hash functions of the SCRAM mechanisms configured, strongest first."""
    names = {name.removesuffix(PLUS) for name in policy.mechanisms}
    return [hash_ for hash_ in _STRONGEST_FIRST if f"SCRAM-{hash_}" in names]


def token_offers(policy: Policy, channel: Channel) -> list[str]:
    """Return the mechanisms for tokens to advertise, strongest first (XEP-0484 §3.1).

    The form without channel binding is for hosts on which passwords need none either.
    """
    if not channel.encrypted:
        return []
    loose = any(name in policy.mechanisms for name in _UNBOUND)
    return [
        name
        for name, type_ in TOKEN_MECHANISMS.items()
        if (loose if type_ is None else type_ in channel.bindings)
    ]


def begin_token(name: str, policy: Policy, channel: Channel) -> ServerMechanism:
    """Start the mechanism a client with a token chose; raises SaslError *invalid-mechanism*."""
    if name not in token_offers(policy, channel):
        raise SaslError(Condition.INVALID_MECHANISM)
    type_ = TOKEN_MECHANISMS[name]
    data = b"" if type_ is None else channel.bindings[type_]
    return HashedTokenServer(name, policy.domain, data)


def binding_offers(policy: Policy, channel: Channel) -> tuple[str, ...]:
    """Return the channel-binding types to advertise, strongest first (XEP-0440).

    None without a -PLUS form on offer: a client has to take that for an attack.
    """
    return by_strength(channel.bindings) if _offers_plus(policy, channel) else ()


def begin(name: str, policy: Policy, channel: Channel) -> ServerMechanism:
    """Start the mechanism a client chose.

    Raises SaslError: *encryption-required* before TLS, *mechanism-too-weak* for one that the
    configuration leaves out, *invalid-mechanism* for one that does not exist or cannot work here.
    """
    obstacle = _obstacle(name, policy, channel)
    if obstacle is not None:
        raise SaslError(obstacle)
    if name not in policy.mechanisms:
        raise SaslError(Condition.MECHANISM_TOO_WEAK)
    if name == EXTERNAL:
        return ExternalServer(policy.domain, channel.addresses)
    if name == PLAIN:
        return PlainServer(policy.domain, policy.decoys)
    if name == ANONYMOUS:
        return AnonymousServer(policy.domain)
    hash_ = SCRAM[name]
    names = tuple(offers(policy, channel))
    plus = any(map(_is_plus, names))
    seen = advertised(names, by_strength(channel.bindings) if plus else (), hash_)
    return ScramServer(
        hash_,
        policy.domain,
        policy.decoys,
        bindings=channel.bindings if name.endswith(PLUS) else None,
        plus_offered=plus,
        attributes=((ATTRIBUTE, seen),),
    )


def _offers_plus(policy: Policy, channel: Channel) -> bool:
    return any(map(_is_plus, offers(policy, channel)))


def _is_plus(name: str) -> bool:
    return name.endswith(PLUS)


def _obstacle(name: str, policy: Policy, channel: Channel) -> Condition | None:
    """Say why a mechanism cannot work on *channel*, whether configured or not."""
    if name not in MECHANISMS:
        return Condition.INVALID_MECHANISM
    if not channel.encrypted and _needs_encryption(name, policy):
        return Condition.ENCRYPTION_REQUIRED
    if name.endswith(PLUS):
        works = bool(by_strength(channel.bindings))
    elif name == EXTERNAL:
        works = bool(accounts(channel.addresses, policy.domain))
    else:
        works = name != ANONYMOUS or policy.anonymous
    return None if works else Condition.INVALID_MECHANISM


def _needs_encryption(name: str, policy: Policy) -> bool:
    if name == PLAIN:
        return not policy.plain_without_tls
    return policy.encryption_required or name == EXTERNAL or name.endswith(PLUS)
