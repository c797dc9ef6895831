"""Rooms are listed in pages, and found by what they tell of themselves (XEP-0433, XEP-0059)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    JULIET,
    NURSE,
    ROMEO,
    configure,
    enter,
    open_room,
    refusal,
)

from palaver.ext.disco import NS_INFO, NS_ITEMS
from palaver.ext.muc.names import MUC, SEARCH
from palaver.ext.muc.searching import BY_ADDRESS, BY_USERS, ERRORS, PARAMETERS
from palaver.kernel import result_sets
from palaver.kernel.commands import Commands
from palaver.wire.element import Element

SERVICE = "conference.montague.example"
ROOMS = {
    "cave": ("A Dark Cave", "For witches of any kind", ""),
    "heath": ("A Lonely Heath", "When shall we three meet again", "en"),
    "forres": ("The Palace", "Für Könige", "de"),
    "library": ("Books", "Quiet, please", "en"),
    "inverness": ("Macbeth's Castle", "Nobody sleeps", ""),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS, "room_commands", "accounts") as opened:
        yield opened


async def make(house: House, name: str, *options: str) -> None:
    arguments = {"host": "montague.example", "room": name, "owner": JULIET, "option": [*options]}
    await Commands(house.server.extensions.values()).run("room create", arguments)


async def furnish(house: House) -> Client:
    """Make the rooms, some with people; return who searches."""
    for name, (title, about, language) in ROOMS.items():
        await make(house, name, f"roomname={title}", f"roomdesc={about}", f"lang={language}")
    nurse = await house.client(f"{NURSE}/x")
    juliet = await house.client(f"{JULIET}/balcony")
    for client, room in ((nurse, "heath"), (juliet, "heath"), (nurse, "inverness")):
        to = f"{room}@{SERVICE}/{client.account.jid.local}"
        client.send(f"<presence to='{to}'><x xmlns='{MUC}'/></presence>")
    await nurse.taken()
    await juliet.taken()
    return nurse


def form(**fields: str | bool) -> str:
    written = "".join(
        f"<field var='{name}'><value>{str(value).lower() if value in (True, False) else value}"
        "</value></field>"
        for name, value in fields.items()
    )
    kind = f"<field var='FORM_TYPE' type='hidden'><value>{PARAMETERS}</value></field>"
    return f"<x xmlns='jabber:x:data' type='submit'>{kind}{written}</x>"


def page(content: str) -> str:
    return f"<set xmlns='{result_sets.NS}'>{content}</set>"


async def search(client: Client, content: str) -> Element:
    request = f"<search xmlns='{SEARCH}'>{content}</search>"
    return await client.ask(f"<iq type='get' id='s' to='{SERVICE}'>{request}</iq>")


async def found(client: Client, paging: str = "", **fields: str | bool) -> list[str]:
    """Return the names of the rooms that were found, in order."""
    answer = await search(client, form(**fields) + (page(paging) if paging else ""))
    (result,) = answer
    return [each.get("address", "").partition("@")[0] for each in result.find_all("item")]


async def refused(client: Client, **fields: str | bool) -> str:
    """Return the condition of an error, and that of XEP-0433."""
    answer = await search(client, form(**fields))
    error = answer.find("error", "jabber:client")
    assert error is not None, answer
    return " ".join([refusal(answer), *(each.name for each in error if each.ns == ERRORS)])


async def listed(client: Client, paging: str | None = None) -> tuple[list[str], list[str | None]]:
    """Return the names of the rooms in a list, and first, last and count of the page."""
    content = "" if paging is None else page(paging)
    query = f"<query xmlns='{NS_ITEMS}'>{content}</query>"
    (answer,) = await client.ask(f"<iq type='get' id='d' to='{SERVICE}'>{query}</iq>")
    names = [each.get("jid", "").partition("@")[0] for each in answer.find_all("item")]
    told = answer.find("set", result_sets.NS)
    return names, [] if told is None else [told.text_of(n) for n in ("first", "last", "count")]


# -- what is found ---------------------------------------------------------------------------------


async def test_the_form_has_all_fields_with_their_defaults(house: House) -> None:
    nurse = await house.client(f"{NURSE}/x")
    (answer,) = await search(nurse, "")
    (blank,) = answer
    assert blank.get("type") == "form"
    values = {
        each.get("var"): [value.text for value in each.find_all("value")]
        for each in blank.find_all("field")
    }
    assert values == {
        "FORM_TYPE": [PARAMETERS],
        "q": [],
        "all": ["0"],
        "sinname": ["1"],
        "sindescription": ["1"],
        "sinaddress": ["1"],
        "min_users": ["0"],
        "types": ["xep-0045"],
        "key": [BY_USERS],
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dark", ["cave"]),
        ("WITCHES cave", ["cave"]),
        ("witches heath", []),
        ("konige", ["forres"]),
        ("KÖNIGE", ["forres"]),
        ("lib", ["library"]),
        ("library@conference.montague.example", ["library"]),
        ("conference", []),
        ("a quiet", ["library"]),  # one letter does not count
        ("nowhere", []),
    ],
)
async def test_rooms_are_found_by_words(house: House, words: str, expected: list[str]) -> None:
    nurse = await furnish(house)
    assert await found(nurse, q=words) == expected


async def test_words_are_sought_where_that_is_wanted(house: House) -> None:
    nurse = await furnish(house)
    assert await found(nurse, q="heath", sinname=False) == ["heath"]
    assert await found(nurse, q="heath", sinname=False, sinaddress=False) == []
    assert await found(nurse, q="heath", sinname=False, sinaddr=False) == []
    assert await found(nurse, q="meet", sindescription=False) == []


async def test_rooms_come_by_users_or_by_address(house: House) -> None:
    nurse = await furnish(house)
    by_users = ["heath", "inverness", "cave", "forres", "library"]
    assert await found(nurse, all=True) == by_users
    assert await found(nurse, all=True, key=BY_USERS) == by_users
    assert await found(nurse, all=True, key=BY_ADDRESS) == sorted(by_users)
    assert await found(nurse, all=True, min_users="1") == ["heath", "inverness"]
    assert await found(nurse, all="1", q="") == by_users


async def test_other_kinds_of_channels_are_none_here(house: House) -> None:
    nurse = await furnish(house)
    assert await found(nurse, q="cave", types="xep-0369") == []
    assert await found(nurse, q="cave", types="xep-0369</value><value>xep-0045") == ["cave"]


async def test_an_item_tells_what_a_room_is(house: House) -> None:
    nurse = await furnish(house)
    (result,) = await search(nurse, form(q="lonely"))
    (item,) = result.find_all("item")
    assert item.get("address") == f"heath@{SERVICE}"
    assert [(each.name, each.text) for each in item] == [
        ("name", "A Lonely Heath"),
        ("description", "When shall we three meet again"),
        ("language", "en"),
        ("nusers", "2"),
        ("service-type", "xep-0045"),
        ("is-open", "true"),
        ("anonymity-mode", "muc_semianonymous"),
    ]


async def test_a_room_that_needs_a_password_or_members_is_not_open(house: House) -> None:
    await make(house, "club", "membersonly=1", "whois=anyone")
    await make(house, "vault", "passwordprotectedroom=1", "roomsecret=x")
    nurse = await house.client(f"{NURSE}/x")
    (result,) = await search(nurse, form(all=True, key=BY_ADDRESS))
    told = [[(each.name, each.text) for each in item] for item in result.find_all("item")]
    rest = [("nusers", "0"), ("service-type", "xep-0045")]
    mode = "{urn:xmpp:channel-search:0:anonymity}none"
    assert told[0] == [*rest, ("anonymity-mode", mode)]
    assert told[1] == [*rest, ("anonymity-mode", "muc_semianonymous")]


async def test_hidden_and_locked_rooms_are_not_found(house: House) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    await enter(romeo, "Romeo")  # the room waits for its configuration
    nurse = await house.client(f"{NURSE}/x")
    assert await found(nurse, all=True) == []
    assert await listed(nurse, "<max>5</max>") == ([], [f"coven@{SERVICE}"] * 2 + ["0"])
    await configure(romeo, publicroom="0")
    assert await found(nurse, all=True) == []
    await configure(romeo, publicroom="1")
    assert await found(nurse, all=True) == ["coven"]


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [BY_USERS, BY_ADDRESS])
async def test_what_is_found_comes_in_pages_both_ways(house: House, key: str) -> None:
    nurse = await furnish(house)
    everything = await found(nurse, all=True, key=key)
    forwards: list[str] = []
    after = ""
    while True:
        answer = await search(nurse, form(all=True, key=key) + page(f"<max>2</max>{after}"))
        (result,) = answer
        told = result.find("set", result_sets.NS)
        assert told is not None
        assert told.text_of("count") == "5"
        items = [each.get("address", "") for each in result.find_all("item")]
        if not items:
            assert told.text_of("first") is told.text_of("last") is None
            break
        forwards += [each.partition("@")[0] for each in items]
        after = f"<after>{told.text_of('last')}</after>"
    assert forwards == everything
    paging = "<max>2</max><before/>"
    assert await found(nurse, paging, all=True, key=key) == everything[3:]
    (result,) = await search(nurse, form(all=True, key=key) + page(paging))
    told = result.find("set", result_sets.NS)
    assert told is not None
    paging = f"<max>2</max><before>{told.text_of('first')}</before>"
    assert await found(nurse, paging, all=True, key=key) == everything[1:3]
    assert await found(nurse, "<max>0</max>", all=True, key=key) == []


async def test_a_page_after_nothing_known_is_not_found(house: House) -> None:
    nurse = await furnish(house)
    answer = await search(nurse, form(all=True) + page("<after>nonsense</after>"))
    assert refusal(answer) == "cancel item-not-found"


async def test_the_list_of_rooms_comes_in_pages_both_ways(house: House) -> None:
    nurse = await furnish(house)
    names = sorted(ROOMS)
    assert await listed(nurse) == (names, [])
    first, last = f"cave@{SERVICE}", f"forres@{SERVICE}"
    assert await listed(nurse, "<max>2</max>") == (names[:2], [first, last, "5"])
    (more, told) = await listed(nurse, f"<max>2</max><after>{last}</after>")
    assert (more, told[2]) == (names[2:4], "5")
    assert (await listed(nurse, "<max>2</max><before/>"))[0] == names[3:]
    before = f"<max>2</max><before>library@{SERVICE}</before>"
    assert (await listed(nurse, before))[0] == names[2:4]
    assert await listed(nurse, "<max>0</max>") == ([], [None, None, "5"])
    assert await listed(nurse, f"<after>library@{SERVICE}</after>") == ([], [None, None, "5"])


async def test_a_list_that_is_too_long_says_so(tmp_path: Path) -> None:
    few = "[extensions.muc]\nrooms_page = 3\n"
    names = (*EXTENSIONS, "room_commands", "accounts")
    async with open_house(tmp_path, *names, configuration=few) as house:
        nurse = await furnish(house)
        ends = [f"cave@{SERVICE}", f"heath@{SERVICE}", "5"]
        assert await listed(nurse) == (sorted(ROOMS)[:3], ends)
        assert await found(nurse, all=True, key=BY_ADDRESS) == sorted(ROOMS)[:3]


# -- errors ----------------------------------------------------------------------------------------


async def test_what_cannot_be_searched_for_is_refused_with_its_condition(house: House) -> None:
    nurse = await house.client(f"{NURSE}/x")
    assert await refused(nurse) == "cancel bad-request no-search-conditions"
    assert await refused(nurse, q="") == "cancel bad-request no-search-conditions"
    assert await refused(nurse, all=False) == "cancel bad-request no-search-conditions"
    for words in ("a", "a b c", " ", "w " * 100 + "x", "ab " * 11):
        assert await refused(nurse, q=words) == "modify bad-request invalid-search-terms"
    assert await refused(nurse, q="ab", all=True) == "modify bad-request conflicting-fields"
    nowhere = {"sinname": False, "sindescription": False, "sinaddress": False}
    assert await refused(nurse, q="ab", **nowhere) == "modify bad-request conflicting-fields"
    wrong = "modify feature-not-implemented invalid-sort-key"
    assert await refused(nurse, q="ab", key="{urn:example}colour") == wrong
    assert await refused(nurse, q="ab", min_users="-1") == "modify not-acceptable"
    assert await refused(nurse, all="perhaps") == "modify not-acceptable"


async def test_conflicting_fields_are_named(house: House) -> None:
    nurse = await house.client(f"{NURSE}/x")
    answer = await search(nurse, form(q="ab", all=True))
    error = answer.find("error", "jabber:client")
    assert error is not None
    conflict = error.find("conflicting-fields", ERRORS)
    assert conflict is not None
    assert [each.text for each in conflict.find_all("var")] == ["all", "q"]


async def test_who_searches_too_often_waits(tmp_path: Path) -> None:
    rate = "[extensions.muc]\nsearches = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=rate) as house:
        nurse, juliet = await house.client(f"{NURSE}/x"), await house.client(f"{JULIET}/y")
        assert await found(nurse, all=True) == await found(nurse, q="ab") == []
        answer = await search(nurse, form(all=True))
        assert refusal(answer) == "wait resource-constraint"
        error = answer.find("error", "jabber:client")
        assert error is not None
        limit = error.find("rate-limit", ERRORS)
        assert limit is not None
        assert 0 < int(limit.get("retry-after", "")) <= 31
        assert await found(juliet, all=True) == []
        (blank,) = await search(nurse, "")
        assert blank.find("x", "jabber:x:data") is not None


async def test_a_host_may_want_no_searching(tmp_path: Path) -> None:
    rate = "[extensions.muc]\nsearches = 0\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=rate) as house:
        nurse = await house.client(f"{NURSE}/x")
        assert refusal(await search(nurse, "")) == "cancel service-unavailable"
        query = f"<query xmlns='{NS_INFO}'/>"
        (info,) = await nurse.ask(f"<iq type='get' id='d' to='{SERVICE}'>{query}</iq>")
        features = {each.get("var") for each in info.find_all("feature")}
        assert SEARCH not in features
        assert result_sets.NS in features


async def test_a_room_is_found_by_what_its_owner_wrote_last(house: House) -> None:
    romeo = await open_room(house, roomname="Before")
    await configure(romeo, roomname="Afterwards")
    assert await found(romeo, q="before") == []
    assert await found(romeo, q="afterwards") == ["coven"]
