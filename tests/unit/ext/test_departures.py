"""What is kept of stanzas that are on their way to other domains."""

from pathlib import Path

from tests.support.house import open_house

from palaver import jid
from palaver.ext.departures import Departures
from palaver.kernel import hooks
from palaver.wire.element import Element
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
