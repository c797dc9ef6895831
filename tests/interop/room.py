"""A room whose owner and whose guest have servers of different domains, and what archives have."""

from typing import NamedTuple

from tests.support.client import Client

MUC = "http://jabber.org/protocol/muc"
MAM = "urn:xmpp:mam:2"
RESULT = f"{{{MAM}}}result"
STANZA_ID = "{urn:xmpp:sid:0}stanza-id"
CLIENT = "{jabber:client}"


class Room(NamedTuple):
    address: str
    owner: Client
    guest: Client

    async def done(self, payload: str) -> None:
        """Let the owner ask for something, which is done."""
        answer = await self.owner.iq("set", payload, to=self.address)
        assert answer.get("type") == "result"

    async def seen(
        self, by: Client, nick: str, *, kind: str | None = None, own: bool = False
    ) -> set[str]:
        """Wait for an occupant's presence, and give its status codes."""
        who = f"{self.address}/{nick}"
        shown = await by.expect(
            lambda stanza: (
                stanza.tag == f"{CLIENT}presence"
                and (stanza.get("from"), stanza.get("type")) == (who, kind)
            ),
            20,
        )
        codes = {each.get("code", "") for each in shown.iter(f"{{{MUC}#user}}status")}
        assert ("110" in codes) == own
        return codes

    async def says(self, speaker: Client, nick: str, words: str) -> str:
        """Let somebody speak; give the id in the archive that both were told."""
        await speaker.send(
            f"<message to='{self.address}' type='groupchat'><body>{words}</body></message>"
        )
        ids = set()
        for listener in (self.owner, self.guest):
            said = await listener.expect(
                lambda stanza: stanza.findtext(f"{CLIENT}body") == words, 20
            )
            assert said.get("from") == f"{self.address}/{nick}"
            own = (each for each in said.iter(STANZA_ID) if each.get("by") == self.address)
            ids |= {each.get("id", "") for each in own}
        (id_,) = ids
        return id_


async def archived(client: Client, to: str, with_: str = "") -> dict[str, str]:
    """Ask an archive; give the ids by the texts."""
    address = f" to='{to}'" if to else ""
    only = f"<field var='with'><value>{with_}</value></field>" if with_ else ""
    await client.send(
        f"<iq type='set' id='mam'{address}><query xmlns='{MAM}' queryid='q'>"
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
        f"<value>{MAM}</value></field>{only}</x></query></iq>"
    )
    found = {}
    while True:
        stanza = await client.expect(
            lambda each: each.get("id") == "mam" or each.find(RESULT) is not None, 20
        )
        result = stanza.find(RESULT)
        if result is None:
            assert stanza.get("type") == "result"
            return found
        text = next((body.text for body in result.iter(f"{CLIENT}body")), None)
        found[text or ""] = result.get("id", "")
