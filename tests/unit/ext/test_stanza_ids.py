"""Stanza ids: stamps are read back, forged ones are stripped, others are left alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import House, open_house

from palaver.ext.stanza_ids import origin_id, stamped, unstamped
from palaver.jid import parse, parse_bare
from palaver.wire import element
from palaver.wire.stanza import Stanza

JULIET = parse_bare("juliet@capulet.example")
ROMEO = parse("romeo@montague.example/orchard")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "stanza_ids") as opened:
        yield opened


def message(inner: str) -> Stanza:
    children = element.parse_all(inner.encode())
    return Stanza.make("message", ROMEO, JULIET, {"type": "chat"}, *children)


def test_a_stamp_is_read_back_and_taken_out() -> None:
    original = message("<body>Lady</body>")
    stanza = stamped(original, JULIET, 0x123)
    found = stanza.child("stanza-id", "urn:xmpp:sid:0")
    assert found is not None
    assert found.attrs == {"by": str(JULIET), "id": "0000000000000123"}
    assert unstamped(stanza, JULIET) == (0x123, original.to_bytes())


def test_a_stamp_is_found_before_what_was_appended_later() -> None:
    later = element.parse(b"<x xmlns='urn:example:later'/>")
    stanza = stamped(message("<body>Lady</body>"), JULIET, 5).with_child(later)
    expected = message("<body>Lady</body>").with_child(later).to_bytes()
    assert unstamped(stanza, JULIET) == (5, expected)


def test_a_message_without_children_can_be_stamped() -> None:
    assert unstamped(stamped(message(""), JULIET, 5), JULIET)[0] == 5


@pytest.mark.parametrize(
    "inner",
    [
        "<body>Lady</body>",
        "<stanza-id xmlns='urn:xmpp:sid:0' by='room@capulet.example' id='1'/>",
        "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='short'/>",
        "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='ffffffffffffffff'/>",
        "<stanza-id xmlns='urn:xmpp:sid:0' by='room@capulet.example' id='1'/><x xmlns='urn:x'>"
        "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='0000000000000123'/>"
        "</x>",
    ],
)
def test_what_is_no_stamp_of_ours_is_not_taken_for_one(inner: str) -> None:
    stanza = message(inner)
    assert unstamped(stanza, JULIET) == (None, stanza.to_bytes())


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<origin-id xmlns='urn:xmpp:sid:0' id='abc'/>", "abc"),
        ('<body>id="x"</body><s:origin-id id = "a&amp;b" xmlns:s="urn:xmpp:sid:0"/>', "a&b"),
        ("<origin-id xmlns='urn:xmpp:sid:0' x=\" id='wrong'\" id='right'/>", "right"),
        ("<origin-id xmlns='urn:xmpp:sid:0'/>", None),
        (f"<origin-id xmlns='urn:xmpp:sid:0' id='{'a' * 129}'/>", None),
        ("<body>none</body>", None),
    ],
)
def test_the_origin_id_is_read(inner: str, expected: str | None) -> None:
    whole = f"<message>{inner}</message>".encode()
    keys = tuple(child.key for child in element.parse(whole))
    starts = tuple(0 if n == 0 else inner.index("<s:") for n in range(len(keys)))
    stanza = Stanza("message", {}, inner.encode(), keys, starts)
    assert origin_id(stanza) == expected


@pytest.mark.parametrize(
    ("by", "stays"),
    [
        ("juliet@capulet.example", False),
        ("JULIET@capulet.example", False),
        ("juliet@capulet.example/balcony", False),
        ("romeo@montague.example", False),
        ("capulet.example", False),
        ("room@conference.example", True),
        ("not@@a jid", True),
    ],
)
async def test_ids_in_the_name_of_our_entities_are_stripped(
    house: House, by: str, stays: bool
) -> None:
    romeo = await house.client("romeo@montague.example/orchard")
    juliet = await house.client("juliet@capulet.example/balcony")
    romeo.send(
        "<message to='juliet@capulet.example'><body>Lady</body>"
        f"<stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='forged'/>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='mine'/></message>"
    )
    (received,) = await juliet.messages()
    assert (received.find("stanza-id", "urn:xmpp:sid:0") is not None) is stays
    assert received.find("origin-id", "urn:xmpp:sid:0") is not None
    assert received.text_of("body") == "Lady"


async def test_forged_ids_from_elsewhere_are_stripped(house: House) -> None:
    juliet = await house.client("juliet@capulet.example/balcony")
    forged = element.parse(
        b"<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='forged'/>"
    )
    sender = parse("mercutio@elsewhere.example/street")
    house.server.router.route(Stanza.make("message", sender, JULIET, None, forged))
    (received,) = await juliet.messages()
    assert list(received) == []


async def test_accounts_advertise_trustworthy_ids(house: House) -> None:
    host = house.server.hosts["capulet.example"]
    assert "urn:xmpp:sid:0" in house.server.features(host, of_account=True)
