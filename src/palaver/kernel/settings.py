"""The settings of a server: one frozen, typed model per section of ``palaver.toml``.

Every key has a type, a default, bounds and a description; the configuration reference, the
commented file that ``palaver setup`` writes and the error messages are made from them. Loading
and checking files is in `palaver.kernel.config`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from palaver.kernel.component_settings import ComponentSettings
from palaver.kernel.config_error import Origin
from palaver.kernel.endpoint import Endpoint
from palaver.kernel.federation_settings import DomainSettings as DomainSettings
from palaver.kernel.federation_settings import FederationSettings as FederationSettings
from palaver.kernel.federation_settings import can_be_found
from palaver.kernel.limits import LimitsSettings as LimitsSettings
from palaver.kernel.role_settings import RoleName, RoleSettings
from palaver.kernel.section import SECRET as SECRET
from palaver.kernel.section import Address, ExtensionName, HostName, Section
from palaver.kernel.section import unit as unit

_BYTES = unit("bytes")


class ServerSettings(Section):
    """What concerns the server as a whole."""

    admins: tuple[Address, ...] = Field(
        (),
        description="Accounts that administer every host: they may run the server's commands "
        "(XEP-0133) and read what the service knows.",
        examples=[["admin@example.org"]],
    )
    language: str = Field(
        "en",
        pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        description="Language of the texts the server sends where a client names none (RFC 5646).",
        examples=["de"],
    )


class ExtensionSettings(BaseModel):
    """Holds an extension's own keys, which its declared ``Config`` checks at load."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    enabled: bool | None = Field(
        None,
        description="Whether the extension is loaded; when the key is missing, the extension's "
        "own default applies.",
    )


class CertificateSettings(Section):
    """The certificate of a domain that is no host, in ``[certificates."conference.example.org"]``.

    It is that of a service below a host, or of a component; for other servers.
    """

    certificate: Path | None = Field(
        None,
        description="Certificate chain in PEM, relative to the data directory; "
        "`certificates/<domain>.crt` when the key is missing.",
        examples=["/etc/letsencrypt/live/example.org/fullchain.pem"],
    )
    key: Path | None = Field(
        None,
        description="Private key in PEM, relative to the data directory; "
        "`certificates/<domain>.key` when the key is missing.",
        examples=["/etc/letsencrypt/live/example.org/privkey.pem"],
    )


class HostSettings(CertificateSettings):
    """One virtual host, in ``[hosts."example.org"]``."""

    anonymous: bool = Field(
        False,
        description="Whether the host gives temporary accounts without a password "
        "(SASL ANONYMOUS, RFC 4505).",
    )
    without: tuple[ExtensionName, ...] = Field(
        (),
        description="Extensions that this host does not have.",
        examples=[["registration"]],
    )
    roles: Mapping[RoleName, RoleSettings] = Field(
        default_factory=dict,
        description='`[hosts."example.org".roles.<name>]`: a role as it is on this host, in place '
        "of the one of all hosts.",
    )
    extensions: Mapping[ExtensionName, ExtensionSettings] = Field(
        default_factory=dict,
        description='`[hosts."example.org".extensions.<name>]`: settings of an extension that '
        "differ on this host.",
    )


class ListenSettings(Section):
    """Where clients connect."""

    starttls: tuple[Endpoint, ...] = Field(
        (Endpoint("::", 5222),),
        description="Addresses for clients that begin in clear and change to TLS (RFC 6120 §5). "
        "`[::]` means all IPv6 and IPv4 addresses of the machine.",
        examples=[["127.0.0.1:5222", "[::1]:5222"]],
    )
    tls: tuple[Endpoint, ...] = Field(
        (Endpoint("::", 5223),),
        description="Addresses for clients that begin with TLS (XEP-0368); `[]` for none.",
        examples=[["127.0.0.1:5223"]],
    )
    components: tuple[Endpoint, ...] = Field(
        (Endpoint("127.0.0.1", 5347),),
        description="Addresses for components (XEP-0114), which are not encrypted: loopback, or a "
        "private network. Only opened when there is a section `[components]`.",
        examples=[["127.0.0.1:5347"]],
    )
    servers: tuple[Endpoint, ...] = Field(
        (Endpoint("::", 5269),),
        description="Addresses for other servers that begin in clear and change to TLS; "
        "opened as `[federation]` says.",
        examples=[["[::]:5269"]],
    )
    servers_tls: tuple[Endpoint, ...] = Field(
        (Endpoint("::", 5270),),
        description="Addresses for other servers that begin with TLS (XEP-0368); `[]` for none. "
        "DNS must tell of them (`_xmpps-server._tcp`).",
        examples=[["[::]:5270"]],
    )
    bytestreams: tuple[Endpoint, ...] = Field(
        (Endpoint("::", 7777),),
        description="Addresses of the proxy for files between clients (XEP-0065); `[]` for none. "
        "Where the port is in use, the server goes on without the proxy.",
        examples=[["0.0.0.0:7777"]],
    )
    backlog: int = Field(
        1024,
        ge=1,
        le=65535,
        description="Connections the system holds until the server takes them.",
        json_schema_extra=unit("connections"),
    )


class TlsSettings(Section):
    """How connections are encrypted, on every host."""

    minimum: Literal["1.2", "1.3"] = Field("1.2", description="Oldest TLS version accepted.")
    ciphers: str = Field(
        "",
        description="OpenSSL cipher list for TLS 1.2; empty for forward-secret AEAD ciphers only.",
        examples=["ECDHE+AESGCM:ECDHE+CHACHA20"],
    )
    client_certificates: Literal["off", "request"] = Field(
        "request",
        description="Whether clients are asked for a certificate, to log in with SASL EXTERNAL "
        "(XEP-0178). Only done once `client_ca` names whom to trust.",
    )
    client_ca: Path | None = Field(
        None,
        description="Certificates (PEM, relative to the data directory) of the authorities that "
        "client certificates must come from.",
        examples=["client-ca.pem"],
    )


class StorageSettings(Section):
    """Where accounts and messages are kept."""

    url: str = Field(
        "sqlite:///palaver.sqlite3",
        pattern=r"^(sqlite|postgresql|mysql|mariadb):.+",
        json_schema_extra=SECRET,
        description="Database URL. SQLite paths with three slashes are relative to the data "
        "directory.",
        examples=["postgresql://palaver:secret@db.example.org/palaver"],
    )
    synchronous: Literal["full", "normal", "off"] = Field(
        "full",
        description="SQLite only. `full`: a message is on the disk before it counts as stored; "
        "`normal`: the last moments before a power cut may be lost; `off`: for tests.",
    )
    commit_delay_ms: float = Field(
        2.0,
        ge=0,
        le=1000,
        description="How long rows wait for others to share a transaction with.",
        json_schema_extra=unit("milliseconds"),
    )
    pool_size: int = Field(
        4,
        ge=1,
        le=200,
        description="Connections to the database held open.",
        json_schema_extra=unit("connections"),
    )
    queue_rows: int = Field(
        50_000,
        ge=100,
        le=10_000_000,
        description="Rows that may wait for their transaction; beyond that, messages are refused "
        "with `resource-constraint`.",
        json_schema_extra=unit("rows"),
    )
    queue_bytes: int = Field(
        67_108_864,
        ge=1_048_576,
        description="The same bound in bytes.",
        json_schema_extra=_BYTES,
    )


Mechanism = Literal[
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-256",
    "SCRAM-SHA-1",
    "EXTERNAL",
    "PLAIN",
    "ANONYMOUS",
]


class SaslSettings(Section):
    """How clients prove who they are."""

    mechanisms: tuple[Mechanism, ...] = Field(
        (
            "SCRAM-SHA-512-PLUS",
            "SCRAM-SHA-256-PLUS",
            "SCRAM-SHA-1-PLUS",
            "SCRAM-SHA-512",
            "SCRAM-SHA-256",
            "SCRAM-SHA-1",
            "EXTERNAL",
            "PLAIN",
            "ANONYMOUS",
        ),
        min_length=1,
        description="Mechanisms offered, each where it can work: -PLUS under TLS, EXTERNAL with a "
        "client certificate, ANONYMOUS on hosts that allow it.",
        examples=[["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]],
    )
    iterations: int = Field(
        10_000,
        ge=4096,
        le=1_000_000,
        description="PBKDF2 iterations of SCRAM keys made from now on (RFC 7677 §4).",
        json_schema_extra=unit("iterations"),
    )
    plain_without_tls: bool = Field(
        False,
        description="Whether a password may travel in clear; only for tests on one machine.",
    )


class SessionsSettings(Section):
    """What sessions of one account do to each other."""

    conflict: Literal["close-old", "refuse-new", "rename-new"] = Field(
        "close-old",
        description="When a client asks for a resource in use (RFC 6120 §7.7.2.2): `close-old` "
        "ends the older session, `refuse-new` answers `conflict`, `rename-new` gives the newer "
        "one another name.",
    )


class LogSettings(Section):
    """What the server tells about its work."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe messages shown."
    )
    format: Literal["console", "json"] = Field(
        "console", description="`console` for people, `json` for one JSON object a line."
    )
    file: Path | None = Field(
        None,
        description="File (relative to the data directory) to append to; standard error when the "
        "key is missing.",
        examples=["palaver.log"],
    )


class MetricsSettings(Section):
    """Prometheus metrics over HTTP."""

    listen: Endpoint | Literal[""] = Field(
        Endpoint("127.0.0.1", 9464),
        description='Address that serves `/metrics`; `""` for none.',
        examples=["[::1]:9464"],
    )
    allow_remote: bool = Field(
        False,
        description="Whether `listen` may be an address that other machines can reach. The "
        "metrics have no password.",
    )

    @model_validator(mode="after")
    def _stays_on_this_machine(self) -> Self:
        if self.listen and not self.listen.is_loopback and not self.allow_remote:
            raise ValueError(
                f"{self.listen} can be reached from other machines and metrics have no password; "
                "use 127.0.0.1, or set allow_remote = true"
            )
        return self


class ControlSettings(Section):
    """How commands reach the running server."""

    socket: Path = Field(
        Path("control.sock"),
        description="Unix socket, relative to the data directory; only its owner can open it.",
    )


class Settings(Section):
    """All settings of a server, as one value; see `palaver.kernel.config.load`."""

    server: ServerSettings = Field(default_factory=ServerSettings)
    hosts: Mapping[HostName, HostSettings] = Field(
        default_factory=lambda: {"localhost": HostSettings()},
        min_length=1,
        description='Virtual hosts, each in a section `[hosts."example.org"]`; `localhost` when '
        "there is none.",
    )
    roles: Mapping[RoleName, RoleSettings] = Field(
        default_factory=dict,
        description="Roles of accounts, each in a section `[roles.<name>]`: `member`, `admin` and "
        "`restricted` as they are to be here, and others of your own.",
    )
    certificates: Mapping[HostName, CertificateSettings] = Field(
        default_factory=dict,
        description="Certificates that other servers see of services and components, each in a "
        'section `[certificates."conference.example.org"]`; without one they see that of the host '
        "above.",
    )
    components: Mapping[HostName, ComponentSettings] = Field(
        default_factory=dict,
        description='External components, each in a section `[components."irc.example.org"]` '
        "named by its address.",
    )
    federation: FederationSettings = Field(default_factory=FederationSettings)
    domains: Mapping[HostName, DomainSettings] = Field(
        default_factory=dict,
        description="What differs for the servers of other domains, each in a section "
        '`[domains."example.net"]`.',
    )
    listen: ListenSettings = Field(default_factory=ListenSettings)
    tls: TlsSettings = Field(default_factory=TlsSettings)
    storage: StorageSettings = Field(default_factory=StorageSettings)
    limits: LimitsSettings = Field(default_factory=LimitsSettings)
    sasl: SaslSettings = Field(default_factory=SaslSettings)
    sessions: SessionsSettings = Field(default_factory=SessionsSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    control: ControlSettings = Field(default_factory=ControlSettings)
    extensions: Mapping[ExtensionName, ExtensionSettings] = Field(
        default_factory=dict,
        description="`[extensions.<name>]`: settings of an extension on all hosts.",
    )

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def origin(self) -> Origin:
        """Where the values came from, for messages about them."""
        return self._origin

    def with_origin(self, origin: Origin) -> Self:
        """Give the same settings, which know where they came from."""
        settings = self.model_copy()
        settings._origin = origin  # noqa: SLF001 - its own class
        return settings

    @property
    def federates(self) -> bool:
        """Whether the server is to speak to others: as it is told, or if one could find a host."""
        wanted = self.federation.enabled
        return any(map(can_be_found, self.hosts)) if wanted is None else wanted

    @property
    def certified(self) -> Mapping[str, CertificateSettings]:
        """The domains that have a certificate of their own, hosts before others."""
        return {**self.hosts, **self.certificates}

    def certificate(self, domain: str, data: Path) -> tuple[Path, Path]:
        """Give the absolute paths of a domain's certificate chain and key; see `certified`."""
        own = self.certified[domain]
        return (
            data / (own.certificate or Path("certificates", f"{domain}.crt")),
            data / (own.key or Path("certificates", f"{domain}.key")),
        )
