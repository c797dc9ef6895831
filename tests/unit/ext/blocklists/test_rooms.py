"""Those who are blocked are put out of rooms, all of them."""

from pathlib import Path

from structlog.testing import capture_logs
from tests.support.house import open_house
from tests.unit.ext.muc.visiting import EXTENSIONS, ROOM, open_room, room_of, seen

from palaver import jid
from palaver.ext.blocklists.extension import AddArguments, Blocklists
from palaver.ext.muc.names import MUC
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

FAR = "verona.example"


async def test_many_of_a_domain_are_put_out_though_nothing_reaches_them_any_more(
    tmp_path: Path,
) -> None:
    """What comes back lets the next of them leave before it is their turn."""
    async with open_house(tmp_path, *EXTENSIONS, "blocklists", "blocked_occupants") as house:
        romeo = await open_room(house)
        router = house.server.router
        router.remote = lambda _stanza: None
        for number in range(3):
            sender, to = jid.parse(f"hag{number}@{FAR}/x"), jid.parse(f"{ROOM}/Hag {number}")
            router.route(Stanza.make("presence", sender, to, None, Element("x", MUC)))
        assert len(room_of(house).occupants) == 4

        def refuse(_stanza: Stanza) -> None:
            raise StanzaError("remote-server-not-found")

        router.remote = refuse
        await romeo.taken()
        await house.server.extension(Blocklists).add(
            AddArguments(address=FAR), lambda _done, _of: None
        )
        with capture_logs() as logged:
            gone = seen(await romeo.taken())
        assert [each for each in logged if each["log_level"] == "error"] == []
        assert sorted(gone) == [
            "Hag 0 gone outcast none 301",
            "Hag 1 gone none none 333",
            "Hag 2 gone none none 333",
        ]
        assert list(room_of(house).occupants) == ["Romeo"]
