"""The search for people: limits, what it is made from, and what goes (XEP-0055)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.support.house import Client, House, open_house

from palaver.ext.user_search.entry import WORD_BYTES, Word, split, texts_of, words_of
from palaver.ext.user_search.extension import UserSearch
from palaver.ext.user_search.index import people, words
from palaver.ext.vcard import Vcard
from palaver.wire import element
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
ROMEO = "romeo@capulet.example"
HOST = "capulet.example"
ENABLED = (
    '[hosts."capulet.example".extensions.user_search]\n'
    "enabled = true\nper_minute = 20\nresults = 3\n"
)
NS = "jabber:iq:search"


def card(inner: str) -> str:
    return f"<vCard xmlns='vcard-temp'>{inner}</vCard>"


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, configuration=ENABLED + storage) as opened:
        yield opened


async def publish(client: Client, inner: str) -> None:
    answer = await client.ask(f"<iq type='set' id='v'>{card(inner)}</iq>")
    assert answer.get("type") == "result"


async def search(client: Client, asked: str, to: str = HOST) -> Element:
    return await client.ask(
        f"<iq type='set' id='s' to='{to}'><query xmlns='{NS}'>{asked}</query></iq>"
    )


async def found(client: Client, asked: str) -> list[str | None]:
    answer = await search(client, asked)
    query = answer.find("query", NS)
    assert answer.get("type") == "result"
    assert query is not None
    return [item.get("jid") for item in query.find_all("item")]


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return next(iter(error)).name


async def rows(house: House) -> list[int]:
    async with house.server.database.connect() as connection:
        counts = (
            await connection.execute(select(func.count()).select_from(t)) for t in (people, words)
        )
        return [each.scalar_one() async for each in counts]


async def test_people_are_found_by_their_latest_vcard_and_in_pages(house: House) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    for name in ("abram", "balthasar", "gregory", "sampson", "montague"):
        servant = await house.client(f"{name}@capulet.example/x")
        await publish(servant, f"<NICKNAME>Servant {name}</NICKNAME>")
    await publish(servant, "<NICKNAME>Lord</NICKNAME>")
    some = ["abram@capulet.example", "balthasar@capulet.example", "gregory@capulet.example"]
    assert await found(romeo, "<nick>serv</nick>") == some
    page = "<set xmlns='http://jabber.org/protocol/rsm'><after>gregory</after></set>"
    assert await found(romeo, f"<nick>serv</nick>{page}") == ["sampson@capulet.example"]
    last = "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max><before/></set>"
    expected = ["gregory@capulet.example", "sampson@capulet.example"]
    assert await found(romeo, f"<nick>serv</nick>{last}") == expected
    assert await found(romeo, "<nick>lord</nick>") == ["montague@capulet.example"]
    assert await found(romeo, "<nick>孔</nick>") == []


async def test_nothing_is_left_of_who_goes(house: House) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await publish(juliet, "<FN>Juliet Capulet</FN>")
    assert await rows(house) == [1, 2]
    await publish(juliet, "")
    assert await rows(house) == [0, 0]
    await publish(juliet, "<FN>Juliet</FN>")
    await house.server.store.delete(juliet.account.id)
    assert await rows(house) == [0, 0]


async def test_what_was_published_meanwhile_is_found_later(house: House) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    romeo = await house.client(f"{ROMEO}/orchard")
    vcards, index = house.server.extension(Vcard), house.server.extension(UserSearch)
    stored = card("<FN>Juliet</FN>")
    await vcards.store(juliet.account.id, stored)
    await index.catch_up()
    field = "<field var='x-name'><value>juliet</value></field>"
    form = f"<x xmlns='jabber:x:data' type='submit'>{field}</x>"
    assert b"juliet@" in (await search(romeo, form)).to_bytes()
    await vcards.store(juliet.account.id, None)
    await index.catch_up()
    assert await rows(house) == [0, 0]


async def test_only_accounts_of_the_host_search(house: House) -> None:
    stranger = await house.client("romeo@montague.example/orchard")
    guest = await house.guest("guest@capulet.example/web")
    asks = f"<iq type='get' id='g' to='{HOST}'><query xmlns='{NS}'/></iq>"
    for client in (stranger, guest):
        assert condition(await search(client, "<last>capulet</last>")) == "forbidden"
        assert condition(await client.ask(asks)) == "forbidden"
    elsewhere = await search(stranger, "<last>x</last>", "montague.example")
    assert condition(elsewhere) == "service-unavailable"


async def test_who_searches_too_often_has_to_wait(house: House) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    answers = [await search(romeo, "<last>capulet</last>") for _ in range(21)]
    assert {answer.get("type") for answer in answers[:20]} == {"result"}
    assert condition(answers[20]) == "policy-violation"
    error = answers[20].find("error", "jabber:client")
    assert error is not None
    assert error.get("type") == "wait"


def test_words_are_folded_cut_and_few() -> None:
    assert set(split("last", "  Élodie O'Brien-ÇELIK_x ")) == {"elodie", "o", "brien", "celik", "x"}
    assert split("email", " J@Capulet.Example ") == ["j@capulet.example"]
    (long,) = split("nick", "ß" + "x" * 500)
    assert long == "ss" + "x" * (WORD_BYTES - 2)
    assert len(list(split("nick", " ".join(f"w{n}" for n in range(100))))) == 20
    assert split("first", "孔夫子") == ["孔夫子"]
    assert all(len(word.encode()) <= WORD_BYTES for word in split("nick", "孔" * 100))


@pytest.mark.parametrize("wish", ["PRIVATE", "CONFIDENTIAL"])
def test_a_private_vcard_says_nothing(wish: str) -> None:
    private = element.parse(card(f"<FN>J</FN><CLASS><{wish}/></CLASS>").encode())
    assert texts_of(private) == {}


def test_a_vcard_says_what_it_says() -> None:
    whole = element.parse(
        card(
            "<FN> Juliet  Capulet </FN><N><GIVEN>Juliet</GIVEN><FAMILY/></N>"
            "<CLASS><PUBLIC/></CLASS>"
            f"<EMAIL><USERID>j@c.example</USERID></EMAIL><NICKNAME>{'x' * 300}</NICKNAME>"
        ).encode()
    )
    texts = texts_of(whole)
    assert texts == {
        "x-name": "Juliet Capulet",
        "first": "Juliet",
        "email": "j@c.example",
        "nick": "x" * 200,
    }
    assert Word("x-name", "capulet") in words_of(texts)
