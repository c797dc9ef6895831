"""Debian's IRC gateway: biboumi connects as a component, and people talk on an IRC channel."""

import asyncio
from pathlib import Path
from typing import Any

from slixmpp.xmlstream import ET
from tests.interop.irc import DEADLINE, biboumi, ngircd, on_irc
from tests.interop.person import Person, soon
from tests.support.certificates import Authority
from tests.support.config import ServerOptions
from tests.support.fixtures import StartServer

DOMAIN = "irc.localhost"
SECRET = "never was a story of more woe"
PASSWORD = "a rose by any other name"
CHANNEL = f"#verona%127.0.0.1@{DOMAIN}"
COMMANDS = "http://jabber.org/protocol/commands"


async def listed(person: Person) -> None:
    """Wait until the gateway is among the services of the host, and says that it is one."""
    disco = person.xmpp.plugin["xep_0030"]
    async with asyncio.timeout(DEADLINE):
        while True:
            found = await disco.get_items("localhost")
            if DOMAIN in {item[0] for item in found["disco_items"]["items"]}:
                break
            await asyncio.sleep(0.1)
    info = await soon(disco.get_info(DOMAIN))
    kinds = {identity[:2] for identity in info["disco_info"]["identities"]}
    assert ("gateway", "irc") in kinds or ("conference", "irc") in kinds


async def use_port(person: Person, port: int) -> None:
    """Tell the gateway by its command which port the IRC server has (XEP-0050)."""
    server = f"127.0.0.1@{DOMAIN}"
    begin = person.xmpp.make_iq_set(ito=server)
    begin.append(ET.Element(f"{{{COMMANDS}}}command", node="configure", action="execute"))
    answer = (await soon(begin.send())).xml.find(f"{{{COMMANDS}}}command")
    assert answer is not None
    submit = person.xmpp.make_iq_set(ito=server)
    attributes = {"node": "configure", "sessionid": answer.attrib["sessionid"]}
    command = ET.Element(f"{{{COMMANDS}}}command", attributes | {"action": "complete"})
    form = ET.SubElement(command, "{jabber:x:data}x", type="submit")
    for var, values in (("ports", [str(port)]), ("tls_ports", [])):
        field = ET.SubElement(form, "{jabber:x:data}field", var=var, type="text-multi")
        for value in values:
            ET.SubElement(field, "{jabber:x:data}value").text = value
    submit.append(command)
    done = (await soon(submit.send())).xml.find(f"{{{COMMANDS}}}command")
    assert done is not None
    assert done.attrib["status"] == "completed"


async def said(person: Person, text: str) -> Any:
    """Return the message on the channel with that text."""
    while True:
        message = await person.came("groupchat_message")
        if message["body"] == text:
            return message


async def test_people_talk_on_an_irc_channel(
    start_server: StartServer, authority: Authority, tmp_path: Path
) -> None:
    server = start_server(ServerOptions(settings={"components": {DOMAIN: {"secret": SECRET}}}))
    jid = "romeo@localhost"
    server.add_accounts([(jid, PASSWORD)])
    with ngircd(tmp_path) as port, biboumi(tmp_path, DOMAIN, SECRET, server.ports.components):
        async with (
            on_irc(port, "juliet") as juliet,
            Person(server, f"{jid}/orchard", PASSWORD, trust=authority.trust()) as romeo,
        ):
            juliet.say("JOIN #verona")
            await juliet.hears("JOIN")
            await romeo.online()
            await listed(romeo)
            await use_port(romeo, port)
            await soon(romeo.xmpp.plugin["xep_0045"].join_muc_wait(CHANNEL, "romeo"))
            await juliet.hears(":romeo!")
            romeo.xmpp.send_message(CHANNEL, "But soft!", mtype="groupchat")
            assert "PRIVMSG #verona :But soft!" in await juliet.hears("PRIVMSG")
            juliet.say("PRIVMSG #verona :Ay me!")
            assert (await said(romeo, "Ay me!"))["from"] == f"{CHANNEL}/juliet"
            romeo.xmpp.send_message(f"{CHANNEL}/juliet", "Lady", mtype="chat")
            await juliet.hears("PRIVMSG juliet :Lady")
            romeo.xmpp.plugin["xep_0045"].leave_muc(CHANNEL, "romeo")
            await juliet.hears("PART")
