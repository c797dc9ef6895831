"""Versions of affiliations (XEP-0463): what a client that follows them knows is what there is."""

import random

from tests.support.house import Client, House
from tests.unit.ext.muc.visiting import NURSE, admin, enter, open_room, room_of

from palaver.ext.muc.extension import Muc
from palaver.ext.muc.names import USER
from palaver.ext.muc.versions import MAV
from palaver.wire.element import Element

WORDS = ("none", "member", "admin")


class Follower:
    """A client that keeps the list by what it is told, and knows when it missed something."""

    def __init__(self) -> None:
        self.version: str | None = None
        self.known: dict[str, str] = {}
        self.missed = False

    def take(self, stanzas: list[Element]) -> None:
        for stanza in stanzas:
            room = stanza.find("x", USER)
            mav = None if room is None else room.find("mav", MAV)
            if room is None or mav is None:
                continue
            since, until = mav.get("since"), mav.get("until")
            if stanza.name == "presence" and since is None:
                assert until == self.version
                continue
            if since is None:
                self.known = {}
            elif since != self.version:
                self.missed = True
            for item in room.find_all("item"):
                who = item.get("jid", "").partition("/")[0]
                self.known[who] = item.get("affiliation", "")
            self.version = until

    def listed(self) -> dict[str, str]:
        return {who: word for who, word in self.known.items() if word != "none"}


def asking(follower: Follower) -> str:
    since = "" if follower.version is None else f" since='{follower.version}'"
    return f"<mav xmlns='{MAV}'{since}/>"


def there(house: House) -> dict[str, str]:
    standings = room_of(house).standings.items()
    return {str(who): each.affiliation.word for who, each in standings}


async def test_who_follows_knows_the_lists_whenever_it_is_there(house: House) -> None:
    romeo = await open_room(house, whois="anyone")
    nurse: Client = await house.client(f"{NURSE}/x")
    follower, choose = Follower(), random.Random(463)
    people = [f"p{number}@capulet.example" for number in range(6)] + [NURSE]
    for _ in range(12):
        follower.take(await enter(nurse, "Nurse", asking(follower)))
        assert follower.listed() == there(house)
        for stay in (True, False):
            for _ in range(choose.randrange(4)):
                some = choose.sample(people, choose.randrange(1, 4))
                items = (
                    f"<item jid='{who}' affiliation='{choose.choice(WORDS)}'/>" for who in some
                )
                assert (await admin(romeo, "".join(items))).get("type") == "result"
            if stay:
                follower.take(await nurse.taken())
                assert follower.listed() == there(house)
                assert not follower.missed
                nurse.send(f"<presence to='{room_of(house).jid}/Nurse' type='unavailable'/>")
                await nurse.taken()


async def test_a_version_is_the_same_when_the_room_is_read_again(house: House) -> None:
    romeo = await open_room(house)
    room, engine = room_of(house), house.server.extension(Muc).engine
    room.versions.follow(room.standings)
    await admin(romeo, f"<item jid='{NURSE}' affiliation='member'/>")
    again = await engine.store.find(room.jid, room.host)
    assert again is not None
    again.versions.follow(again.standings)
    assert again.versions.current == room.versions.current
    assert again.versions.after("0") is None


async def test_many_items_come_in_pieces_that_follow_one_another(house: House) -> None:
    romeo = await open_room(house)
    for start in (0, 600):
        items = (f"<item jid='p{n}@x' affiliation='member'/>" for n in range(start, start + 600))
        await admin(romeo, "".join(items))
    follower = Follower()
    told = await enter(romeo, "Romeo", asking(follower))
    follower.take(told)
    assert sum(each.name == "message" and each.find("x", USER) is not None for each in told) == 3
    assert follower.listed() == there(house)
    assert len(follower.listed()) == 1_201
    assert not follower.missed
    items = (f"<item jid='p{n}@x' affiliation='none'/>" for n in range(900))
    await admin(romeo, "".join(items))
    follower.take(await romeo.taken())
    assert follower.listed() == there(house)
