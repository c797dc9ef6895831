"""Rooms against a small model of XEP-0045 §5: who is in, in which role, with which affiliation."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from itertools import count
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.house import Client, House, open_house

from palaver import jid
from palaver.ext.muc.extension import Muc

MUC: Final = "http://jabber.org/protocol/muc"
SERVICE: Final = "conference.montague.example"
ACTORS: Final = ("owner", "ada", "bob", "cyd")
AFFILIATIONS: Final = ("outcast", "none", "member", "admin", "owner")
ROLES: Final = ("none", "visitor", "participant", "moderator")
Operation = tuple[str, ...]

_actor = st.sampled_from(ACTORS)
_chief = st.sampled_from(("owner", "owner", "ada", "bob"))
_flag = st.sampled_from("01")
OPERATIONS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), _actor),
        st.tuples(st.just("enter"), _actor),
        st.tuples(st.sampled_from(("leave", "say", "rename")), _actor),
        st.tuples(st.just("affiliate"), _chief, _actor, st.sampled_from(AFFILIATIONS)),
        st.tuples(st.just("promote"), _chief, _actor, st.sampled_from(ROLES)),
        st.tuples(st.just("configure"), _chief, _flag, _flag),
    ),
    min_size=20,
    max_size=50,
)


class Model:
    """What a room is by the words of the specification; each method tells if it is refused."""

    def __init__(self) -> None:
        self.affiliations = {"owner": "owner"}
        self.roles = {"owner": "moderator"}
        self.nicks = {"owner": 0}  # how often it was changed
        self.moderated = self.members_only = False

    def affiliation(self, who: str) -> str:
        return self.affiliations.get(who, "none")

    def _rank(self, who: str) -> int:
        return AFFILIATIONS.index(self.affiliation(who))

    def _first_role(self, who: str) -> str:
        if self._rank(who) >= 3:
            return "moderator"
        return "visitor" if self.moderated and self._rank(who) == 1 else "participant"

    def enter(self, who: str) -> bool:
        if who in self.roles:
            return True
        if self._rank(who) == 0 or (self.members_only and self._rank(who) < 2):
            return False
        self.roles[who] = self._first_role(who)
        self.nicks[who] = 0
        return True

    def leave(self, who: str) -> bool:
        self.roles.pop(who, None)
        return True

    def say(self, who: str) -> bool:
        return self.roles.get(who) in ("participant", "moderator")

    def rename(self, who: str) -> bool:
        if who in self.roles:
            self.nicks[who] += 1
        return True

    def affiliate(self, by: str, who: str, what: str) -> bool:
        if self._rank(by) < 3:
            return False
        if self._rank(by) == 3 and (what in ("admin", "owner") or self._rank(who) >= 3):
            return False
        if what == "outcast" and by == who:
            return False
        owners = [each for each, kind in self.affiliations.items() if kind == "owner"]
        if owners == [who] and what != "owner":
            return False
        before = self._rank(who)
        self.affiliations[who] = what
        if who in self.roles:
            self._follow(who, before)
        return True

    def _follow(self, who: str, before: int) -> None:
        now = self._rank(who)
        if now == 0 or (self.members_only and now == 1):
            del self.roles[who]
        elif before != now:
            first = self._first_role(who)
            keeps = not (before >= 3 > now)
            higher = ROLES.index(self.roles[who]) > ROLES.index(first)
            self.roles[who] = self.roles[who] if keeps and higher else first

    def promote(self, by: str, who: str, what: str) -> bool:
        moderates = self._rank(by) >= 3 or self.roles.get(by) == "moderator"
        if who not in self.roles or not moderates:
            return False
        if "moderator" in (what, self.roles[who]) and self._rank(by) < 3:
            return False
        if self._rank(who) > self._rank(by):
            return False
        if self._rank(who) >= 3 and what not in ("none", self.roles[who]):
            return False
        if what == "visitor" and self._rank(who) == self._rank(by) > 1:
            return False
        if what == "none":
            del self.roles[who]
        else:
            self.roles[who] = what
        return True

    def configure(self, by: str, moderated: str, members_only: str) -> bool:
        if self.affiliation(by) != "owner":
            return False
        if self.moderated and moderated == "0":
            for who, role in self.roles.items():
                self.roles[who] = "participant" if role == "visitor" else role
        self.moderated = moderated == "1"
        if members_only == "1" and not self.members_only:
            self.roles = {who: role for who, role in self.roles.items() if self._rank(who) >= 2}
        self.members_only = members_only == "1"
        return True


class Visitors:
    """The same done in a room."""

    def __init__(self, house: House, clients: dict[str, Client], room: str) -> None:
        self._house = house
        self._clients = clients
        self._room = room
        self._nicks = dict.fromkeys(ACTORS, 0)

    def _nick(self, who: str) -> str:
        return f"{who}{self._nicks[who]}"

    async def _told(self, who: str) -> bool:
        return not any(each.get("type") == "error" for each in await self._clients[who].taken())

    async def _ask(self, who: str, name: str, content: str) -> bool:
        query = f"<query xmlns='{MUC}#{name}'>{content}</query>"
        answer = await self._clients[who].ask(
            f"<iq type='set' id='q' to='{self._room}'>{query}</iq>"
        )
        await self._house.settled()
        return answer.get("type") == "result"

    async def enter(self, who: str) -> bool:
        presence = f"<presence to='{self._room}/{self._nick(who)}'><x xmlns='{MUC}'/></presence>"
        self._clients[who].send(presence)
        return await self._told(who)

    async def leave(self, who: str) -> bool:
        to = f"{self._room}/{self._nick(who)}"
        self._clients[who].send(f"<presence to='{to}' type='unavailable'/>")
        self._nicks[who] = 0
        return await self._told(who)

    async def say(self, who: str) -> bool:
        message = f"<message to='{self._room}' type='groupchat'><body>x</body></message>"
        self._clients[who].send(message)
        return await self._told(who)

    async def rename(self, who: str) -> bool:
        if who not in self.state():
            return True
        self._nicks[who] += 1
        self._clients[who].send(f"<presence to='{self._room}/{self._nick(who)}'/>")
        return await self._told(who)

    async def affiliate(self, by: str, who: str, what: str) -> bool:
        item = f"<item jid='{who}@montague.example' affiliation='{what}'/>"
        return await self._ask(by, "admin", item)

    async def promote(self, by: str, who: str, what: str) -> bool:
        return await self._ask(by, "admin", f"<item nick='{self._nick(who)}' role='{what}'/>")

    async def configure(self, by: str, moderated: str, members_only: str) -> bool:
        fields = {"moderatedroom": moderated, "membersonly": members_only, "persistentroom": "1"}
        written = "".join(
            f"<field var='muc#roomconfig_{name}'><value>{value}</value></field>"
            for name, value in fields.items()
        )
        return await self._ask(by, "owner", f"<x xmlns='jabber:x:data' type='submit'>{written}</x>")

    def state(self) -> dict[str, tuple[str, str]]:
        """Tell who is in the room, with role and affiliation."""
        engine = self._house.server.extension(Muc).engine
        room = engine.rooms.at_hand(jid.parse_bare(self._room))
        assert room is not None
        assert {each.jid for each in room.attendants.values()} == {
            address for occupant in room.occupants.values() for address in occupant.attendants
        }
        found = {}
        for occupant in room.occupants.values():
            who = occupant.bare.local
            found[who] = (occupant.role.word, room.affiliation(occupant.bare).word)
            if occupant.nick != self._nick(who):
                self._nicks[who] = int(occupant.nick.removeprefix(who))
        return found


class World:
    """A server that lasts for all examples; each has a room of its own."""

    def __init__(self, runner: asyncio.Runner, house: House, clients: dict[str, Client]) -> None:
        self._runner = runner
        self._house = house
        self._clients = clients
        self._numbers = count()

    def play(self, operations: list[Operation]) -> None:
        self._runner.run(self._play(operations))

    async def _play(self, operations: list[Operation]) -> None:
        room = f"room{next(self._numbers)}@{SERVICE}"
        model, real = Model(), Visitors(self._house, self._clients, room)
        await real.enter("owner")
        await real.configure("owner", "0", "0")
        for client in self._clients.values():
            await client.taken()
        steps: dict[str, tuple[Callable[..., bool], Callable[..., Awaitable[bool]]]] = {
            "enter": (model.enter, real.enter),
            "leave": (model.leave, real.leave),
            "say": (model.say, real.say),
            "rename": (model.rename, real.rename),
            "affiliate": (model.affiliate, real.affiliate),
            "promote": (model.promote, real.promote),
            "configure": (model.configure, real.configure),
        }
        for number, (name, *arguments) in enumerate(operations):
            thought, done = steps[name]
            expected = thought(*arguments)
            for client in self._clients.values():
                client.wire.written.clear()
            got = await done(*arguments)
            story = operations[: number + 1]
            assert got == expected, (story, model.roles, model.affiliations)
            members = {who: (role, model.affiliation(who)) for who, role in model.roles.items()}
            assert real.state() == members, story
        for who in ACTORS:
            await real.leave(who)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        more = "[extensions.muc]\nrooms = 1000000\n"
        names = ("muc", "disco", "presence", "privacy", "roster", "stanza_ids", "ping")

        async def begin() -> World:
            directory = tmp_path_factory.mktemp("rooms")
            house = await stack.enter_async_context(
                open_house(directory, *names, configuration=more)
            )
            clients = {who: await house.client(f"{who}@montague.example/x") for who in ACTORS}
            return World(runner, house, clients)

        yield runner.run(begin())
        runner.run(stack.aclose())


@given(operations=OPERATIONS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rooms_do_what_the_model_says(world: World, operations: list[Operation]) -> None:
    world.play(operations)
