"""Large rooms: who enters is told in slices, and changes of presence are gathered."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    JULIET,
    NURSE,
    ROOM,
    admin,
    configure,
    enter,
    open_room,
    room_of,
    say,
    seen,
    told,
)

from palaver.ext.muc import slices
from palaver.ext.muc.names import MUC
from palaver.wire import element
from palaver.wire.element import Element

TYBALT = "tybalt@capulet.example"
BENVOLIO = "benvolio@montague.example/b"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Open a server to which two devices are many."""
    configuration = "[extensions.muc]\ncrowd = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=configuration) as opened:
        yield opened


def presence(client: Client, nick: str, content: str = "", kind: str = "") -> None:
    type_ = f" type='{kind}'" if kind else ""
    client.send(f"<presence to='{ROOM}/{nick}'{type_}>{content}</presence>")


async def heard(house: House, client: Client) -> list[Element]:
    """Return what a client hears until all that was gathered is told."""
    await told(house)
    return await client.taken()


async def crowd_of(house: House) -> tuple[Client, Client, Client]:
    """Let three be in the room, and hear no more of that."""
    romeo = await open_room(house)
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/x")
    await enter(juliet, "Juliet")
    await enter(nurse, "Nurse")
    for each in (romeo, juliet, nurse):
        await heard(house, each)
    return romeo, juliet, nurse


async def test_who_enters_is_told_of_all_then_of_itself_then_of_the_rest(house: House) -> None:
    romeo, juliet, _ = await crowd_of(house)
    say(romeo, "But soft!")
    await romeo.taken()
    tybalt = await house.client(f"{TYBALT}/sword")
    await tybalt.taken()
    tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
    say(juliet, "Ay me!")  # before the slices are written
    came = await heard(house, tybalt)
    assert seen(came) == [
        "Romeo owner moderator",
        "Juliet none participant",
        "Nurse none participant",
        "Tybalt none participant 110 170",
    ]
    rest = [each.text_of("body") or next(iter(each)).name for each in came[4:]]
    assert rest == ["But soft!", "subject", "Ay me!"]


async def test_others_hear_of_who_enters_before_they_hear_it_speak(house: House) -> None:
    romeo, _, _ = await crowd_of(house)
    tybalt = await house.client(f"{TYBALT}/sword")
    tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
    assert not romeo.wire.written
    say(tybalt, "What, drawn, and talk of peace?")
    came = await heard(house, romeo)
    assert seen(came) == ["Tybalt none participant"]
    assert came[1].text_of("body") == "What, drawn, and talk of peace?"


async def test_several_changes_of_one_occupant_are_told_once(house: House) -> None:
    romeo, juliet, nurse = await crowd_of(house)
    for show in ("away", "dnd", "xa"):
        presence(juliet, "Juliet", f"<show>{show}</show>")
    for each in (romeo, nurse):
        (last,) = await heard(house, each)
        assert last.text_of("show") == "xa"
    assert seen(await juliet.taken()) == ["Juliet none participant 110"] * 3


async def test_who_enters_and_leaves_at_once_is_not_heard_of(house: House) -> None:
    romeo, _, _ = await crowd_of(house)
    tybalt = await house.client(f"{TYBALT}/sword")
    await tybalt.taken()
    tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
    presence(tybalt, "Tybalt", kind="unavailable")
    assert await heard(house, romeo) == []
    await house.until(lambda: len(tybalt.wire.written) > 1)
    assert seen(await tybalt.taken())[-1] == "Tybalt gone none none 110"


async def test_who_knows_of_an_occupant_hears_that_it_left(house: House) -> None:
    romeo, _, _ = await crowd_of(house)
    tybalt, benvolio = await house.client(f"{TYBALT}/a"), await house.client(BENVOLIO)
    await tybalt.taken()
    for client, nick in ((tybalt, "Tybalt"), (benvolio, "Benvolio")):
        client.send(f"<presence to='{ROOM}/{nick}'><x xmlns='{MUC}'/></presence>")
    presence(tybalt, "Tybalt", kind="unavailable")
    came = seen(await heard(house, benvolio))
    assert came.index("Tybalt none participant") < came.index("Tybalt gone none none")
    assert "Benvolio none participant" in seen(await romeo.taken())


async def test_a_nickname_that_goes_from_one_to_another_is_told_in_order(house: House) -> None:
    romeo, juliet, nurse = await crowd_of(house)
    presence(juliet, "Juliet", kind="unavailable")
    tybalt = await house.client(f"{TYBALT}/sword")
    tybalt.send(f"<presence to='{ROOM}/Juliet'><x xmlns='{MUC}'/></presence>")
    for each in (romeo, nurse):
        assert seen(await heard(house, each)) == [
            "Juliet gone none none",
            "Juliet none participant",
        ]


async def test_what_somebody_else_does_to_an_occupant_is_told_at_once(house: House) -> None:
    romeo, juliet, nurse = await crowd_of(house)
    presence(juliet, "Juliet", "<show>away</show>")
    await admin(romeo, "<item nick='Juliet' role='none'/>")
    assert seen([element.parse(data) for data in nurse.wire.written]) == [
        "Juliet none participant",
        "Juliet gone none none 307",
    ]


async def test_moderators_alone_see_addresses_in_a_crowd(house: House) -> None:
    romeo, _, nurse = await crowd_of(house)
    tybalt = await house.client(f"{TYBALT}/sword")
    await enter(tybalt, "Tybalt")
    (seen_by_romeo,), (seen_by_nurse,) = await heard(house, romeo), await nurse.taken()
    assert f"jid='{TYBALT}/sword'".encode() in seen_by_romeo.to_bytes().replace(b'"', b"'")
    assert TYBALT.encode() not in seen_by_nurse.to_bytes()


async def test_who_enters_again_while_being_told_is_told_again(house: House) -> None:
    await crowd_of(house)
    tybalt = await house.client(f"{TYBALT}/sword")
    await tybalt.taken()
    for _ in range(2):
        tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
    came = seen(await heard(house, tybalt))
    assert came.count("Romeo owner moderator") == 2
    assert came[-1] == "Tybalt none participant 110 170"


async def test_who_is_gone_is_told_no_more(house: House) -> None:
    await crowd_of(house)
    tybalt = await house.client(f"{TYBALT}/sword")
    tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
    tybalt.close()
    await house.settled()
    assert "Tybalt" not in room_of(house).occupants


async def test_a_newcomer_is_told_in_slices_and_all_others_are_on_pages(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await open_room(house)
        room = room_of(house)
        for number in range(600):
            guest = await house.guest(f"guest{number}@montague.example/x")
            guest.send(f"<presence to='{ROOM}/{number}'><x xmlns='{MUC}'/></presence>")
        for number in range(0, 600, 7):
            room.occupants[str(number)].attendants.copy().popitem()[1]
            room.leave(next(iter(room.occupants[str(number)].attendants.values())))
        on_pages = [each.nick for page in room.pages.all for each in page.occupants]
        assert sorted(on_pages) == sorted(room.occupants)
        assert len(room.pages.all) == -(-len(on_pages) // 64)
        tybalt = await house.client(f"{TYBALT}/sword", available=False)
        tybalt.wire.takes_many = True
        tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
        assert not tybalt.wire.written
        most = 0
        while room.occupants["Tybalt"].shown.backlog is not None:
            before = len(tybalt.wire.written)
            await asyncio.sleep(0)
            most = max(most, len(tybalt.wire.written) - before)
        assert most == 4, "sheets in one turn"
        whole = element.parse(b"<all>" + b"".join(tybalt.wire.written) + b"</all>")
        nicks = [
            each.get("from", "").partition("/")[2] for each in whole if each.name == "presence"
        ]
        assert sorted(nicks[:-1]) == sorted(set(on_pages))
        assert nicks[-1] == "Tybalt"


async def test_a_newcomer_that_reads_slowly_is_told_when_it_reads(house: House) -> None:
    romeo, _, _ = await crowd_of(house)
    tybalt = await house.client(f"{TYBALT}/sword")
    await tybalt.taken()
    tybalt.wire.congested = True
    tybalt.send(f"<presence to='{ROOM}/Tybalt'><x xmlns='{MUC}'/></presence>")
    say(romeo, "But soft!")
    await romeo.taken()
    assert not tybalt.wire.written
    tybalt.wire.congested = False
    came = await heard(house, tybalt)
    assert len(seen(came)) == 4
    assert came[-1].text_of("body") == "But soft!"


async def test_hidden_occupants_are_neither_shown_nor_listed(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await open_room(house)
        juliet = await house.client(f"{JULIET}/balcony")
        await enter(juliet, "Juliet")
        await romeo.taken()
        await configure(romeo, presencebroadcast="moderator")
        assert "Juliet gone none none" in seen(await romeo.taken())
        assert seen(await juliet.taken()) == []
        query = "<query xmlns='http://jabber.org/protocol/disco#items'/>"
        answer = await romeo.ask(f"<iq type='get' id='d' to='{ROOM}'>{query}</iq>")
        (items,) = answer
        assert [each.get("jid") for each in items] == [f"{ROOM}/Romeo"]
        await configure(romeo, presencebroadcast="moderator|participant")
        assert seen(await romeo.taken()) == ["Juliet none participant"]


async def as_configured(house: House, client: Client) -> list[str]:
    """Return whose presence a client hears of until all are shown as the room is configured."""
    room = room_of(house)

    def done() -> bool:
        shows = room.config.shows
        return all(each.known is shows(each.role) for each in room.occupants.values())

    await house.until(done)
    return sorted(seen(await heard(house, client)))


@pytest.mark.parametrize("at_once", [50, 2])
async def test_who_is_shown_changes_in_a_large_room_too(
    house: House, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """All are told of all who are hidden or shown, also where that is done by and by."""
    monkeypatch.setattr(slices, "_SLICE", at_once)
    romeo = await open_room(house)
    names = [f"J{number}" for number in range(5)]
    others = [await house.client(f"{nick.lower()}@capulet.example/x") for nick in names]
    for nick, each in zip(names, others, strict=True):
        await enter(each, nick)
    await heard(house, romeo)
    await configure(romeo, presencebroadcast="moderator")
    gone = await as_configured(house, romeo)
    assert gone == [f"{nick} gone none none" for nick in names]
    presence(others[0], "J0", kind="unavailable")
    assert seen(await heard(house, romeo)) == []
    await heard(house, others[1])
    await configure(romeo, presencebroadcast="moderator|participant")
    shown = [f"{nick} none participant" for nick in names[1:]]
    assert await as_configured(house, romeo) == shown
    assert set(shown[1:]) <= set(seen(await heard(house, others[1])))
    presence(others[2], "J2", kind="unavailable")
    assert seen(await heard(house, romeo)) == ["J2 gone none none"]


async def test_who_goes_before_being_hidden_is_gone_for_all(house: House) -> None:
    """No ghost stays where somebody leaves or changes before it was hidden from all."""
    romeo, juliet, nurse = await crowd_of(house)
    room = room_of(house)
    room.config = replace(room.config, presence_broadcast=("moderator",))
    presence(nurse, "Nurse", kind="unavailable")
    assert seen(await heard(house, romeo)) == ["Nurse gone none none"]
    assert seen(await heard(house, juliet)) == ["Nurse gone none none"]
    presence(juliet, "Juliet", "<show>away</show>")
    assert seen(await heard(house, romeo)) == ["Juliet gone none none"]
    presence(juliet, "Rosaline")
    presence(juliet, "Rosaline", kind="unavailable")
    assert seen(await heard(house, romeo)) == []
