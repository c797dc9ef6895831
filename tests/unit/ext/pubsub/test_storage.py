"""Nodes and items on every database: names of every kind, paging, restarts."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import insert, text, update
from tests.support.house import Client, open_house
from tests.unit.ext.pubsub.asking import done, form, items, options, publish, refused
from tests.unit.ext.pubsub.conftest import EXTENSIONS, HAMLET, ROMEO, SERVICE

from palaver.ext.pubsub import tables
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS_OWNER

NAMES: Final = (
    "a",
    "A",
    "a ",
    " a",
    "ä",
    "a\u0308",
    "а",  # Cyrillic
    "' OR 1=1; --",
    "%_",
    "\U0001f480",
    "x" * 512,
    "../../etc/passwd",
)


def escaped(text_: str) -> str:
    return text_.replace("&", "&amp;").replace("'", "&apos;")


async def test_names_of_every_kind_are_what_they_are(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        for name in NAMES:
            more = options(max_items="max")
            await done(hamlet, "set", publish(escaped(name), escaped(name), more=more))
        for name in NAMES:
            await done(hamlet, "set", publish("items", escaped(name), more=more))
        for name in NAMES:
            assert await items(hamlet, escaped(name)) == [name]
        assert await items(hamlet, "items") == list(NAMES)
        longest = "ü" * 1250
        await done(hamlet, "set", publish("items", longest))
        assert (await items(hamlet, "items"))[-1] == longest
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        assert await items(hamlet, "items") == [*NAMES, longest]


async def test_a_restart_keeps_everything(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        romeo = await house.client(f"{ROMEO}/orchard")
        config = form("node_config", title="Üb", contact=HAMLET, roster_groups_allowed="F")
        await done(hamlet, "set", f"<create node='n'/><configure>{config}</configure>", SERVICE)
        await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}/orchard'/>", SERVICE)
        member = f"<affiliation jid='{ROMEO}' affiliation='member'/>"
        change = f"<affiliations node='n'>{member}</affiliations>"
        await done(hamlet, "set", change, SERVICE, NS_OWNER)
        for id_ in "aba":
            await done(hamlet, "set", publish("n", id_), SERVICE)
        before = await everything(hamlet)
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        assert await everything(hamlet) == before
        node = await house.server.extension(PubSub).engine.nodes.find(
            house.server.services[SERVICE].address, "n"
        )
        assert node is not None
        assert (node.items, node.bytes) == (
            2,
            2 * len("<entry xmlns='urn:example:entry'>Lo</entry>"),
        )


async def test_what_ends_by_itself_ends_after_a_restart(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    nobody = "yorick@montague.example"

    def subscribe(address: str, expire: str) -> str:
        chosen = form("subscribe_options", expire=expire)
        return f"<subscribe node='n' jid='{address}'/><options>{chosen}</options>"

    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        romeo = await house.client(f"{ROMEO}/orchard")
        yorick = await house.client(f"{nobody}/grave")
        config = form("node_config", purge_offline="1", publish_model="open")
        await done(hamlet, "set", f"<create node='n'/><configure>{config}</configure>", SERVICE)
        await done(yorick, "set", subscribe(nobody, "2999-01-01T00:00:00Z"), SERVICE)
        await done(romeo, "set", subscribe(ROMEO, "presence"), SERVICE)
        await done(hamlet, "set", subscribe(HAMLET, "presence"), SERVICE)
        await done(hamlet, "set", publish("n", "a"), SERVICE)
        house.server.close_session(romeo.session)
        await house.settled()
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        pubsub = house.server.extension(PubSub)
        await pubsub.start()
        romeo = await house.client(f"{ROMEO}/orchard")
        await pubsub.expire()
        node = await pubsub.engine.nodes.find(house.server.services[SERVICE].address, "n")
        assert node is not None
        assert [each.jid for each in node.subscriptions] == [nobody]
        assert pubsub.engine.nodes.are_emptied
        await done(romeo, "set", publish("n", "b"), SERVICE)
        romeo.close()
        await house.settled()
        yorick = await house.client(f"{nobody}/grave")
        assert "b" not in await items(yorick, "n", SERVICE)


async def everything(hamlet: Client) -> list[str]:
    found = []
    for what in ("configure", "subscriptions", "affiliations"):
        told = await done(hamlet, "get", f"<{what} node='n'/>", SERVICE, NS_OWNER)
        assert told is not None
        found.append(told.to_bytes().decode())
    return [*found, *(item or "" for item in await items(hamlet, "n", SERVICE))]


async def test_nodes_go_with_their_account(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, "accounts", configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        await done(hamlet, "set", publish("n", "a"))
        await house.server.store.delete(hamlet.account.id)
        async with house.server.database.connect() as connection:
            for table in (tables.nodes, tables.items):
                query = text(f"SELECT count(*) FROM {table.name}")
                assert await connection.scalar(query) == 0


@pytest.mark.parametrize("count", [20_000])
async def test_a_large_node_is_paged_by_its_index(tmp_path: Path, count: int) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        await done(hamlet, "set", publish("n", "first", more=options(max_items="max")))
        node = await house.server.extension(PubSub).engine.nodes.find(hamlet.account.jid, "n")
        assert node is not None
        rows = [
            {
                "node_id": node.id,
                "item": str(number),
                "publisher": HAMLET,
                "published": number,
                "size": 0,
                "payload": "",
            }
            for number in range(count)
        ]
        async with house.server.database.begin() as connection:
            await connection.execute(insert(tables.items), rows)
            await connection.execute(update(tables.nodes).values({"items": count + 1}))
        node.items = count + 1

        async def page(content: str) -> list[str | None]:
            rsm = f"<set xmlns='http://jabber.org/protocol/rsm'><max>2</max>{content}</set>"
            return await items(hamlet, "n", more=rsm)

        half = str(count // 2)
        assert await page(f"<after>{half}</after>") == [str(count // 2 + n) for n in (1, 2)]
        assert await page("<before/>") == [str(count - 2), str(count - 1)]
        assert len(await items(hamlet, "n")) == 1_000
        assert (
            await refused(
                hamlet,
                "get",
                "<items node='n'/><set xmlns='http://jabber.org/protocol/rsm'><after>no</after></set>",
            )
            == "cancel item-not-found"
        )
        async with house.server.database.connect() as connection:
            plan = await connection.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT id FROM pubsub_items "
                    "WHERE node_id = 1 AND id > 5 ORDER BY id LIMIT 2"
                )
            )
            steps = " ".join(row[3] for row in plan)
        assert "SCAN" not in steps
        assert "TEMP B-TREE" not in steps


async def test_a_subscriber_who_comes_reads_no_other_subscriptions(
    migrated_url: str, tmp_path: Path
) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        romeo = await house.client(f"{ROMEO}/orchard")
        await done(hamlet, "set", "<create node='n'/>", SERVICE)
        for client, address in ((hamlet, HAMLET), (romeo, ROMEO)):
            await done(client, "set", f"<subscribe node='n' jid='{address}'/>", SERVICE)
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        engine = house.server.extension(PubSub).engine
        romeo = await house.client(f"{ROMEO}/orchard")
        (found,) = await engine.nodes.subscribed(romeo.session.jid.bare)
        assert [str(each.jid) for each in found.subscriptions] == [ROMEO]
        assert [str(each) for each in found.owners] == [HAMLET]
        kept = await engine.nodes.find(house.server.services[SERVICE].address, "n")
        assert kept is not None
        assert len(kept.subscriptions) == 2
