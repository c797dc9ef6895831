"""Who is in a room no more, but never said so, is found by asking (XEP-0045 §16.3)."""

from collections.abc import Callable

import pytest
from tests.support.house import House
from tests.unit.ext.muc.visiting import ROMEO, ROOM, open_room, room_of, say, seen

from palaver import jid
from palaver.ext.muc.extension import Muc
from palaver.kernel.clock import SystemClock
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

FAR = "hag@elsewhere.example/pda"
PING = "urn:xmpp:ping ping"
DISCO = "http://jabber.org/protocol/disco#info query"
Answer = Callable[[Stanza], Stanza | None]


class Later(SystemClock):
    """A clock that is twenty minutes ahead for each time that is asked for."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


class Elsewhere:
    """Another server, as far as the router knows: it answers requests as a test says."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.answer: Answer = lambda _request: None
        self.asked: list[str] = []
        house.server.router.remote = self._take
        house.server.clock = self.clock = Later()

    def _take(self, stanza: Stanza) -> None:
        if stanza.kind != "iq":
            return
        self.asked.append(stanza.names[0])
        answer = self.answer(stanza)
        if answer is not None:
            self.send(answer)

    def send(self, stanza: Stanza) -> None:
        self.house.server.router.route(stanza)

    async def look(self) -> list[str]:
        """Let twenty minutes go by and the server look; return what it asked."""
        self.asked.clear()
        self.clock.ahead += 1_200.0
        await self.house.server.extension(Muc).look()
        return self.asked


def error_of(condition: str) -> Element:
    """Write an error."""
    which = Element(condition, "urn:ietf:params:xml:ns:xmpp-stanzas")
    return Element("error", "jabber:client", {"type": "cancel"}, which)


def refuse(condition: str) -> Answer:
    """Answer everything with an error."""

    def answer(request: Stanza) -> Stanza:
        assert request.to is not None
        attrs = {"type": "error", "id": request.id}
        return Stanza.make("iq", request.to, request.sender, attrs, error_of(condition))

    return answer


def result(request: Stanza) -> Stanza:
    """Answer as a client does that knows pings."""
    return request.result()


@pytest.fixture
async def far(house: House) -> Elsewhere:
    """Somebody from elsewhere in the room."""
    romeo = await open_room(house)
    elsewhere = Elsewhere(house)
    enter = Element("x", "http://jabber.org/protocol/muc")
    elsewhere.send(Stanza.make("presence", jid.parse(FAR), jid.parse(f"{ROOM}/Hag"), None, enter))
    assert seen(await romeo.taken()) == ["Hag none participant"]
    return elsewhere


def nicks(house: House) -> list[str]:
    return list(room_of(house).occupants)


async def test_who_answers_stays(house: House, far: Elsewhere) -> None:
    far.answer = result
    assert await far.look() == [PING]
    assert nicks(house) == ["Romeo", "Hag"]


async def test_nobody_is_asked_of_whom_something_came(house: House, far: Elsewhere) -> None:
    far.answer = refuse("item-not-found")
    far.clock.ahead += 840.0
    show = Element("show", "jabber:client", None, "away")
    far.send(Stanza.make("presence", jid.parse(FAR), jid.parse(f"{ROOM}/Hag"), None, show))
    await house.settled()
    far.clock.ahead -= 1_100.0
    assert await far.look() == []
    assert nicks(house) == ["Romeo", "Hag"]


@pytest.mark.parametrize("condition", ["item-not-found", "gone", "remote-server-not-found"])
async def test_who_is_not_there_any_more_leaves(
    house: House, far: Elsewhere, condition: str
) -> None:
    far.answer = refuse(condition)
    assert await far.look() == [PING]
    assert nicks(house) == ["Romeo"]


async def test_a_client_that_knows_no_pings_is_asked_what_it_is(
    house: House, far: Elsewhere
) -> None:
    unknown = refuse("service-unavailable")
    far.answer = lambda request: result(request) if request.names[0] == DISCO else unknown(request)
    assert await far.look() == [PING, DISCO]
    assert nicks(house) == ["Romeo", "Hag"]
    far.answer = unknown
    assert await far.look() == [PING, DISCO]
    assert nicks(house) == ["Romeo"]


async def test_a_client_that_refuses_is_there(house: House, far: Elsewhere) -> None:
    far.answer = refuse("forbidden")
    assert await far.look() == [PING]
    assert nicks(house) == ["Romeo", "Hag"]


async def test_who_is_silent_three_times_leaves(house: House, far: Elsewhere) -> None:
    far.answer = refuse("remote-server-timeout")
    for _ in range(2):
        assert await far.look() == [PING]
        assert nicks(house) == ["Romeo", "Hag"]
    far.answer = result
    assert await far.look() == [PING]
    far.answer = refuse("remote-server-timeout")
    for _ in range(3):
        await far.look()
    assert nicks(house) == ["Romeo"]


async def test_those_here_are_not_asked(house: House) -> None:
    romeo = await open_room(house, ROMEO + "/orchard")
    elsewhere = Elsewhere(house)
    say(romeo, "Hello")
    await romeo.taken()
    assert await elsewhere.look() == []
    assert await romeo.taken() == []


async def test_what_comes_back_removes_whose_server_is_gone(house: House, far: Elsewhere) -> None:
    error = error_of("remote-server-timeout")
    attrs = {"type": "error"}
    far.send(Stanza.make("message", jid.parse(FAR), jid.parse(ROOM), attrs, error))
    assert nicks(house) == ["Romeo"]


async def test_who_returns_a_message_as_one_that_blocks_another_is_asked(
    house: House, far: Elsewhere
) -> None:
    attrs = {"type": "error"}
    error = error_of("service-unavailable")
    back = Stanza.make("message", jid.parse(FAR), jid.parse(f"{ROOM}/Romeo"), attrs, error)
    far.send(back)
    assert nicks(house) == ["Romeo", "Hag"]
    far.answer = result
    far.clock.ahead -= 1_200.0
    assert await far.look() == [PING]
    assert nicks(house) == ["Romeo", "Hag"]
    far.send(back)
    far.answer = refuse("service-unavailable")
    far.clock.ahead -= 1_200.0
    assert await far.look() == [PING, DISCO]
    assert nicks(house) == ["Romeo"]
