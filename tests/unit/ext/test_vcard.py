"""vCards: own, others', the host's (XEP-0054)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver.wire import element
from palaver.wire.element import Element

PETER = "stpeter@montague.example"
JER = "jer@capulet.example"
EMPTY = "<vCard xmlns='vcard-temp'/>"
CARD = (
    "<vCard xmlns='vcard-temp' version='3.0'><FN>Peter Saint-Andre \U0001f600</FN>"
    "<N><FAMILY>Saint-Andre</FAMILY><MIDDLE/></N>"
    "<TEL><WORK/><VOICE/><NUMBER>303-308-3282</NUMBER></TEL></vCard>"
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "vcard") as opened:
        yield opened


@pytest.fixture
async def peter(house: House) -> Client:
    return await house.client(f"{PETER}/roundabout")


async def ask(client: Client, kind: str, card: str = EMPTY, to: str = "") -> Element:
    address = f" to='{to}'" if to else ""
    return await client.ask(f"<iq type='{kind}' id='v'{address}>{card}</iq>")


def card_in(answer: Element) -> Element | None:
    assert answer.get("type") == "result"
    return answer.find("vCard", "vcard-temp")


def refusal(answer: Element) -> tuple[str | None, str]:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return error.get("type"), next(iter(error)).name


@pytest.mark.parametrize("to", ["", PETER])
async def test_what_was_published_comes_back_whole(peter: Client, to: str) -> None:
    assert not (await ask(peter, "set", CARD, to)).children
    assert card_in(await ask(peter, "get", to=to)) == element.parse(CARD.encode())


async def test_without_a_vcard_one_is_told_so(peter: Client) -> None:
    assert refusal(await ask(peter, "get")) == ("cancel", "item-not-found")


async def test_a_vcard_is_replaced_as_a_whole_and_an_empty_one_removes_it(peter: Client) -> None:
    await ask(peter, "set", CARD)
    short = "<vCard xmlns='vcard-temp'><FN>Peter</FN></vCard>"
    await ask(peter, "set", short)
    assert card_in(await ask(peter, "get")) == element.parse(short.encode())
    await ask(peter, "set", EMPTY)
    assert refusal(await ask(peter, "get")) == ("cancel", "item-not-found")


async def test_anybody_sees_the_vcard_of_somebody_who_is_away(house: House, peter: Client) -> None:
    jer = await house.client(f"{JER}/home")
    await ask(jer, "set", CARD)
    jer.close()
    answer = await ask(peter, "get", to=JER)
    assert answer.get("from") == JER
    assert card_in(answer) == element.parse(CARD.encode())


async def test_who_has_no_vcard_and_who_does_not_exist_look_alike(
    house: House, peter: Client
) -> None:
    await house.account(JER)
    none = await ask(peter, "get", to=JER)
    nobody = await ask(peter, "get", to="nobody@capulet.example")
    assert refusal(none) == ("cancel", "service-unavailable")
    del none.attrs["from"], nobody.attrs["from"]
    assert none == nobody


@pytest.mark.parametrize("to", [JER, "montague.example"])
async def test_nobody_changes_a_vcard_that_is_not_their_own(
    house: House, peter: Client, to: str
) -> None:
    await house.account(JER)
    assert refusal(await ask(peter, "set", CARD, to)) == ("auth", "forbidden")


async def test_a_vcard_may_not_be_too_long(tmp_path: Path) -> None:
    limit = "[extensions.vcard]\nmax_bytes = 1024\n"
    async with open_house(tmp_path, "vcard", configuration=limit) as house:
        peter = await house.client(f"{PETER}/roundabout")
        long = f"<vCard xmlns='vcard-temp'><DESC>{'x' * 1024}</DESC></vCard>"
        assert refusal(await ask(peter, "set", long)) == ("modify", "policy-violation")
        assert refusal(await ask(peter, "get", to="montague.example"))[1] == "service-unavailable"


async def test_a_host_has_the_vcard_that_is_configured(tmp_path: Path) -> None:
    configured = (
        '[hosts."montague.example".extensions.vcard]\n'
        "organization = 'House of Montague'\nurl = 'https://montague.example/'\n"
        "email = 'xmpp@montague.example'\ncountry = 'Italy'\ndescription = 'Feuds & more'\n"
    )
    async with open_house(tmp_path, "vcard", configuration=configured) as house:
        peter = await house.client(f"{PETER}/roundabout")
        card = card_in(await ask(peter, "get", to="montague.example"))
        assert card == element.parse(
            b"<vCard xmlns='vcard-temp'><FN>House of Montague</FN>"
            b"<ORG><ORGNAME>House of Montague</ORGNAME></ORG>"
            b"<ADR><WORK/><CTRY>Italy</CTRY></ADR>"
            b"<EMAIL><INTERNET/><USERID>xmpp@montague.example</USERID></EMAIL>"
            b"<JABBERID>montague.example</JABBERID><URL>https://montague.example/</URL>"
            b"<DESC>Feuds &amp; more</DESC></vCard>"
        )
        other = await ask(peter, "get", to="capulet.example")
        assert refusal(other) == ("cancel", "service-unavailable")


async def test_it_works_on_every_database(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, "vcard", configuration=storage) as house:
        peter = await house.client(f"{PETER}/roundabout")
        for card in ("<vCard xmlns='vcard-temp'><FN>P</FN></vCard>", CARD):
            await ask(peter, "set", card)
            assert card_in(await ask(peter, "get")) == element.parse(card.encode())
        await ask(peter, "set", EMPTY)
        assert refusal(await ask(peter, "get")) == ("cancel", "item-not-found")
