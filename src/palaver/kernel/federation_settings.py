"""The settings of federation: whom the server speaks to, how they prove who they are, limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from palaver.kernel.endpoint import Endpoint
from palaver.kernel.section import HostName, Section, unit

_SECONDS = unit("seconds")
_BYTES = unit("bytes")

# RFC 6761, RFC 6762, RFC 8375, and what ICANN set aside for private use in 2024.
_RESERVED: Final = (
    *("localhost", "test", "invalid", "example", "example.com", "example.net", "example.org"),
    *("local", "home.arpa", "internal"),
)

Authentication = Literal["certificate", "dialback", "forbidden"]
Encryption = Literal["required", "optional"]


class DomainSettings(Section):
    """What differs for the server of one other domain, in ``[domains."example.net"]``."""

    authentication: Authentication | None = Field(
        None, description="As in `[federation]`, for this domain.", examples=["certificate"]
    )
    encryption: Encryption | None = Field(
        None, description="As in `[federation]`, for this domain.", examples=["required"]
    )
    bidi: bool | None = Field(
        None, description="As in `[federation]`, for this domain.", examples=[False]
    )
    address: Endpoint | None = Field(
        None,
        description="Where its server is, so that DNS is not asked; for private networks.",
        examples=["192.0.2.7:5269"],
    )


class FederationSettings(Section):
    """Whether and how the server speaks to the servers of other domains."""

    enabled: bool | None = Field(
        None,
        description="Whether stanzas for other domains go to their servers, and theirs are taken. "
        "When the key is missing: where a host has a name that other servers can find, unlike "
        "`localhost` and other names that are reserved, and the ports for servers are free.",
        examples=[False],
    )
    authentication: Authentication = Field(
        "dialback",
        description="How other servers prove who they are. `certificate`: only by a certificate "
        "that is valid for the domain (RFC 6120 §13.7); `dialback`: by that, or else by a call "
        "back to where DNS says they are (XEP-0220); `forbidden`: nobody can, but for the domains "
        "that have a section of their own.",
    )
    encryption: Encryption = Field(
        "required", description="Whether streams between servers must be encrypted (RFC 7590)."
    )
    bidi: bool = Field(
        True,
        description="Whether one stream carries stanzas both ways, where the other server does "
        "that too (XEP-0288); otherwise each server opens one of its own.",
    )
    allow: tuple[HostName, ...] = Field(
        (),
        description="The only domains, with those below them, to speak to; all when it is empty.",
        examples=[["example.net", "example.com"]],
    )
    block: tuple[HostName, ...] = Field(
        (),
        description="Domains, with those below them, never to speak to.",
        examples=[["spam.example"]],
    )
    ca: Path | None = Field(
        None,
        description="Certificates (PEM, relative to the data directory) of the authorities that "
        "other servers' certificates must come from; those of the system when the key is missing.",
        examples=["federation-ca.pem"],
    )
    nameservers: tuple[Endpoint, ...] = Field(
        (),
        description="DNS servers to ask; those of the system when it is empty.",
        examples=[["127.0.0.1:53"]],
    )
    this_machine: bool = Field(
        False,
        description="Whether DNS may send us to addresses of this machine and of its link "
        "(127.0.0.1, ::1, 169.254.0.0/16, fe80::/10). Otherwise whoever has a domain could make "
        "the server knock at what only listens there.",
    )
    connect_timeout: float = Field(
        20.0,
        gt=0,
        le=600,
        description="Time to establish a stream with one of the servers of a domain.",
        json_schema_extra=_SECONDS,
    )
    hold_time: float = Field(
        60.0,
        ge=0,
        le=3600,
        description="How long stanzas wait for a domain that cannot be reached, before they are "
        "sent back with `remote-server-timeout`.",
        json_schema_extra=_SECONDS,
    )
    retry_after: float = Field(
        2.0,
        gt=0,
        le=3600,
        description="First pause after a failed attempt to reach a domain; the next ones double.",
        json_schema_extra=_SECONDS,
    )
    retry_at_most: float = Field(
        300.0,
        gt=0,
        le=86_400,
        description="Longest pause between attempts.",
        json_schema_extra=_SECONDS,
    )
    queue_stanzas: int = Field(
        1000,
        ge=1,
        le=1_000_000,
        description="Stanzas that may wait for a stream from one domain to another; more are sent "
        "back with `resource-constraint`. One that goes to many recipients there counts once.",
        json_schema_extra=unit("stanzas"),
    )
    queue_bytes: int = Field(
        1_048_576,
        ge=10_000,
        description="The same bound in bytes.",
        json_schema_extra=_BYTES,
    )
    attempts: int = Field(
        500,
        ge=1,
        le=100_000,
        description="Domains that the server may try to reach at the same time; stanzas for more "
        "are sent back with `resource-constraint`. No more than a quarter of them are below the "
        "same two labels.",
        json_schema_extra=unit("attempts"),
    )
    idle_timeout: float = Field(
        600.0,
        ge=0,
        description="A stream on which nothing is sent for so long is closed; 0 for never.",
        json_schema_extra=_SECONDS,
    )
    acknowledge_timeout: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="A server that counts stanzas (XEP-0198) and does not say for so long that it "
        "has them is disconnected; they go by another connection.",
        json_schema_extra=_SECONDS,
    )
    streams_per_domain: int = Field(
        16,
        ge=2,
        le=10_000,
        description="Streams that servers of one domain may have open to us; with more, the one "
        "that was quiet for longest is closed.",
        json_schema_extra=unit("streams"),
    )
    streams_per_address: int = Field(
        2_000,
        ge=2,
        le=1_000_000,
        description="Streams that may be open to us from one IP address (IPv6: one /64), of "
        "whatever domains, likewise: whoever has a domain can have any number below it.",
        json_schema_extra=unit("streams"),
    )
    stanza_bytes: int = Field(
        524_288,
        ge=10_000,
        le=67_108_864,
        description="Largest stanza taken from another server; larger than that for clients, as "
        "other servers may allow theirs more.",
        json_schema_extra=_BYTES,
    )
    stanzas_per_second: int = Field(
        5_000,
        ge=0,
        description="Stanzas another server may send per second on one stream; one that sends "
        "faster is read more slowly. 0 for no limit.",
        json_schema_extra=unit("stanzas"),
    )
    bytes_per_second: int = Field(
        8_388_608,
        ge=0,
        description="Bytes another server may send per second on one stream, likewise.",
        json_schema_extra=_BYTES,
    )


def can_be_found(domain: str) -> bool:
    """Tell whether servers elsewhere may know the way to a domain by DNS."""
    name = domain.rstrip(".").lower()
    above, _, last = name.rpartition(".")
    is_name = bool(above) and not last.isdigit() and ":" not in name  # no IP address
    return is_name and not _listed(name, _RESERVED)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of the server of a domain.

    ``allowed``      whether it is spoken to at all
    ``certificate``  whether it must have a certificate that is valid for the domain
    ``encryption``   whether streams to and from it must be encrypted
    ``bidi``         whether stanzas may flow both ways on one stream
    """

    allowed: bool
    certificate: bool
    encryption: bool
    bidi: bool


class Policies:
    """What is asked of whom, as the configuration says.

    ``blocked``  tells of a domain whether it is blocked for other reasons
    """

    def __init__(
        self, federation: FederationSettings, domains: Mapping[str, DomainSettings]
    ) -> None:
        self.blocked: Callable[[str], bool] = lambda _domain: False
        self._federation = federation
        self._domains = domains

    def of(self, domain: str) -> Policy:
        """Return what is asked of the server of a domain; of one that does not say, if empty."""
        federation, own = self._federation, self._domains.get(domain)
        authentication = (own.authentication if own else None) or federation.authentication
        encryption = (own.encryption if own else None) or federation.encryption
        listed = not federation.allow or _listed(domain, federation.allow)
        return Policy(
            allowed=(
                authentication != "forbidden"
                and listed
                and not _listed(domain, federation.block)
                and not (domain and self.blocked(domain))
            ),
            certificate=authentication == "certificate",
            encryption=encryption == "required",
            bidi=federation.bidi if own is None or own.bidi is None else own.bidi,
        )


def _listed(domain: str, names: tuple[str, ...]) -> bool:
    return any(domain == name or domain.endswith(f".{name}") for name in names)
