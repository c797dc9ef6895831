"""Service discovery: what is told of hosts and accounts, and to whom (XEP-0030, XEP-0128)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from tests.support.house import Client, House, open_house

from palaver import jid
from palaver.ext.disco import NS_INFO, NS_ITEMS, Disco, Discoverable, Identity, Info, Inquiry, Item
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig
from palaver.kernel.host import Host
from palaver.wire.element import Element

EXTENSIONS = ("disco", "roster", "presence", "ping")
JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        await opened.account(JULIET)
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


async def ask(client: Client, ns: str, to: str | None = None, node: str | None = None) -> Element:
    address = f" to='{to}'" if to else ""
    about = f" node='{node}'" if node is not None else ""
    return await client.ask(f"<iq type='get' id='d'{address}><query xmlns='{ns}'{about}/></iq>")


def query_of(answer: Element, ns: str) -> Element:
    assert answer.get("type") == "result"
    query = answer.find("query", ns)
    assert query is not None
    return query


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return next(iter(error)).name


async def befriend(client: Client, contact: Client) -> None:
    """Let ``client`` be subscribed to the presence of ``contact``."""
    client.send(f"<presence type='subscribe' to='{contact.account.jid}'/>")
    await client.taken()
    contact.send(f"<presence type='subscribed' to='{client.account.jid}'/>")
    await contact.taken()


class Library(Extension, Discoverable):
    """Has books: a node of the host, and one of each account."""

    name: ClassVar = "library"
    features: ClassVar = ("urn:example:library",)

    def disco_about(self, host: Host, account: Account | None) -> Info:
        if account is not None:
            return Info((Identity("hierarchy", "leaf"),), ("urn:example:reader",))
        return Info((Identity("store", "file", "Books"), Identity("server", "im", "Other")))

    async def disco_items(self, inquiry: Inquiry) -> Sequence[Item]:
        if inquiry.account is not None and not inquiry.trusted:
            return ()
        return (Item(inquiry.host.jid, "Books", "books"),)

    async def disco_node(self, inquiry: Inquiry) -> Info | None:
        return Info((Identity("hierarchy", "branch"),)) if inquiry.node == "books" else None

    async def disco_node_items(self, inquiry: Inquiry) -> Sequence[Item] | None:
        if inquiry.node != "books":
            return None
        return (Item(inquiry.host.jid, node="books/<1>"), Item(jid.parse("library.example")))


@asynccontextmanager
async def with_library(directory: Path) -> AsyncIterator[House]:
    async with open_house(directory, *EXTENSIONS) as opened:
        server = opened.server
        library = Library(server, lambda _host: ExtensionConfig())
        server.use([*server.extensions.values(), library])
        yield opened


async def test_a_host_tells_its_identity_and_what_the_extensions_declare(
    romeo: Client,
) -> None:
    query = query_of(await ask(romeo, NS_INFO, "montague.example"), NS_INFO)
    assert query.get("node") is None
    identities = [identity.attrs for identity in query.find_all("identity")]
    assert identities == [{"category": "server", "type": "im", "name": "Palaver"}]
    features = [feature.get("var") for feature in query.find_all("feature")]
    assert {NS_INFO, NS_ITEMS, "urn:xmpp:ping"} <= set(features)
    assert features == sorted(set(map(str, features)))


async def test_a_hosts_name_can_be_configured(tmp_path: Path) -> None:
    name = "[hosts.\"montague.example\".extensions.disco]\nname = 'Monty & Co'\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=name) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        for host, expected in (("montague.example", "Monty & Co"), ("capulet.example", "Palaver")):
            query = query_of(await ask(romeo, NS_INFO, host), NS_INFO)
            identity = query.find("identity")
            assert identity is not None
            assert identity.get("name") == expected


@pytest.mark.parametrize("to", [None, ROMEO])
async def test_ones_own_account_is_registered(romeo: Client, to: str | None) -> None:
    query = query_of(await ask(romeo, NS_INFO, to), NS_INFO)
    (identity,) = query.find_all("identity")
    assert identity.attrs == {"category": "account", "type": "registered"}
    features = {feature.get("var") for feature in query.find_all("feature")}
    assert {NS_INFO, NS_ITEMS, "urn:xmpp:ping"} <= features


async def test_a_temporary_account_is_anonymous(house: House) -> None:
    host = house.server.hosts["montague.example"]
    account = house.server.temporary_account(jid.parse_bare("x1@montague.example"))
    about = house.server.extension(Disco).about(host, account)
    assert about.identities == (Identity("account", "anonymous"),)


@pytest.mark.parametrize("node", [None, "anything"])
async def test_a_stranger_cannot_tell_an_account_from_none(romeo: Client, node: str | None) -> None:
    for ns in (NS_INFO, NS_ITEMS):
        there = await ask(romeo, ns, JULIET, node)
        nobody = await ask(romeo, ns, "nobody@capulet.example", node)
        assert nobody.get("from") == "nobody@capulet.example"
        del there.attrs["from"], nobody.attrs["from"]
        assert there == nobody
        if ns == NS_INFO:
            assert condition(there) == "service-unavailable"
        else:
            query = query_of(there, NS_ITEMS)
            assert query.get("node") == node
            assert not query.children


async def test_who_may_see_the_presence_is_told_of_the_account_and_its_resources(
    house: House, romeo: Client
) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await house.client(f"{JULIET}/chamber")
    await house.client(f"{JULIET}/tomb", available=False)
    assert not list(query_of(await ask(romeo, NS_ITEMS, JULIET), NS_ITEMS))
    await befriend(romeo, juliet)
    info = query_of(await ask(romeo, NS_INFO, JULIET), NS_INFO)
    assert [identity.get("type") for identity in info.find_all("identity")] == ["registered"]
    items = query_of(await ask(romeo, NS_ITEMS, JULIET), NS_ITEMS)
    assert [item.attrs for item in items] == [
        {"jid": f"{JULIET}/balcony"},
        {"jid": f"{JULIET}/chamber"},
    ]
    # The subscription is one way.
    assert condition(await ask(juliet, NS_INFO, ROMEO)) == "service-unavailable"


async def test_items_of_an_account_that_is_not_loaded_are_answered_too(
    house: House, romeo: Client
) -> None:
    house.server.accounts.forget(jid.parse_bare(JULIET))
    answer = await ask(romeo, NS_ITEMS, JULIET)
    assert not list(query_of(answer, NS_ITEMS))
    assert answer.get("from") == JULIET


async def test_a_host_without_services_has_no_items(romeo: Client) -> None:
    assert not list(query_of(await ask(romeo, NS_ITEMS, "montague.example"), NS_ITEMS))


@pytest.mark.parametrize("to", ["montague.example", ROMEO])
async def test_a_node_that_does_not_exist_is_not_found(romeo: Client, to: str) -> None:
    assert condition(await ask(romeo, NS_INFO, to, "urn:example:none")) == "item-not-found"
    assert condition(await ask(romeo, NS_ITEMS, to, "urn:example:none")) == "item-not-found"


async def test_extensions_add_identities_features_items_and_nodes(tmp_path: Path) -> None:
    async with with_library(tmp_path) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        about = query_of(await ask(romeo, NS_INFO, "montague.example"), NS_INFO)
        identities = [(i.get("category"), i.get("name")) for i in about.find_all("identity")]
        assert identities == [("server", "Palaver"), ("store", "Books")]
        assert "urn:example:library" in {f.get("var") for f in about.find_all("feature")}
        own = query_of(await ask(romeo, NS_INFO), NS_INFO)
        assert "urn:example:reader" in {f.get("var") for f in own.find_all("feature")}
        items = query_of(await ask(romeo, NS_ITEMS, "montague.example"), NS_ITEMS)
        books = {"jid": "montague.example", "name": "Books", "node": "books"}
        assert [item.attrs for item in items] == [books]
        node = query_of(await ask(romeo, NS_INFO, "montague.example", "books"), NS_INFO)
        assert node == Element(
            "query",
            NS_INFO,
            {"node": "books"},
            Element("identity", NS_INFO, {"category": "hierarchy", "type": "branch"}),
            Element("feature", NS_INFO, {"var": NS_INFO}),
        )
        inside = query_of(await ask(romeo, NS_ITEMS, "montague.example", "books"), NS_ITEMS)
        assert inside.get("node") == "books"
        assert [item.attrs for item in inside] == [
            {"jid": "montague.example", "node": "books/<1>"},
            {"jid": "library.example"},
        ]


async def test_an_extension_that_is_unloaded_leaves_nothing_behind(tmp_path: Path) -> None:
    async with with_library(tmp_path) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        server = house.server
        server.use([e for e in server.extensions.values() if e.name != "library"])
        assert not list(query_of(await ask(romeo, NS_ITEMS, "montague.example"), NS_ITEMS))
        assert condition(await ask(romeo, NS_INFO, "montague.example", "books")) == (
            "item-not-found"
        )


async def test_a_set_is_no_discovery(romeo: Client) -> None:
    answer = await romeo.ask(
        f"<iq type='set' id='s' to='montague.example'><query xmlns='{NS_INFO}'/></iq>"
    )
    assert condition(answer) == "service-unavailable"
