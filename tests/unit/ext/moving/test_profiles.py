"""Profiles move with accounts, and are as private as they were (XEP-0227)."""

from pathlib import Path

import pytest
from tests.support.house import House
from tests.unit.ext.moving.test_nodes import described, filled, juliet
from tests.unit.ext.moving.test_xep_0227 import (
    JULIET,
    PASSWORD,
    any_new,
    export,
    load,
    new,
    old,
)
from tests.unit.ext.profile.test_picture import GIF, PNG
from tests.unit.ext.profile.test_profile import ask, condition, hash_in, photo, photo_of, picture

from palaver.ext.accounts import Accounts
from palaver.jid import parse_bare
from palaver.wire import element
from palaver.wire.element import Element

__all__ = ("any_new", "new", "old")

GET = "<vCard xmlns='vcard-temp'/>"
CARD = "<FN>Juliet</FN><TEL><PCS/><NUMBER>1</NUMBER></TEL><CLASS><PRIVATE/></CLASS>"


def temp(inner: str) -> str:
    return f"<vCard xmlns='vcard-temp'>{inner}</vCard>"


def children(answer: Element) -> set[bytes]:
    card = answer.find("vCard", "vcard-temp")
    assert card is not None
    return {child.to_bytes() for child in card}


async def test_a_profile_arrives_as_it_left(old: House, any_new: House, tmp_path: Path) -> None:
    await old.server.extension(Accounts).create(parse_bare(JULIET), PASSWORD)
    client = await old.client(f"{JULIET}/balcony")
    assert (await ask(client, "set", temp(CARD + photo()))).get("type") == "result"
    client.close()
    file = await export(old, tmp_path / "old.xml")
    await load(any_new, tmp_path / "new.xml", file.read_text())
    again = await any_new.client(f"{JULIET}/chamber")
    assert hash_in(again) == picture().id
    whole = {each.to_bytes() for each in element.parse(temp(CARD + photo()).encode())}
    assert children(await ask(again, "get", GET)) == whole
    assert await photo_of(again) == PNG


@pytest.mark.parametrize("nodes_first", [False, True])
async def test_what_was_for_contacts_stays_for_contacts(
    new: House, tmp_path: Path, nodes_first: bool
) -> None:
    card = "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Juliet</text></fn></vcard>"
    node = "urn:xmpp:vcard4"
    nodes = described(node, access_model="presence") + filled(node, "current", payload=card)
    parts = (nodes, temp(CARD)) if nodes_first else (temp(CARD), nodes)
    await load(new, tmp_path / "it.xml", juliet("".join(parts)))
    stranger = await new.client("tybalt@montague.example/pda")
    assert condition(await ask(stranger, "get", GET, JULIET)) == "service-unavailable"
    owner = await new.client(f"{JULIET}/balcony")
    private = element.parse(temp("<CLASS><PRIVATE/></CLASS>").encode()).find("CLASS")
    assert private is not None
    assert private.to_bytes() in children(await ask(owner, "get", GET))


async def test_a_photo_in_a_vcard_of_another_server_is_an_avatar(
    new: House, tmp_path: Path
) -> None:
    card = "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Juliet</text></fn></vcard>"
    text = juliet(temp(photo(GIF)) + filled("urn:xmpp:vcard4", "x", payload=card))
    await load(new, tmp_path / "other.xml", text)
    owner = await new.client(f"{JULIET}/balcony")
    assert hash_in(owner) == picture(GIF).id
    assert await photo_of(owner) == GIF
