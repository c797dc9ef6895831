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


async def test_it_uses_its_privileges(start_server: StartServer, authority: Authority) -> None:
    """What slixmpp knows of XEP-0356 is what gateways such as slidge use."""
    granted = {"roster": "both", "message": "outgoing", "iq": {"jabber:iq:version": "get"}}
    section = {"secret": SECRET, "privileges": {"localhost": granted}}
    server = start_server(ServerOptions(settings={"components": {DOMAIN: section}}))
    jid = "romeo@localhost"
    server.add_accounts([(jid, PASSWORD)])
    echo = Echo(server.ports.components)
    echo.register_plugin("xep_0356")
    told = asyncio.Event()
    echo.add_event_handler("privileges_advertised", lambda _: told.set())
    echo.connect()
    await asyncio.wait_for(told.wait(), 10)
    privileged = echo.plugin["xep_0356"]
    async with Person(server, f"{jid}/orchard", PASSWORD, trust=authority.trust()) as romeo:
        await romeo.online()
        items = {f"cave@{DOMAIN}": {"name": "Cave", "subscription": "both", "groups": ["Places"]}}
        await asyncio.wait_for(privileged.set_roster(jid, items), 10)
        found = await asyncio.wait_for(privileged.get_roster(jid), 10)
        assert [str(item) for item in found["roster"]["items"]] == [f"cave@{DOMAIN}"]
        message = echo.make_message(romeo.xmpp.boundjid, mbody="by the gateway", mfrom=jid)
        privileged.send_privileged_message(message)
        assert (await romeo.came("message"))["body"] == "by the gateway"
        request = echo.make_iq_get("jabber:iq:version", ito="localhost", ifrom=jid)
        answer = await asyncio.wait_for(privileged.send_privileged_iq(request), 10)
        assert answer["type"] == "result"
    await echo.disconnect()
