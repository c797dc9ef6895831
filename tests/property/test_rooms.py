"""Rooms against a small model of them, by what each occupant sees and is refused."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.property.room_model import AFFILIATIONS, DOMAIN, ROLES, Model
from tests.support.house import Client, House, open_house

from palaver.wire.element import Element

MUC: Final = "http://jabber.org/protocol/muc"
SERVICE: Final = "conference.montague.example"
PEOPLE: Final = {
    "owner": "owner@montague.example",
    "ada": "ada@montague.example",
    "bob": "bob@montague.example",
    "cyd": "cyd@montague.example",
    "dan": f"dan@{DOMAIN}",
}
SHORT: Final = 60  # examples
SHARE: Final = 20  # of what other tests try in the long form: each example is a room's life

_anybody = st.sampled_from(tuple(PEOPLE))
_chief = st.sampled_from(("owner", "owner", "ada", "ada", "bob"))
_nick = st.sampled_from(("n0", "n1", "n2", "n3", "n4"))
_strangers = st.sampled_from(("bob", "cyd", "dan"))
_lasting = st.sampled_from(("visitor", "participant", "moderator"))
_affiliations = st.sampled_from(("", "", "none", "member", "outcast"))
_seldom = st.sampled_from((False, False, False, False, True))


class Visitor:
    """Somebody who may be in a room, and what the room has told: ``seen`` by nickname."""

    def __init__(self, house: House, client: Client) -> None:
        self._house = house
        self._client = client
        self.seen: dict[str, tuple[str, str]] = {}
        self.addresses = 0
        self._refused = False

    def begin(self, room: str) -> None:
        self.room, self.seen = room, {}
        self._client.wire.written.clear()

    def send(self, xml: str) -> None:
        self._refused = False
        self._client.send(xml)

    async def listen(self) -> bool:
        """Take what came; tell whether nothing of it is an error."""
        self.addresses = 0
        for each in await self._client.taken():
            if each.get("from", "").startswith(self.room):
                self._refused |= each.get("type") == "error"
                if each.name == "presence" and each.get("type") != "error":
                    self._look(each)
        return not self._refused

    def _look(self, presence: Element) -> None:
        said = presence.find("x", f"{MUC}#user")
        assert said is not None
        item = said.find("item")
        assert item is not None
        nick = presence.get("from", "").partition("/")[2]
        codes = {each.get("code") for each in said.find_all("status")}
        if "110" not in codes and item.get("jid"):
            self.addresses += 1
        if presence.get("type") is None:
            self.seen[nick] = (item.get("affiliation", ""), item.get("role", ""))
        elif "110" in codes and "303" not in codes:
            self.seen.clear()
        else:
            assert codes & {"333"} or nick in self.seen
            self.seen.pop(nick, None)


class World:
    """A server that lasts for all examples; each has a room of its own."""

    def __init__(self, runner: asyncio.Runner, house: House, people: dict[str, Visitor]) -> None:
        self._runner = runner
        self._house = house
        self.people = people
        self._numbers = count()

    def run(self, work: Coroutine[Any, Any, bool]) -> bool:
        return self._runner.run(work)

    def new_room(self) -> str:
        return f"room{next(self._numbers)}@{SERVICE}"

    async def done(self, who: str, xml: str) -> bool:
        """Let somebody send something; tell whether it was not refused."""
        self.people[who].send(xml)
        await self._house.settled()
        results = {name: await each.listen() for name, each in self.people.items()}
        return results[who]


class Rooms(RuleBasedStateMachine):
    """Does the same in a room and in the model."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.model = Model()
        self.room = world.new_room()

    def _do(self, expected: bool, who: str, xml: str) -> None:
        before = {each for each in PEOPLE if self.could_see.get(each)}
        assert self.world.run(self.world.done(who, xml)) == expected
        self.could_see = {each: self.model.may_see_addresses(each) for each in PEOPLE}
        for each, visitor in self.world.people.items():
            if visitor.addresses:
                assert each in before or self.could_see[each], f"{each} sees addresses"

    def _ask(self, expected: bool, who: str, namespace: str, content: str) -> None:
        query = f"<query xmlns='{namespace}'>{content}</query>"
        self._do(expected, who, f"<iq type='set' id='q' to='{self.room}'>{query}</iq>")

    def _enter(self, expected: bool, who: str, nick: str) -> None:
        entering = f"<presence to='{self.room}/{nick}'><x xmlns='{MUC}'/></presence>"
        self._do(expected, who, entering)

    @initialize()
    def begin(self) -> None:
        self.could_see = {"owner": True}
        for each in self.world.people.values():
            each.begin(self.room)
        self._enter(True, "owner", "n0")
        self.configure("owner", False, False, False, False, False)
        for who, affiliation in (("ada", "admin"), ("bob", "member")):
            self.affiliate("owner", who, affiliation)
        for number, who in enumerate(("ada", "bob", "cyd"), 1):
            self.enter(who, f"n{number}")
        for who, nick in (("bob", "n2"), ("cyd", "n3")):
            self.register(who, nick)

    # -- occupants ---------------------------------------------------------------------------------

    @rule(who=_anybody, nick=_nick)
    def enter(self, who: str, nick: str) -> None:
        self._enter(self.model.enter(who, nick), who, nick)

    @rule(number=st.integers(0, len(PEOPLE) - 1))
    def all_enter(self, number: int) -> None:
        """Let most be there, so that there is somebody to do something with."""
        people = (*tuple(PEOPLE)[number:], *tuple(PEOPLE)[:number])
        for place, who in enumerate(people):
            if who not in self.model.present:
                self.enter(who, f"n{place}")

    @rule(who=_anybody, nick=_nick)
    def rename(self, who: str, nick: str) -> None:
        there = who in self.model.present
        expected = self.model.rename(who, nick)
        self._do(expected, who, f"<presence to='{self.room}/{nick}'/>")
        if not there:
            self.world.people[who].seen.clear()

    @rule(who=_anybody)
    def leave(self, who: str) -> None:
        self.model.leave(who)
        self._do(True, who, f"<presence to='{self.room}/any' type='unavailable'/>")

    @rule(who=_anybody, subject=st.booleans())
    def speak(self, who: str, subject: bool) -> None:
        expected = self.model.subject(who) if subject else self.model.say(who)
        content = "<subject>s</subject>" if subject else "<body>b</body>"
        self._do(expected, who, f"<message to='{self.room}' type='groupchat'>{content}</message>")

    @rule(who=_anybody, nick=_nick)
    def register(self, who: str, nick: str) -> None:
        field = f"<field var='muc#register_roomnick'><value>{nick}</value></field>"
        form = f"<x xmlns='jabber:x:data' type='submit'>{field}</x>"
        self._ask(self.model.register(who, nick), who, "jabber:iq:register", form)

    # -- those who have a say ----------------------------------------------------------------------

    @rule(by=_chief, who=_anybody, role=st.sampled_from(ROLES))
    def give_role(self, by: str, who: str, role: str) -> None:
        nick = self.model.present.get(who, ("nobody", ""))[0]
        expected = self.model.give_role(by, who, role)
        self._ask(expected, by, f"{MUC}#admin", f"<item nick='{nick}' role='{role}'/>")

    @rule(who=_strangers, role=_lasting, meanwhile=_affiliations, nick=_nick)
    def come_back(self, who: str, role: str, meanwhile: str, nick: str) -> None:
        """Let somebody be given a role, go, and come back with what is left of it."""
        self.give_role("owner", who, role)
        self.leave(who)
        if meanwhile:
            self.affiliate("owner", who, meanwhile)
        self.enter(who, nick)

    @rule(by=_chief, who=_anybody)
    def kick(self, by: str, who: str) -> None:
        self.give_role(by, who, "none")

    @rule(by=_chief, who=_anybody, to=st.sampled_from(AFFILIATIONS))
    def affiliate(self, by: str, who: str, to: str) -> None:
        expected = self.model.affiliate(by, who, to)
        item = f"<item jid='{PEOPLE[who]}' affiliation='{to}'/>"
        self._ask(expected, by, f"{MUC}#admin", item)

    @rule(by=_chief, banned=st.booleans())
    def ban_domain(self, by: str, banned: bool) -> None:
        expected = self.model.ban_domain(by, banned)
        to = "outcast" if banned else "none"
        self._ask(expected, by, f"{MUC}#admin", f"<item jid='{DOMAIN}' affiliation='{to}'/>")

    @rule(
        by=_chief,
        moderated=st.booleans(),
        members_only=_seldom,
        locked=st.booleans(),
        password=_seldom,
        open_=_seldom,
    )
    def configure(
        self,
        by: str,
        moderated: bool,
        members_only: bool,
        locked: bool,
        password: bool,
        open_: bool,
    ) -> None:
        expected = self.model.configure(by, moderated, members_only, locked, password, open_)
        fields = {
            "muc#roomconfig_persistentroom": "1",
            "muc#roomconfig_moderatedroom": str(int(moderated)),
            "muc#roomconfig_membersonly": str(int(members_only)),
            "muc#roomconfig_whois": "anyone" if open_ else "moderators",
            "muc#roomconfig_passwordprotectedroom": str(int(password)),
            "muc#roomconfig_roomsecret": "secret",
            "x-muc#roomconfig_reservednick": str(int(locked)),
        }
        written = "".join(
            f"<field var='{var}'><value>{value}</value></field>" for var, value in fields.items()
        )
        form = f"<x xmlns='jabber:x:data' type='submit'>{written}</x>"
        self._ask(expected, by, f"{MUC}#owner", form)

    # -- what has to hold --------------------------------------------------------------------------

    @invariant()
    def all_see_what_is_so(self) -> None:
        for who, visitor in self.world.people.items():
            if who in self.model.present:
                assert visitor.seen == self.model.view(), who
            else:
                assert visitor.seen == {}, who

    def teardown(self) -> None:
        for who in PEOPLE:
            self.world.run(
                self.world.done(who, f"<presence to='{self.room}/any' type='unavailable'/>")
            )


@asynccontextmanager
async def open_world(runner: asyncio.Runner, directory: Path) -> AsyncIterator[World]:
    """Open a server with five people."""
    names = ("muc", "disco", "presence", "privacy", "roster", "stanza_ids", "ping")
    more = "[extensions.muc]\nrooms = 1000000\n"
    async with open_house(directory, *names, configuration=more) as house:
        people = {
            name: Visitor(house, await house.client(f"{address}/x"))
            for name, address in PEOPLE.items()
        }
        yield World(runner, house, people)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory = tmp_path_factory.mktemp("rooms")
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(stack.enter_async_context(open_world(runner, directory)))
        runner.run(stack.aclose())


def test_rooms_do_what_the_model_says(world: World) -> None:
    tried = settings.default.max_examples if settings.default is not None else SHORT
    examples = max(SHORT, tried // SHARE)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis has no types for it
        lambda: Rooms(world), settings=settings(max_examples=examples, stateful_step_count=50)
    )
