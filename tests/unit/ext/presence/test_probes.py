"""Who becomes available sees who else is; probes are answered for the account (RFC 6121 §4.3)."""

import re

from tests.support.house import Client, House
from tests.support.rosters import befriend, connect, heard, roster

from palaver import jid
from palaver.wire.stanza import Stanza

JULIET = "juliet@capulet.example/balcony"


async def test_who_becomes_available_sees_each_resource_of_contacts(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    chamber = await connect(house, "juliet@capulet.example/chamber")
    chamber.send("<presence><show>away</show><priority>-3</priority></presence>")
    await connect(house, "juliet@capulet.example/hall", available=False)
    romeo.close()
    romeo = await house.client("romeo@montague.example/garden")
    assert sorted(await heard(romeo)) == [
        f"available {JULIET}",
        "available juliet@capulet.example/chamber away -3",
        "available romeo@montague.example/garden",
    ]


async def test_what_is_shown_later_tells_since_when(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    romeo.close()
    romeo = await house.client("romeo@montague.example/garden")
    [seen] = [each for each in await romeo.taken() if each.get("from") == JULIET]
    assert seen.get("to") == "romeo@montague.example/garden"
    delay = seen.find("delay", "urn:xmpp:delay")
    assert delay is not None
    assert delay.get("from") == JULIET
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
    assert re.fullmatch(stamp, delay.get("stamp", ""))


async def test_a_stamp_of_the_client_itself_is_left_alone(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    stamp = "<delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/>"
    juliet.send(f"<presence>{stamp}</presence>")
    romeo.close()
    romeo = await house.client("romeo@montague.example/garden")
    [seen] = [each for each in await romeo.taken() if each.get("from") == JULIET]
    assert [each.get("stamp") for each in seen] == ["2002-09-10T23:08:25Z"]


async def test_a_probe_of_a_subscriber_is_answered_for_the_account(
    juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    romeo.send("<presence type='probe' to='juliet@capulet.example'/>")
    assert await heard(romeo) == [f"available {JULIET}"]
    assert await heard(juliet) == []
    juliet.close()
    await romeo.taken()
    romeo.send("<presence type='probe' to='juliet@capulet.example'/>")
    assert await heard(romeo) == ["unavailable juliet@capulet.example"]


async def test_a_probe_of_a_stranger_shows_nothing(
    house: House, juliet: Client, romeo: Client
) -> None:
    sent: list[Stanza] = []
    house.server.router.remote = sent.append
    paris = jid.parse("paris@far.example/x")
    for to in (juliet.session.bare, jid.parse("nobody@capulet.example")):
        house.server.router.route(Stanza.make("presence", paris, to, {"type": "probe"}))
        await house.settled()
        assert [(each.type, each.sender, each.to) for each in sent] == [("unsubscribed", to, paris)]
        sent.clear()
    romeo.send("<presence type='probe' to='juliet@capulet.example'/>")
    assert await heard(romeo) == []


async def test_a_user_may_probe_their_own_account(house: House, juliet: Client) -> None:
    await connect(house, "juliet@capulet.example/chamber")
    await juliet.taken()
    juliet.send("<presence type='probe' to='juliet@capulet.example'/>")
    assert sorted(await heard(juliet)) == [
        f"available {JULIET}",
        "available juliet@capulet.example/chamber",
    ]


async def test_contacts_elsewhere_are_probed_and_told(house: House, juliet: Client) -> None:
    sent: list[Stanza] = []
    house.server.router.remote = sent.append
    paris = jid.parse("paris@far.example")
    juliet.send(f"<presence type='subscribe' to='{paris}'/>")
    await juliet.taken()
    for kind in ("subscribed", "subscribe"):
        stanza = Stanza.make("presence", paris, juliet.session.bare, {"type": kind})
        house.server.router.route(stanza)
        await house.settled()
    juliet.send(f"<presence type='subscribed' to='{paris}'/>")
    await juliet.taken()
    assert (await roster(house, "juliet@capulet.example")).subscription_of(paris) == "both"
    assert [(each.type, str(each.sender)) for each in sent] == [
        ("subscribe", "juliet@capulet.example"),
        ("subscribed", "juliet@capulet.example"),
        ("available", JULIET),
    ]
    sent.clear()
    chamber = await house.client("juliet@capulet.example/chamber")
    chamber.close()
    full = "juliet@capulet.example/chamber"
    assert [(each.type, str(each.sender)) for each in sent] == [
        ("available", full),
        ("probe", full),
        ("unavailable", full),
    ]
