"""A client of the tests whose stream is managed (XEP-0198)."""

from typing import Final
from xml.etree.ElementTree import Element

from tests.support.client import DEADLINE, Client

NS: Final = "urn:xmpp:sm:3"
REQUEST: Final = f"<r xmlns='{NS}'/>"


class Managed:
    """A client whose stream is managed; it counts what it gets and acknowledges when told to."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.handled = 0
        self.token = ""
        self.bodies: list[str] = []

    async def enable(self, attributes: str = "resume='true'") -> Element:
        await self.client.send(f"<enable xmlns='{NS}' {attributes}/>")
        answer = await self.client.receive()
        self.token = answer.get("id", "")
        return answer

    async def next(self, deadline: float = DEADLINE) -> Element:
        """Return the next element; count it if it is a stanza."""
        found = await self.client.receive(deadline)
        if found.tag.startswith("{jabber:client}"):
            self.handled += 1
            self.bodies += [text.text or "" for text in found.iter("{jabber:client}body")]
        return found

    async def read(self, count: int) -> list[str]:
        """Read until that many messages have come in all; return them."""
        while len(self.bodies) < count:
            await self.next()
        return self.bodies

    async def acknowledge(self) -> None:
        await self.client.send(f"<a xmlns='{NS}' h='{self.handled}'/>")

    async def ask(self, deadline: float = DEADLINE) -> int:
        """Ask what the server has handled."""
        await self.client.send(REQUEST)
        while True:
            found = await self.next(deadline)
            if found.tag == f"{{{NS}}}a":
                return int(found.get("h", ""))

    async def resume(self, client: Client, h: int | None = None) -> Element:
        """Come back on this other connection; return what the server says to that."""
        await client.open()
        await client.authenticate()
        self.client = client
        if h is not None:
            self.handled = h
        await client.send(f"<resume xmlns='{NS}' h='{self.handled}' previd='{self.token}'/>")
        return await client.receive()
