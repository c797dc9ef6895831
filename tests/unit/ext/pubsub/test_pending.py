"""Owners ask who waits for their approval (XEP-0060 §8.7)."""

from tests.support.house import Client, House
from tests.unit.ext.pubsub.asking import done, form, publish, refusal
from tests.unit.ext.pubsub.conftest import HAMLET, ROMEO, SERVICE

from palaver.ext.adhoc.payload import NS as NS_COMMANDS
from palaver.ext.disco import NS_INFO, NS_ITEMS
from palaver.ext.pubsub.names import NS
from palaver.kernel import forms
from palaver.wire.element import Element

GET_PENDING = f"{NS}#get-pending"


async def order(
    client: Client, to: str, content: str = "", *, node: str = GET_PENDING, **attrs: str
) -> Element:
    written = "".join(f" {key}='{value}'" for key, value in attrs.items())
    command = f"<command xmlns='{NS_COMMANDS}' node='{node}'{written}>{content}</command>"
    return await client.ask(f"<iq type='set' id='q' to='{to}'>{command}</iq>")


def command_in(answer: Element) -> Element:
    assert answer.get("type") == "result", refusal(answer)
    return next(iter(answer))


def options_in(command: Element) -> list[str | None]:
    x = command.find("x", forms.NS)
    assert x is not None
    (field,) = (each for each in x.find_all("field") if each.get("var") == "pubsub#node")
    return [each.text_of("value") for each in field.find_all("option")]


def choice(node: str) -> str:
    return form("subscribe_authorization", node=node)


async def test_an_owner_finds_out_who_waits_and_decides(
    house: House, hamlet: Client, romeo: Client
) -> None:
    model = f"<configure>{form('node_config', access_model='authorize')}</configure>"
    for node in ("one", "two"):
        await done(hamlet, "set", f"<create node='{node}'/>{model}", SERVICE)
    await done(romeo, "set", f"<subscribe node='one' jid='{ROMEO}'/>", SERVICE)
    await hamlet.messages()
    command = command_in(await order(hamlet, SERVICE, action="execute"))
    assert command.get("status") == "executing"
    assert options_in(command) == ["one"]
    id_ = command.get("sessionid", "")
    command = command_in(await order(hamlet, SERVICE, choice("one"), sessionid=id_))
    assert (command.get("status"), command.get("sessionid")) == ("completed", id_)
    (request,) = await hamlet.messages()
    x = request.find("x", forms.NS)
    assert x is not None
    assert forms.values(x)["pubsub#subscriber_jid"] == [ROMEO]
    assert request.get("to") == hamlet.session.jid
    (subid,) = forms.values(x)["pubsub#subid"]
    answer = form(
        "subscribe_authorization", subid=subid, node="one", subscriber_jid=ROMEO, allow="1"
    )
    hamlet.send(f"<message to='{SERVICE}'>{answer}</message>")
    await house.settled()
    assert options_in(command_in(await order(hamlet, SERVICE))) == []


async def test_an_account_finds_out_who_waits(hamlet: Client, romeo: Client) -> None:
    model = f"<configure>{form('node_config', access_model='authorize')}</configure>"
    await done(hamlet, "set", f"<create node='n'/>{model}")
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", HAMLET)
    await hamlet.messages()
    assert options_in(command_in(await order(hamlet, HAMLET))) == ["n"]
    command_in(await order(hamlet, HAMLET, choice("n")))
    assert len(await hamlet.messages()) == 1


async def test_only_owners_find_out_who_waits(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", "<create node='n'/>", SERVICE)
    assert refusal(await order(romeo, SERVICE)) == "auth forbidden"
    assert refusal(await order(romeo, SERVICE, choice("n"))) == "auth forbidden"
    assert refusal(await order(hamlet, SERVICE, choice("none"))) == "cancel item-not-found"
    other = await order(hamlet, SERVICE, node="urn:example:other")
    assert refusal(other) == "cancel feature-not-implemented unsupported"
    command = command_in(await order(hamlet, SERVICE, action="cancel", sessionid="s"))
    assert command.get("status") == "canceled"


async def test_the_command_does_not_tell_whether_an_account_exists(
    hamlet: Client, romeo: Client
) -> None:
    await done(hamlet, "set", publish("n", "a"))
    for content, action in (("", "execute"), (choice("n"), "execute"), ("", "nonsense")):
        there = await order(romeo, HAMLET, content, action=action)
        nobody = await order(romeo, "nobody@montague.example", content, action=action)
        same = [
            [child.to_bytes() for child in answer if child.name == "error"]
            for answer in (there, nobody)
        ]
        assert same[0] == same[1]


async def test_owners_find_the_command(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", "<create node='n'/>", SERVICE)

    async def found(client: Client, namespace: str, node: str) -> list[Element]:
        query = f"<query xmlns='{namespace}' node='{node}'/>"
        answer = await client.ask(f"<iq type='get' id='q' to='{SERVICE}'>{query}</iq>")
        return list(next(iter(answer))) if answer.get("type") == "result" else []

    assert [x.get("node") for x in await found(hamlet, NS_ITEMS, NS_COMMANDS)] == [GET_PENDING]
    assert (await found(hamlet, NS_INFO, GET_PENDING))[0].get("type") == "command-node"
    assert (await found(hamlet, NS_INFO, NS_COMMANDS))[0].get("type") == "command-list"
    assert await found(romeo, NS_ITEMS, NS_COMMANDS) == []
