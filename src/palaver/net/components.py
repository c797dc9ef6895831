"""The connections of external components (XEP-0114): what comes over them, and how they end."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final, cast

import structlog

from palaver.jid import JID
from palaver.kernel.components import Component
from palaver.kernel.server import Server
from palaver.net.carrier import POSTPONED, STUCK, Carrier
from palaver.net.gathering import Gathering
from palaver.net.peer import address_of, watch
from palaver.net.traffic import Traffic
from palaver.stream.component import (
    ComponentStream,
    Event,
    Rejected,
    Verified,
)
from palaver.stream.events import Ended
from palaver.stream.foreign import written
from palaver.wire.errors import StreamError
from palaver.wire.events import Limits
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

_SLICE: Final = 0.004  # seconds one component's stanzas may take of one turn of the loop
_LOOK: Final = 16  # stanzas between looks at the clock
_STRANGERS: Final = 64  # connections that have not shaken hands


class Components(Gathering["ComponentConnection"]):
    """Takes the connections of components, and keeps an eye on them."""

    def __init__(self, server: Server, traffic: Traffic) -> None:
        """Serve the components that the configuration of ``server`` knows."""
        super().__init__()
        limits = server.settings.limits
        self.server = server
        self.traffic = traffic
        self.secrets = {name: c.settings.secret for name, c in server.components.items()}
        self.before = Limits(
            limits.stanza_bytes_before_login, limits.depth, limits.attributes, limits.name_bytes
        )
        self.after = Limits(limits.stanza_bytes, limits.depth, limits.attributes, limits.name_bytes)
        self.login_timeout = limits.login_timeout

    def connection(self) -> "ComponentConnection":
        """Make the protocol object for a new socket."""
        return ComponentConnection(self)

    @property
    def crowded(self) -> bool:
        """Tell whether too many connections have not shaken hands yet."""
        return sum(each.component is None for each in self.connections) > _STRANGERS


class ComponentConnection(Carrier):
    """The connection of one instance of a component; the `Source` of what it sends.

    ``component``  which one it is, as soon as it has shaken hands
    """

    __slots__ = ("_components", "_postponed", "_stream", "component", "deadline")

    def __init__(self, components: Components) -> None:
        """Wait for the socket."""
        super().__init__(components.traffic, secure=False)
        self._components = components
        self._stream = ComponentStream(components.secrets, components.before, components.after)
        self._postponed: list[Event] | None = None
        self.component: Component | None = None
        self.deadline = 0.0

    # -- asyncio's side ----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the header."""
        self._adopt(transport)
        watch(transport)
        self.peer = address_of(transport.get_extra_info("peername"))
        self.deadline = self._loop.time() + self._components.login_timeout
        self._components.connections.add(self)
        if self._components.crowded:
            self.end(StreamError("resource-constraint", "too many connections"))

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        self._traffic.bytes_in += len(data)
        if self._discarding:
            return
        events = self._stream.receive(data)
        if self._postponed is not None:
            self._postponed += events
            return
        self._handle(events)
        self._traffic.look_after(self)

    def _handle(self, events: list[Event]) -> None:
        """Do what a chunk asks for; the rest of a long one in the next turn of the loop."""
        until = monotonic() + _SLICE
        for number, event in enumerate(events, 1):
            self._do(event)
            if not number % _LOOK and monotonic() > until:
                self._postponed = events[number:]
                self._stop_for(POSTPONED)
                self._loop.call_soon(self._catch_up)
                return
        output = self._stream.output()
        if output:
            self.write(output)

    def _catch_up(self) -> None:
        events, self._postponed = self._postponed, None
        if events:
            self._handle(events)
            self._traffic.look_after(self)
        if self._postponed is None:
            self.unblocked_by(POSTPONED)

    def _do(self, event: Event) -> None:
        if isinstance(event, Stanza):
            self._submit(event)
        elif isinstance(event, Verified):
            self._join(event.domain)
        elif isinstance(event, Rejected):
            log.warning("component rejected", component=event.domain, peer=self.peer)
        else:
            self._close(event)

    def _submit(self, stanza: Stanza) -> None:
        component = self.component
        if component is None or self._discarding:
            return
        self._traffic.stanzas_in += 1
        try:
            self._components.server.router.submit_from(stanza, component, self)
        except StreamError as error:
            self.end(error)

    def _join(self, domain: str) -> None:
        self.write(self._stream.output())  # the handshake, before any stanza
        component = self._components.server.components[domain]
        self.component = component
        component.join(self)
        log.info("component connected", component=domain, peer=self.peer)
        self._components.server.component_connected(component, self)

    def eof_received(self) -> bool:
        """Let the transport close."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._discarding = True
        self._components.connections.discard(self)
        self._leave()
        self._wake()
        self._unblock()

    def _leave(self) -> None:
        component, self.component = self.component, None
        if component is not None:
            component.leave(self)
            log.info("component disconnected", component=str(component.address), peer=self.peer)

    # -- the kernel's side -------------------------------------------------------------------------

    @property
    def jid(self) -> JID:
        """Its domain."""
        assert self.component is not None
        return self.component.address

    @property
    def wire(self) -> "ComponentConnection":
        """What carries it: the connection itself."""
        return self

    def put_off(self) -> Callable[[], None]:
        """Do nothing: components acknowledge nothing."""
        return _nothing

    def carry(self, stanza: Stanza) -> None:
        """Send a stanza to the component."""
        self.write(written(stanza))

    def end(self, error: StreamError | None) -> None:
        """Close the stream in order, then the connection."""
        for event in self._stream.end(error):
            self._close(cast("Ended", event))

    def _close(self, event: Ended) -> None:
        output = self._stream.output()
        if output:
            self.write(output)
        self._discarding = True
        self.deadline = self._loop.time() + STUCK
        if event.error is not None and event.error.condition != "system-shutdown":
            error = event.error
            about = {"condition": error.condition, "text": error.text}
            log.warning("component's stream closed", peer=self.peer, **about, **self.who())
        self._leave()
        self._unblock()
        self._say_no_more()

    def who(self) -> dict[str, str]:
        """Say which component it is."""
        return {} if self.component is None else {"component": str(self.component.address)}

    def sweep(self, now: float) -> None:
        """Close the connection when its time is over."""
        if self.stuck(now) or (self.component is not None and not self._discarding):
            return
        if now > self.deadline:
            if self._discarding:
                self._transport.abort()
            else:
                self.end(StreamError("connection-timeout", "the handshake took too long"))


def _nothing() -> None:
    pass
