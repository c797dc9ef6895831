"""Subscription stanzas on their way (RFC 6121 §3): stored first, in order, shown to the right."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import (
    befriend,
    connect,
    heard,
    impatient,
    listed,
    locked,
    put,
    roster,
    states,
)

from palaver import jid
from palaver.ext.accounts import Accounts
from palaver.ext.administration.entity_lists import EntityLists
from palaver.wire.stanza import Stanza

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
BALCONY = f"{JULIET}/balcony"
ORCHARD = f"{ROMEO}/orchard"


def presence(kind: str, to: str, content: str = "") -> str:
    return f"<presence type='{kind}' to='{to}'>{content}</presence>"


async def test_a_request_goes_out_and_in_with_bare_addresses(
    house: House, juliet: Client, romeo: Client
) -> None:
    romeo.send(presence("subscribe", BALCONY, "<status>Hi!</status>"))
    assert await heard(romeo) == [f"push {JULIET} none ask"]
    [request] = await juliet.taken()
    assert request.to_bytes().decode() == (
        f"<presence from='{ROMEO}' to='{JULIET}' type='subscribe'><status>Hi!</status></presence>"
    )
    assert await states(house, ROMEO, JULIET) == ("NONE_PENDING_OUT", "NONE_PENDING_IN")
    assert await listed(juliet) == []


async def test_an_approval_shows_presence(house: House, juliet: Client, romeo: Client) -> None:
    romeo.send(presence("subscribe", JULIET))
    await juliet.taken()
    await romeo.taken()
    juliet.send(presence("subscribed", ORCHARD))
    assert await heard(romeo) == [
        f"subscribed {JULIET}",
        f"push {JULIET} to",
        f"available {BALCONY}",
    ]
    assert await heard(juliet) == [f"push {ROMEO} from"]
    assert await states(house, ROMEO, JULIET) == ("TO", "FROM")


async def test_a_refusal_leaves_no_trace_with_who_refused(
    house: House, juliet: Client, romeo: Client
) -> None:
    romeo.send(presence("subscribe", JULIET))
    await juliet.taken()
    await romeo.taken()
    juliet.send(presence("unsubscribed", ROMEO))
    assert await heard(juliet) == []
    assert await heard(romeo) == [f"unsubscribed {JULIET}", f"push {JULIET} none"]
    assert (await roster(house, JULIET)).contacts == {}


async def test_a_cancelled_subscription_hides_presence_first(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    juliet.send(presence("unsubscribed", ROMEO))
    assert await heard(romeo) == [
        f"unavailable {BALCONY}",
        f"unsubscribed {JULIET}",
        f"push {JULIET} from",
    ]
    assert await heard(juliet) == [f"push {ROMEO} to"]
    juliet.send("<presence><show>away</show></presence>")
    assert await heard(romeo) == []
    assert await states(house, ROMEO, JULIET) == ("FROM", "TO")


async def test_who_unsubscribes_sees_presence_no_more(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    romeo.send(presence("unsubscribe", JULIET))
    assert await heard(juliet) == [f"unsubscribe {ROMEO}", f"push {ROMEO} to"]
    assert await heard(romeo) == [f"push {JULIET} from", f"unavailable {BALCONY}"]
    assert await states(house, ROMEO, JULIET) == ("FROM", "TO")


async def test_removal_ends_subscriptions_on_both_sides(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    assert await put(juliet, f"<item jid='{ROMEO}' subscription='remove'/>") == "result"
    assert await heard(romeo) == [
        f"unavailable {BALCONY}",
        f"unsubscribe {JULIET}",
        f"push {JULIET} to",
        f"unsubscribed {JULIET}",
        f"push {JULIET} none",
    ]
    assert await states(house, ROMEO, JULIET) == ("NONE", "NONE")


@pytest.mark.parametrize("asking", [True, False])
async def test_removal_ends_requests_that_wait(
    house: House, juliet: Client, romeo: Client, asking: bool
) -> None:
    await put(juliet, f"<item jid='{ROMEO}'/>")
    asker, asked = (juliet, romeo) if asking else (romeo, juliet)
    asker.send(presence("subscribe", asked.session.bare))
    await asked.taken()
    await put(juliet, f"<item jid='{ROMEO}' subscription='remove'/>")
    await house.settled()
    assert await states(house, ROMEO, JULIET) == ("NONE", "NONE")


async def test_a_request_waits_until_it_is_answered(house: House, romeo: Client) -> None:
    await house.account(JULIET)
    romeo.send(presence("subscribe", JULIET, "<status>1</status>"))
    romeo.send(presence("subscribe", JULIET, "<status>2</status>"))
    await romeo.taken()
    for resource in ("balcony", "chamber"):
        juliet = await house.client(f"{JULIET}/{resource}", available=False)
        assert await heard(juliet) == []
        juliet.available()
        requests = [words for words in await heard(juliet) if words.startswith("subscribe")]
        assert requests == [f"subscribe {ROMEO} 1"]
        juliet.available()
        assert [words for words in await heard(juliet) if "subscribe" in words] == []
        juliet.close()
    juliet = await house.client(BALCONY)
    juliet.send(presence("unsubscribed", ROMEO))
    await juliet.taken()
    juliet.close()
    juliet = await house.client(BALCONY)
    assert await heard(juliet) == [f"available {BALCONY}"]


async def test_a_request_survives_a_restart_whole(tmp_path: Path) -> None:
    async with open_house(tmp_path, "roster", "presence") as house:
        await house.account(JULIET)
        romeo = await connect(house, ORCHARD)
        nick = "<nick xmlns='http://jabber.org/protocol/nick'>Römeo &amp; co</nick>"
        romeo.send(presence("subscribe", JULIET, nick))
        await romeo.taken()
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await house.client(BALCONY)
        assert f"subscribe {ROMEO} Römeo & co" in await heard(juliet)
        juliet.send(presence("subscribed", ROMEO))
        await juliet.taken()
        assert await states(house, ROMEO, JULIET) == ("TO", "FROM")


async def test_of_a_long_request_only_the_request_is_kept(house: House, romeo: Client) -> None:
    await house.account(JULIET)
    romeo.send(presence("subscribe", JULIET, f"<status>{'x' * 5000}</status>"))
    await romeo.taken()
    juliet = await house.client(BALCONY)
    assert f"subscribe {ROMEO}" in await heard(juliet)


async def test_too_many_requests_are_refused(tmp_path: Path) -> None:
    limit = "[extensions.roster]\nrequests = 2\n"
    async with open_house(tmp_path, "roster", "presence", configuration=limit) as house:
        await house.account(JULIET)
        for number in range(3):
            client = await connect(house, f"c{number}@montague.example/x")
            client.send(presence("subscribe", JULIET))
            came = await heard(client)
            refused = f"presence error {JULIET} resource-constraint"
            assert (refused in came) is (number == 2)
        assert len((await roster(house, JULIET)).requests) == 2


async def test_an_approval_in_advance_answers_the_request(
    house: House, juliet: Client, romeo: Client
) -> None:
    juliet.send(presence("subscribed", ROMEO))
    assert await heard(juliet) == [f"push {ROMEO} none approved"]
    assert await heard(romeo) == []
    romeo.send(presence("subscribe", JULIET))
    assert await heard(romeo) == [
        f"push {JULIET} none ask",
        f"subscribed {JULIET}",
        f"push {JULIET} to",
        f"available {BALCONY}",
    ]
    assert await heard(juliet) == [f"push {ROMEO} from approved"]
    assert await states(house, ROMEO, JULIET) == ("TO", "FROM")


async def test_a_request_of_a_subscriber_is_answered_at_once(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    romeo_roster = await roster(house, ROMEO)
    item = romeo_roster.item(juliet.session.bare)
    romeo_roster.put(item.moved(type(item.state).FROM))  # its server has lost the subscription
    romeo.send(presence("subscribe", JULIET))
    assert await heard(romeo) == [
        f"push {JULIET} from ask",
        f"subscribed {JULIET}",
        f"push {JULIET} both",
        f"available {BALCONY}",
    ]
    assert await heard(juliet) == []


async def test_nobody_subscribes_to_themselves(juliet: Client) -> None:
    for kind in ("subscribe", "subscribed", "unsubscribe", "unsubscribed"):
        juliet.send(presence(kind, BALCONY))
        assert await heard(juliet) == [f"presence error {BALCONY} not-allowed"]


async def test_a_request_to_an_account_that_does_not_exist_stays_unanswered(
    house: House, romeo: Client
) -> None:
    romeo.send(presence("subscribe", "nobody@capulet.example"))
    assert await heard(romeo) == ["push nobody@capulet.example none ask"]


async def test_a_request_to_another_server_comes_back_as_an_error(
    house: House, romeo: Client
) -> None:
    romeo.send(presence("subscribe", "paris@far.example"))
    came = await heard(romeo)
    assert sorted(came) == [
        "presence error paris@far.example remote-server-not-found",
        "push paris@far.example none ask",
    ]
    paris = jid.parse("paris@far.example")
    assert (await roster(house, ROMEO)).state_of(paris).name == "NONE_PENDING_OUT"
    romeo.send(presence("unsubscribe", "paris@far.example"))
    assert "push paris@far.example none" in await heard(romeo)


async def test_stanzas_for_a_resource_count_for_the_account(house: House, juliet: Client) -> None:
    paris = jid.parse("paris@far.example/x")
    stanza = Stanza.make("presence", paris, juliet.session.jid, {"type": "subscribe"})
    house.server.router.route(stanza)
    assert await heard(juliet) == ["subscribe paris@far.example"]


async def test_a_request_is_sent_again_at_the_next_login(house: House, romeo: Client) -> None:
    await house.account(JULIET)
    romeo.send(presence("subscribe", JULIET))
    await romeo.taken()
    juliet_roster = await roster(house, JULIET)
    juliet_roster.take_off(romeo.session.bare, 0, 0)  # it was lost on its way
    romeo.close()
    await house.client(f"{ROMEO}/garden")
    await house.settled()
    assert await states(house, ROMEO, JULIET) == ("NONE_PENDING_OUT", "NONE_PENDING_IN")


# -- order and storage -----------------------------------------------------------------------------


async def test_what_follows_a_subscription_stanza_does_not_overtake_it(
    house: House, juliet: Client, romeo: Client
) -> None:
    romeo.send(presence("subscribe", JULIET))
    romeo.send(f"<message to='{BALCONY}' type='chat'><body>1</body></message>")
    romeo.send(f"<presence to='{JULIET}'><status>2</status></presence>")
    romeo.send(presence("unsubscribe", JULIET))
    romeo.send(f"<message to='{BALCONY}' type='chat'><body>3</body></message>")
    assert await heard(juliet) == [
        f"subscribe {ROMEO}",
        f"chat {ORCHARD} 1",
        f"available {ORCHARD} 2",
        f"unsubscribe {ROMEO}",
        f"chat {ORCHARD} 3",
    ]


async def test_a_broadcast_does_not_overtake_what_is_held(
    house: House, juliet: Client, romeo: Client
) -> None:
    await befriend(juliet, romeo)
    romeo.send(presence("subscribe", JULIET))
    romeo.send(f"<message to='{BALCONY}' type='chat'><body>1</body></message>")
    romeo.send("<presence><status>2</status></presence>")
    assert await heard(juliet) == [f"chat {ORCHARD} 1", f"available {ORCHARD} 2"]


async def test_many_requests_at_once_are_taken_in_order(house: House, romeo: Client) -> None:
    for _ in range(20):
        romeo.send(presence("subscribe", JULIET))
        romeo.send(presence("unsubscribe", JULIET))
    pushes = await heard(romeo)
    assert pushes == [f"push {JULIET} none ask", f"push {JULIET} none"] * 20


async def test_what_cannot_be_stored_is_refused_and_not_sent(
    house: House, juliet: Client, romeo: Client
) -> None:
    await impatient(house)
    with locked(house):
        romeo.send(presence("subscribe", JULIET))
        assert await heard(romeo) == [f"presence error {JULIET} resource-constraint"]
    assert await heard(juliet) == []
    assert await states(house, ROMEO, JULIET) == ("NONE", "NONE")
    romeo.send(presence("subscribe", JULIET))
    assert await heard(juliet) == [f"subscribe {ROMEO}"]


async def test_what_the_contact_cannot_store_comes_back(
    house: House, juliet: Client, romeo: Client
) -> None:
    await impatient(house)
    stanza = Stanza.make("presence", romeo.session.bare, juliet.session.bare, {"type": "subscribe"})
    with locked(house):
        house.server.router.route(stanza)
        assert await heard(romeo) == [f"presence error {JULIET} resource-constraint"]
    assert await heard(juliet) == []
    assert await states(house, ROMEO, JULIET) == ("NONE", "NONE")


async def test_work_under_way_is_finished_when_the_server_stops(tmp_path: Path) -> None:
    async with open_house(tmp_path, "roster", "presence") as house:
        await house.account(JULIET)
        romeo = await connect(house, ORCHARD)
        romeo.send(presence("subscribe", JULIET))
    async with open_house(tmp_path, "roster", "presence") as house:
        assert (await states(house, ROMEO, JULIET))[0] == "NONE_PENDING_OUT"


async def test_who_asks_many_is_not_read_while_they_wait_for_storage(
    house: House, romeo: Client
) -> None:
    for number in range(256):
        romeo.send(presence("subscribe", f"c{number}@capulet.example"))
        assert not romeo.wire.held
    romeo.send(presence("subscribe", "one-more@capulet.example"))
    assert romeo.wire.held
    assert [each for each in await romeo.taken() if each.get("type") == "error"] == []
    assert not romeo.wire.held
    assert len((await roster(house, ROMEO)).items) == 257


async def test_what_was_read_before_that_is_bounded(
    house: House, romeo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaver.ext.presence.subscriptions._MOST", 260)
    for number in range(300):
        romeo.send(presence("subscribe", f"c{number}@capulet.example"))
    refused = [each for each in await romeo.taken() if each.get("type") == "error"]
    assert len(refused) == 300 - 260
    assert {error.get("type") for each in refused for error in each.find_all("error")} == {"wait"}


# -- the end of an account -------------------------------------------------------------------------


async def test_a_deleted_account_takes_leave_of_everybody(tmp_path: Path) -> None:
    async with open_house(tmp_path, "roster", "presence", "accounts") as house:
        juliet = await connect(house, BALCONY)
        romeo = await connect(house, ORCHARD)
        nurse = await connect(house, "nurse@capulet.example/hall")
        await befriend(juliet, romeo)
        juliet.send(presence("subscribe", "nurse@capulet.example"))
        await nurse.taken()
        await juliet.taken()
        record = juliet.account.record
        assert record is not None
        await house.server.extension(Accounts).delete(record)
        juliet.close()
        assert await heard(romeo) == [
            f"unavailable {BALCONY}",
            f"unsubscribe {JULIET}",
            f"push {JULIET} to",
            f"unsubscribed {JULIET}",
            f"push {JULIET} none",
        ]
        assert await heard(nurse) == [f"unsubscribe {JULIET}"]
        for address in (ROMEO, "nurse@capulet.example"):
            state = (await roster(house, address)).state_of(juliet.session.bare)
            assert state.name == "NONE"


async def test_temporary_accounts_have_no_subscriptions(house: House, romeo: Client) -> None:
    guest = house.server.temporary_account(jid.parse_bare("guest@capulet.example"))
    client = await connect(house, "guest@capulet.example/x")
    assert client.account is guest
    client.send(presence("subscribe", ROMEO))
    assert await heard(client) == [f"presence error {ROMEO} not-allowed"]
    romeo.send(presence("subscribe", "guest@capulet.example"))
    assert "presence error guest@capulet.example not-allowed" in await heard(romeo)


BLOCK = "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='{}'/></block></iq>"


@pytest.mark.parametrize("kind", ["unsubscribe", "unsubscribed"])
async def test_who_is_blocked_can_end_a_subscription_unheard(tmp_path: Path, kind: str) -> None:
    async with open_house(tmp_path, "roster", "presence", "privacy", "blocking") as house:
        juliet, romeo = await connect(house, BALCONY), await connect(house, ORCHARD)
        await befriend(romeo, juliet)
        await juliet.ask(BLOCK.format(ROMEO))
        await juliet.taken()
        romeo.send(presence(kind, JULIET))
        assert [each for each in await juliet.taken() if each.name == "presence"] == []
        left = {"unsubscribe": ("FROM", "TO"), "unsubscribed": ("TO", "FROM")}[kind]
        assert await states(house, ROMEO, JULIET) == left


async def test_an_account_that_is_blocked_and_deleted_leaves_no_subscription(
    tmp_path: Path,
) -> None:
    names = ("roster", "presence", "privacy", "blocking", "accounts")
    async with open_house(tmp_path, *names) as house:
        juliet, romeo = await connect(house, BALCONY), await connect(house, ORCHARD)
        await befriend(romeo, juliet)
        await juliet.ask(BLOCK.format(ROMEO))
        record = romeo.account.record
        assert record is not None
        await house.server.extension(Accounts).delete(record)
        romeo.close()
        assert (await roster(house, JULIET)).state_of(romeo.session.bare).name == "NONE"


@pytest.mark.parametrize("kind", ["unsubscribe", "unsubscribed"])
async def test_a_list_of_the_host_does_not_keep_a_subscription_alive(
    tmp_path: Path, kind: str
) -> None:
    async with open_house(tmp_path) as house:
        juliet, romeo = await connect(house, BALCONY), await connect(house, ORCHARD)
        await befriend(romeo, juliet)
        lists = house.server.extension(EntityLists)
        await lists.replace(juliet.account.host, "blocked", [romeo.session.bare])
        await juliet.taken()
        romeo.send(presence(kind, JULIET))
        assert [each for each in await juliet.taken() if each.name == "presence"] == []
        left = {"unsubscribe": ("FROM", "TO"), "unsubscribed": ("TO", "FROM")}[kind]
        assert await states(house, ROMEO, JULIET) == left


async def test_an_account_that_a_host_shuts_out_can_be_deleted(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        juliet, romeo = await connect(house, BALCONY), await connect(house, ORCHARD)
        await befriend(romeo, juliet)
        lists = house.server.extension(EntityLists)
        await lists.replace(juliet.account.host, "blocked", [romeo.session.bare])
        record = romeo.account.record
        assert record is not None
        await house.server.extension(Accounts).delete(record)
        romeo.close()
        assert (await roster(house, JULIET)).state_of(romeo.session.bare).name == "NONE"
