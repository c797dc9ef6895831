"""A room that somebody with slixmpp and somebody with Profanity share."""

from pathlib import Path
from typing import Any

from tests.interop.conftest import PASSWORD
from tests.interop.person import Person, soon
from tests.interop.profanity import log_in, profanity
from tests.interop.test_profanity import JULIET, romeo_at, server
from tests.support.server import Server

__all__ = ["server"]
ROOM = "verona@conference.localhost"


async def said(person: Person, text: str) -> Any:
    """Return the message in the room with that text."""
    while True:
        message = await person.came("groupchat_message")
        if message["body"] == text:
            return message


async def test_slixmpp_and_profanity_share_a_room(server: Server, tmp_path: Path) -> None:
    async with romeo_at(server) as romeo:
        await romeo.online()
        rooms = romeo.xmpp.plugin["xep_0045"]
        await soon(rooms.join_muc_wait(ROOM, "Romeo"))
        form = await soon(rooms.get_room_config(ROOM))
        form["type"] = "submit"
        form.set_values({"muc#roomconfig_roomname": "Verona"})
        await soon(rooms.set_room_config(ROOM, form))
        async with profanity(tmp_path / "home") as juliet:
            port = server.ports.starttls
            await log_in(juliet, JULIET, PASSWORD, port=port, tls="force", first=True)
            juliet.type(f"/join {ROOM} nick Juliet")
            await juliet.shows("Romeo")
            romeo.xmpp.send_message(ROOM, "But soft!", mtype="groupchat")
            await juliet.shows("But soft!")
            juliet.type("Ay me!")
            message = await said(romeo, "Ay me!")
            assert message["from"] == f"{ROOM}/Juliet"
            await soon(rooms.set_role(ROOM, "Juliet", "none", reason="Good night"))
            await juliet.shows("Good night")
