"""What concerns very many in a room is done in parts: each turn of the loop does a bounded part."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    ROOM,
    admin,
    configure,
    open_room,
    room_of,
    say,
    seen,
    told,
)

from palaver.ext.muc import engine, fanout, slices, telling
from palaver.ext.muc.names import MUC, OWNER
from palaver.ext.muc.room import Room
from palaver.wire import element

OCCUPANTS = 100
CHANGED = 40
COPIES = 200  # in one slice of a round
SLICE = 10  # occupants to whom something is done in a row


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """Open a server with slices so small that hundreds are very many."""
    monkeypatch.setattr(telling, "_COPIES", COPIES)
    monkeypatch.setattr(telling, "_TURN", 60.0)
    monkeypatch.setattr(slices, "_SLICE", SLICE)
    monkeypatch.setattr(fanout, "_AT_ONCE", SLICE)
    monkeypatch.setattr(engine, "_AT_ONCE", SLICE)
    configuration = "[extensions.muc]\ncrowd = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=configuration) as opened:
        yield opened


async def crowd_of(house: House) -> tuple[Client, list[Client]]:
    """Let the owner and hundreds be in the room, and hear no more of that."""
    romeo = await open_room(house)
    guests = [await house.guest(f"guest{number}@montague.example/x") for number in range(OCCUPANTS)]
    for number, guest in enumerate(guests):
        guest.send(f"<presence to='{ROOM}/{number}'><x xmlns='{MUC}'/></presence>")
    await told(house)
    for each in (romeo, *guests):
        each.wire.written.clear()
    return romeo, guests


async def most_in_a_turn(count: Callable[[], int], done: Callable[[], object]) -> int:
    """Return by how much something grew, or shrank, in one turn at most, until all is done."""
    most, before = 0, count()
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0)
            now = count()
            most, before = max(most, abs(now - before)), now
    return most


def written(guests: list[Client]) -> Callable[[], int]:
    return lambda: sum(len(guest.wire.written) for guest in guests)


def go_away(guests: list[Client]) -> None:
    """Let the first of them be away."""
    for number, guest in enumerate(guests[:CHANGED]):
        guest.send(f"<presence to='{ROOM}/{number}'><show>away</show></presence>")


def presences(client: Client) -> list[str]:
    return seen([element.parse(data) for data in client.wire.written])


async def test_changes_of_many_are_told_to_some_in_each_turn(house: House) -> None:
    _, guests = await crowd_of(house)
    room = room_of(house)
    go_away(guests)
    most = await most_in_a_turn(written(guests), lambda: room.gathered.told)
    assert most <= COPIES + CHANGED, "stanzas in one turn"
    heard = presences(guests[50])
    assert heard == [f"{number} none participant" for number in range(CHANGED)]
    assert len(presences(guests[0])) == CHANGED, "of itself, and of each other"


async def being_told(room: Room) -> None:
    """Wait until changes are being told, which lasts for a few turns of the loop only."""
    async with asyncio.timeout(60):
        while room.gathered.telling is None:  # noqa: ASYNC110 - rooms tell nobody of it
            await asyncio.sleep(0)


async def test_a_speaker_is_known_to_all_before_it_is_heard(house: House) -> None:
    _, guests = await crowd_of(house)
    room = room_of(house)
    go_away(guests)
    await being_told(room)
    assert not guests[-1].wire.written, "the round is not at its end"
    say(guests[7], "What, drawn, and talk of peace?")
    assert presences(guests[-1]) == ["7 none participant"]
    await told(house)
    heard = presences(guests[-1])
    assert sorted(heard) == sorted(f"{number} none participant" for number in range(CHANGED))


async def test_who_comes_while_changes_are_told_hears_of_each_once(house: House) -> None:
    _, guests = await crowd_of(house)
    room = room_of(house)
    for number in range(CHANGED):
        guests[number].send(f"<presence to='{ROOM}/{number}' type='unavailable'/>")
    await being_told(room)
    late = await house.guest("late@montague.example/x")
    late.send(f"<presence to='{ROOM}/late'><x xmlns='{MUC}'/></presence>")
    guests[CHANGED].send(f"<presence to='{ROOM}/{CHANGED}' type='unavailable'/>")
    await told(house)
    heard = presences(late)
    others = [f"{number} none participant" for number in range(CHANGED, OCCUPANTS)]
    assert sorted(heard[:-2]) == sorted(["Romeo owner moderator", *others])
    assert heard[-2:] == ["late none participant 110 170", f"{CHANGED} gone none none"]
    assert presences(guests[-1])[-2:] == ["late none participant", f"{CHANGED} gone none none"]


async def test_a_room_for_members_puts_some_out_in_each_turn(house: House) -> None:
    romeo, guests = await crowd_of(house)
    room = room_of(house)
    work = asyncio.ensure_future(configure(romeo, membersonly="1"))
    most = await most_in_a_turn(lambda: len(room.attendants), work.done)
    assert most <= SLICE, "occupants in one turn"
    assert [*room.occupants] == ["Romeo"]
    await told(house)
    assert all(
        presences(guest)[-1] == f"{number} gone none none 110 322"
        for number, guest in enumerate(guests)
    )


async def test_affiliations_of_many_are_followed_and_told_in_parts(house: House) -> None:
    romeo, guests = await crowd_of(house)
    room = room_of(house)
    items = "".join(
        f"<item affiliation='member' jid='guest{number}@montague.example'/>"
        for number in range(CHANGED)
    )
    await admin(romeo, items)
    most = await most_in_a_turn(
        written(guests), lambda: room.gathered.told and len(guests[-1].wire.written) == CHANGED
    )
    assert most <= COPIES + CHANGED, "stanzas in one turn"
    heard = presences(guests[-1])
    assert sorted(heard) == sorted(f"{number} member participant" for number in range(CHANGED))


async def test_those_banned_are_told_of_together_and_then_gone(house: House) -> None:
    romeo, guests = await crowd_of(house)
    items = "".join(
        f"<item affiliation='outcast' jid='guest{number}@montague.example'/>"
        for number in range(CHANGED)
    )
    await admin(romeo, items)
    await told(house)
    heard = presences(guests[-1])
    assert sorted(heard) == sorted(f"{number} gone outcast none 301" for number in range(CHANGED))
    assert presences(guests[0])[0] == "0 gone outcast none 110 301"


async def test_the_end_of_a_room_is_told_to_some_in_each_turn(house: House) -> None:
    romeo, guests = await crowd_of(house)
    query = f"<query xmlns='{OWNER}'><destroy/></query>"
    work = asyncio.ensure_future(romeo.ask(f"<iq type='set' id='o' to='{ROOM}'>{query}</iq>"))
    most = await most_in_a_turn(written(guests), lambda: all(g.wire.written for g in guests))
    assert most <= 2 * SLICE, "occupants in one turn"
    await work
    assert presences(guests[0]) == ["0 gone none none 110"]
    assert presences(guests[-1]) == [f"{OCCUPANTS - 1} gone none none 110"]


async def test_a_message_goes_to_very_many_elsewhere_in_parts_and_in_order(house: House) -> None:
    romeo, guests = await crowd_of(house)
    room = room_of(house)
    for attendant in room.attendants.values():
        if attendant.nick != "Romeo":
            attendant.session = None  # as if it were on another server
    say(romeo, "But soft!")
    waiting = [each for each in room.attendants.values() if each.backlog is not None]
    assert len(waiting) >= OCCUPANTS - SLICE
    say(romeo, "what light")
    await told(house)
    for guest in guests:
        assert await guest.bodies() == ["But soft!", "what light"]
