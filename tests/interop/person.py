"""Somebody who uses slixmpp: what comes is kept until the test asks for it, within a deadline."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Awaitable
from typing import Any, Self, TypeVar

from slixmpp import ClientXMPP, Iq
from slixmpp.exceptions import IqError
from tests.support.server import Server

DEADLINE = 60.0
"""Seconds for anything that a test waits for."""

PLUGINS = (
    "xep_0012",
    "xep_0030",
    "xep_0045",
    "xep_0048",
    "xep_0049",
    "xep_0054",
    "xep_0077",
    "xep_0092",
    "xep_0191",
    "xep_0198",
    "xep_0199",
    "xep_0202",
    "xep_0203",
)

EVENTS = (
    "blocked",
    "changed_status",
    "disconnected",
    "failed_auth",
    "groupchat_message",
    "message",
    "message_error",
    "presence_available",
    "presence_dnd",
    "presence_error",
    "presence_subscribe",
    "presence_subscribed",
    "presence_unavailable",
    "presence_unsubscribe",
    "presence_unsubscribed",
    "pubsub_publish",
    "roster_update",
    "session_resumed",
    "session_start",
    "sm_enabled",
    "sm_failed",
    "stanza_acked",
    "unblocked",
)
"""The events of slixmpp that are kept."""

T = TypeVar("T")


async def soon(awaited: Awaitable[T]) -> T:
    """Await something that a server or client does within the deadline."""
    async with asyncio.timeout(DEADLINE):
        return await awaited


class Person:
    """An account's user with slixmpp, at ``server``; an async context manager that logs in.

    ``xmpp`` is slixmpp's client, for everything it offers. It does not answer subscription
    requests by itself, and keeps to ``mechanism`` where one is given. A person who is
    ``registering`` makes the account before logging in. ``address`` is where to connect, if that
    is not the server itself.
    """

    def __init__(
        self,
        server: Server,
        jid: str,
        password: str,
        *,
        trust: ssl.SSLContext,
        direct_tls: bool = False,
        mechanism: str | None = None,
        registering: bool = False,
        address: tuple[str, int] | None = None,
    ) -> None:
        self.address = address or (server.tls_address if direct_tls else server.address)
        self.xmpp = ClientXMPP(
            jid,
            password,
            ssl_context=trust,
            plugin_config={"feature_mechanisms": {"use_mech": mechanism}},
        )
        self.xmpp.enable_direct_tls = direct_tls
        self.xmpp.enable_starttls = not direct_tls
        self.xmpp.auto_authorize = None
        self.xmpp.auto_subscribe = False
        for plugin in PLUGINS:
            self.xmpp.register_plugin(plugin)
        self._came: defaultdict[str, asyncio.Queue[Any]] = defaultdict(asyncio.Queue)
        for event in EVENTS:
            self.xmpp.add_event_handler(event, self._came[event].put_nowait)
        if registering:
            self.xmpp.add_event_handler("register", self._register)

    @property
    def mechanism(self) -> str:
        """The SASL mechanism of the login."""
        name: str = self.xmpp.plugin["feature_mechanisms"].mech.name
        return name

    def connect(self) -> None:
        """Begin to connect, and to log in."""
        self.xmpp.connect(*self.address)

    async def drop(self) -> None:
        """Lose the connection, as if the cable was cut."""
        self.xmpp.abort()
        await self.came("disconnected")

    async def came(self, event: str) -> Any:
        """Return the next thing of that kind that came, waiting for it."""
        try:
            return await soon(self._came[event].get())
        except TimeoutError:
            raise AssertionError(f"{self.xmpp.boundjid}: no {event} came") from None

    def nothing_came(self, event: str) -> bool:
        """Tell whether nothing of that kind came up to now."""
        return self._came[event].empty()

    async def online(self) -> None:
        """Ask for the roster, send initial presence and see it come back."""
        await soon(self.xmpp.get_roster())
        self.xmpp.send_presence()
        while (await self.came("presence_available"))["from"] != self.xmpp.boundjid:
            pass

    async def _register(self, form: Iq) -> None:
        """Fill the form in, and go on to log in; the answer is kept as "registered"."""
        assert {"username", "password"} <= form["register"]["fields"]
        request = self.xmpp.make_iq_set()
        request["register"]["username"] = self.xmpp.boundjid.user
        request["register"]["password"] = self.xmpp.password
        try:
            answer = await request.send()
        except IqError as error:
            answer = error.iq
        self._came["registered"].put_nowait(answer)

    async def quit(self) -> None:
        """Close the stream in order, and wait for the server to do the same."""
        if self.xmpp.is_connected():
            await soon(self.xmpp.disconnect(wait=DEADLINE))

    async def come_back(self) -> None:
        """Connect and log in; again, after having quit."""
        self.connect()
        await self.came("session_start")

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.quit()
