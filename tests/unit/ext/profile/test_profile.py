"""Profiles: what stories do not tell (XEP-0398, XEP-0292, XEP-0084)."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.profile.test_picture import GIF, JPEG, PNG

from palaver.ext.profile.hashes import NS as UPDATE
from palaver.ext.profile.picture import Picture, read
from palaver.ext.profile.vocabulary import TEMP, VCARD4
from palaver.ext.pubsub.names import NS as PUBSUB
from palaver.ext.vcard import Vcard
from palaver.kernel import hooks
from palaver.wire import element
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
NODE = "urn:xmpp:vcard4"


def picture(data: bytes = PNG) -> Picture:
    return read(base64.b64encode(data).decode())


def photo(data: bytes = PNG) -> str:
    new = picture(data)
    return f"<PHOTO><TYPE>{new.type}</TYPE><BINVAL>{new.base64}</BINVAL></PHOTO>"


def temp(inner: str) -> str:
    return f"<vCard xmlns='{TEMP}'>{inner}</vCard>"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client(f"{JULIET}/balcony")


async def ask(client: Client, kind: str, payload: str, to: str = "") -> Element:
    address = f" to='{to}'" if to else ""
    return await client.ask(f"<iq type='{kind}' id='p'{address}>{payload}</iq>")


async def publish(client: Client, node: str, item: str, payload: str) -> Element:
    item = f"<publish node='{node}'><item id='{item}'>{payload}</item></publish>"
    return await ask(client, "set", f"<pubsub xmlns='{PUBSUB}'>{item}</pubsub>")


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None, answer.to_bytes()
    return next(iter(error)).name


def hash_in(session: Client) -> str | None:
    assert session.session.presence is not None
    update = session.session.presence.child("x", UPDATE)
    return None if update is None else update.text_of("photo")


async def photo_of(client: Client, to: str = "") -> bytes | None:
    card = (await ask(client, "get", f"<vCard xmlns='{TEMP}'/>", to)).find("vCard", TEMP)
    shown = None if card is None else card.find("PHOTO")
    return None if shown is None else read(shown.text_of("BINVAL") or "").data


async def test_a_vcard_from_before_shows_its_photo_and_becomes_whole_when_its_owner_reads_it(
    house: House, juliet: Client
) -> None:
    card = element.parse(temp(f"<FN>Juliet</FN>{photo()}").encode())
    await house.server.extension(Vcard).keep(juliet.account, card)
    romeo = await house.client("romeo@montague.example/orchard")
    assert await photo_of(romeo, JULIET) == PNG
    assert hash_in(juliet) is None
    assert await photo_of(juliet) == PNG
    assert hash_in(juliet) == picture().id
    stored = await house.server.extension(Vcard).stored(juliet.account)
    assert stored == element.parse(temp("<FN>Juliet</FN>").encode())
    assert await photo_of(romeo, JULIET) == PNG
    items = f"<pubsub xmlns='{PUBSUB}'><items node='{NODE}'/></pubsub>"
    assert (await ask(romeo, "get", items, JULIET)).get("type") == "result"


async def test_a_broken_photo_from_before_hurts_nobody(house: House, juliet: Client) -> None:
    broken = temp("<FN>Juliet</FN><PHOTO><BINVAL>none</BINVAL></PHOTO>")
    card = element.parse(broken.encode())
    await house.server.extension(Vcard).keep(juliet.account, card)
    answer = await ask(juliet, "get", f"<vCard xmlns='{TEMP}'/>")
    assert answer.find("vCard", TEMP) == card
    four = (await ask(juliet, "get", f"<vcard xmlns='{VCARD4}'/>")).find("vcard", VCARD4)
    assert four == element.parse(
        f"<vcard xmlns='{VCARD4}'><fn><text>Juliet</text></fn></vcard>".encode()
    )


async def test_a_vcard_is_as_long_as_it_is_with_its_picture(tmp_path: Path) -> None:
    small = "[extensions.vcard]\nmax_bytes = 2048\n[extensions.pubsub]\npayload_bytes = 2048\n"
    async with open_house(tmp_path, configuration=small) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        large = PNG + bytes(2048)
        answer = await ask(juliet, "set", temp(photo(large)))
        assert condition(answer) == "policy-violation"
        data = f"<data xmlns='urn:xmpp:avatar:data'>{picture(large).base64}</data>"
        answer = await publish(juliet, "urn:xmpp:avatar:data", picture(large).id, data)
        assert condition(answer) == "not-acceptable"
        card = f"<vcard xmlns='{VCARD4}'><note><text>{'x' * 2000}</text></note></vcard>"
        assert condition(await publish(juliet, NODE, "x", card)) == "not-acceptable"
        assert condition(await ask(juliet, "set", card)) == "not-acceptable"
        assert condition(await ask(juliet, "get", f"<vCard xmlns='{TEMP}'/>")) == "item-not-found"


async def test_a_vcard4_that_has_no_room_for_the_picture_goes_without(tmp_path: Path) -> None:
    small = "[extensions.pubsub]\npayload_bytes = 3000\n"
    async with open_house(tmp_path, configuration=small) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        large = PNG + bytes(1500)
        await ask(juliet, "set", temp(f"<DESC>{'x' * 2000}</DESC>{photo(large)}"))
        items = f"<pubsub xmlns='{PUBSUB}'><items node='{NODE}'/></pubsub>"
        answer = await ask(juliet, "get", items)
        assert answer.get("type") == "result"
        assert b"data:" not in answer.to_bytes()
        assert await photo_of(juliet) == large


@pytest.mark.parametrize("data", [PNG, GIF, JPEG])
async def test_a_picture_is_described_as_it_is(juliet: Client, data: bytes) -> None:
    await ask(juliet, "set", temp(photo(data)))
    items = f"<pubsub xmlns='{PUBSUB}'><items node='urn:xmpp:avatar:metadata'/></pubsub>"
    answer = (await ask(juliet, "get", items)).to_bytes()
    size = picture(data).size
    assert size is not None
    for name, value in (("type", picture(data).type), ("width", size[0]), ("height", size[1])):
        assert f"{name}='{value}'".encode() in answer


async def test_many_devices_at_once_leave_one_profile(house: House) -> None:
    devices = [await house.client(f"{JULIET}/{n}") for n in range(8)]
    cards = [temp(f"<FN>Juliet {n}</FN>{photo(PNG + bytes([n]))}") for n in range(8)]
    await asyncio.gather(*(ask(d, "set", c) for d, c in zip(devices, cards, strict=True)))
    shown = await photo_of(devices[0])
    assert shown is not None
    assert {hash_in(device) for device in devices} == {picture(shown).id}


async def test_a_host_has_a_vcard4_as_configured(tmp_path: Path) -> None:
    configured = '[hosts."capulet.example".extensions.vcard]\norganization = "Capulet"\n'
    async with open_house(tmp_path, configuration=configured) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        card = (await ask(juliet, "get", f"<vcard xmlns='{VCARD4}'/>", "capulet.example")).find(
            "vcard", VCARD4
        )
        assert card is not None
        kind, name = card.find("kind"), card.find("fn")
        assert kind is not None
        assert name is not None
        assert (kind.text_of("text"), name.text_of("text")) == ("application", "Capulet")
        other = await ask(juliet, "get", f"<vcard xmlns='{VCARD4}'/>", "montague.example")
        assert condition(other) == "service-unavailable"


async def test_a_guest_has_no_profile(house: House) -> None:
    guest = await house.guest("guest@capulet.example/web")
    assert condition(await ask(guest, "set", temp(photo()))) == "not-allowed"
    assert condition(await ask(guest, "get", f"<vcard xmlns='{VCARD4}'/>")) == "item-not-found"
    card = f"<vcard xmlns='{VCARD4}'><fn><text>x</text></fn></vcard>"
    assert condition(await ask(guest, "set", card)) == "not-allowed"
    assert hash_in(guest) is None


async def test_many_descriptions_of_pictures_are_too_many(juliet: Client) -> None:
    info = f"<info id='{'0' * 40}' bytes='1' type='image/png' url='https://c/'/>"
    for count, refused in ((20, False), (21, True)):
        payload = f"<metadata xmlns='urn:xmpp:avatar:metadata'>{info * count}</metadata>"
        answer = await publish(juliet, "urn:xmpp:avatar:metadata", "x", payload)
        assert (answer.get("type") == "error") is refused


async def test_deleting_the_node_of_the_data_takes_the_avatar_away(juliet: Client) -> None:
    await ask(juliet, "set", temp(f"<FN>J</FN>{photo()}"))
    assert hash_in(juliet) == picture().id
    gone = f"<pubsub xmlns='{PUBSUB}#owner'><delete node='urn:xmpp:avatar:data'/></pubsub>"
    assert (await ask(juliet, "set", gone)).get("type") == "result"
    assert not hash_in(juliet)
    assert await photo_of(juliet) is None


async def test_it_works_on_every_database(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, configuration=storage) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        await ask(juliet, "set", temp(f"<FN>Juliet</FN>{photo()}"))
        assert await photo_of(juliet) == PNG
        juliet.close()
        house.server.accounts.forget(juliet.account.jid)
        again = await house.client(f"{JULIET}/chamber")
        assert hash_in(again) == picture().id


async def test_who_says_that_there_is_no_avatar_is_left_alone_after_a_restart(
    house: House, juliet: Client
) -> None:
    silent = f"<presence><x xmlns='{UPDATE}'><photo/></x></presence>"
    juliet.send(silent)
    known: dict[str, object] = {}
    for handle in juliet.session.host.dispatch.handlers(hooks.session_saving):
        handle(juliet.session, known)
    juliet.close()
    again = await house.client(f"{JULIET}/balcony", available=False)
    again.session.presence = juliet.session.presence
    for handle in again.session.host.dispatch.handlers(hooks.session_restored):
        handle(again.session, known)
    await ask(again, "set", temp(photo()))
    assert hash_in(again) == ""
    again.send(f"<presence><x xmlns='{UPDATE}'/></presence>")
    assert hash_in(again) == picture().id


@pytest.mark.parametrize("missing", ["pubsub", "profile"])
async def test_a_host_without_nodes_or_profiles_has_vcards(tmp_path: Path, missing: str) -> None:
    without = f'[hosts."capulet.example".extensions.{missing}]\nenabled = false\n'
    async with open_house(tmp_path, configuration=without) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        await ask(juliet, "set", temp(f"<FN>Juliet</FN>{photo()}"))
        assert await photo_of(juliet) == PNG


async def test_who_may_see_an_avatar_can_be_changed_afterwards(
    house: House, juliet: Client
) -> None:
    romeo = await house.client("romeo@montague.example/orchard")
    await ask(juliet, "set", temp(f"<FN>Juliet</FN>{photo()}"))
    for model, told, seen in (("whitelist", "", None), ("open", picture().id, PNG)):
        fields = {"FORM_TYPE": f"{PUBSUB}#node_config", "pubsub#access_model": model}
        form = "".join(
            f"<field var='{var}'><value>{value}</value></field>" for var, value in fields.items()
        )
        form = f"<x xmlns='jabber:x:data' type='submit'>{form}</x>"
        configure = f"<configure node='urn:xmpp:avatar:data'>{form}</configure>"
        await ask(juliet, "set", f"<pubsub xmlns='{PUBSUB}#owner'>{configure}</pubsub>")
        assert hash_in(juliet) == told
        assert await photo_of(romeo, JULIET) == seen
        assert await photo_of(juliet) == PNG
