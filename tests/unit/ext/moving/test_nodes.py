"""The nodes of accounts move with them (XEP-0227 §4.10)."""

from pathlib import Path

import pytest
from tests.support.house import House
from tests.unit.ext.moving.test_xep_0227 import (
    JULIET,
    PASSWORD,
    any_new,
    command,
    data,
    export,
    load,
    new,
    old,
)

from palaver.ext.accounts import Accounts
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.items import Window
from palaver.ext.pubsub.node import Affiliation, Node
from palaver.jid import parse_bare
from palaver.kernel.errors import CommandError

__all__ = ("any_new", "new", "old")

NS = "http://jabber.org/protocol/pubsub"
CONFIG = f"{NS}#node_config"


def form(**fields: str) -> str:
    given = {"FORM_TYPE": CONFIG, **{f"pubsub#{name}": value for name, value in fields.items()}}
    inner = "".join(
        f"<field var='{var}'><value>{value}</value></field>" for var, value in given.items()
    )
    return f"<x xmlns='jabber:x:data' type='submit'>{inner}</x>"


def described(node: str, **fields: str) -> str:
    return (
        f"<pubsub xmlns='{NS}#owner'><configure node='{node}'>{form(**fields)}</configure></pubsub>"
    )


def filled(node: str, *ids: str, payload: str = "<x xmlns='urn:example'/>") -> str:
    items = "".join(f"<item id='{each}'>{payload}</item>" for each in ids)
    return f"<pubsub xmlns='{NS}'><items node='{node}'>{items}</items></pubsub>"


def juliet(inner: str) -> str:
    return data(f"<user name='juliet' password='x'>{inner}</user>")


async def node(house: House, name: str) -> Node:
    found = await house.server.extension(PubSub).engine.nodes.find(parse_bare(JULIET), name)
    assert found is not None
    return found


async def ids(house: House, name: str) -> list[str]:
    items = house.server.extension(PubSub).engine.items
    return [item.item for item in await items.page(await node(house, name), Window(), 1_000)]


async def test_nodes_arrive_as_they_left(old: House, any_new: House, tmp_path: Path) -> None:
    await old.server.extension(Accounts).create(parse_bare(JULIET), PASSWORD)
    client = await old.client(f"{JULIET}/balcony")
    create = f"<create node='n &lt;'/><configure>{form(access_model='whitelist', max_items='9')}"
    people = (
        "<affiliations node='n &lt;'><affiliation jid='a@far.example' affiliation='member'/>"
        "<affiliation jid='b@far.example' affiliation='outcast'/></affiliations>"
    )
    readers = (
        "<subscriptions node='n &lt;'><subscription jid='a@far.example/x' "
        "subscription='subscribed'/></subscriptions>"
    )
    for number, request in enumerate(
        (
            f"<pubsub xmlns='{NS}'>{create}</configure></pubsub>",
            f"<pubsub xmlns='{NS}#owner'>{people}</pubsub>",
            f"<pubsub xmlns='{NS}#owner'>{readers}</pubsub>",
            *(
                f"<pubsub xmlns='{NS}'><publish node='n &lt;'><item id='{each}'>"
                f"<x xmlns='urn:example' n='{each}'>\U0001f339</x></item></publish></pubsub>"
                for each in ("2", "1", "&amp;3")
            ),
        )
    ):
        answer = await client.ask(f"<iq type='set' id='{number}'>{request}</iq>")
        assert answer.get("type") == "result", answer.to_bytes()
    file = await export(old, tmp_path / "capulet.xml")
    report = await command(any_new, "import xep0227", file=str(file))
    assert (report["problems"], report["unfit"]) == ([], [])
    left, arrived = await node(old, "n <"), await node(any_new, "n <")
    assert arrived.config == left.config
    assert arrived.config.access_model == "whitelist"
    assert arrived.affiliations == left.affiliations
    assert arrived.subscriptions == left.subscriptions
    assert arrived.bytes == left.bytes
    assert await ids(any_new, "n <") == ["2", "1", "&3"]
    await command(any_new, "import xep0227", file=str(file))
    await export(any_new, tmp_path / "again.xml")
    assert (tmp_path / "again.xml").read_text() == file.read_text()


async def test_a_node_that_is_there_stays_as_it_is(new: House, tmp_path: Path) -> None:
    await load(new, tmp_path / "x.xml", juliet(described("n", max_items="2") + filled("n", "a")))
    again = juliet(described("n", access_model="open") + filled("n", "a", "b", "c"))
    await load(new, tmp_path / "x.xml", again)
    assert (await node(new, "n")).config.access_model == "presence"
    assert await ids(new, "n") == ["a", "b"]


async def test_the_configuration_may_come_after_the_items(new: House, tmp_path: Path) -> None:
    text = juliet(filled("n", "a") + described("n", access_model="open", max_items="max"))
    await load(new, tmp_path / "x.xml", text)
    found = await node(new, "n")
    assert found.config.access_model == "open"
    assert await ids(new, "n") == ["a"]


async def test_the_newest_items_of_a_full_node_arrive(new: House, tmp_path: Path) -> None:
    await load(new, tmp_path / "x.xml", juliet(filled("n", "a", "b", "c")))
    assert await ids(new, "n") == ["c"]


async def test_options_of_other_servers_are_left_out(new: House, tmp_path: Path) -> None:
    text = described(
        "n", max_items="infinity", itemreply="none", purge_offline="0", max_payload_size="x"
    )
    report = await load(new, tmp_path / "x.xml", juliet(text))
    (problem,) = report["problems"]
    assert "pubsub#max_payload_size" in problem["problem"]
    assert (await node(new, "n")).config.max_items == -1


async def test_more_items_than_a_node_may_have_here_mean_as_many_as_possible(
    new: House, tmp_path: Path
) -> None:
    await load(new, tmp_path / "x.xml", juliet(described("n", max_items="999999999")))
    assert (await node(new, "n")).config.max_items == -1


async def test_an_access_model_nobody_understands_lets_nobody_in(
    new: House, tmp_path: Path
) -> None:
    report = await load(new, tmp_path / "x.xml", juliet(described("n", access_model="friends")))
    assert (await node(new, "n")).config.access_model == "whitelist"
    assert len(report["problems"]) == 1


async def test_the_owner_stays_the_owner(new: House, tmp_path: Path) -> None:
    people = "".join(
        f"<affiliation jid='{who}' affiliation='{what}'/>"
        for who, what in ((JULIET, "outcast"), ("a@far.example/x", "owner"))
    )
    text = f"<pubsub xmlns='{NS}#owner'><affiliations node='n'>{people}</affiliations></pubsub>"
    await load(new, tmp_path / "x.xml", juliet(text))
    found = await node(new, "n")
    assert found.affiliation(parse_bare(JULIET)) is Affiliation.OWNER
    assert found.affiliations == {parse_bare("a@far.example"): Affiliation.OWNER}


BROKEN = {
    "no node": f"<pubsub xmlns='{NS}'><items><item id='a'/></items></pubsub>",
    "not items": f"<pubsub xmlns='{NS}'><publish node='n'><item id='a'/></publish></pubsub>",
    "long name": filled("n" * 600, "a"),
    "long id": filled("n", "a" * 2_600),
    "big": filled("n", "a", payload=f"<x xmlns='urn:example'>{'x' * 200_000}</x>"),
    "two payloads": filled("n", "a", payload="<x xmlns='u'/><x xmlns='u'/>"),
    "publisher": f"<pubsub xmlns='{NS}'><items node='n'><item publisher='@'/></items></pubsub>",
    "affiliation": (
        f"<pubsub xmlns='{NS}#owner'><affiliations node='n'>"
        "<affiliation jid='a@far.example' affiliation='king'/></affiliations></pubsub>"
    ),
    "address": (
        f"<pubsub xmlns='{NS}#owner'><subscriptions node='n'><subscription jid='@@'/>"
        "</subscriptions></pubsub>"
    ),
    "unknown": f"<pubsub xmlns='{NS}#owner'><purge node='n'/></pubsub>",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_what_cannot_be_a_node_is_told_and_the_rest_arrives(
    new: House, tmp_path: Path, broken: str
) -> None:
    report = await load(new, tmp_path / "x.xml", juliet(broken + filled("good", "a")))
    assert len(report["problems"]) == 1
    assert report["created"] == 1
    assert await ids(new, "good") == ["a"]


async def test_an_item_larger_than_memory_should_hold_ends_the_import(
    new: House, tmp_path: Path
) -> None:
    text = filled("n", "a", payload=f"<x xmlns='urn:example'>{'x' * (33 << 20)}</x>")
    with pytest.raises(CommandError, match="too long"):
        await load(new, tmp_path / "x.xml", juliet(text))


async def test_no_more_nodes_arrive_than_an_account_may_have(new: House, tmp_path: Path) -> None:
    most = new.server.extension(PubSub).config("capulet.example").nodes
    report = await load(
        new, tmp_path / "x.xml", juliet("".join(filled(f"n{i}", "a") for i in range(most + 2)))
    )
    assert len(report["problems"]) == 2
    assert all("too many nodes" in each["problem"] for each in report["problems"])
