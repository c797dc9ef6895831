"""Rooms survive the end of the process: what was acknowledged is there again."""

import asyncio
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tests.support.client import Client
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.managed import Managed

ROOM = "coven@conference.localhost"
HEATH = "heath@conference.localhost"
MUC = "http://jabber.org/protocol/muc"
FORM = "<x xmlns='jabber:x:data' type='submit'>%s</x>"
FIELD = "<field var='muc#roomconfig_%s'><value>%s</value></field>"
MESSAGES = 200
ROOMS = 4
TO_MODERATE = 80
ROUNDS = 10_000  # more than there is time for


async def enter(client: Client, nick: str, room: str = ROOM, more: str = "") -> list[Element]:
    """Enter a room; return what came up to the subject, or the error."""
    await client.send(f"<presence to='{room}/{nick}'><x xmlns='{MUC}'>{more}</x></presence>")
    came = []
    while True:
        came.append(await client.receive())
        tag, kind = came[-1].tag, came[-1].get("type")
        if kind == "error" or came[-1].find("{jabber:client}subject") is not None:
            return came
        assert tag in ("{jabber:client}presence", "{jabber:client}message")


async def archived(client: Client, room: str = ROOM) -> list[str]:
    """Return the bodies in the archive of a room."""
    bodies: list[str] = []
    after, complete = "", False
    while not complete:
        page = f"<set xmlns='http://jabber.org/protocol/rsm'>{after}</set>"
        query = f"<query xmlns='urn:xmpp:mam:2'>{page}</query>"
        await client.send(f"<iq type='set' id='mam' to='{room}'>{query}</iq>")
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
    await enter(romeo, "Romeo", HEATH)
    fields = FIELD % ("persistentroom", "1")
    await romeo.iq("set", f"<query xmlns='{MUC}#owner'>{FORM % fields}</query>", HEATH)
    await romeo.iq("set", f"<query xmlns='{MUC}#owner'><destroy/></query>", HEATH)
    server.kill()
    await romeo.abort()
    server.start()
    async with server.client("juliet@localhost/balcony", "secret") as juliet:
        info = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        assert (await juliet.iq("get", info, HEATH)).get("type") == "error"
        came = await enter(juliet, "Rose")
        subject = came[-1].findtext("{jabber:client}subject")
        assert subject == "Light"
        item = next(came[0].iter(f"{{{MUC}#user}}item"))
        assert (item.get("affiliation"), item.get("role")) == ("member", "participant")
        assert await archived(juliet) == said
    async with server.client("tybalt@localhost/x", "secret") as tybalt:
        (refused,) = await enter(tybalt, "Tybalt")
        assert refused.get("type") == "error"


@dataclass
class Acknowledged:
    """What an owner was told is done in a room: it has to be there afterwards."""

    room: str
    members: dict[str, str] = field(default_factory=dict)
    banned: set[str] = field(default_factory=set)
    subject: str = ""
    name: str = ""
    said: list[str] = field(default_factory=list)


async def own(client: Client, managed: Managed, room: Acknowledged, kept: int) -> None:
    """Make a room, and change it until the server is gone, while others do the same."""
    await enter(client, "Owner", room.room)
    fields = FIELD % ("persistentroom", "1")
    await client.iq("set", f"<query xmlns='{MUC}#owner'>{FORM % fields}</query>", room.room)
    number = 0
    while number < kept:
        number += 1
        for kind, who in (("member", f"m{number}"), ("outcast", f"b{number}")):
            nick = f" nick='{who}'" if kind == "member" else ""
            item = f"<item affiliation='{kind}' jid='{who}@localhost'{nick}/>"
            query = f"<query xmlns='{MUC}#admin'>{item}</query>"
            answer = await client.iq("set", query, room.room)
            assert answer.get("type") == "result"
            if kind == "member":
                room.members[f"{who}@localhost"] = who
            else:
                room.banned.add(f"{who}@localhost")
        fields = FIELD % ("roomname", f"Name {number}")
        await client.iq("set", f"<query xmlns='{MUC}#owner'>{FORM % fields}</query>", room.room)
        room.name = f"Name {number}"
        said = [f"{number}-{each}" for each in range(5)]
        for text in (f"<subject>S{number}</subject>", *(f"<body>{each}</body>" for each in said)):
            message = f"<message to='{room.room}' type='groupchat'>{text}</message>"
            await client.send(message)
        while await managed.ask() < handled(number):
            pass
        room.subject = f"S{number}"
        room.said += said


def handled(number: int) -> int:
    """Return how many stanzas an owner sent in so many rounds: two to begin with, nine each."""
    return 2 + number * 9


async def listed(client: Client, room: str, affiliation: str) -> dict[str | None, str | None]:
    """Return who has an affiliation, with the reserved nicknames."""
    item = f"<item affiliation='{affiliation}'/>"
    answer = await client.iq("get", f"<query xmlns='{MUC}#admin'>{item}</query>", room)
    return {each.get("jid"): each.get("nick") for each in answer.iter(f"{{{MUC}#admin}}item")}


async def test_rooms_under_load_keep_all_that_was_acknowledged(start_server: StartServer) -> None:
    server = start_server(ServerOptions(hosts={"localhost": HostOptions()}))
    names = [f"owner{number}" for number in range(ROOMS)]
    server.add_accounts([(f"{name}@localhost", "secret") for name in names])
    rooms = [Acknowledged(f"{name}-room@conference.localhost") for name in names]
    clients = [server.client(f"{name}@localhost/x", "secret") for name in names]
    work = []
    for client, room in zip(clients, rooms, strict=True):
        await client.connect()
        managed = Managed(client)
        await managed.enable()
        work.append(asyncio.create_task(own(client, managed, room, ROUNDS)))
    while any(not room.said for room in rooms) or sum(len(room.said) for room in rooms) < 60:
        ended, _ = await asyncio.wait(work, timeout=0.05)
        for each in ended:
            each.result()
    server.kill()
    await asyncio.gather(*work, return_exceptions=True)
    for client in clients:
        await client.abort()
    server.start()
    for name, room in zip(names, rooms, strict=True):
        async with server.client(f"{name}@localhost/y", "secret") as owner:
            came = await enter(owner, "Owner", room.room, "<history maxstanzas='0'/>")
            subject = came[-1].findtext("{jabber:client}subject") or ""
            assert int(subject[1:]) >= int(room.subject[1:])
            members = await listed(owner, room.room, "member")
            assert room.members.items() <= members.items()
            assert room.banned <= (await listed(owner, room.room, "outcast")).keys()
            info = await owner.iq(
                "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", room.room
            )
            identity = next(info.iter("{http://jabber.org/protocol/disco#info}identity"))
            assert int(identity.get("name", "").split()[1]) >= int(room.name.split()[1])
            bodies = await archived(owner, room.room)
            assert bodies[: len(room.said)] == room.said


async def moderate(client: Client, number: str) -> str | None:
    """Take a message of others back; return the type of the answer."""
    order = "<retract xmlns='urn:xmpp:message-retract:1'/><reason>No</reason>"
    request = f"<moderate xmlns='urn:xmpp:message-moderate:1' id='{number}'>{order}</moderate>"
    return (await client.iq("set", request, ROOM)).get("type")


async def say_all(client: Client, texts: list[str]) -> dict[str, str]:
    """Say something, and return the stanza-ids by what was said."""
    ids = {}
    for text in texts:
        body = f"<body>{text}</body>"
        await client.send(f"<message to='{ROOM}' type='groupchat'>{body}</message>")
    while len(ids) < len(texts):
        came = await client.receive()
        text = came.findtext("{jabber:client}body")
        stanza_id = came.find("{urn:xmpp:sid:0}stanza-id")
        if text is not None and stanza_id is not None:
            ids[text] = stanza_id.get("id", "")
    return ids


async def in_history(client: Client) -> list[str]:
    """Return the bodies that somebody gets who enters."""
    came = await enter(client, "Rose", more="<history maxstanzas='100'/>")
    return [body.text or "" for each in came for body in each.iter("{jabber:client}body")]


async def test_what_a_moderator_took_back_stays_so_by_kill_9(start_server: StartServer) -> None:
    """No message comes back that a moderator was told is gone, and no other one goes."""
    server = start_server(ServerOptions(hosts={"localhost": HostOptions()}))
    server.add_accounts([(f"{name}@localhost", "secret") for name in ("romeo", "tybalt")])
    romeo = server.client("romeo@localhost/orchard", "secret")
    tybalt = server.client("tybalt@localhost/x", "secret")
    await romeo.connect()
    await enter(romeo, "Romeo")
    fields = FIELD % ("persistentroom", "1")
    await romeo.iq("set", f"<query xmlns='{MUC}#owner'>{FORM % fields}</query>", ROOM)
    await tybalt.connect()
    await enter(tybalt, "Tybalt")
    said = [f"m{number}" for number in range(TO_MODERATE)]
    ids = await say_all(tybalt, said)
    gone: list[str] = []

    async def go_on() -> None:
        for text in said[::2]:
            assert await moderate(romeo, ids[text]) == "result"
            gone.append(text)

    work = asyncio.create_task(go_on())
    while len(gone) < TO_MODERATE // 8:
        await asyncio.wait([work], timeout=0.01)
        assert not work.done()
    server.kill()
    await asyncio.gather(work, return_exceptions=True)
    for client in (romeo, tybalt):
        await client.abort()
    server.start()
    async with server.client("tybalt@localhost/y", "secret") as back:
        history, shown = await in_history(back), await archived(back)
        assert not set(gone) & {*history, *shown}
        assert set(said[1::2]) <= set(shown)
        under_way = said[: 2 * len(gone) + 1 : 2]  # the last one may have been stored or not
        assert set(said) - set(shown) in (set(gone), set(under_way))
