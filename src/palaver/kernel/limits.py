"""The limits of the configuration: what one client may take of the server's memory and time."""

from pydantic import Field

from palaver.kernel.section import Section, unit

_BYTES = unit("bytes")
_SECONDS = unit("seconds")


class LimitsSettings(Section):
    """What one client may take of the server's memory and time."""

    stanza_bytes_before_login: int = Field(
        10_000,
        ge=10_000,
        le=1_048_576,
        description="Largest first-level element before login. RFC 6120 §13.12 allows no less "
        "than 10,000.",
        json_schema_extra=_BYTES,
    )
    stanza_bytes: int = Field(
        262_144,
        ge=10_000,
        le=67_108_864,
        description="Largest stanza after login, advertised to clients (XEP-0478).",
        json_schema_extra=_BYTES,
    )
    depth: int = Field(
        100,
        ge=16,
        le=1000,
        description="Deepest nesting of elements in a stanza.",
        json_schema_extra=unit("levels"),
    )
    attributes: int = Field(
        64,
        ge=16,
        le=10_000,
        description="Most attributes (with namespace declarations) on one element.",
        json_schema_extra=unit("attributes"),
    )
    name_bytes: int = Field(
        1024,
        ge=64,
        le=65_536,
        description="Longest element name, attribute name or namespace.",
        json_schema_extra=_BYTES,
    )
    sessions_per_account: int = Field(
        32,
        ge=1,
        le=10_000,
        description="Sessions (resources) of one account at the same time.",
        json_schema_extra=unit("sessions"),
    )
    connections_per_address: int = Field(
        1000,
        ge=0,
        description="Connections from one IP address (IPv6: one /64) that are not logged in yet; "
        "0 for no limit.",
        json_schema_extra=unit("connections"),
    )
    stanzas_per_second: int = Field(
        20_000,
        ge=0,
        description="Stanzas a session may send per second; one that sends faster is read more "
        "slowly, and loses nothing. 0 for no limit.",
        json_schema_extra=unit("stanzas"),
    )
    bytes_per_second: int = Field(
        16_777_216,
        ge=0,
        description="Bytes a session may send per second, likewise; 0 for no limit.",
        json_schema_extra=_BYTES,
    )
    handshake_timeout: float = Field(
        30.0,
        gt=0,
        le=3600,
        description="Time for a TLS handshake.",
        json_schema_extra=_SECONDS,
    )
    login_timeout: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="Time from connecting to a bound resource.",
        json_schema_extra=_SECONDS,
    )
    idle_timeout: float = Field(
        1800.0,
        ge=0,
        description="A connection that sends nothing for so long, not even a whitespace "
        "keep-alive, is closed (XEP-0478); 0 for never.",
        json_schema_extra=_SECONDS,
    )
    sasl_attempts: int = Field(
        3,
        ge=2,
        le=5,
        description="Failed logins a connection may make before it is closed (RFC 6120 §6.4.5).",
        json_schema_extra=unit("attempts"),
    )
    output_bytes: int = Field(
        1_048_576,
        ge=65_536,
        le=1_073_741_824,
        description="Bytes that may wait for a client that reads slowly; then those who write to "
        "it are slowed down, and a client that stays stuck is disconnected.",
        json_schema_extra=_BYTES,
    )
    bytestreams_per_address: int = Field(
        100,
        ge=1,
        description="Connections from one IP address (IPv6: one /64) to the proxy for files "
        "(XEP-0065).",
        json_schema_extra=unit("connections"),
    )
    bytestream_silence: float = Field(
        600.0,
        ge=10,
        description="Time after which a bytestream ends on which neither party sends anything.",
        json_schema_extra=_SECONDS,
    )
