"""What is kept of stanzas that are on their way to other domains."""

from pathlib import Path

from tests.support.house import open_house

from palaver import jid
from palaver.ext.departures import Departures
from palaver.kernel import hooks
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

ROMEO = "romeo@montague.example"


async def test_an_account_that_goes_gets_no_more_rows(tmp_path: Path) -> None:
    """What it sent a moment ago would get one soon, and the database refuse it."""
    async with open_house(tmp_path, "departures") as house:
        account = await house.account(ROMEO)
        departures = house.server.extension(Departures)
        body = Element("body", "jabber:client", None, "adieu")
        to = jid.parse("angelica@padua.example")
        stanza = Stanza.make("message", jid.parse(ROMEO), to, None, body)
        departures.keep(stanza, sent=True)
        assert departures.kept(stanza)
        for handle in account.host.dispatch.handlers(hooks.account_deleting):
            await handle(account)
        assert not departures.kept(stanza)
        await departures.store_all()
        assert not await house.server.log.departing()


async def test_the_end_of_a_subscription_that_comes_back_is_told_once(tmp_path: Path) -> None:
    """All available sessions hear of it anyway (RFC 6121 §3.1.2)."""
    async with open_house(tmp_path, "departures") as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        to = jid.parse("angelica@padua.example")
        stanza = Stanza.make("presence", jid.parse(ROMEO), to, {"type": "unsubscribe"})
        house.server.extension(Departures).keep(stanza, sent=True)
        house.server.router.refuse(stanza, StanzaError("remote-server-timeout"))
        assert [each.get("type") for each in await romeo.taken()] == ["error"]
