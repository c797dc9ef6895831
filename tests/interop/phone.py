"""A phone, with xmpp.js: SASL2, tokens, stream management, client state, carbons, the archive."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.faults.proxy import Proxy
from tests.interop.history import History, Line
from tests.interop.node import environment
from tests.interop.script import Script

_PUBSUB = "http://jabber.org/protocol/pubsub"
_READ = "urn:xmpp:mds:displayed:0"


class Phone(Script):
    """Runs the script of xmpp.js; ``network`` is the way to the server."""

    def __init__(self, jid: str, password: str, *, authority: Path, network: Proxy) -> None:
        local, _, domain = jid.partition("@")
        self._own = jid
        self.history = History()
        super().__init__(
            "device.js",
            *(_service(network), domain, local, password),
            env=environment(authority),
        )

    async def log_in(self) -> None:
        """Begin a session."""
        await self.do("start")
        await self.begin_again()

    async def begin_again(self) -> None:
        """See that a new session has begun, as the library does by itself; then catch up.

        What the archive has beyond the latest known message is shown.
        """
        await self.came("online")
        for found in await self.do("archive", after=self.history.latest):
            self._note(found)

    async def switch(self, network: Proxy) -> None:
        """Forget the connection without a word, and connect through another network."""
        await self.do("switch", service=_service(network))

    async def resume(self) -> None:
        """See that the session was resumed, which the library does by itself."""
        await self.came("resumed")

    async def hears(self, body: str) -> None:
        """Wait until a message is shown."""
        await self.history.has(body)

    async def says(self, body: str, to: str) -> None:
        """Send a message, as far as the network takes it."""
        name = f"phone-{len(self.history.bodies)}"
        self.history.add(body, name)
        await self.do("say", to=to, body=body, id=name)

    async def sleep(self) -> None:
        """Say that nobody looks (XEP-0352)."""
        await self.do("state", name="inactive")

    async def wake(self) -> None:
        """Say that somebody looks again."""
        await self.do("state", name="active")

    async def sees(self, show: str) -> None:
        """Wait for presence of this kind."""
        while (await self.came("presence"))["show"] != show:
            pass

    async def archive(self, *, backwards: bool) -> list[Line]:
        """Page through the whole archive; return it from the oldest message on."""
        way = "backwards" if backwards else "forwards"
        found = await self.do("archive", way=way)
        return [Line(each["archive_id"], each["body"]) for each in found]

    async def roster(self) -> dict[str, str]:
        """Return the subscriptions and names of all contacts."""
        items = await self.do("roster")
        return {
            item["jid"]: f"{item['subscription']} {item.get('name', '')}".strip() for item in items
        }

    async def names(self, contact: str, name: str) -> None:
        """Add a contact, or change the name of one."""
        item = ["item", {"jid": contact, "name": name}]
        payload = ["query", {"xmlns": "jabber:iq:roster"}, item]
        await self.do("ask", type="set", payload=payload)

    async def has_read(self, chat: str) -> str:
        """Tell the other devices that everything was read (XEP-0490); return the latest id."""
        latest = {"xmlns": "urn:xmpp:sid:0", "id": self.history.latest, "by": self._own}
        item = ["item", {"id": chat}, ["displayed", {"xmlns": _READ}, ["stanza-id", latest]]]
        publish = ["publish", {"node": _READ}, item]
        await self.do("ask", type="set", payload=["pubsub", {"xmlns": _PUBSUB}, publish])
        return self.history.latest

    async def read_state(self) -> dict[str, str]:
        """Return the latest message that was read in each conversation."""
        payload = ["pubsub", {"xmlns": _PUBSUB}, ["items", {"node": _READ}]]
        answer = ElementTree.fromstring(await self.do("ask", type="get", payload=payload))
        return {
            item.attrib["id"]: stanza_id.attrib["id"]
            for item in answer.iter(f"{{{_PUBSUB}}}item")
            for stanza_id in item.iter("{urn:xmpp:sid:0}stanza-id")
        }

    def happened(self, what: dict[str, Any]) -> None:
        """Show messages; keep everything else."""
        if what["event"] == "message":
            self._note(what)
        else:
            super().happened(what)

    def _note(self, message: dict[str, Any]) -> None:
        self.history.add(message["body"], message["author_id"], message["archive_id"])


def _service(network: Proxy) -> str:
    return f"xmpps://localhost:{network.address[1]}"
