"""Rooms as tests use them: visitors who enter, say something, and ask for things."""

from collections.abc import Mapping

from tests.support.house import Client, House

from palaver.ext.muc.extension import Muc
from palaver.ext.muc.names import ADMIN, MUC, OWNER, USER
from palaver.ext.muc.registering import NS as REGISTER
from palaver.ext.muc.room import Room
from palaver.jid import parse_bare
from palaver.wire.element import Element

EXTENSIONS = (
    "muc", "archive", "disco", "ping", "presence", "privacy", "blocking", "roster", "stanza_ids",
)  # fmt: skip
ROOM = "coven@conference.montague.example"
ROMEO = "romeo@montague.example"
JULIET = "juliet@capulet.example"
NURSE = "nurse@capulet.example"


def room_of(house: House) -> Room:
    """Return the room, which is in memory."""
    found = house.server.extension(Muc).engine.rooms.at_hand(parse_bare(ROOM))
    assert found is not None
    return found


async def told(house: House) -> None:
    """Wait until all in the room are told of all."""
    room = room_of(house)
    await house.settled()
    await house.until(lambda: room.gathered.told)
    await house.until(lambda: all(each.backlog is None for each in room.attendants.values()))


async def enter(client: Client, nick: str, more: str = "", content: str = "") -> list[Element]:
    """Enter the room; return what that brings."""
    await client.taken()
    client.send(f"<presence to='{ROOM}/{nick}'>{content}<x xmlns='{MUC}'>{more}</x></presence>")
    return await client.taken()


async def open_room(house: House, address: str = f"{ROMEO}/orchard", **fields: str) -> Client:
    """Let somebody make the room, and configure it."""
    client = await house.client(address)
    await enter(client, "Romeo")
    await configure(client, **fields)
    await client.taken()
    return client


async def configure(client: Client, **fields: str) -> Element:
    """Submit the form of the room with these fields."""
    return await owner(
        client, form({f"muc#roomconfig_{name}": value for name, value in fields.items()})
    )


def form(fields: Mapping[str, str]) -> str:
    """Write a form that is submitted; several values of a field are separated by "|"."""
    written = "".join(
        f"<field var='{name}'>"
        + "".join(f"<value>{each}</value>" for each in value.split("|"))
        + "</field>"
        for name, value in fields.items()
    )
    return f"<x xmlns='jabber:x:data' type='submit'>{written}</x>"


def voice(**fields: str) -> str:
    """Write what asks for voice, or grants it with more fields."""
    asked = {"FORM_TYPE": f"{MUC}#request", "muc#role": "participant"}
    return form({**asked, **{f"muc#{name}": value for name, value in fields.items()}})


async def register(client: Client, nick: str) -> str:
    """Register a nickname; return the type of the answer, or the refusal."""
    wanted = form({"muc#register_roomnick": nick})
    query = f"<query xmlns='{REGISTER}'>{wanted}</query>"
    answer = await client.ask(f"<iq type='set' id='r' to='{ROOM}'>{query}</iq>")
    return refusal(answer) if answer.get("type") == "error" else "result"


async def owner(client: Client, content: str, kind: str = "set") -> Element:
    """Send a request of an owner."""
    query = f"<query xmlns='{OWNER}'>{content}</query>"
    return await client.ask(f"<iq type='{kind}' id='o' to='{ROOM}'>{query}</iq>")


async def admin(client: Client, items: str, kind: str = "set") -> Element:
    """Send a request about roles or affiliations."""
    query = f"<query xmlns='{ADMIN}'>{items}</query>"
    return await client.ask(f"<iq type='{kind}' id='a' to='{ROOM}'>{query}</iq>")


def say(client: Client, text: str, more: str = "") -> None:
    """Say something to all."""
    client.send(f"<message to='{ROOM}' type='groupchat'><body>{text}</body>{more}</message>")


def refusal(stanza: Element) -> str:
    """Return type and condition of an error."""
    error = stanza.find("error", "jabber:client")
    assert error is not None, stanza
    return f"{error.get('type')} {next(iter(error)).name}"


def seen(stanzas: list[Element]) -> list[str]:
    """Tell of each presence whose it is, with its type, role, affiliation and status codes."""
    found = []
    for each in stanzas:
        if each.name != "presence" or not each.get("from", "").startswith(ROOM):
            continue
        nick = each.get("from", "").partition("/")[2]
        room = each.find("x", USER)
        if room is None:
            found.append(f"{nick} {refusal(each)}")
            continue
        item = room.find("item")
        assert item is not None
        codes = sorted(status.get("code", "") for status in room.find_all("status"))
        gone = ["gone"] if each.get("type") == "unavailable" else []
        told = [item.get("affiliation", ""), item.get("role", "")]
        found.append(" ".join([nick, *gone, *told, *codes]))
    return found
