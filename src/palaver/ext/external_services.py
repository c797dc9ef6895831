"""External services: STUN and TURN servers that clients need for calls (XEP-0215)."""

import base64
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from palaver.ext.entity_time import utc
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
)
from palaver.kernel.roles import Access
from palaver.kernel.section import SECRET, Section, unit
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.host import Host

NS: Final = "urn:xmpp:extdisco:2"
_MOST_ASKED: Final = 50
"""Services a client may ask credentials for in one request."""


class ServiceSettings(Section):
    """One service, and how clients log in to it."""

    type: str = Field(
        description="What it is: `stun`, `stuns`, `turn`, `turns`, or any other type.",
        pattern=r"^[A-Za-z_][A-Za-z0-9._-]*$",
    )
    host: str = Field(description="Its domain name or IP address.", min_length=1, max_length=255)
    port: int | None = Field(None, ge=1, le=65_535, description="Its port.")
    transport: Literal["tcp", "udp"] | None = Field(None, description="Its transport protocol.")
    name: str | None = Field(None, max_length=100, description="A name that people may see.")
    secret: str | None = Field(
        None,
        min_length=8,
        description="The secret shared with a TURN server (coturn: `static-auth-secret`), from "
        "which credentials for a limited time are made.",
        json_schema_extra=SECRET,
    )
    username: str | None = Field(None, description="A user name that is the same for everybody.")
    password: str | None = Field(None, description="Its password.", json_schema_extra=SECRET)

    @model_validator(mode="after")
    def _one_way_to_log_in(self) -> Self:
        if self.secret is not None and (self.username is not None or self.password is not None):
            raise ValueError("give a secret, or a username and a password, not both")
        if (self.username is None) != (self.password is None):
            raise ValueError("a username and a password belong together")
        return self

    @property
    def restricted(self) -> bool:
        """Whether one has to log in to it."""
        return self.secret is not None or self.username is not None


class ExternalServicesConfig(ExtensionConfig):
    """The services, and how long credentials for them are good."""

    services: tuple[ServiceSettings, ...] = Field(
        (),
        max_length=100,
        description="Services that clients are told of.",
        examples=[
            [
                {"type": "stun", "host": "turn.example.org", "port": 3478, "transport": "udp"},
                {
                    "type": "turn",
                    "host": "turn.example.org",
                    "port": 3478,
                    "transport": "udp",
                    "secret": "the-secret-of-coturn",
                },
            ]
        ],
    )
    lifetime: int = Field(
        86_400,
        ge=60,
        le=30 * 86_400,
        description="How long credentials that are made from a secret are good.",
        json_schema_extra=unit("seconds"),
    )


class ExternalServices(Extension[ExternalServicesConfig]):
    """Tells the accounts of a host which services there are, with credentials of their own."""

    Config = ExternalServicesConfig
    name: ClassVar = "external_services"
    implements: ClassVar = (Xep(215, "1.0"),)
    features: ClassVar = (NS,)

    @iq("get", NS, "services", to=Target.HOST)
    def services(self, request: Request) -> Answer:
        """List all services, or those of a type (XEP-0215 §3.1, §3.2)."""
        self._check(request)
        wanted = request.payload.get("type")
        found = [each for each in self._of(request.host) if wanted in (None, each.type)]
        return Element("services", NS, {"type": wanted}, *self._told(found, request))

    @iq("get", NS, "credentials", to=Target.HOST)
    def credentials(self, request: Request) -> Answer:
        """Give credentials for services of which a client knows (XEP-0215 §3.3)."""
        self._check(request)
        asked = list(request.payload.find_all("service", NS))
        if not 0 < len(asked) <= _MOST_ASKED:
            raise StanzaError("bad-request", "name the service")
        found = [
            service
            for service in self._of(request.host)
            if service.restricted and any(_means(each, service) for each in asked)
        ]
        if not found:
            raise StanzaError("item-not-found", "there are no credentials for such a service")
        return Element("credentials", NS, None, *self._told(found, request))

    def _check(self, request: Request) -> None:
        if not Access.MEMBERS.allows(self.server, request.sender, request.host):
            raise StanzaError("forbidden", "only accounts of this host may use its services")

    def _of(self, host: "Host") -> Sequence[ServiceSettings]:
        return self.config(host.name).services

    def _told(self, services: Sequence[ServiceSettings], request: Request) -> list[Element]:
        expiry = int(self.server.clock.now()) + self.config(request.host.name).lifetime
        return [self._element(each, request, expiry) for each in services]

    def _element(self, service: ServiceSettings, request: Request, expiry: int) -> Element:
        attrs = {
            "type": service.type,
            "host": service.host,
            "port": str(service.port) if service.port is not None else None,
            "transport": service.transport,
            "name": service.name,
            "username": service.username,
            "password": service.password,
            "restricted": "true" if service.restricted else None,
        }
        if service.secret is not None:
            # The TURN server counts and limits by this name, and must not learn whose it is.
            who = self.server.secret.name("external service", request.sender.bare)
            attrs["username"], attrs["password"] = temporary(service.secret, who, expiry)
            attrs["expires"] = utc(datetime.fromtimestamp(expiry, UTC))
        return Element("service", NS, attrs)


def temporary(secret: str, who: str, expiry: int) -> tuple[str, str]:
    """Make a user name and password for a TURN server that are good until ``expiry``.

    As coturn and others check them (draft-uberti-behave-turn-rest-00 §2.2): the name begins with
    the time at which it ends (seconds since 1970), the password is the HMAC-SHA-1 of the name.
    """
    name = f"{expiry}:{who}"
    digest = hmac.digest(secret.encode(), name.encode(), "sha1")
    return name, base64.b64encode(digest).decode()


def _means(asked: Element, service: ServiceSettings) -> bool:
    """Tell whether a client has asked for a service: host and type, perhaps port (§3.3)."""
    port = asked.get("port")
    return (
        asked.get("host") == service.host
        and asked.get("type") == service.type
        and port in (None, str(service.port))
    )
