"""A laptop, with profanity on a terminal: stream management, carbons, the archive."""

import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from tests.faults.proxy import Proxy
from tests.interop.history import Line
from tests.interop.profanity import kept, log_in, profanity

_SETTINGS = ("/carbons on", "/mam on", "/reconnect 1", "/roster hide", "/occupants hide")
_TRIES = 10
_PATIENCE = 2.0  # seconds
_ITEM = re.compile(r"^[\d:]+ -   (\S+)(?: \((.*)\))? - (\w+)\s*$", re.MULTILINE)


class Laptop:
    """Runs profanity; an async context manager that logs in, opens a chat, and quits at its end.

    ``home`` holds all that it keeps, ``network`` is the way to the server, ``contact`` the one
    whose chat is open.
    """

    def __init__(
        self, jid: str, password: str, *, contact: str, home: Path, network: Proxy
    ) -> None:
        self._account = (jid, password)
        self._contact = contact
        self._home = home
        self._network = network
        self._terminal = profanity(home)
        self._stack = AsyncExitStack()

    async def hears(self, body: str) -> None:
        """Wait until a message is on the screen."""
        await self._terminal.shows(body)

    async def says(self, body: str, to: str) -> None:
        """Send a message."""
        self._terminal.type(f"/msg {to} {body}")

    def forget_screen(self) -> None:
        """Empty the screen, so that nothing on it is old."""
        self._terminal.type("/clear")

    async def come_back(self) -> None:
        """See that it is online again, which it does by itself."""
        await self._terminal.shows("Connection re-established.")

    async def finds(self, body: str) -> None:
        """Open the chat anew until it has a message.

        Profanity loses its session when it finds no server at the first attempt. It looks into the
        archive only when a chat is opened, and if it has heard by then that there is one; it asks
        for the last seven days, and gets one page of them.
        """
        for _ in range(_TRIES):
            self._terminal.type("/close")
            self._open_chat()
            if await self._terminal.shows_within(_PATIENCE, body):
                return
        raise AssertionError(f"{body!r} is not found:\n{self._terminal.screen()}")

    def _open_chat(self) -> None:
        self._terminal.type(f"/msg {self._contact}")

    def kept(self) -> list[Line]:
        """Return what is kept of the conversation, in the order in which it came."""
        return list(kept(self._home))

    async def roster(self) -> dict[str, str]:
        """Return the subscriptions and names of all contacts, as profanity shows them."""
        self._terminal.type("/win 1")
        self._terminal.type("/clear")
        self._terminal.type("/roster")
        self._terminal.type("/caps")
        # What this command says is on the screen when everything before it is.
        await self._terminal.shows("You must provide a jid to the /caps command.")
        items = _ITEM.findall(self._terminal.screen())
        return {jid: f"{state} {name}".strip() for jid, name, state in items}

    async def __aenter__(self) -> Self:
        port = self._network.address[1]
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._terminal)
            for line in _SETTINGS:
                self._terminal.type(line)
            await log_in(self._terminal, *self._account, port=port, tls="legacy", first=True)
            self._open_chat()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *error: object) -> None:
        async with self._stack:
            if error[0] is None:
                self._terminal.type("/quit")
                await self._terminal.ended()
