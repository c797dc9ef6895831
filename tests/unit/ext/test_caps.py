"""Entity capabilities: the verification string, and what stands behind it (XEP-0115)."""

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest
from tests.support.house import House, open_house
from tests.support.server import Server

from palaver.ext.caps import NODE, NS, Caps, verification_string
from palaver.ext.disco import NS_INFO, Disco, Identity, Info
from palaver.kernel import hooks
from palaver.wire.element import Element, parse

EXODUS = Info(
    (Identity("client", "pc", "Exodus 0.9.1"),),
    (
        "http://jabber.org/protocol/muc",
        "http://jabber.org/protocol/disco#items",
        "http://jabber.org/protocol/disco#info",
        "http://jabber.org/protocol/caps",
    ),
)
PSI = Info(
    (Identity("client", "pc", "Psi 0.11", "en"), Identity("client", "pc", "\u03a8 0.11", "el")),
    EXODUS.features,
    (
        parse(
            b"<x xmlns='jabber:x:data' type='result'>"
            b"<field var='FORM_TYPE' type='hidden'>"
            b"<value>urn:xmpp:dataforms:softwareinfo</value></field>"
            b"<field var='software_version'><value>0.11</value></field>"
            b"<field var='ip_version'><value>ipv6</value><value>ipv4</value></field>"
            b"<field var='os'><value>Mac</value></field>"
            b"<field var='os_version'><value>10.5.1</value></field>"
            b"<field var='software'><value>Psi</value></field></x>"
        ),
    ),
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    addresses = "[extensions.contact_addresses]\nadmin = ['xmpp:admin@montague.example']\n"
    names = ("caps", "contact_addresses", "disco", "ping")
    async with open_house(tmp_path, *names, configuration=addresses) as opened:
        yield opened


def test_the_simple_example_has_its_string() -> None:
    assert verification_string(EXODUS) == "QgayPKawpkPSDYmwT/WM94uAlu0="


def test_the_complex_example_has_its_string() -> None:
    assert verification_string(PSI) == "q07IKJEyjvHSyhy//CH0CxmKi8w="


def test_a_form_whose_type_is_not_hidden_does_not_count() -> None:
    form = parse(
        b"<x xmlns='jabber:x:data' type='result'>"
        b"<field var='FORM_TYPE'><value>urn:example:x</value></field></x>"
    )
    assert verification_string(Info(EXODUS.identities, EXODUS.features, (form,))) == (
        verification_string(EXODUS)
    )


async def advertised(house: House, name: str) -> Element:
    host = house.server.hosts[name]
    found = [handle(host) for handle in host.dispatch.handlers(hooks.features_after_login)]
    return next(feature for feature in found if isinstance(feature, Element) and feature.ns == NS)


def read_back(query: Element) -> Info:
    """Return what a client makes of an answer."""
    return Info(
        tuple(
            Identity(i.get("category", ""), i.get("type", ""), i.get("name", ""))
            for i in query.find_all("identity")
        ),
        tuple(feature.get("var", "") for feature in query.find_all("feature")),
        tuple(query.find_all("x", "jabber:x:data")),
    )


async def test_a_host_advertises_the_string_of_what_it_answers(house: House) -> None:
    feature = await advertised(house, "montague.example")
    assert feature.attrs["hash"] == "sha-1"
    romeo = await house.client("romeo@montague.example/orchard")
    node = f"{feature.get('node')}#{feature.get('ver')}"
    for asked in ("", f" node='{node}'"):
        answer = await romeo.ask(
            f"<iq type='get' id='d' to='montague.example'><query xmlns='{NS_INFO}'{asked}/></iq>"
        )
        query = answer.find("query", NS_INFO)
        assert query is not None
        assert query.get("node") == (node if asked else None)
        assert verification_string(read_back(query)) == feature.get("ver")
        assert query.find("x", "jabber:x:data") is not None


async def test_another_string_is_no_node(house: House) -> None:
    romeo = await house.client("romeo@montague.example/orchard")
    answer = await romeo.ask(
        f"<iq type='get' id='d' to='montague.example'>"
        f"<query xmlns='{NS_INFO}' node='{NODE}#QgayPKawpkPSDYmwT/WM94uAlu0='/></iq>"
    )
    error = answer.find("error", "jabber:client")
    assert error is not None
    assert next(iter(error)).name == "item-not-found"


async def test_the_string_follows_the_extensions(house: House) -> None:
    host = house.server.hosts["montague.example"]
    caps = house.server.extension(Caps)
    before = caps.ver(host)
    house.server.use([e for e in house.server.extensions.values() if e.name != "ping"])
    after = caps.ver(host)
    assert after != before
    assert after == verification_string(house.server.extension(Disco).about(host))


async def test_a_client_finds_the_string_in_the_stream_features(shared_server: Server) -> None:
    shared_server.add_account("caps@localhost", "secret")
    async with shared_server.client("caps@localhost/r", "secret") as client:
        assert client.features is not None
        feature = client.features.find(f"{{{NS}}}c")
        assert feature is not None
        assert feature.get("hash") == "sha-1"
        node = f"{feature.get('node')}#{feature.get('ver')}"
        answer = await client.iq("get", f"<query xmlns='{NS_INFO}' node='{node}'/>", "localhost")
        assert answer.get("type") == "result"
        query = parse(tostring(answer[0]))
        assert query.get("node") == node
        assert verification_string(read_back(query)) == feature.get("ver")
