"""What clients want to hear of: hashes are verified, shared, and never poisoned (XEP-0115 §5.4)."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.pubsub.caps import answer, come, told, wanting

from palaver.ext.caps import verification_string
from palaver.ext.client_caps import hash_input, interests
from palaver.ext.disco import NS_INFO, Identity, Info
from palaver.kernel import forms
from palaver.wire.element import Element

ALICE = "alice@montague.example"
MALLORY = "mallory@montague.example"
MOOD = "http://jabber.org/protocol/mood"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "client_caps", "caps", "disco", "roster", "presence") as house:
        yield house


def wants(client: Client) -> set[str]:
    return set(interests(client.session))


async def test_a_client_is_asked_once_for_all_that_have_the_same_hash(house: House) -> None:
    alice = await wanting(house, f"{ALICE}/phone", MOOD)
    assert wants(alice) == {MOOD}
    mallory = await house.client(f"{MALLORY}/phone", available=False)
    ver = verification_string(told(MOOD))
    caps = f"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='{ver}'/>"
    mallory.send(f"<presence>{caps}</presence>")
    assert wants(mallory) == {MOOD}
    assert await answer(mallory, told(MOOD)) == 0


async def test_a_lie_about_a_hash_counts_for_the_liar_only(house: House) -> None:
    ver = verification_string(told(MOOD))
    mallory = await house.client(f"{MALLORY}/phone", available=False)
    await come(mallory, "urn:lie", ver=ver)
    assert wants(mallory) == {"urn:lie"}
    alice = await wanting(house, f"{ALICE}/phone", MOOD)
    assert wants(alice) == {MOOD}


@pytest.mark.parametrize(
    "ill",
    [
        Info((Identity("client", "pc"), Identity("client", "pc")), (f"{MOOD}+notify",)),
        Info((Identity("client", "pc"),), (f"{MOOD}+notify", f"{MOOD}+notify")),
        Info((Identity("client", "pc", "x<y"),), (f"{MOOD}+notify",)),
        Info((Identity("client", "pc"),), (NS_INFO, f"{MOOD}+notify<more")),
    ],
)
async def test_what_could_have_the_hash_of_something_else_is_not_shared(
    house: House, ill: Info
) -> None:
    ver = verification_string(ill)
    caps = f"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='{ver}'/>"
    for address in (f"{MALLORY}/phone", f"{ALICE}/phone"):
        client = await house.client(address, available=False)
        client.send(f"<presence>{caps}</presence>")
        assert await answer(client, ill) == 1


async def test_a_hash_of_the_newer_kind_is_verified_as_well(house: House) -> None:
    info = told(MOOD)
    digest = hashlib.sha256(hash_input(info)).digest()
    right, wrong = base64.b64encode(digest).decode(), base64.b64encode(digest[::-1]).decode()
    for value, times in ((wrong, (1, 1)), (right, (1, 0))):
        for resource, asked in zip("ab", times, strict=True):
            client = await house.client(f"{ALICE}/{resource}", available=False)
            hash_ = f"<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>{value}</hash>"
            client.send(f"<presence><c xmlns='urn:xmpp:caps'>{hash_}</c></presence>")
            assert await answer(client, info) == asked
            assert wants(client) == {MOOD}
            client.close()


def test_the_input_of_the_newer_hash_is_that_of_the_specification() -> None:
    form = Element("x", forms.NS, {"type": "result"})
    for var, values in (("FORM_TYPE", ["urn:f"]), ("os", ["b", "a"])):
        texts = (Element("value", forms.NS, None, value) for value in values)
        type_ = "hidden" if var == "FORM_TYPE" else None
        form.add(Element("field", forms.NS, {"var": var, "type": type_}, *texts))
    info = Info((Identity("client", "pc", "N", "en"),), ("b", "a"), (form,))
    assert hash_input(info) == (
        b"a\x1fb\x1f\x1cclient\x1fpc\x1fen\x1fN\x1f\x1e\x1c"
        b"FORM_TYPE\x1furn:f\x1f\x1eos\x1fa\x1fb\x1f\x1e\x1d\x1c"
    )


async def test_a_client_that_went_away_wants_nothing(house: House) -> None:
    alice = await wanting(house, f"{ALICE}/phone", MOOD)
    alice.send("<presence type='unavailable'/>")
    assert wants(alice) == set()


async def test_a_client_that_changes_its_mind_is_believed(house: House) -> None:
    alice = await wanting(house, f"{ALICE}/phone", MOOD)
    await come(alice, "urn:other")
    assert wants(alice) == {"urn:other"}
