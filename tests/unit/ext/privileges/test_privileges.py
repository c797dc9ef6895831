"""What a privileged component may do (XEP-0356), and that others may not."""

import pytest
from tests.support.client import Client
from tests.support.component import ACCEPT, Component
from tests.unit.ext.privileges.conftest import HELPER, PUBSUB, ROGUE, SECRET, WATCHER, entering
from tests.unit.net.serving import Serving

from palaver import jid
from palaver.ext.components import Components
from palaver.ext.presence.extension import Presence
from palaver.ext.roster.roster import roster_of
from palaver.kernel.config import parse
from palaver.kernel.config_error import ConfigError
from palaver.kernel.extension import NoArguments

NS = "urn:xmpp:privilege:2"
OLD = "urn:xmpp:privilege:1"
FORWARD = "urn:xmpp:forward:0"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
A = f"{{{ACCEPT}}}"
C = "{jabber:client}"
ROSTER = "jabber:iq:roster"
HOST = "capulet.example"
JULIET = f"juliet@{HOST}"


async def answer(component: Component, iq: str, id_: str) -> tuple[str, str]:
    """Send a request; return the type and condition of its answer."""
    await component.send(iq)
    stanza = await component.expect(lambda each: each.get("id") == id_)
    error = stanza.find(f"{A}error")
    condition = "" if error is None else next(each.tag for each in error).removeprefix(ERRORS)
    return stanza.get("type") or "", condition


def roster(type_: str, sender: str, item: str = "", to: str = JULIET) -> str:
    query = f"<query xmlns='{ROSTER}'>{item}</query>"
    return f"<iq type='{type_}' from='{sender}' to='{to}' id='r'>{query}</iq>"


# -- advertising -----------------------------------------------------------------------------------


async def test_a_component_is_told_its_privileges_when_it_connects(net: Serving) -> None:
    helper = await net.component(HELPER, SECRET).connect()
    message = await helper.receive()
    assert (message.tag, message.get("from"), message.get("to")) == (f"{A}message", HOST, HELPER)
    perms = {perm.get("access"): perm for perm in message.iter(f"{{{NS}}}perm")}
    assert perms["roster"].attrib == {"access": "roster", "type": "both", "push": "true"}
    assert perms["message"].get("type") == "outgoing"
    assert perms["presence"].get("type") == "managed_entity"
    namespaces = {each.get("ns"): each.get("type") for each in perms["iq"]}
    assert namespaces == {PUBSUB: "both", "jabber:iq:version": "get"}


async def test_it_is_told_in_the_version_before_as_well(net: Serving) -> None:
    helper = await net.component(HELPER, SECRET).connect()
    await helper.receive()
    perms = [each.get("access") for each in (await helper.receive()).iter(f"{{{OLD}}}perm")]
    assert perms == ["roster", "message", "presence"]


async def test_a_component_without_privileges_is_told_nothing(
    net: Serving, rogue: Component
) -> None:
    await rogue.send(f"<message from='{ROGUE}' to='{ROGUE}' id='own'/>")
    assert (await rogue.receive()).get("id") == "own"


@pytest.mark.parametrize(
    ("privileges", "reason"),
    [
        ('[components.c.privileges."localhost"]\npresence = "roster"', "needs roster"),
        ('[components.c.privileges."elsewhere.example"]', "there is no host"),
        ('[components.c.privileges."localhost"]\nroster = "all"', "not one of the choices"),
    ],
)
def test_wrong_privileges_stop_the_start(privileges: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        parse(f'[components.c]\nsecret = "s"\n{privileges}')


async def test_administrators_see_who_has_privileges(net: Serving, helper: Component) -> None:
    listed = await net.server.extension(Components).list(NoArguments(), lambda _done, _of: None)
    found = {each["component"]: (each["connected"], each["privileges"]) for each in listed}
    assert found[HELPER] == (["127.0.0.1"], [HOST])
    assert found[ROGUE] == ([], [])


# -- rosters ---------------------------------------------------------------------------------------


async def test_it_changes_and_reads_a_roster(helper: Component, juliet: Client) -> None:
    item = "<item jid='romeo@montague.example' name='Romeo'><group>Rivals</group></item>"
    assert await answer(helper, roster("set", HELPER, item), "r") == ("result", "")
    await helper.send(roster("get", HELPER))
    found = await helper.expect(lambda each: each.get("id") == "r")
    items = [each.get("name") for each in found.iter(f"{{{ROSTER}}}item")]
    assert (found.get("from"), items) == (JULIET, ["Romeo"])


async def test_the_users_clients_see_what_it_changes(helper: Component, juliet: Client) -> None:
    await juliet.send(f"<iq type='get' id='1'><query xmlns='{ROSTER}'/></iq>")
    await juliet.receive()
    await helper.send(roster("set", HELPER, "<item jid='romeo@montague.example'/>"))
    push = await juliet.receive()
    assert [each.get("jid") for each in push.iter(f"{{{ROSTER}}}item")] == [
        "romeo@montague.example"
    ]


async def test_it_gets_roster_pushes(helper: Component, juliet: Client) -> None:
    await juliet.send(
        f"<iq type='set' id='1'><query xmlns='{ROSTER}'><item jid='a@b.example'/></query></iq>"
    )
    push = await helper.receive()
    assert (push.get("type"), push.get("from"), push.get("to")) == ("set", JULIET, HELPER)
    assert [each.get("jid") for each in push.iter(f"{{{ROSTER}}}item")] == ["a@b.example"]


async def test_without_push_it_gets_none(net: Serving, juliet: Client) -> None:
    watcher = await entering(net, WATCHER)
    await juliet.send(
        f"<iq type='set' id='1'><query xmlns='{ROSTER}'><item jid='a@b.example'/></query></iq>"
    )
    await juliet.receive()
    await watcher.send(f"<message from='{WATCHER}' to='{WATCHER}' id='own'/>")
    assert (await watcher.receive()).get("id") == "own"


@pytest.mark.parametrize("type_", ["get", "set"])
async def test_the_roster_is_forbidden_to_others(
    net: Serving, rogue: Component, type_: str
) -> None:
    request = roster(type_, ROGUE, "<item jid='a@b.example'/>" if type_ == "set" else "")
    assert await answer(rogue, request, "r") == ("error", "forbidden")


async def test_who_may_read_a_roster_may_not_change_it(net: Serving) -> None:
    watcher = await entering(net, WATCHER)
    request = roster("set", WATCHER, "<item jid='a@b.example'/>")
    assert await answer(watcher, request, "r") == ("error", "forbidden")


@pytest.mark.parametrize(
    ("sender", "to"),
    [
        (HELPER, "romeo@montague.example"),
        (HELPER, f"nobody@{HOST}"),
        (f"user@{HELPER}", JULIET),
    ],
)
async def test_privileges_are_those_of_the_component_on_that_host(
    helper: Component, sender: str, to: str
) -> None:
    assert await answer(helper, roster("get", sender, to=to), "r") == ("error", "forbidden")


# -- messages --------------------------------------------------------------------------------------


def message(sender: str, inner_from: str, to: str, namespace: str = NS) -> str:
    return (
        f"<message from='{sender}' to='{HOST}' id='m'><privilege xmlns='{namespace}'>"
        f"<forwarded xmlns='{FORWARD}'><message xmlns='jabber:client' type='chat' id='foo'"
        f" from='{inner_from}' to='{to}'><body>hail</body></message>"
        "</forwarded></privilege></message>"
    )


@pytest.mark.parametrize("namespace", [NS, OLD])
@pytest.mark.parametrize("sender", [HOST, f"nurse@{HOST}"])
async def test_it_sends_messages_in_the_name_of_others(
    helper: Component, juliet: Client, sender: str, namespace: str
) -> None:
    await helper.send(message(HELPER, sender, juliet.jid, namespace))
    received = await juliet.receive()
    assert (received.get("from"), received.get("id")) == (sender, "foo")
    assert received.findtext(f"{C}body") == "hail"


async def test_they_are_in_the_archive_of_that_user_and_on_the_users_devices(
    helper: Component, juliet: Client
) -> None:
    await juliet.send("<iq type='set' id='1'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
    await juliet.receive()
    await helper.send(message(HELPER, JULIET, f"nurse@{HOST}"))
    carbon = await juliet.receive()
    assert carbon.find(f"{{urn:xmpp:carbons:2}}sent/{{{FORWARD}}}forwarded/{C}message") is not None
    await juliet.send("<iq type='set' id='2'><query xmlns='urn:xmpp:mam:2'/></iq>")
    archived = await juliet.receive()
    assert archived.find(f".//{C}body") is not None


@pytest.mark.parametrize(
    ("domain", "inner"),
    [
        (ROGUE, f"nurse@{HOST}"),
        (WATCHER, f"nurse@{HOST}"),
        (HELPER, f"nurse@{HOST}/kitchen"),
        (HELPER, "romeo@montague.example"),
        (HELPER, f"nobody@{HOST}"),
    ],
)
async def test_other_messages_are_forbidden(
    net: Serving, juliet: Client, domain: str, inner: str
) -> None:
    component = await net.component(domain, SECRET).connect()
    refused = await answer(component, message(domain, inner, juliet.jid), "m")
    assert refused == ("error", "forbidden")


async def test_a_client_cannot_use_privileges(helper: Component, juliet: Client) -> None:
    await juliet.send(message(juliet.jid, f"nurse@{HOST}", juliet.jid))
    assert (await juliet.receive()).find(f"{C}error/{ERRORS}forbidden") is not None


# -- requests --------------------------------------------------------------------------------------


def privileged(
    payload: str, *, to: str = JULIET, inner: str = "type='get' id='sub'", outer: str = "get"
) -> str:
    return (
        f"<iq type='{outer}' from='{HELPER}' to='{to}' id='p'><privileged_iq xmlns='{NS}'>"
        f"<iq xmlns='jabber:client' {inner}>{payload}</iq></privileged_iq></iq>"
    )


PUBLISH = f"""<pubsub xmlns='{PUBSUB}'><publish node='urn:test'><item id='1'>
<thing xmlns='urn:test'/></item></publish></pubsub>"""
VERSION = "<query xmlns='jabber:iq:version'/>"


async def test_it_publishes_in_the_nodes_of_a_user(helper: Component, juliet: Client) -> None:
    await helper.send(privileged(PUBLISH, inner="type='set' id='sub'", outer="set"))
    result = await helper.expect(lambda each: each.get("id") == "p")
    inner = result.find(f"{{{NS}}}privilege/{{{FORWARD}}}forwarded/{C}iq")
    assert (result.get("from"), result.get("type")) == (JULIET, "result")
    assert inner is not None
    assert (inner.get("id"), inner.get("type"), inner.get("to")) == ("sub", "result", JULIET)


async def test_it_asks_others_in_the_name_of_a_user(net: Serving, helper: Component) -> None:
    juliet = await net.client(f"{JULIET}/balcony").connect()
    romeo = await net.client("romeo@montague.example/orchard").connect()
    await helper.send(privileged(VERSION, inner=f"type='get' id='v' to='{romeo.jid}'"))
    asked = await romeo.receive()
    assert asked.get("from") == juliet.jid.partition("/")[0]
    await romeo.send(
        f"<iq type='error' id='{asked.get('id')}' to='{JULIET}'><error type='cancel'>"
        "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    )
    result = await helper.expect(lambda each: each.get("id") == "p")
    inner = result.find(f"{{{NS}}}privilege/{{{FORWARD}}}forwarded/{C}iq")
    assert result.get("type") == "result"
    assert inner is not None
    assert (inner.get("type"), inner.get("id"), inner.get("from")) == ("error", "v", romeo.jid)


@pytest.mark.parametrize(
    "request_",
    [
        privileged("<query xmlns='jabber:iq:last'/>"),
        privileged(VERSION, inner="type='set' id='v'", outer="set"),
        privileged(VERSION, inner="type='get' id='v'", outer="set"),
        privileged(VERSION, inner=f"type='get' id='v' from='nurse@{HOST}'"),
        privileged(VERSION, inner="type='get' id='v' xmlns:a='b'").replace("jabber:client", "a:b"),
        privileged(VERSION, to=HOST),
        privileged(VERSION, to=f"nobody@{HOST}"),
        privileged(VERSION, to=f"{JULIET}/balcony"),
        privileged(VERSION, to="romeo@montague.example"),
    ],
)
async def test_other_requests_are_forbidden(
    helper: Component, juliet: Client, request_: str
) -> None:
    assert await answer(helper, request_, "p") == ("error", "forbidden")


# -- presence --------------------------------------------------------------------------------------


async def test_it_gets_the_presence_of_users(helper: Component, juliet: Client) -> None:
    await juliet.send("<presence><show>chat</show></presence>")
    available = await helper.receive()
    assert (available.get("from"), available.get("to")) == (juliet.jid, HELPER)
    assert available.findtext(f"{A}show") == "chat"
    await juliet.close()
    assert (await helper.receive()).get("type") == "unavailable"


async def test_it_gets_the_presence_that_was_there_before(net: Serving, juliet: Client) -> None:
    await juliet.send("<presence/>")
    await juliet.receive()
    helper = await entering(net, HELPER)
    assert (await helper.receive()).get("from") == juliet.jid


async def test_who_sent_it_directed_presence_is_not_heard_twice(
    helper: Component, juliet: Client
) -> None:
    await juliet.send(f"<presence to='{HELPER}'/><presence/><presence to='{HELPER}' id='last'/>")
    assert [(await helper.receive()).get("id") for _ in range(2)] == [None, "last"]


async def test_it_gets_the_presence_of_contacts_once(net: Serving) -> None:
    romeo = await net.client("romeo@montague.example/orchard").connect()
    accounts = net.server.accounts
    friend = await accounts.get(jid.parse_bare("romeo@montague.example"))
    assert friend is not None
    for name in ("juliet", "nurse"):
        user = await accounts.get(jid.parse_bare(f"{name}@{HOST}"))
        assert user is not None
        net.server.extension(Presence).make_contacts(user, friend)
    await net.until(lambda: len(roster_of(friend).watchers.here) == 2)
    watcher = await entering(net, WATCHER)
    await romeo.send("<presence><status>hi</status></presence><presence type='unavailable'/>")
    found = [await watcher.receive() for _ in range(2)]
    assert [(each.get("from"), each.get("type")) for each in found] == [
        (romeo.jid, None),
        (romeo.jid, "unavailable"),
    ]


async def test_nobody_elses_presence_is_passed_on(net: Serving) -> None:
    watcher = await entering(net, WATCHER)
    romeo = await net.client("romeo@montague.example/orchard").connect()
    await romeo.send("<presence/>")
    await romeo.receive()
    await watcher.send(f"<message from='{WATCHER}' to='{WATCHER}' id='own'/>")
    assert (await watcher.receive()).get("id") == "own"


async def test_the_presence_of_contacts_elsewhere_is_remembered(net: Serving) -> None:
    """Several users have the same contact; a component connects after what it said (§8)."""
    rogue = await net.component(ROGUE, SECRET).connect()
    friend = f"friend@{ROGUE}"
    for name in ("juliet", "nurse"):
        user = await net.client(f"{name}@{HOST}/x").connect()
        await user.send(f"<presence to='{friend}' type='subscribe'/>")
        await rogue.expect(lambda each: each.get("type") == "subscribe")
        await rogue.send(f"<presence from='{friend}' to='{name}@{HOST}' type='subscribed'/>")
        account = net.server.accounts.loaded(f"{name}@{HOST}")
        assert account is not None
        roster = roster_of(account)
        await net.until(lambda roster=roster: roster.state_of(jid.parse(friend)).sees)
    presence = (
        f"<presence from='{friend}/phone' to='{{}}@{HOST}' id='{{}}'><show>away</show></presence>"
    )
    await rogue.send(presence.format("juliet", "1") + presence.format("nurse", "2"))
    await rogue.barrier()
    watcher = await entering(net, WATCHER)
    assert (await watcher.receive()).get("from") == f"{friend}/phone"
    for name in ("juliet", "nurse"):
        await rogue.send(
            f"<presence from='{friend}/phone' to='{name}@{HOST}' type='unavailable'/>"
            f"<presence from='stranger@{ROGUE}/phone' to='{name}@{HOST}'/>"
        )
    await rogue.barrier()
    assert (await watcher.receive()).get("type") == "unavailable"
    await watcher.send(f"<message from='{WATCHER}' to='{WATCHER}' id='own'/>")
    assert (await watcher.receive()).get("id") == "own"
