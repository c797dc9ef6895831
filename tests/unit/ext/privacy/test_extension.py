"""Privacy lists as a client sees them: requests and their errors, and what passes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client(f"{JULIET}/balcony")


def asks(content: str, type_: str = "set") -> str:
    return f"<iq type='{type_}' id='q'><query xmlns='jabber:iq:privacy'>{content}</query></iq>"


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    return "" if error is None else next(iter(error)).name


async def done(client: Client, content: str) -> None:
    answer = await client.ask(asks(content))
    assert condition(answer) == ""
    await client.taken()


async def default(client: Client, items: str) -> None:
    await done(client, f"<list name='d'>{items}</list>")
    await done(client, "<default name='d'/>")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<item action='deny' order='0'/>", ""),
        ("<item action='deny' order='4294967295'/>", ""),
        ("<item action='deny' order='4294967296'/>", "bad-request"),
        ("<item action='deny' order='-1'/>", "bad-request"),
        ("<item action='deny' order='+1'/>", "bad-request"),
        ("<item action='deny' order='²'/>", "bad-request"),
        ("<item action='deny' order=''/>", "bad-request"),
        ("<item action='deny'/>", "bad-request"),
        ("<item order='1'/>", "bad-request"),
        ("<item action='block' order='1'/>", "bad-request"),
        ("<item action='deny' order='1'/><item action='allow' order='1'/>", "bad-request"),
        ("<item action='deny' order='1'/><item action='allow' order='01'/>", "bad-request"),
        ("<item type='jid' value='@' action='deny' order='1'/>", "jid-malformed"),
        ("<item type='jid' action='deny' order='1'/>", "bad-request"),
        ("<item type='jid' value='' action='deny' order='1'/>", "bad-request"),
        ("<item value='a@b' action='deny' order='1'/>", "bad-request"),
        ("<item type='moon' value='full' action='deny' order='1'/>", "bad-request"),
        ("<item type='' value='full' action='deny' order='1'/>", "bad-request"),
        ("<item type='subscription' value='both' action='deny' order='1'/>", ""),
        ("<item type='subscription' value='ask' action='deny' order='1'/>", "bad-request"),
        ("<item type='group' value='Nobody' action='deny' order='1'/>", "item-not-found"),
        ("<item action='deny' order='1'><message/><iq/></item>", ""),
        ("<item action='deny' order='1'><carrier-pigeon/></item>", "bad-request"),
        ("<item action='deny' order='1'><message xmlns='jabber:client'/></item>", "bad-request"),
        ("<thing/>", "bad-request"),
    ],
)
async def test_items_are_checked(romeo: Client, item: str, expected: str) -> None:
    answer = await romeo.ask(asks(f"<list name='l'>{item}</list>"))
    assert condition(answer) == expected


@pytest.mark.parametrize(
    ("content", "type_", "expected"),
    [
        ("", "set", "bad-request"),
        ("<active/><default/>", "set", "bad-request"),
        ("<list name='a'/><list name='b'/>", "get", "bad-request"),
        ("<list/>", "get", "bad-request"),
        ("<list name=''/>", "set", "bad-request"),
        ("<active name='a'/>", "get", "bad-request"),
        ("<thing name='a'/>", "set", "bad-request"),
        ("<list xmlns='urn:example:other' name='a'/>", "set", "bad-request"),
        ("<list name='a'/>", "get", "item-not-found"),
        ("<list name='a'/>", "set", "item-not-found"),
        ("<active name='a'/>", "set", "item-not-found"),
        ("<default name='a'/>", "set", "item-not-found"),
        ("<active/>", "set", ""),
        ("<default/>", "set", ""),
        (f"<list name='{'é' * 128}'><item action='deny' order='1'/></list>", "set",
         "policy-violation"),
    ],
)  # fmt: skip
async def test_requests_are_checked(romeo: Client, content: str, type_: str, expected: str) -> None:
    assert condition(await romeo.ask(asks(content, type_))) == expected


async def test_the_lists_of_others_are_not_for_one_to_see(romeo: Client, juliet: Client) -> None:
    request = asks("", "get").replace("<iq", f"<iq to='{JULIET}'")
    assert condition(await romeo.ask(request)) == "service-unavailable"


async def test_lists_and_items_are_limited(tmp_path: Path) -> None:
    limits = "[extensions.privacy]\nmax_lists = 1\nmax_items = 2\n"
    names = ("privacy", "blocking")
    async with open_house(tmp_path, *names, configuration=limits) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        items = [f"<item type='jid' value='a@b{n}' action='deny' order='{n}'/>" for n in range(3)]
        many = f"<list name='l'>{''.join(items)}</list>"
        assert condition(await romeo.ask(asks(many))) == "policy-violation"
        unread = "<list name='l'>" + "<item type='group' value='none'/>" * 3 + "</list>"
        assert condition(await romeo.ask(asks(unread))) == "policy-violation", "before the items"
        await done(romeo, f"<list name='l'>{items[0]}</list>")
        another = f"<list name='m'>{items[0]}</list>"
        assert condition(await romeo.ask(asks(another))) == "policy-violation"
        await done(romeo, "<default name='l'/>")
        block = "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>{}</block></iq>"
        two = "<item jid='c@d'/><item jid='e@f'/>"
        assert condition(await romeo.ask(block.format(two))) == "policy-violation"
        assert condition(await romeo.ask(block.format("<item jid='c@d'/>"))) == ""


async def test_lists_are_there_after_a_restart(tmp_path: Path) -> None:
    items = (
        "<item type='jid' value='tybalt@capulet.example' action='deny' order='3'>"
        "<message/><iq/><presence-in/><presence-out/></item>"
        "<item type='subscription' value='none' action='deny' order='5'/>"
        "<item action='allow' order='68'/>"
    )
    async with open_house(tmp_path) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        await default(romeo, items)
        await done(romeo, "<list name='other'><item action='deny' order='1'/></list>")
    async with open_house(tmp_path) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        names = await romeo.ask(asks("", "get"))
        found = names.find("query", "jabber:iq:privacy")
        assert found is not None
        assert found.to_bytes() == (
            b"<query xmlns='jabber:iq:privacy'><default name='d'/><list name='d'/>"
            b"<list name='other'/></query>"
        )
        got = await romeo.ask(asks("<list name='d'/>", "get"))
        found = got.find("query", "jabber:iq:privacy")
        assert found is not None
        wanted = f"<query xmlns='jabber:iq:privacy'><list name='d'>{items}</list></query>"
        assert found.to_bytes().decode() == wanted


async def test_a_list_in_use_by_another_session_stays(house: House, romeo: Client) -> None:
    await done(romeo, "<list name='a'><item action='allow' order='1'/></list>")
    home = await house.client(f"{ROMEO}/home")
    await done(home, "<active name='a'/>")
    assert condition(await romeo.ask(asks("<list name='a'/>"))) == "conflict"
    await done(home, "<active/>")
    await done(romeo, "<active name='a'/>")
    assert condition(await romeo.ask(asks("<list name='a'/>"))) == ""
    assert condition(await romeo.ask(asks("<active name='a'/>"))) == "item-not-found"


async def test_the_active_list_ends_with_its_session(
    house: House, romeo: Client, juliet: Client
) -> None:
    await done(romeo, "<list name='a'><item action='deny' order='1'/></list>")
    await done(romeo, "<active name='a'/>")
    juliet.send(f"<message to='{ROMEO}/orchard' type='chat'><body>1</body></message>")
    assert await romeo.bodies() == []
    romeo.close()
    again = await house.client(f"{ROMEO}/orchard")
    juliet.send(f"<message to='{ROMEO}/orchard' type='chat'><body>2</body></message>")
    assert await again.bodies() == ["2"]


async def test_an_edit_of_the_active_list_has_effect_at_once(romeo: Client, juliet: Client) -> None:
    await done(romeo, "<list name='a'><item action='allow' order='1'/></list>")
    await done(romeo, "<active name='a'/>")
    await done(romeo, "<list name='a'><item action='deny' order='1'><message/></item></list>")
    juliet.send(f"<message to='{ROMEO}/orchard'><body>1</body></message>")
    assert await romeo.bodies() == []


async def test_a_message_for_the_account_passes_by_sessions_whose_list_denies_it(
    house: House, romeo: Client, juliet: Client
) -> None:
    home = await house.client(f"{ROMEO}/home")
    await done(romeo, "<list name='a'><item action='deny' order='1'/></list>")
    await done(romeo, "<active name='a'/>")
    await home.taken()
    juliet.send(f"<message to='{ROMEO}'><body>1</body></message>")
    assert await home.bodies() == ["1"]
    assert await romeo.bodies() == []
    assert [condition(each) for each in await juliet.messages()] == []


@pytest.mark.parametrize(
    ("stanza", "answer"),
    [
        ("<message to='{}'><body>a</body></message>", "service-unavailable"),
        ("<message to='{}' type='chat'><body>a</body></message>", "service-unavailable"),
        ("<message to='{}' type='headline'><body>a</body></message>", None),
        ("<message to='{}' type='error'><body>a</body></message>", None),
        ("<iq to='{}' type='get' id='i'><query xmlns='jabber:iq:version'/></iq>",
         "service-unavailable"),
        ("<iq to='{}' type='result' id='i'/>", None),
        ("<iq to='{}' type='error' id='i'><error type='cancel'/></iq>", None),
        ("<presence to='{}'/>", None),
        ("<presence to='{}' type='unavailable'/>", None),
        ("<presence to='{}' type='probe'/>", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("to", [JULIET, f"{JULIET}/balcony"])
async def test_who_is_denied_everything_sees_one_as_offline(
    romeo: Client, juliet: Client, stanza: str, answer: str | None, to: str
) -> None:
    await default(juliet, f"<item type='jid' value='{ROMEO}' action='deny' order='1'/>")
    await romeo.taken()
    romeo.send(stanza.format(to))
    assert [condition(each) for each in await romeo.taken()] == ([answer] if answer else [])
    assert await juliet.taken() == []


@pytest.mark.parametrize(
    "stanza",
    [
        "<message to='{}' id='o'><body>a</body></message>",
        "<iq to='{}' type='get' id='o'><query xmlns='jabber:iq:version'/></iq>",
        "<presence to='{}' id='o'/>",
        "<presence to='{}' type='subscribe' id='o'/>",
    ],
)
async def test_nothing_is_sent_to_whom_everything_is_denied(
    romeo: Client, juliet: Client, stanza: str
) -> None:
    await default(romeo, f"<item type='jid' value='{JULIET}' action='deny' order='1'/>")
    await juliet.taken()
    romeo.send(stanza.format(JULIET))
    (answer,) = await romeo.taken()
    assert condition(answer) == "not-acceptable"
    error = answer.find("error", "jabber:client")
    assert error is not None
    assert error.attrs["type"] == "cancel"
    assert error.find("blocked", "urn:xmpp:blocking:errors") is not None
    assert await juliet.taken() == []


async def test_only_blocked_addresses_are_called_blocked(romeo: Client, juliet: Client) -> None:
    await default(romeo, "<item action='deny' order='1'/>")
    romeo.send(f"<message to='{JULIET}'><body>a</body></message>")
    (answer,) = await romeo.taken()
    error = answer.find("error", "jabber:client")
    assert error is not None
    assert [child.name for child in error] == ["not-acceptable"]


async def test_denying_messages_does_not_deny_ones_own(romeo: Client, juliet: Client) -> None:
    await default(romeo, "<item action='deny' order='1'><message/></item>")
    romeo.send(f"<message to='{JULIET}'><body>a</body></message>")
    assert await juliet.bodies() == ["a"]
    assert await romeo.taken() == []


async def test_nobody_can_lock_oneself_out(house: House, romeo: Client) -> None:
    await default(romeo, "<item action='deny' order='1'/>")
    home = await house.client(f"{ROMEO}/home")
    await romeo.taken()
    home.send(f"<message to='{ROMEO}/orchard'><body>me</body></message>")
    assert await romeo.bodies() == ["me"]
    ping = "<iq type='get' id='p' to='montague.example'><ping xmlns='urn:xmpp:ping'/></iq>"
    assert (await romeo.ask(ping)).get("type") == "result"


async def test_presence_is_kept_from_whom_it_is_denied(romeo: Client, juliet: Client) -> None:
    await befriend(romeo, juliet)
    await done(
        romeo, "<list name='hide'><item action='deny' order='1'><presence-out/></item></list>"
    )
    await juliet.taken()
    await done(romeo, "<active name='hide'/>")
    (gone,) = await juliet.taken()
    assert (gone.get("type"), gone.get("from")) == ("unavailable", f"{ROMEO}/orchard")
    romeo.send("<presence><show>away</show></presence>")
    assert await juliet.taken() == []
    await done(romeo, "<active/>")
    (back,) = await juliet.taken()
    assert back.text_of("show") == "away"


async def test_a_contact_that_may_not_be_seen_goes_and_comes_back(
    romeo: Client, juliet: Client
) -> None:
    await befriend(romeo, juliet)
    await done(
        romeo, "<list name='deaf'><item action='deny' order='1'><presence-in/></item></list>"
    )
    assert condition(await romeo.ask(asks("<active name='deaf'/>"))) == ""
    (gone,) = await romeo.taken()
    assert (gone.get("type"), gone.get("from")) == ("unavailable", f"{JULIET}/balcony")
    juliet.send("<presence><show>away</show></presence>")
    assert await romeo.taken() == []
    assert condition(await romeo.ask(asks("<active/>"))) == ""
    (back,) = await romeo.taken()
    assert (back.get("from"), back.text_of("show")) == (f"{JULIET}/balcony", "away")


async def test_groups_and_subscriptions_follow_the_roster(romeo: Client, juliet: Client) -> None:
    def put(group: str) -> str:
        item = f"<item jid='{JULIET}'><group>{group}</group></item>"
        return f"<iq type='set' id='r'><query xmlns='jabber:iq:roster'>{item}</query></iq>"

    await romeo.ask(put("Enemies"))
    await default(
        romeo,
        "<item type='group' value='Enemies' action='deny' order='1'/>"
        "<item type='subscription' value='both' action='deny' order='2'><message/></item>",
    )
    juliet.send(f"<message to='{ROMEO}'><body>1</body></message>")
    assert await romeo.bodies() == []
    await romeo.ask(put("Friends"))
    juliet.send(f"<message to='{ROMEO}'><body>2</body></message>")
    assert await romeo.bodies() == ["2"]
    await befriend(romeo, juliet)
    juliet.send(f"<message to='{ROMEO}'><body>3</body></message>")
    assert await romeo.bodies() == []


async def befriend(one: Client, other: Client) -> None:
    for subscriber, contact in ((one, other), (other, one)):
        subscriber.send(f"<presence type='subscribe' to='{contact.session.bare}'/>")
        await subscriber.house.settled()
        contact.send(f"<presence type='subscribed' to='{subscriber.session.bare}'/>")
        await subscriber.house.settled()
    await one.taken()
    await other.taken()
