"""Administrators look after rooms by commands."""

from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    JULIET,
    NURSE,
    ROMEO,
    ROOM,
    configure,
    enter,
    open_room,
    refusal,
    room_of,
    say,
    seen,
)

from palaver.ext.muc.extension import Muc
from palaver.ext.muc.names import USER
from palaver.jid import parse_bare
from palaver.kernel.clock import SystemClock
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError
from palaver.kernel.host import Host
from palaver.kernel.permissions import Caller

HOST = "montague.example"
DAY = 86_400.0  # seconds
MORE = (*EXTENSIONS, "room_commands", "accounts", "adhoc")


class Later(SystemClock):
    """A clock that is ahead."""

    def __init__(self, seconds: float) -> None:
        self._ahead = seconds

    def now(self) -> float:
        return super().now() + self._ahead


@pytest.fixture
async def house(tmp_path: Path) -> Any:
    async with open_house(tmp_path, *MORE) as opened:
        yield opened


async def run(house: House, name: str, **arguments: object) -> Any:
    return await Commands(house.server.extensions.values()).run(f"room {name}", arguments)


async def coven(house: House, name: str, **arguments: object) -> Any:
    return await run(house, name, host=HOST, room="coven", **arguments)


async def refused(house: House, name: str, **arguments: object) -> str:
    with pytest.raises(CommandError) as caught:
        await run(house, name, **arguments)
    return caught.value.code


async def test_a_room_is_made_for_an_owner_with_options(house: House) -> None:
    options = ["membersonly=1", "roomname=Witches", "getmemberlist=moderator,participant"]
    made = await coven(house, "create", owner=JULIET, option=options)
    assert made == {"room": ROOM, "owner": JULIET}
    shown = {each["option"]: each["value"] for each in await coven(house, "config")}
    assert shown["persistentroom"] == "1"
    assert shown["membersonly"] == "1"
    assert shown["getmemberlist"] == "moderator,participant"
    juliet = await house.client(f"{JULIET}/balcony")
    assert seen(await enter(juliet, "Juliet")) == ["Juliet owner moderator 110 170"]
    nurse = await house.client(f"{NURSE}/x")
    assert seen(await enter(nurse, "Nurse")) == ["Nurse auth registration-required"]


async def test_a_room_is_not_made_twice_or_wrongly(house: House) -> None:
    await coven(house, "create", owner=JULIET)
    same = {"host": HOST, "room": "COVEN", "owner": NURSE}
    assert await refused(house, "create", **same) == "exists"
    other = {"host": HOST, "room": "cave", "owner": NURSE}
    assert await refused(house, "create", **other, option=["colour=red"]) == "item-not-found"
    assert await refused(house, "create", **other, option=["membersonly"]) == "bad-arguments"
    assert await refused(house, "create", **other, option=["maxusers=x"]) == "not-acceptable"
    assert await refused(house, "create", **{**other, "host": "example.net"}) == "unknown-host"
    assert await refused(house, "create", **{**other, "owner": "a@b@c"}) == "bad-jid"
    assert await refused(house, "create", **{**other, "owner": "capulet.example"}) == "bad-jid"
    assert await refused(house, "create", **{**other, "room": "a@capulet.example"}) == "bad-jid"
    assert await refused(house, "show", host=HOST, room="cave") == "not-found"


async def test_rooms_are_listed_by_what_they_are(house: House) -> None:
    romeo = await open_room(house, persistentroom="1", roomname="Witches")
    for name in ("cave", "heath"):
        await run(house, "create", host="capulet.example", room=name, owner=NURSE)
    say(romeo, "Hello")
    await romeo.taken()

    async def names(**arguments: object) -> list[str]:
        return [each["room"].partition("@")[0] for each in await run(house, "list", **arguments)]

    assert sorted(await names()) == ["cave", "coven", "heath"]
    assert await names(host="capulet.example") == ["cave", "heath"]
    assert sorted(await names(empty=True)) == ["cave", "heath"]
    assert await names(prefix="co") == ["coven"]
    assert len(await names(limit=2)) == 2
    assert await names(idle="1d") == []
    assert await names(kind="temporary") == []
    (line,) = await run(house, "list", host=HOST)
    assert (line["name"], line["occupants"], line["affiliated"]) == ("Witches", 1, 1)
    assert line["last_message"] is not None


async def test_a_room_is_shown_with_its_people(house: House) -> None:
    romeo = await open_room(house)
    juliet = await house.client(f"{JULIET}/balcony")
    await enter(juliet, "Juliet")
    romeo.send(f"<message to='{ROOM}' type='groupchat'><subject>Light</subject></message>")
    say(romeo, "Hello")
    await romeo.taken()
    shown = await coven(house, "show")
    assert (shown["occupants"], shown["owners"], shown["subject"]) == (2, [ROMEO], "Light")
    assert shown["archived_messages"] == 2
    found = {each["nick"]: each for each in await coven(house, "occupants")}
    assert found["Juliet"] == {
        "nick": "Juliet",
        "jid": JULIET,
        "role": "participant",
        "affiliation": "none",
        "devices": 1,
    }


async def test_affiliations_are_listed_and_changed(house: House) -> None:
    await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await coven(house, "affiliate", address=JULIET, affiliation="member")
    await coven(house, "affiliate", address=NURSE, affiliation="outcast", reason="Gossip")
    assert seen(await nurse.taken()) == ["Nurse gone outcast none 110 301"]
    every = [(each["jid"], each["affiliation"]) for each in await coven(house, "affiliations")]
    assert every == [(ROMEO, "owner"), (JULIET, "member"), (NURSE, "outcast")]
    (banned,) = await coven(house, "affiliations", affiliation="outcast")
    assert banned["reason"] == "Gossip"
    here = {"host": HOST, "room": "coven"}
    last = {**here, "address": ROMEO, "affiliation": "none"}
    assert await refused(house, "affiliate", **last) == "conflict"
    domain = {**here, "address": "example.net", "affiliation": "member"}
    assert await refused(house, "affiliate", **domain) == "bad-jid"


async def test_somebody_is_put_out(house: House) -> None:
    await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await coven(house, "kick", nick="Nurse", reason="Noise")
    (told,) = await nurse.taken()
    assert seen([told]) == ["Nurse gone none none 110 307"]
    assert b"<reason>Noise</reason>" in told.to_bytes()
    assert await refused(house, "kick", host=HOST, room="coven", nick="Nurse") == "not-found"


async def test_a_room_is_configured_and_all_are_told(house: House) -> None:
    romeo = await open_room(house)
    await romeo.taken()
    await coven(house, "config", option=["moderatedroom=1", "whois=anyone"])
    (told,) = await romeo.taken()
    x = told.find("x", USER)
    assert x is not None
    assert [each.get("code") for each in x] == ["172"]
    assert room_of(house).config.moderated
    wrong = {"host": HOST, "room": "coven", "option": ["whois=nobody"]}
    assert await refused(house, "config", **wrong) == "not-acceptable"


async def test_a_password_is_not_shown(house: House) -> None:
    romeo = await open_room(house)
    await configure(romeo, passwordprotectedroom="1", roomsecret="cauldronburn")
    assert "cauldronburn" not in str(await coven(house, "config"))


async def test_a_room_ends_with_a_reason_and_a_place_to_go(house: House) -> None:
    romeo = await open_room(house)
    await coven(house, "destroy", reason="Macbeth", alternative="heath@conference.example.org")
    (told,) = await romeo.taken()
    x = told.find("x", USER)
    assert x is not None
    end = x.find("destroy")
    assert end is not None
    assert (end.get("jid"), end.text_of("reason")) == ("heath@conference.example.org", "Macbeth")
    await house.settled()
    assert await run(house, "list") == []


async def test_messages_reach_a_room_or_all_of_a_host(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    nurse.send(
        "<presence to='cave@conference.capulet.example/N'>"
        "<x xmlns='http://jabber.org/protocol/muc'/></presence>"
    )
    await nurse.taken()
    await romeo.taken()
    told = await run(house, "message", text="Closing at ten", host=HOST)
    assert told == {"rooms": 1, "occupants": 1}
    (message,) = await romeo.taken()
    assert (message.get("from"), message.get("type")) == (ROOM, "groupchat")
    assert await nurse.taken() == []
    assert await run(house, "message", text="Now") == {"rooms": 2, "occupants": 2}
    assert await nurse.bodies() == ["Now"]
    await coven(house, "message", text="You")
    assert await romeo.bodies() == ["Now", "You"]
    assert await refused(house, "message", text="x", room="coven") == "bad-arguments"


def named(rooms: list[dict[str, str]]) -> list[str]:
    return [each["room"].partition("@")[0] for each in rooms]


async def test_rooms_that_nobody_uses_are_purged(house: House) -> None:
    await open_room(house, persistentroom="1")
    for name, options in (("cave", []), ("quiet", ["enablelogging=0"])):
        await run(house, "create", host=HOST, room=name, owner=NURSE, option=options)
    assert await run(house, "purge", idle="90d") == []
    house.server.clock = Later(100 * DAY)
    would = await run(house, "purge", idle="90d", dry_run=True)
    assert named(would) == ["cave", "quiet"]
    assert len(await run(house, "list")) == 3
    await run(house, "purge", idle="90d")
    await house.settled()
    assert named(await run(house, "list")) == ["coven"]  # somebody is in it


@pytest.mark.parametrize("logging", ["0", "1"])
async def test_a_room_is_used_while_somebody_is_in_it(house: House, logging: str) -> None:
    """Whether anything is said, and kept, or not."""
    romeo = await open_room(house, persistentroom="1", enablelogging=logging)
    house.server.clock = Later(100 * DAY)
    leave = f"<presence to='{ROOM}/Romeo' type='unavailable'/>"
    romeo.send(leave)
    await house.settled()
    house.server.clock = Later(150 * DAY)
    assert named(await run(house, "purge", idle="90d")) == []
    assert named(await run(house, "list", idle="40d")) == ["coven"]
    await enter(romeo, "Romeo")
    house.server.clock = Later(250 * DAY)
    await house.server.extension(Muc).tidy()
    await house.settled()
    house.server.clock = Later(300 * DAY)  # nobody left, as if the server had been killed
    assert named(await run(house, "list", idle="60d")) == []
    assert named(await run(house, "list", idle="49d")) == ["coven"]


async def test_commands_are_for_administrators_of_the_host(house: House) -> None:
    await open_room(house, persistentroom="1")
    await house.account("admin@montague.example")
    record = house.server.hosts[HOST]
    commands = Commands(house.server.extensions.values())
    caller = Caller(house.server, parse_bare(JULIET), record)
    with pytest.raises(CommandError) as caught:
        await commands.run("room list", {"host": HOST}, caller=caller)
    assert caught.value.code == "forbidden"


async def test_an_administrator_of_one_host_looks_after_its_rooms_alone(house: House) -> None:
    """Every command works by chat, on a server with several hosts, and for no other host."""
    admin = (await house.client(f"admin@{HOST}/office")).account
    await house.server.store.set_role(admin.id, "admin")
    admin.record = await house.server.store.find(HOST, "admin")
    here, elsewhere = house.server.hosts[HOST], house.server.hosts["capulet.example"]
    await run(house, "create", host="capulet.example", room="cave", owner=NURSE)
    commands = Commands(house.server.extensions.values())

    async def given(by: Host, name: str, **arguments: object) -> Any:
        caller = Caller(house.server, admin.jid, by)
        return await commands.run(f"room {name}", arguments, caller=caller)

    for room in ("coven", ROOM):
        named = {"host": HOST, "room": room}
        await given(here, "create", **named, owner=ROMEO)
        romeo = await house.client(f"{ROMEO}/orchard")
        await enter(romeo, "Romeo")
        assert (await given(here, "show", **named))["occupants"] == 1
        assert len(await given(here, "occupants", **named)) == 1
        assert await given(here, "message", **named, text="Hear") == {"rooms": 1, "occupants": 1}
        await given(here, "affiliate", **named, address=NURSE, affiliation="member")
        assert len(await given(here, "affiliations", **named)) == 2
        await given(here, "config", **named, option=["roomname=Witches"])
        await given(here, "kick", **named, nick="Romeo")
        await given(here, "destroy", **named)
        await house.settled()
    await given(here, "create", host=HOST, room="coven", owner=ROMEO)
    assert [each["room"] for each in await given(here, "list")] == [ROOM]
    assert await given(here, "message", text="To nobody") == {"rooms": 0, "occupants": 0}
    assert await given(here, "purge", idle="90d") == []
    for host in (here, elsewhere):
        for wrong in ({"host": "capulet.example"}, {"host": "conference.capulet.example"}):
            with pytest.raises(CommandError) as caught:
                await given(host, "destroy", **wrong, room="cave")
            assert caught.value.code == "forbidden"
    with pytest.raises(CommandError) as caught:
        await given(here, "destroy", host=HOST, room="cave@conference.capulet.example")
    assert caught.value.code == "bad-jid"


async def test_a_room_by_command_waits_for_its_turn(house: House) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    romeo.send(f"<presence to='{ROOM}/R'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    assert await refused(house, "create", host=HOST, room="coven", owner=NURSE) == "exists"
    assert seen(await romeo.taken()) == ["R owner moderator 110 170 201"]
    assert refusal(await configure(romeo, maxusers="x")) == "modify not-acceptable"
