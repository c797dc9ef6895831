"""Strangers: who is one, what becomes of what they send, and how many there may be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import befriend, connect

from palaver import jid
from palaver.ext.accounts import Accounts
from palaver.ext.strangers.commands import (
    AccountArguments,
    ChooseArguments,
    SenderArguments,
    StrangerCommands,
)
from palaver.ext.strangers.extension import Strangers
from palaver.ext.strangers.quarantine import Quarantine
from palaver.ext.stream_management.extension import StreamManagement
from palaver.jid import parse_bare
from palaver.kernel.clock import SystemClock
from palaver.kernel.errors import CommandError
from palaver.kernel.storage import LogFilter
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

HOST = "capulet.example"
JULIET = f"juliet@{HOST}"
ROMEO = "romeo@montague.example"
COMMANDS = "http://jabber.org/protocol/commands"


class Later(SystemClock):
    """The machine's clock in an hour and a bit."""

    def monotonic(self) -> float:
        return super().monotonic() + 3_700


def nothing_done(_done: int, _of: int) -> None:
    """Take no note of progress."""


def opened(tmp_path: Path, section: str = "") -> AbstractAsyncContextManager[House]:
    return open_house(tmp_path, configuration=f"[extensions.strangers]\n{section}")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as found:
        yield found


async def couple(house: House, policy: str) -> tuple[Client, Client]:
    juliet = await connect(house, f"{JULIET}/chamber")
    romeo = await connect(house, f"{ROMEO}/orchard")
    await choose(house, policy)
    return juliet, romeo


async def choose(house: House, policy: str, per_hour: int | None = None) -> dict[str, object]:
    arguments = ChooseArguments(jid=JULIET, policy=policy, per_hour=per_hour)  # type: ignore[arg-type]
    return await commands(house).set(arguments, nothing_done)


def commands(house: House) -> StrangerCommands:
    return house.server.extension(StrangerCommands)


def write(body: str = "Hello", to: str = JULIET, **attrs: str) -> str:
    more = "".join(f" {name}='{value}'" for name, value in {"type": "chat", **attrs}.items())
    return f"<message to='{to}'{more}><body>{body}</body></message>"


async def error(client: Client) -> str | None:
    for stanza in await client.taken():
        found = stanza.find("error")
        if found is not None:
            return next(iter(found)).name
    return None


async def archived(house: House, address: str) -> int:
    account = await house.account(address)
    return len(await house.server.log.page(account.id, LogFilter(), 100))


async def listed(house: House) -> list[dict[str, object]]:
    found = await commands(house).list(AccountArguments(jid=JULIET), nothing_done)
    assert isinstance(found, list)
    return found


async def release(house: House, sender: str = ROMEO) -> dict[str, object]:
    return await commands(house).release(SenderArguments(jid=JULIET, sender=sender), nothing_done)


# -- who is a stranger -----------------------------------------------------------------------------


async def test_strangers_are_let_in_unless_somebody_wants_otherwise(house: House) -> None:
    juliet = await connect(house, f"{JULIET}/chamber")
    romeo = await connect(house, f"{ROMEO}/orchard")
    romeo.send(write())
    assert await juliet.bodies() == ["Hello"]


@pytest.mark.parametrize("policy", ["quarantine", "refuse"])
async def test_contacts_are_no_strangers(house: House, policy: str) -> None:
    juliet, romeo = await couple(house, policy)
    juliet.send(f"<presence to='{ROMEO}' type='subscribed'/>")  # approved beforehand
    await juliet.taken()
    await befriend(romeo, juliet)
    romeo.send(write())
    assert await juliet.bodies() == ["Hello"]


@pytest.mark.parametrize("policy", ["quarantine", "refuse"])
async def test_who_was_written_to_may_answer_also_after_a_restart(
    tmp_path: Path, policy: str
) -> None:
    async with opened(tmp_path) as house:
        juliet, romeo = await couple(house, policy)
        juliet.send(write("Art thou not Romeo?", ROMEO))
        assert await romeo.bodies() == ["Art thou not Romeo?"]
        romeo.send(write("Neither, fair saint"))
        assert await juliet.bodies() == ["Neither, fair saint"]
    async with opened(tmp_path) as house:
        juliet = await connect(house, f"{JULIET}/chamber")
        romeo = await connect(house, f"{ROMEO}/orchard")
        romeo.send(write("Lady?"))
        assert await juliet.bodies() == ["Lady?"]
        assert house.server.extension(Strangers).policy_of(juliet.account) == policy


async def test_who_leaves_the_roster_is_a_stranger_again(house: House) -> None:
    juliet, romeo = await couple(house, "refuse")
    query = "<query xmlns='jabber:iq:roster'><item jid='{}'{}/></query>"
    await juliet.ask(f"<iq type='set' id='r1'>{query.format(ROMEO, '')}</iq>")
    romeo.send(write("One"))
    assert await juliet.bodies() == ["One"]
    gone = query.format(ROMEO, " subscription='remove'")
    await juliet.ask(f"<iq type='set' id='r2'>{gone}</iq>")
    romeo.send(write("Two"))
    assert await juliet.bodies() == []


async def test_a_chat_state_makes_nobody_known(house: House) -> None:
    juliet, romeo = await couple(house, "refuse")
    state = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
    juliet.send(f"<message to='{ROMEO}' type='chat'>{state}</message>")
    romeo.send(write())
    assert await juliet.bodies() == []


async def test_ones_own_devices_the_host_and_administrators_are_no_strangers(
    tmp_path: Path,
) -> None:
    admins = f'[server]\nadmins = ["{ROMEO}"]\n'
    async with opened(tmp_path, "policy = 'refuse'\n" + admins) as house:
        juliet = await connect(house, f"{JULIET}/chamber")
        phone = await connect(house, f"{JULIET}/phone")
        romeo = await connect(house, f"{ROMEO}/orchard")
        phone.send(write("Note"))
        romeo.send(write("Maintenance tonight"))
        body = Element("body", "jabber:client", None, "Welcome")
        host = house.server.hosts[HOST].jid
        house.server.router.route(Stanza.make("message", host, juliet.account.jid, None, body))
        assert await juliet.bodies() == ["Note", "Maintenance tonight", "Welcome"]


async def test_rooms_and_who_got_presence_are_no_strangers(house: House) -> None:
    juliet, romeo = await couple(house, "refuse")
    juliet.send(f"<presence to='{ROMEO}/orchard'/>")
    await juliet.taken()
    romeo.send(write("I see thee"))
    romeo.send(write("A room", f"{JULIET}/chamber", type="groupchat"))
    assert await juliet.bodies() == ["I see thee", "A room"]


async def test_services_of_the_host_are_no_strangers(house: House) -> None:
    juliet, _ = await couple(house, "refuse")
    room = jid.parse(f"room@pubsub.{HOST}")
    body = Element("body", "jabber:client", None, "You are invited")
    house.server.router.route(Stanza.make("message", room, juliet.account.jid, None, body))
    assert await juliet.bodies() == ["You are invited"]


async def test_who_was_asked_something_may_send_messages(house: House) -> None:
    juliet, romeo = await couple(house, "refuse")
    juliet.send(f"<iq to='{ROMEO}/orchard' type='set' id='s'><x xmlns='urn:example'/></iq>")
    romeo.send(write("Thy subscription"))
    assert await juliet.bodies() == ["Thy subscription"]


# -- refusing --------------------------------------------------------------------------------------


async def test_the_refused_get_what_they_get_who_write_to_nobody(house: House) -> None:
    juliet, romeo = await couple(house, "refuse")
    answers = []
    for to in (JULIET, f"{JULIET}/chamber", f"nobody@{HOST}", f"nobody@{HOST}/chamber"):
        romeo.send(write(to=to, id="m"))
        (answer,) = await romeo.taken()
        answer.attrs.pop("from")
        answers.append(answer)
    assert answers == [answers[0]] * 4
    assert await error_of(answers[0]) == "service-unavailable"
    assert await juliet.taken() == []
    assert await archived(house, JULIET) == 0


async def error_of(answer: Element) -> str:
    found = answer.find("error")
    assert found is not None
    return next(iter(found)).name


async def test_refused_requests_headlines_and_errors_get_no_answer(house: House) -> None:
    juliet, romeo = await couple(house, "refuse")
    romeo.send(f"<presence to='{JULIET}' type='subscribe'/>")
    romeo.send(write("News", type="headline"))
    romeo.send(
        f"<message to='{JULIET}' type='chat'><active xmlns='http://jabber.org/protocol/chatstates'/></message>"
    )
    assert [each.name for each in await romeo.taken() if each.name != "iq"] == []
    assert await juliet.taken() == []


async def test_requests_to_a_client_are_refused_as_if_it_was_not_there(house: House) -> None:
    for policy in ("refuse", "quarantine"):
        juliet, romeo = await couple(house, policy)
        ping = "<ping xmlns='urn:xmpp:ping'/>"
        answer = await romeo.ask(f"<iq to='{JULIET}/chamber' type='get' id='p'>{ping}</iq>")
        assert await error_of(answer) == "service-unavailable"
        assert await juliet.taken() == []
        juliet.close()
        romeo.close()


# -- quarantine ------------------------------------------------------------------------------------


async def test_what_is_held_back_is_seen_and_archived_when_it_is_released(house: House) -> None:
    juliet, romeo = await couple(house, "quarantine")
    romeo.send(write("One", id="1"))
    romeo.send(write("Two", id="2"))
    romeo.send(f"<presence to='{JULIET}' type='subscribe'/>")
    assert await juliet.taken() == []
    assert [e.name for e in await romeo.taken() if e.name == "message"] == []
    assert await archived(house, JULIET) == 0
    (row,) = await listed(house)
    assert (row["sender"], row["stanzas"]) == (ROMEO, 3)
    assert await release(house) == {"delivered": 3}
    came = await juliet.taken()
    assert [each.text_of("body") for each in came if each.name == "message"] == ["One", "Two"]
    assert all(each.find("delay", "urn:xmpp:delay") for each in came if each.name == "message")
    assert [each.get("type") for each in came if each.name == "presence"] == ["subscribe"]
    assert await archived(house, JULIET) == 2
    assert await listed(house) == []
    romeo.send(write("Three"))
    assert await juliet.bodies() == ["Three"]


async def test_what_was_for_a_client_that_is_gone_arrives_all_the_same(house: House) -> None:
    juliet, romeo = await couple(house, "quarantine")
    romeo.send(write("One", f"{JULIET}/chamber", type="normal"))
    await house.settled()
    juliet.close()
    phone = await connect(house, f"{JULIET}/phone")
    await release(house)
    assert await phone.bodies() == ["One"]
    assert await error(romeo) is None


async def test_what_is_discarded_is_gone_and_the_sender_stays_a_stranger(house: House) -> None:
    juliet, romeo = await couple(house, "quarantine")
    romeo.send(write())
    await house.settled()
    which = SenderArguments(jid=JULIET, sender=ROMEO)
    assert await commands(house).discard(which, nothing_done) == {"deleted": 1}
    with pytest.raises(CommandError):
        await commands(house).discard(which, nothing_done)
    romeo.send(write("Again"))
    assert await juliet.taken() == []
    assert (await listed(house))[0]["stanzas"] == 1


async def test_a_request_is_held_back_once(house: House) -> None:
    _, romeo = await couple(house, "quarantine")
    for _ in range(3):
        romeo.send(f"<presence to='{JULIET}' type='subscribe'/>")
        await house.settled()
    assert (await listed(house))[0]["stanzas"] == 1


async def test_there_is_an_end_to_what_is_held_back(tmp_path: Path) -> None:
    async with opened(tmp_path, "held = 3\nheld_per_sender = 2\n") as house:
        _, romeo = await couple(house, "quarantine")
        other = await connect(house, "paris@montague.example/x")
        outcomes = []
        for client in (romeo, romeo, romeo, other, other):
            client.send(write())
            outcomes.append(await error(client))
        assert outcomes == [None, None, "service-unavailable", None, "service-unavailable"]
        romeo.send(write("x" * 70_000))
        assert await error(romeo) == "service-unavailable"


async def test_what_is_not_to_be_stored_is_refused_and_not_held_back(house: House) -> None:
    _, romeo = await couple(house, "quarantine")
    hint = "<no-store xmlns='urn:xmpp:hints'/>"
    romeo.send(f"<message to='{JULIET}' type='chat'><body>?</body>{hint}</message>")
    assert await error(romeo) == "service-unavailable"
    assert await listed(house) == []


async def test_old_ones_are_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        _, romeo = await couple(house, "quarantine")
        romeo.send(write())
        await house.settled()
        strangers = house.server.extension(Strangers)
        await strangers.expire()
        assert len(await listed(house)) == 1
        assert await strangers._quarantine.expire(HOST, 2**62) == 1
        assert await listed(house) == []


async def test_what_is_held_back_goes_with_its_account(house: House) -> None:
    juliet, romeo = await couple(house, "quarantine")
    romeo.send(write())
    await house.settled()
    await house.server.store.delete(juliet.account.id)
    assert await house.server.extension(Strangers)._quarantine.all(juliet.account.id) == []


# -- invitations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["quarantine", "refuse"])
async def test_who_brings_an_invitation_is_let_in(tmp_path: Path, policy: str) -> None:
    users = "[extensions.invitations]\nusers = true\n"
    async with opened(tmp_path, users) as house:
        juliet, romeo = await couple(house, policy)
        command = f"<command xmlns='{COMMANDS}' node='urn:xmpp:invite#invite'/>"
        made = await juliet.ask(f"<iq type='set' to='{HOST}' id='i'>{command}</iq>")
        uri = made.to_bytes().decode().partition("preauth=")[2]
        token = uri.partition(";")[0].partition("<")[0].partition("&")[0]
        for given, expected in (("wrong", []), (token, ["subscribed"])):
            preauth = f"<preauth xmlns='urn:xmpp:pars:0' token='{given}'/>"
            romeo.send(f"<presence to='{JULIET}' type='subscribe'>{preauth}</presence>")
            came = await romeo.taken()
            kinds = [e.get("type") for e in came if e.name == "presence"]
            assert [kind for kind in kinds if kind == "subscribed"] == expected


# -- limits ----------------------------------------------------------------------------------------


async def test_a_user_writes_first_to_so_many(tmp_path: Path) -> None:
    async with opened(tmp_path, "contacts_per_hour = 2\n") as house:
        juliet = await connect(house, f"{JULIET}/chamber")
        outcomes = []
        for name in ("a", "b", "a", "c", "b"):
            await house.account(f"{name}@{HOST}")
            juliet.send(write(to=f"{name}@{HOST}"))
            outcomes.append(await error(juliet))
        assert outcomes == [None, None, None, "policy-violation", None]
        juliet.send(f"<presence to='d@{HOST}' type='subscribe'/>")
        assert await error(juliet) == "policy-violation"
        house.server.clock = Later()
        juliet.send(write(to=f"c@{HOST}"))
        assert await error(juliet) is None


async def test_an_answer_to_a_stranger_is_no_first_message(tmp_path: Path) -> None:
    async with opened(tmp_path, "contacts_per_day = 1\n") as house:
        juliet, romeo = await couple(house, "accept")
        juliet.send(write(to=f"nurse@{HOST}"))
        await juliet.taken()
        romeo.send(write())
        await juliet.taken()
        juliet.send(write("Who are you?", ROMEO))
        assert await error(juliet) is None


async def test_an_account_hears_from_so_many_strangers(house: House) -> None:
    juliet, romeo = await couple(house, "accept")
    await choose(house, "accept", per_hour=1)
    other = await connect(house, "paris@montague.example/x")
    romeo.send(write("One"))
    other.send(write("Two"))
    romeo.send(write("Three"))
    assert await juliet.bodies() == ["One", "Three"]
    assert await error(other) == "resource-constraint"
    await choose(house, "accept", per_hour=0)
    other.send(write("Four"))
    assert await juliet.bodies() == ["Four"]


async def test_without_limits_nobody_is_counted(tmp_path: Path) -> None:
    none = "strangers_per_hour = 0\ncontacts_per_hour = 0\ncontacts_per_day = 0\n"
    async with opened(tmp_path, none) as house:
        juliet, romeo = await couple(house, "accept")
        romeo.send(write())
        assert await juliet.bodies() == ["Hello"]


# -- choosing --------------------------------------------------------------------------------------


async def run(client: Client, node: str, fields: str = "", session: str = "") -> Element:
    form = f"<x xmlns='jabber:x:data' type='submit'>{fields}</x>" if fields else ""
    more = f" sessionid='{session}' action='complete'" if session else ""
    command = f"<command xmlns='{COMMANDS}' node='{node}'{more}>{form}</command>"
    return await client.ask(f"<iq type='set' to='{HOST}' id='r'>{command}</iq>")


def session_of(answer: Element) -> str:
    command = answer.find("command", COMMANDS)
    assert command is not None
    return command.get("sessionid", "")


def field(var: str, value: str) -> str:
    return f"<field var='{var}'><value>{value}</value></field>"


async def test_users_choose_with_a_form(house: House) -> None:
    juliet = await connect(house, f"{JULIET}/chamber")
    node = "urn:x-palaver:strangers"
    asked = await run(juliet, node)
    filled = field("policy", "refuse") + field("per_hour", "5")
    answer = await run(juliet, node, filled, session_of(asked))
    assert b"completed" in answer.to_bytes()
    shown = await commands(house).show(AccountArguments(jid=JULIET), nothing_done)
    assert shown == {"policy": "refuse", "per_hour": 5, "held": 0}
    asked = await run(juliet, node)
    wrong = field("policy", "shout")
    assert await error_of(await run(juliet, node, wrong, session_of(asked))) == "bad-request"


async def test_users_decide_on_what_is_held_back(house: House) -> None:
    juliet, romeo = await couple(house, "quarantine")
    node = "urn:x-palaver:strangers:held"
    assert b"Nothing is held back" in (await run(juliet, node)).to_bytes()
    romeo.send(write("Did my heart love till now?"))
    await house.settled()
    asked = await run(juliet, node)
    assert b"Did my heart" in asked.to_bytes()
    filled = field("senders", ROMEO) + field("action", "release")
    await run(juliet, node, filled, session_of(asked))
    assert await juliet.bodies() == ["Did my heart love till now?"]


async def test_where_users_do_not_choose_the_host_decides(tmp_path: Path) -> None:
    async with opened(tmp_path, "users = false\npolicy = 'refuse'\n") as house:
        juliet, romeo = await couple(house, "accept")
        assert await error_of(await run(juliet, "urn:x-palaver:strangers")) == "forbidden"
        romeo.send(write())
        assert await juliet.taken() == []


async def test_commands_about_nobody(house: House) -> None:
    for bad in ("nobody@" + HOST, "@", "x@elsewhere.example"):
        with pytest.raises(CommandError):
            await commands(house).show(AccountArguments(jid=bad), nothing_done)
    await house.account(JULIET)
    with pytest.raises(CommandError):
        await release(house, "@@")


async def test_what_waits_for_its_account_is_not_acknowledged_before_it_is_held(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.account(JULIET)
    romeo = await connect(house, f"{ROMEO}/orchard")
    await choose(house, "quarantine")
    house.server.extension(StreamManagement).enable(romeo.session, resume=True, seconds=None)
    house.server.accounts.forget(parse_bare(JULIET))
    began, go_on, add = asyncio.Event(), asyncio.Event(), Quarantine.add

    async def slow(kept: Quarantine, *held: Any) -> bool:
        began.set()
        await go_on.wait()
        return await add(kept, *held)

    monkeypatch.setattr(Quarantine, "add", slow)
    romeo.session.handled = 1
    romeo.send(write())
    romeo.session.handled = 3  # others were handled meanwhile
    await began.wait()
    assert romeo.session.unfinished == [1]
    go_on.set()
    await house.settled()
    assert romeo.session.unfinished == []
    assert [row["stanzas"] for row in await listed(house)] == [1]


async def test_a_request_that_is_taken_back_is_not_held_any_more(house: House) -> None:
    _, romeo = await couple(house, "quarantine")
    romeo.send(f"<presence to='{JULIET}' type='subscribe'/>")
    romeo.send(write("Hello"))
    romeo.send(f"<presence to='{JULIET}' type='unsubscribe'/>")
    await house.settled()
    assert [row["stanzas"] for row in await listed(house)] == [1]
    romeo.send(f"<presence to='{JULIET}' type='unsubscribe'/>")
    romeo.send(f"<presence to='{JULIET}' type='subscribe'/>")
    await house.settled()
    assert [row["stanzas"] for row in await listed(house)] == [2]


async def test_a_later_owner_of_a_name_is_not_known(house: House) -> None:
    juliet, romeo = await couple(house, "quarantine")
    juliet.send(write(to=ROMEO))
    romeo.send(write())
    assert await juliet.bodies() == ["Hello"]
    record = await house.server.store.find("montague.example", "romeo")
    assert record is not None
    await house.server.extension(Accounts).delete(record)
    again = await connect(house, f"{ROMEO}/orchard")
    again.send(write("It is me"))
    assert await juliet.bodies() == []
    assert [row["stanzas"] for row in await listed(house)] == [1]
    house.server.accounts.forget(juliet.session.bare)
    juliet = await connect(house, f"{JULIET}/other")
    again.send(write("Really"))
    assert await juliet.bodies() == []
