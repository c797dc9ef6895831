"""Private XML storage: what is kept, for whom, how much (XEP-0049)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.support.house import Client, House, open_house

from palaver.ext.private_storage import table
from palaver.wire import element
from palaver.wire.element import Element

HAMLET = "hamlet@montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "private_storage") as opened:
        yield opened


@pytest.fixture
async def hamlet(house: House) -> Client:
    return await house.client(f"{HAMLET}/denmark")


async def ask(client: Client, kind: str, content: str, to: str = "") -> Element:
    address = f" to='{to}'" if to else ""
    query = f"<query xmlns='jabber:iq:private'>{content}</query>"
    return await client.ask(f"<iq type='{kind}' id='p'{address}>{query}</iq>")


async def kept(client: Client, content: str) -> list[Element]:
    answer = await ask(client, "get", content)
    assert answer.get("type") == "result"
    query = answer.find("query", "jabber:iq:private")
    assert query is not None
    return list(query)


async def keep(client: Client, content: str) -> None:
    answer = await ask(client, "set", content)
    assert answer.get("type") == "result"
    assert not answer.children


def refusal(answer: Element) -> tuple[str | None, str]:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return error.get("type"), next(iter(error)).name


PREFERENCES = (
    "<exodus xmlns='exodus:prefs' xml:lang='da'><defaultnick>Hamlet \U0001f480 &amp; co"
    "</defaultnick><x xmlns='urn:example:x' a='1'/></exodus>"
)


async def test_what_was_stored_comes_back(hamlet: Client) -> None:
    await keep(hamlet, PREFERENCES)
    assert await kept(hamlet, "<exodus xmlns='exodus:prefs'/>") == [
        element.parse(PREFERENCES.encode())
    ]


async def test_what_was_never_stored_comes_back_empty(hamlet: Client) -> None:
    asked = "<exodus xmlns='exodus:prefs' a='1'><b/></exodus>"
    assert await kept(hamlet, asked) == [Element("exodus", "exodus:prefs")]


async def test_a_new_element_replaces_the_old_one_of_its_name_and_namespace(
    hamlet: Client,
) -> None:
    await keep(hamlet, "<a xmlns='urn:example:x'>1</a><b xmlns='urn:example:x'>2</b>")
    await keep(hamlet, "<a xmlns='urn:example:x'>3</a><A xmlns='urn:example:x'>4</A>")
    both = "<a xmlns='urn:example:x'/><b xmlns='urn:example:x'/><A xmlns='urn:example:x'/>"
    assert [each.text for each in await kept(hamlet, both)] == ["3", "2", "4"]


async def test_several_elements_of_one_name_are_kept_together(hamlet: Client) -> None:
    await keep(hamlet, "<a xmlns='urn:example:x'>1</a><a xmlns='urn:example:x'>2</a>")
    found = await kept(hamlet, "<a xmlns='urn:example:x'/>")
    assert [each.text for each in found] == ["1", "2"]


async def test_an_empty_element_takes_no_room(house: House, hamlet: Client) -> None:
    await keep(hamlet, PREFERENCES)
    await keep(hamlet, "<exodus xmlns='exodus:prefs'/>")
    assert await kept(hamlet, "<exodus xmlns='exodus:prefs'/>") == [
        Element("exodus", "exodus:prefs")
    ]
    async with house.server.database.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(table)) == 0


async def test_everybody_has_their_own(house: House, hamlet: Client) -> None:
    await keep(hamlet, PREFERENCES)
    other = await house.client("macbeth@montague.example/scotland")
    assert await kept(other, "<exodus xmlns='exodus:prefs'/>") == [
        Element("exodus", "exodus:prefs")
    ]
    for kind in ("get", "set"):
        answer = await ask(other, kind, PREFERENCES, HAMLET)
        assert refusal(answer) == ("auth", "forbidden")


@pytest.mark.parametrize(
    ("kind", "content", "error"),
    [
        ("get", "", "bad-request"),
        ("set", "", "not-acceptable"),
        ("get", "<a xmlns='urn:example:x'/><b xmlns='urn:example:y'/>", "bad-request"),
        ("set", "<exodus>no namespace of its own</exodus>", "not-acceptable"),
        ("get", "<query xmlns='jabber:iq:private'/>", "not-acceptable"),
        ("set", "<vCard xmlns='vcard-temp'><FN>Hamlet</FN></vCard>", "not-acceptable"),
        ("get", "<message xmlns='jabber:client'/>", "not-acceptable"),
        ("set", "<a xmlns='http://jabber.org/protocol/x'>1</a>", "not-acceptable"),
        ("set", "<a xmlns=''>1</a>", "not-acceptable"),
        ("set", f"<a xmlns='urn:{'x' * 1024}'>1</a>", "not-acceptable"),
        ("set", "".join(f"<a{n} xmlns='urn:x'>1</a{n}>" for n in range(101)), "policy-violation"),
        ("get", "".join(f"<a{n} xmlns='urn:x'/>" for n in range(1200)), "policy-violation"),
    ],
)
async def test_a_request_that_names_nothing_or_what_is_reserved_is_refused(
    hamlet: Client, kind: str, content: str, error: str
) -> None:
    assert refusal(await ask(hamlet, kind, content)) == ("modify", error)


async def test_an_account_may_keep_only_so_much(tmp_path: Path) -> None:
    limits = "[extensions.private_storage]\nmax_bytes = 200\nmax_elements = 2\n"
    async with open_house(tmp_path, "private_storage", configuration=limits) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        small = "<a xmlns='urn:example:x'>1</a>"
        await keep(hamlet, small)
        more = "".join(f"<a xmlns='urn:example:{n}'>2</a>" for n in "xyz")
        for content in (more, f"<a xmlns='urn:example:x'>{'x' * 200}</a>"):
            answer = await ask(hamlet, "set", content)
            assert refusal(answer) == ("modify", "policy-violation")
        # Nothing of what was refused is there.
        assert [each.text for each in await kept(hamlet, "<a xmlns='urn:example:x'/>")] == ["1"]
        assert [each.text for each in await kept(hamlet, "<a xmlns='urn:example:y'/>")] == [""]


async def test_it_works_on_every_database(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, "private_storage", configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        other = "<Exodus xmlns='exodus:prefs'>another</Exodus>"
        for content in (PREFERENCES, other, PREFERENCES):
            await keep(hamlet, content)
        names = "<exodus xmlns='exodus:prefs'/><Exodus xmlns='exodus:prefs'/>"
        both = [element.parse(each.encode()) for each in (PREFERENCES, other)]
        assert await kept(hamlet, names) == both
        await keep(hamlet, "<exodus xmlns='exodus:prefs'/>")
        assert await kept(hamlet, names) == [Element("exodus", "exodus:prefs"), both[1]]
        too_long = f"<a xmlns='urn:example:x'>{'x' * 1_100_000}</a>"
        assert refusal(await ask(hamlet, "set", too_long))[1] == "policy-violation"
        long_names = f"<{'n' * 1024} xmlns='urn:{'x' * 1020}'>1</{'n' * 1024}>"
        await keep(hamlet, long_names)
