"""Names of every kind, too much of anything, forms that are none: taken as they are, or refused."""

from pathlib import Path

import pytest
from tests.support.house import Client, open_house
from tests.unit.ext.pubsub.asking import done, form, items, options, publish, refused
from tests.unit.ext.pubsub.conftest import EXTENSIONS, HAMLET, SERVICE

from palaver.ext.disco import NS_ITEMS
from palaver.ext.pubsub.names import NS_OWNER
from palaver.wire import escape

NAMES = {
    "a blank": " ",
    "blanks at the end": "news  ",
    "SQL": "'; DROP TABLE pubsub_nodes; --",
    "a pattern": "%_*?[a-z]",
    "a path": "../../etc/passwd",
    "markup": "<a href='x'>&amp;</a>",
    "the other case": "NEWS",
    "another alphabet": "n\u0435ws",  # a Cyrillic letter that looks like e
    "wide letters": "\uff4e\uff45\uff57\uff53",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "from right to left": "\u202enews",
    "nothing to be seen": "\u200b",
    "an emoji": "\U0001f4f0" * 20,
    "as long as may be": "x" * 512,
}
TOO_MUCH = "modify not-acceptable"


def quoted(text: str) -> str:
    return escape.attribute(text)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_node_has_the_name_it_was_given(hamlet: Client, name: str) -> None:
    await done(hamlet, "set", publish("news", "other"), SERVICE)
    written = quoted(name)
    await done(hamlet, "set", f"<create node='{written}'/>", SERVICE)
    await done(hamlet, "set", publish(written, written), SERVICE)
    assert await items(hamlet, written, SERVICE) == [name]
    assert await items(hamlet, "news", SERVICE) == ["other"]
    answer = await hamlet.ask(
        f"<iq type='get' id='d' to='{SERVICE}'><query xmlns='{NS_ITEMS}'/></iq>"
    )
    assert {each.get("node") for each in next(iter(answer))} == {"news", name}
    found = await done(
        hamlet, "get", f"<items node='{written}'><item id='{written}'/></items>", SERVICE
    )
    assert found is not None
    assert [each.get("id") for each in found] == [name]
    retract = f"<retract node='{written}'><item id='{written}'/></retract>"
    await done(hamlet, "set", retract, SERVICE)
    await done(hamlet, "set", f"<delete node='{written}'/>", SERVICE, NS_OWNER)
    assert await items(hamlet, "news", SERVICE) == ["other"]


@pytest.mark.parametrize("name", ["x" * 513, "\u00e9" * 257, "\U0001f4f0" * 129])
async def test_a_name_that_is_too_long_is_refused(hamlet: Client, name: str) -> None:
    assert await refused(hamlet, "set", f"<create node='{name}'/>", SERVICE) == TOO_MUCH
    assert await refused(hamlet, "set", publish(name, "a"), SERVICE) == TOO_MUCH
    assert await refused(hamlet, "set", publish(name, "a")) == TOO_MUCH
    for kind, content in (
        ("get", f"<items node='{name}'/>"),
        ("set", f"<subscribe node='{name}' jid='{HAMLET}'/>"),
    ):
        assert await refused(hamlet, kind, content, SERVICE) == "cancel item-not-found"


async def test_an_empty_name_is_none(hamlet: Client) -> None:
    required = "modify bad-request nodeid-required"
    for kind, content in (
        ("set", publish("", "a")),
        ("get", "<items node=''/>"),
        ("set", f"<subscribe node='' jid='{HAMLET}'/>"),
        ("set", f"<unsubscribe node='' jid='{HAMLET}'/>"),
    ):
        assert await refused(hamlet, kind, content, SERVICE) == required
    created = await done(hamlet, "set", "<create node=''/>", SERVICE)
    assert created is not None
    assert created.get("node")


async def test_an_id_that_is_too_long_is_refused(hamlet: Client) -> None:
    await done(hamlet, "set", publish("n", "x" * 2500), SERVICE)
    for id_ in ("x" * 2501, "\u00e9" * 1251):
        assert await refused(hamlet, "set", publish("n", id_), SERVICE) == TOO_MUCH
        read = f"<items node='n'><item id='{id_}'/></items>"
        assert list(await done(hamlet, "get", read, SERVICE) or ()) == []
        retract = f"<retract node='n'><item id='{id_}'/></retract>"
        assert await refused(hamlet, "set", retract, SERVICE) == "cancel item-not-found"


# -- too much --------------------------------------------------------------------------------------


async def test_requests_are_not_for_very_much_at_once(hamlet: Client) -> None:
    await done(hamlet, "set", "<create node='n'/>", SERVICE)

    def many(what: str, number: int) -> str:
        return "".join(what.format(each) for each in range(number))

    ids = many("<item id='{}'/>", 1_001)
    too_many = "modify policy-violation"
    assert await refused(hamlet, "get", f"<items node='n'>{ids}</items>", SERVICE) == too_many
    ids = many("<item id='{}'/>", 101)
    retract = f"<retract node='n'>{ids}</retract>"
    assert await refused(hamlet, "set", retract, SERVICE) == too_many
    for group, one in (("affiliations", "affiliation"), ("subscriptions", "subscription")):
        wishes = many(f"<{one} jid='u{{}}@a.example' {one}='none'/>", 1_001)
        content = f"<{group} node='n'>{wishes}</{group}>"
        assert await refused(hamlet, "set", content, SERVICE, NS_OWNER) == too_many


async def test_a_node_has_only_so_many_affiliations(tmp_path: Path) -> None:
    policy = "[extensions.pubsub]\naffiliations = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=policy) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        await done(hamlet, "set", "<create node='n'/>", SERVICE)
        member = "<affiliation jid='{}@a.example' affiliation='member'/>"
        content = "<affiliations node='n'>{}</affiliations>"
        one, other = (content.format(member.format(name)) for name in ("one", "other"))
        await done(hamlet, "set", one, SERVICE, NS_OWNER)
        assert await refused(hamlet, "set", other, SERVICE, NS_OWNER) == TOO_MUCH


async def test_an_account_makes_only_so_many_nodes_at_the_service(tmp_path: Path) -> None:
    policy = "[extensions.pubsub]\nnodes = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=policy) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        for node in "ab":
            await done(hamlet, "set", f"<create node='{node}'/>", SERVICE)
        too_many = "wait policy-violation"
        assert await refused(hamlet, "set", "<create node='c'/>", SERVICE) == too_many
        assert await refused(hamlet, "set", publish("c", "a"), SERVICE) == too_many
        await done(hamlet, "set", "<delete node='a'/>", SERVICE, NS_OWNER)
        await done(hamlet, "set", "<create node='c'/>", SERVICE)


async def test_there_is_only_so_much_room(tmp_path: Path) -> None:
    policy = "[extensions.pubsub]\naccount_bytes = 3000\npayload_bytes = 1024\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=policy) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")

        def item(id_: str, size: int) -> str:
            return publish("n", id_, f"<a xmlns='urn:example:a'>{'x' * size}</a>")

        for place in (SERVICE, HAMLET):
            await done(
                hamlet,
                "set",
                f"<create node='n'/><configure>{form('node_config', max_items='9')}</configure>",
                place,
            )
            assert await refused(hamlet, "set", item("a", 2_000), place) == (
                f"{TOO_MUCH} payload-too-big"
            )
            for id_ in "abc":
                await done(hamlet, "set", item(id_, 900), place)
            no_room = "wait policy-violation payload-too-big"
            assert await refused(hamlet, "set", item("d", 900), place) in (
                no_room, no_room.replace("wait", "modify"),
            )  # fmt: skip


# -- requests and forms that are none --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content", "error"),
    [
        ("get", "<items node='n' max_items='many'/>", "modify bad-request"),
        ("get", "<items node='n' max_items='-1'/>", "modify bad-request"),
        ("get", "<items node='n' max_items='\u0661'/>", "modify bad-request"),
        ("set", "<subscribe node='n'/>", "modify bad-request invalid-jid"),
        ("set", "<subscribe node='n' jid='@@'/>", "modify bad-request invalid-jid"),
        ("set", "<subscribe node='n' jid=''/>", "modify bad-request invalid-jid"),
        ("set", "", "modify bad-request"),
        ("set", "<dance node='n'/>", "cancel feature-not-implemented"),
        ("get", "<publish node='n'/>", "cancel feature-not-implemented"),
        ("set", "<publish node='n' xmlns='urn:example:x'/>", "cancel feature-not-implemented"),
    ],
)
async def test_a_request_that_means_nothing_is_refused(
    hamlet: Client, kind: str, content: str, error: str
) -> None:
    await done(hamlet, "set", "<create node='n'/>", SERVICE)
    assert await refused(hamlet, kind, content, SERVICE) == error


def submit(fields: str, type_: str = "submit") -> str:
    return f"<x xmlns='jabber:x:data' type='{type_}'>{fields}</x>"


FORMS = {
    "a form that is not submitted": submit("", "form"),
    "a form of no type": submit("", ""),
    "a form of something else": submit(
        "<field var='FORM_TYPE'><value>urn:example:x</value></field>"
    ),
    "a field twice": submit("<field var='pubsub#title'><value>a</value></field>" * 2),
    "two values for one": submit(
        "<field var='pubsub#max_items'><value>1</value><value>2</value></field>"
    ),
    "a number that is none": submit("<field var='pubsub#item_expire'><value>1e3</value></field>"),
    "a number of another alphabet": submit(
        "<field var='pubsub#max_items'><value>\u0663</value></field>"
    ),
    "an address that is none": submit("<field var='pubsub#contact'><value>@</value></field>"),
    "very many addresses": submit(
        "<field var='pubsub#contact'>"
        + "".join(f"<value>u{n}@a.example</value>" for n in range(200))
        + "</field>"
    ),
    "very many groups": submit(
        "<field var='pubsub#roster_groups_allowed'>"
        + "".join(f"<value>{n}</value>" for n in range(200))
        + "</field>"
    ),
}


@pytest.mark.parametrize("written", FORMS.values(), ids=FORMS)
async def test_a_form_that_is_none_is_refused_and_changes_nothing(
    hamlet: Client, written: str
) -> None:
    assert (
        await refused(hamlet, "set", f"<create node='n'/><configure>{written}</configure>", SERVICE)
    ).startswith("modify ")
    assert await refused(hamlet, "get", "<items node='n'/>", SERVICE) == "cancel item-not-found"
    await done(hamlet, "set", "<create node='n'/>", SERVICE)
    before = await done(hamlet, "get", "<configure node='n'/>", SERVICE, NS_OWNER)
    configure = f"<configure node='n'>{written}</configure>"
    assert (await refused(hamlet, "set", configure, SERVICE, NS_OWNER)).startswith("modify ")
    after = await done(hamlet, "get", "<configure node='n'/>", SERVICE, NS_OWNER)
    assert before == after


async def test_a_field_that_is_not_known_is_passed_over(hamlet: Client) -> None:
    """As XEP-0004 §3.2 has it; in publish-options it is an error (§7.1.5)."""
    fields = {"title": "News", "nonsense": "1"}
    configured = f"<configure>{form('node_config', **fields)}</configure>"
    await done(hamlet, "set", f"<create node='n'/>{configured}", SERVICE)
    unmet = "cancel conflict precondition-not-met"
    assert (
        await refused(hamlet, "set", publish("n", "a", more=options(nonsense="1")), SERVICE)
        == unmet
    )
    assert await items(hamlet, "n", SERVICE) == []


@pytest.mark.parametrize("field", [
    {"access_model": "open"}, {"persist_items": "0"}, {"max_items": "7"}, {"title": "x"},
])  # fmt: skip
async def test_publish_options_that_are_not_met_publish_nothing(
    hamlet: Client, field: dict[str, str]
) -> None:
    await done(hamlet, "set", publish("n", "a"))
    unmet = "cancel conflict precondition-not-met"
    assert await refused(hamlet, "set", publish("n", "b", more=options(**field))) == unmet
    assert await items(hamlet, "n") == ["a"]
