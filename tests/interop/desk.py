"""A computer on a desk, with slixmpp: stream management, carbons, the archive."""

import ssl
from typing import Any

from slixmpp import Message
from tests.faults.proxy import Proxy
from tests.interop.history import History, Line
from tests.interop.person import Person, soon
from tests.support.server import Server

_PAGE = 5
_CARBONS = ("carbon_received", "carbon_sent")
_READ = "message_displayed_synchronization_publish"
_PLUGINS = ("xep_0280", "xep_0313", "xep_0359", "xep_0490")


class Desk(Person):
    """A person's device with a history; ``network`` is the way to the server."""

    def __init__(
        self, server: Server, jid: str, password: str, *, trust: ssl.SSLContext, network: Proxy
    ) -> None:
        super().__init__(
            server, jid, password, trust=trust, direct_tls=True, address=network.address
        )
        self.history = History()
        for plugin in _PLUGINS:
            self.xmpp.register_plugin(plugin)
        self.xmpp.add_event_handler(_READ, self._came[_READ].put_nowait)
        self.xmpp.add_event_handler("message", self._read)
        for event in _CARBONS:
            self.xmpp.add_event_handler(event, self._read_carbon)

    async def log_in(self) -> None:
        """Begin a new session, and show what the archive has beyond the latest known message."""
        await self.come_back()
        await soon(self.xmpp.plugin["xep_0280"].enable())
        await self.online()
        await self.catch_up()

    async def catch_up(self) -> None:
        """Show what the archive has beyond the latest known message."""
        for result in await self._results(after=self.history.latest):
            self._note(result["forwarded"]["stanza"], result["id"])

    async def resume(self) -> None:
        """Connect again, with the session that there was."""
        await self.came("disconnected")
        self.connect()
        await self.came("session_resumed")

    async def begin_again(self) -> None:
        """Connect again, with a new session because the old one is lost."""
        await self.came("disconnected")
        await self.log_in()
        await self.came("sm_failed")

    async def hears(self, body: str) -> None:
        """Wait until a message is shown."""
        await self.history.has(body)

    async def says(self, body: str, to: str) -> None:
        """Send a message."""
        message = self.xmpp.make_message(to, body, mtype="chat")
        self.history.add(body, message["id"])
        message.send()

    async def archive(self, *, backwards: bool) -> list[Line]:
        """Page through the whole archive; return it from the oldest message on."""
        found = [
            Line(result["id"], result["forwarded"]["stanza"]["body"])
            for result in await self._results(backwards=backwards)
        ]
        return found[::-1] if backwards else found

    async def roster(self) -> dict[str, str]:
        """Return the subscriptions and names of all contacts, as they are known here."""
        contacts = self.xmpp.client_roster
        return {
            jid: f"{contacts[jid]['subscription']} {contacts[jid]['name']}".strip()
            for jid in contacts
            if jid != self.xmpp.boundjid.bare
        }

    async def has_read(self, chat: str) -> str:
        """Tell the other devices that everything was read (XEP-0490); return the latest id."""
        await soon(self.xmpp.plugin["xep_0490"].flag_chat(chat, self.history.latest))
        return self.history.latest

    async def hears_of_reading(self, archive_id: str) -> None:
        """Wait until some device has read this message."""
        heard = ""
        while heard != archive_id:
            items = (await self.came(_READ))["pubsub_event"]["items"]
            heard = items["item"]["displayed"]["stanza_id"]["id"]

    async def read_state(self) -> dict[str, str]:
        """Return the latest message that was read in each conversation."""
        answer = await soon(self.xmpp.plugin["xep_0490"].catch_up())
        items = answer["pubsub"]["items"]
        return {item["id"]: item["displayed"]["stanza_id"]["id"] for item in items}

    async def _results(self, *, after: str = "", backwards: bool = False) -> list[Any]:
        paging = {"max": _PAGE} | ({"after": after} if after else {})
        pages = self.xmpp.plugin["xep_0313"].iterate(rsm=paging, reverse=backwards)
        return [message["mam_result"] async for message in pages]

    def _read(self, message: Message) -> None:
        self._note(message, message["stanza_id"]["id"])

    def _read_carbon(self, message: Message) -> None:
        for kind in _CARBONS:
            if message.get_plugin(kind, check=True) is not None:
                self._read(message[kind])

    def _note(self, message: Message, archive_id: str) -> None:
        self.history.add(message["body"], message["id"], archive_id)
