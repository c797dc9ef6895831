"""Requests that a component answers instead of the server (XEP-0355)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import Component
from tests.unit.net.serving import Serving, serving

from palaver.kernel.config import parse
from palaver.kernel.config_error import ConfigError

NS = "urn:xmpp:delegation:2"
FORWARD = "urn:xmpp:forward:0"
INFO = "http://jabber.org/protocol/disco#info"
ITEMS = "http://jabber.org/protocol/disco#items"
VCARD = "vcard-temp"
MAM = "urn:xmpp:mam:2"
CARDS = "cards.capulet.example"
MIRROR = "mirror.capulet.example"
HOST = "capulet.example"
JULIET = f"juliet@{HOST}"
ROMEO = f"romeo@{HOST}"
SECRET = "the lark, the herald of the morn"
SECTIONS = f"""
[components."{CARDS}"]
secret = "{SECRET}"
[components."{CARDS}".delegations."{HOST}"]
"{VCARD}" = []
"{MAM}" = ["node"]
"{NS}:bare:disco#info:*" = []
"{NS}:bare:disco#items:*" = []
[components."{MIRROR}"]
secret = "{SECRET}"
[components."{MIRROR}".delegations."{HOST}"]
"urn:mirror" = []
"""
CONFLICT = "<error type='wait'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
C = "{jabber:client}"
UNAVAILABLE = f"{C}error/{{urn:ietf:params:xml:ns:xmpp-stanzas}}service-unavailable"
GET_VCARD = f"<vCard xmlns='{VCARD}'/>"


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, SECTIONS) as net:
        await net.account("juliet")
        await net.account("romeo")
        yield net


@pytest.fixture
async def juliet(net: Serving) -> Client:
    return await net.client(f"{JULIET}/balcony").connect()


@pytest.fixture
async def cards(net: Serving) -> Component:
    """Connect the component, and let it tell its features."""
    cards = await net.component(CARDS, SECRET).connect()
    await cards.receive()
    for namespace in (VCARD, MAM):
        for separator, feature in (("::", "urn:of-host"), (":bare:", "urn:of-account")):
            asked = await cards.receive()
            node = asked[0].get("node")
            assert node == f"{NS}{separator}{namespace}"
            await cards.send(
                f"<iq type='result' id='{asked.get('id')}' from='{CARDS}' to='{HOST}'>"
                f"<query xmlns='{INFO}' node='{node}'><feature var='{feature}'/></query></iq>"
            )
    return cards


async def forwarded(
    cards: Component, *, payload: str = "<found xmlns='a:b'/>", **changes: str
) -> dict[str, str]:
    """Take a forwarded request and answer it; return the attributes of what was forwarded."""
    request = await cards.receive()
    inner = request.find(f"{{{NS}}}delegation/{{{FORWARD}}}forwarded/{C}iq")
    assert inner is not None
    assert (request.get("type"), request.get("from")) == ("set", HOST)
    attrs = {"type": "result", "id": inner.get("id"), "to": inner.get("from")} | changes
    written = " ".join(f"{name}='{value}'" for name, value in attrs.items())
    await cards.send(
        f"<iq type='result' id='{request.get('id')}' from='{CARDS}' to='{HOST}'>"
        f"<delegation xmlns='{NS}'><forwarded xmlns='{FORWARD}'>"
        f"<iq xmlns='jabber:client' {written}>{payload}</iq></forwarded></delegation></iq>"
    )
    return dict(inner.attrib)


async def test_a_component_is_told_what_is_delegated_to_it(net: Serving) -> None:
    cards = await net.component(CARDS, SECRET).connect()
    message = await cards.receive()
    delegated = {
        each.get("namespace"): [attribute.get("name") for attribute in each]
        for each in message.iter(f"{{{NS}}}delegated")
    }
    assert message.get("from") == HOST
    assert (delegated[VCARD], delegated[MAM]) == ([], ["node"])


def test_a_namespace_is_delegated_once() -> None:
    one = '[components.{0}]\nsecret = "s"\n[components.{0}.delegations."localhost"]\n"a:b" = []\n'
    with pytest.raises(ConfigError, match="is answered by a already"):
        parse(one.format("a") + one.format("b"))


def test_delegation_itself_is_not_delegated() -> None:
    own = f'[components.a]\nsecret = "s"\n[components.a.delegations."localhost"]\n"{NS}" = []\n'
    with pytest.raises(ConfigError, match="cannot be delegated"):
        parse(own)


@pytest.mark.parametrize("to", ["", f"to='{HOST}'", f"to='{JULIET}'", f"to='{ROMEO}'"])
async def test_the_component_answers(cards: Component, juliet: Client, to: str) -> None:
    await juliet.send(f"<iq type='get' id='1' {to}>{GET_VCARD}</iq>")
    inner = await forwarded(cards)
    assert (inner["from"], inner["id"], inner["type"]) == (juliet.jid, "1", "get")
    answer = await juliet.receive()
    assert (answer.get("type"), answer.get("id"), answer[0].tag) == ("result", "1", "{a:b}found")


@pytest.mark.parametrize(
    "changes", [{"to": ROMEO}, {"from": ROMEO}, {"id": "2"}, {"type": "error"}]
)
async def test_a_bad_answer_is_not_passed_on(
    cards: Component, juliet: Client, changes: dict[str, str]
) -> None:
    await juliet.send(f"<iq type='get' id='1'>{GET_VCARD}</iq>")
    await forwarded(cards, **changes)
    assert (await juliet.receive()).find(UNAVAILABLE) is not None


async def test_an_error_of_the_component_is_service_unavailable(
    cards: Component, juliet: Client
) -> None:
    await juliet.send(f"<iq type='get' id='1'>{GET_VCARD}</iq>")
    request = await cards.receive()
    await cards.send(
        f"<iq type='error' id='{request.get('id')}' from='{CARDS}' to='{HOST}'><error type='wait'>"
        "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    )
    assert (await juliet.receive()).find(UNAVAILABLE) is not None


async def test_without_the_component_it_is_unavailable_at_once(juliet: Client) -> None:
    await juliet.send(f"<iq type='get' id='1'>{GET_VCARD}</iq>")
    assert (await juliet.receive()).find(UNAVAILABLE) is not None


async def test_without_the_attribute_the_server_answers(cards: Component, juliet: Client) -> None:
    await juliet.send(f"<iq type='set' id='1'><query xmlns='{MAM}'/></iq>")
    assert (await juliet.receive())[0].tag == f"{{{MAM}}}fin"
    await juliet.send(f"<iq type='set' id='2'><query xmlns='{MAM}' node='x'/></iq>")
    await forwarded(cards)
    assert (await juliet.receive())[0].tag == "{a:b}found"


async def test_what_the_component_asks_the_server_answers(cards: Component, net: Serving) -> None:
    await cards.send(f"<iq type='get' id='1' from='{CARDS}' to='{ROMEO}'>{GET_VCARD}</iq>")
    answer = await cards.expect(lambda each: each.get("id") == "1")
    assert answer.find(f"{{{NS}}}delegation") is None


async def pass_on(component: Component, payload: str) -> None:
    """Answer each request by asking the server something else, and failing as that fails."""
    waiting: dict[str, str] = {}
    while True:
        stanza = await component.receive()
        id_ = stanza.get("id") or ""
        if stanza.find(f"{{{NS}}}delegation") is not None:
            own = f"own{len(waiting)}"
            waiting[own] = id_
            asked = f"from='{component.domain}' to='{ROMEO}'"
            await component.send(f"<iq type='get' id='{own}' {asked}>{payload}</iq>")
        elif id_ in waiting:
            about = f"id='{waiting[id_]}' from='{component.domain}' to='{HOST}'"
            await component.send(f"<iq type='error' {about}>{CONFLICT}</iq>")


async def test_components_that_ask_for_each_others_namespaces_come_to_an_end(
    cards: Component, net: Serving, juliet: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaver.ext.delegations._MOST_WAITING", 20)
    mirror = await net.component(MIRROR, SECRET).connect()
    turns = [
        asyncio.create_task(pass_on(cards, "<query xmlns='urn:mirror'/>")),
        asyncio.create_task(pass_on(mirror, GET_VCARD)),
    ]
    await juliet.send(f"<iq type='get' id='1'>{GET_VCARD}</iq>")
    assert (await juliet.receive()).find(UNAVAILABLE) is not None
    for turn in turns:
        turn.cancel()


async def test_a_resource_gets_its_own_requests(cards: Component, juliet: Client) -> None:
    await juliet.send(f"<iq type='get' id='1' to='{juliet.jid}'>{GET_VCARD}</iq>")
    assert (await juliet.receive()).get("type") == "get"


@pytest.mark.parametrize(("to", "feature"), [(HOST, "urn:of-host"), (JULIET, "urn:of-account")])
async def test_the_components_features_take_the_place_of_the_servers(
    net: Serving, cards: Component, juliet: Client, to: str, feature: str
) -> None:
    await cards.barrier()
    await juliet.send(f"<iq type='get' id='1' to='{to}'><query xmlns='{INFO}'/></iq>")
    features = {each.get("var") for each in (await juliet.receive()).iter(f"{{{INFO}}}feature")}
    assert feature in features
    assert MAM not in features
    assert VCARD not in features


async def test_nodes_that_the_server_does_not_know_are_the_components(
    cards: Component, juliet: Client
) -> None:
    await juliet.send(f"<iq type='get' id='1' to='{JULIET}'><query xmlns='{INFO}' node='n'/></iq>")
    await forwarded(cards)
    assert (await juliet.receive())[0].tag == "{a:b}found"
    await juliet.send(f"<iq type='get' id='2' to='{JULIET}'><query xmlns='{ITEMS}'/></iq>")
    await forwarded(cards)
    assert (await juliet.receive())[0].tag == "{a:b}found"
