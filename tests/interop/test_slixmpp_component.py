"""A component written with slixmpp connects and talks (XEP-0114)."""

import asyncio

import slixmpp
from tests.interop.person import Person
from tests.support.certificates import Authority
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer

DOMAIN = "echo.localhost"
SECRET = "tell me twice"
PASSWORD = "a rose by any other name"


class Echo(slixmpp.ComponentXMPP):  # type: ignore[misc]  # slixmpp has no complete types
    """Sends back what it gets."""

    def __init__(self, port: int) -> None:
        super().__init__(DOMAIN, SECRET, "127.0.0.1", port)
        self.ready = asyncio.Event()
        self.add_event_handler("session_start", lambda _: self.ready.set())
        self.add_event_handler("message", lambda message: message.reply(message["body"]).send())


async def test_it_answers_a_person(start_server: StartServer, authority: Authority) -> None:
    server = start_server(ServerOptions(settings={"components": {DOMAIN: {"secret": SECRET}}}))
    jid = "romeo@localhost"
    server.add_accounts([(jid, PASSWORD)])
    echo = Echo(server.ports.components)
    echo.connect()
    await asyncio.wait_for(echo.ready.wait(), 10)
    async with Person(server, f"{jid}/orchard", PASSWORD, trust=authority.trust()) as romeo:
        await romeo.online()
        romeo.xmpp.send_message(f"cave@{DOMAIN}", "is there anybody?", mtype="chat")
        assert (await romeo.came("message"))["body"] == "is there anybody?"
    await echo.disconnect()
