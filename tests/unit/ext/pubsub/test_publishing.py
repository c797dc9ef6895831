"""Publishing and taking back: XEP-0060 §7 on accounts."""

import pytest
from tests.support.house import Client
from tests.unit.ext.pubsub.asking import (
    ENTRY,
    ask,
    done,
    items,
    options,
    publish,
    refused,
)
from tests.unit.ext.pubsub.conftest import HAMLET

from palaver.ext.pubsub.names import NS, NS_OWNER


async def test_what_was_published_is_there_in_the_order_of_publication(hamlet: Client) -> None:
    await done(hamlet, "set", publish("n", "a", more=options(max_items="3")))
    for id_ in ("b", "c", "a"):
        await done(hamlet, "set", publish("n", id_))
    assert await items(hamlet, "n") == ["b", "c", "a"]
    found = await done(hamlet, "get", "<items node='n'><item id='c'/><item id='x'/></items>")
    assert found is not None
    (item,) = found
    assert next(iter(item)).text == "Lo"


async def test_an_item_without_an_id_gets_one(hamlet: Client) -> None:
    told = await done(hamlet, "set", publish("n"))
    assert told is not None
    (item,) = told
    assert item.get("id")
    assert await items(hamlet, "n") == [item.get("id")]


async def test_a_full_node_loses_its_oldest_items(hamlet: Client) -> None:
    await done(hamlet, "set", publish("n", "0", more=options(max_items="2")))
    for id_ in "123":
        await done(hamlet, "set", publish("n", id_))
    assert await items(hamlet, "n") == ["2", "3"]


async def test_a_node_that_rejects_what_is_too_much_takes_only_what_replaces(
    hamlet: Client,
) -> None:
    more = options(max_items="1", publish_node_full="reject")
    await done(hamlet, "set", publish("n", "a", more=more))
    assert await refused(hamlet, "set", publish("n", "b")) == "cancel conflict node-full"
    await done(hamlet, "set", publish("n", "a", "<other xmlns='urn:x'/>"))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("<publish><item>%s</item></publish>", "modify bad-request nodeid-required"),
        ("<publish node='n'/>", "modify bad-request item-required"),
        ("<publish node='n'><item/></publish>", "modify bad-request payload-required"),
        ("<publish node='n'><item>%s%s</item></publish>", "modify bad-request invalid-payload"),
        (
            "<publish node='n'><item>%s</item><item>%s</item></publish>",
            "modify bad-request invalid-payload",
        ),
        (f"<publish node='{'n' * 513}'><item>%s</item></publish>", "modify not-acceptable"),
        (
            f"<publish node='n'><item id='{'i' * 2501}'>%s</item></publish>",
            "modify not-acceptable",
        ),
        (
            f"<publish node='n'><item><a xmlns='urn:x'>{'x' * 131_072}</a></item></publish>",
            "modify not-acceptable payload-too-big",
        ),
    ],
)
async def test_what_does_not_fit_is_refused(hamlet: Client, content: str, error: str) -> None:
    assert await refused(hamlet, "set", content.replace("%s", ENTRY)) == error


async def test_publish_options_make_a_node_and_are_conditions_later(hamlet: Client) -> None:
    open_ = options(access_model="open", persist_items="true")
    await done(hamlet, "set", publish("n", "a", more=open_))
    await done(hamlet, "set", publish("n", "a", more=open_))
    for wrong in (options(access_model="whitelist"), options(nonsense="1")):
        answer = await refused(hamlet, "set", publish("n", "b", more=wrong))
        assert answer == "cancel conflict precondition-not-met"
    wrong = options(access_model="nonsense")
    error = "modify not-acceptable unsupported-access-model"
    assert await refused(hamlet, "set", publish("n", "b", more=wrong)) == error
    assert await items(hamlet, "n") == ["a"]


@pytest.mark.parametrize(
    "content",
    [
        "<publish node='fresh'/>",
        "<publish node='fresh'><item/></publish>",
        publish("fresh", "x" * 3_000),
        publish("fresh", more=options(max_payload_size="10")),
    ],
)
async def test_what_is_refused_makes_no_node(hamlet: Client, content: str) -> None:
    await refused(hamlet, "set", content)
    found = await refused(hamlet, "get", "<items node='fresh'/>")
    assert found == "cancel item-not-found"


async def test_others_publish_nothing(hamlet: Client, romeo: Client) -> None:
    assert await refused(romeo, "set", publish("n"), HAMLET) == "cancel item-not-found"
    await done(hamlet, "set", publish("n", "a", more=options(access_model="open")))
    assert await refused(romeo, "set", publish("n"), HAMLET) == "auth forbidden"
    retract = "<retract node='n'><item id='a'/></retract>"
    assert await refused(romeo, "set", retract, HAMLET) == "auth forbidden"
    for content in ("<purge node='n'/>", "<delete node='n'/>"):
        assert await refused(romeo, "set", content, HAMLET, NS_OWNER) == "auth forbidden"
    assert await items(romeo, "n", HAMLET) == ["a"]


async def test_items_are_retracted_and_nodes_purged_and_deleted(hamlet: Client) -> None:
    await done(hamlet, "set", publish("n", "a", more=options(max_items="max")))
    for id_ in "bcd":
        await done(hamlet, "set", publish("n", id_))
    await done(hamlet, "set", "<retract node='n'><item id='b'/></retract>")
    assert await items(hamlet, "n") == ["a", "c", "d"]
    missing = "<retract node='n'><item id='b'/></retract>"
    assert await refused(hamlet, "set", missing) == "cancel item-not-found"
    nothing = await refused(hamlet, "set", "<retract node='n'/>")
    assert nothing == "modify bad-request item-required"
    await done(hamlet, "set", "<purge node='n'/>", namespace=NS_OWNER)
    assert await items(hamlet, "n") == []
    await done(hamlet, "set", "<delete node='n'/>", namespace=NS_OWNER)
    assert await refused(hamlet, "get", "<items node='n'/>") == "cancel item-not-found"


async def test_items_come_in_pages(hamlet: Client) -> None:
    await done(hamlet, "set", publish("n", "0", more=options(max_items="max")))
    for number in range(1, 10):
        await done(hamlet, "set", publish("n", str(number)))

    async def page(content: str) -> list[str | None]:
        return await items(
            hamlet, "n", more=f"<set xmlns='http://jabber.org/protocol/rsm'>{content}</set>"
        )

    assert await page("<max>3</max>") == ["0", "1", "2"]
    assert await page("<max>3</max><after>2</after>") == ["3", "4", "5"]
    assert await page("<max>3</max><before/>") == ["7", "8", "9"]
    assert await page("<max>3</max><before>7</before>") == ["4", "5", "6"]
    latest = await done(hamlet, "get", "<items node='n' max_items='2'/>")
    assert latest is not None
    assert [item.get("id") for item in latest] == ["8", "9"]
    answer = await ask(
        hamlet,
        "get",
        "<items node='n'/><set xmlns='http://jabber.org/protocol/rsm'><max>0</max></set>",
    )
    pubsub = answer.find("pubsub", NS)
    assert pubsub is not None
    result_set = pubsub.find("set", "http://jabber.org/protocol/rsm")
    assert result_set is not None
    assert result_set.text_of("count") == "10"
