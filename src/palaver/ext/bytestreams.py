"""A proxy for files between clients that cannot reach each other (XEP-0065 §5)."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import Field

from palaver import jid
from palaver.ext.disco import Discoverable, Identity, Info
from palaver.jid import JID, JIDError
from palaver.kernel.extension import Answer, Extension, ExtensionConfig, Request, Target, Xep, iq
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.roles import Access
from palaver.kernel.section import unit
from palaver.kernel.services import Service
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

NS: Final = "http://jabber.org/protocol/bytestreams"
_MINUTE: Final = 60.0


class BytestreamsConfig(ExtensionConfig):
    """The proxy's name, and what one account may do with it."""

    service: str = Field(
        "proxy",
        pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^$",
        max_length=63,
        description="Name below each host of the proxy; empty for none. It also needs a port, in "
        "`listen.bytestreams`.",
    )
    address: str = Field(
        "",
        max_length=255,
        description="Domain name or IP address that clients connect to; empty for the host's name.",
        examples=["files.example.org"],
    )
    streams_per_minute: int = Field(
        30,
        ge=1,
        description="Streams one account may begin in a minute.",
        json_schema_extra=unit("streams"),
    )
    bytes_per_second: int = Field(
        0,
        ge=0,
        description="Bytes a stream may carry per second in each direction; 0 for no limit.",
        json_schema_extra=unit("bytes"),
    )


class Bytestreams(Extension[BytestreamsConfig], Discoverable):
    """Tells where the proxy is, and joins connections for those who asked for it."""

    Config = BytestreamsConfig
    name: ClassVar = "bytestreams"
    implements: ClassVar = (Xep(65, "1.8.2", "the proxy, over TCP"),)
    requires: ClassVar = ("disco",)
    serves_others: ClassVar = False

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without anybody having asked for anything."""
        super().__init__(server, settings)
        self._pace = RateLimit(self.config().streams_per_minute, _MINUTE)

    def service_address(self, host: Host) -> str:
        """Return the domain of the proxy; there is none without a port."""
        label = self.config(host.name).service
        return f"{label}.{host.name}" if label and self.server.settings.listen.bytestreams else ""

    def disco_service(self, service: Service) -> Info:
        """Tell what it is (XEP-0065 §4)."""
        return Info((Identity("proxy", "bytestreams", "File transfer"),), (NS,))

    @iq("get", NS, "query", to=Target.SERVICE)
    def where(self, request: Request) -> Answer:
        """Tell where clients connect to (XEP-0065 §4)."""
        self._check(request)
        port = self.server.bytestreams.port
        if port is None:
            raise StanzaError("not-allowed", "the proxy's port could not be opened")
        host = self.config(request.host.name).address or request.host.name
        attrs = {"jid": request.stanza.to, "host": host, "port": str(port)}
        found = {name: str(value) for name, value in attrs.items()}
        query = Element("query", NS, {"sid": request.payload.get("sid")})
        return query.add(Element("streamhost", NS, found))

    @iq("set", NS, "query", to=Target.SERVICE)
    def activate(self, request: Request) -> Answer:
        """Join the connections of both parties (XEP-0065 §5.3.5)."""
        self._check(request)
        sid, target = _stream(request.payload)
        wait = self._pace.take(str(request.sender.bare), self.server.clock.monotonic())
        if wait:
            raise StanzaError("resource-constraint", f"wait {wait:.0f} seconds with another stream")
        limit = self.config(request.host.name).bytes_per_second
        self.server.bytestreams.activate(address(sid, request.sender, target), limit)
        return None

    def _check(self, request: Request) -> None:
        if not Access.MEMBERS.allows(self.server, request.sender, request.host):
            raise StanzaError("forbidden", "only accounts of this host may use its proxy")


def address(sid: str, requester: JID, target: JID) -> str:
    """Return the name by which both parties of a stream ask for it (XEP-0065 §5.3.2)."""
    text = f"{sid}{requester}{target}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _stream(query: Element) -> tuple[str, JID]:
    """Return the id and the target of the stream that is to be activated."""
    sid, target = query.get("sid"), query.text_of("activate", NS)
    if not sid or not target:
        raise StanzaError("bad-request", "name the stream and its target")
    try:
        return sid, jid.parse(target.strip())
    except JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from None
