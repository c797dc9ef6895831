"""Rooms survive the end of the process: what was acknowledged is there again."""

from xml.etree.ElementTree import Element

from tests.support.client import Client
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.managed import Managed

ROOM = "coven@conference.localhost"
MUC = "http://jabber.org/protocol/muc"
FORM = "<x xmlns='jabber:x:data' type='submit'>%s</x>"
FIELD = "<field var='muc#roomconfig_%s'><value>%s</value></field>"
MESSAGES = 200


async def enter(client: Client, nick: str) -> list[Element]:
    """Enter the room; return what came up to the subject, or the error."""
    await client.send(f"<presence to='{ROOM}/{nick}'><x xmlns='{MUC}'/></presence>")
    came = []
    while True:
        came.append(await client.receive())
        tag, kind = came[-1].tag, came[-1].get("type")
        if kind == "error" or came[-1].find("{jabber:client}subject") is not None:
            return came
        assert tag in ("{jabber:client}presence", "{jabber:client}message")


async def archived(client: Client) -> list[str]:
    """Return the bodies in the archive of the room."""
    bodies: list[str] = []
    after, complete = "", False
    while not complete:
        page = f"<set xmlns='http://jabber.org/protocol/rsm'>{after}</set>"
        query = f"<query xmlns='urn:xmpp:mam:2'>{page}</query>"
        await client.send(f"<iq type='set' id='mam' to='{ROOM}'>{query}</iq>")
        while True:
            came = await client.receive()
            if came.tag == "{jabber:client}iq":
                break
            bodies += [body.text or "" for body in came.iter("{jabber:client}body")]
        (fin,) = came
        complete = fin.get("complete") == "true"
        last = next(fin.iter("{http://jabber.org/protocol/rsm}last"), None)
        after = "" if last is None else f"<after>{last.text}</after>"
    return bodies


async def test_nothing_of_a_room_is_lost_by_kill_9(start_server: StartServer) -> None:
    server = start_server(ServerOptions(hosts={"localhost": HostOptions()}))
    names = ("romeo", "juliet", "tybalt")
    server.add_accounts([(f"{name}@localhost", "secret") for name in names])
    romeo = server.client("romeo@localhost/orchard", "secret")
    await romeo.connect()
    managed = Managed(romeo)
    await managed.enable()
    await enter(romeo, "Romeo")
    fields = FIELD % ("persistentroom", "1") + FIELD % ("membersonly", "1")
    await romeo.iq("set", f"<query xmlns='{MUC}#owner'>{FORM % fields}</query>", ROOM)
    items = "<item affiliation='member' nick='Rose' jid='juliet@localhost'/>"
    items += "<item affiliation='outcast' jid='tybalt@localhost'/>"
    await romeo.iq("set", f"<query xmlns='{MUC}#admin'>{items}</query>", ROOM)
    await romeo.send(f"<message to='{ROOM}' type='groupchat'><subject>Light</subject></message>")
    said = []
    for number in range(MESSAGES):
        said.append(f"{number}")
        text = f"<message to='{ROOM}' type='groupchat'><body>{number}</body></message>"
        await romeo.send(text)
    sent = 4 + MESSAGES  # the presence and two requests, the subject, and these
    while await managed.ask() < sent:
        pass
    server.kill()
    await romeo.abort()
    server.start()
    async with server.client("juliet@localhost/balcony", "secret") as juliet:
        came = await enter(juliet, "Rose")
        subject = came[-1].findtext("{jabber:client}subject")
        assert subject == "Light"
        item = next(came[0].iter(f"{{{MUC}#user}}item"))
        assert (item.get("affiliation"), item.get("role")) == ("member", "participant")
        assert await archived(juliet) == said
    async with server.client("tybalt@localhost/x", "secret") as tybalt:
        (refused,) = await enter(tybalt, "Tybalt")
        assert refused.get("type") == "error"
