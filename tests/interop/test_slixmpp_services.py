"""slixmpp uses the server's services: ping, discovery, vCards, versions, time, private storage."""

from datetime import UTC, datetime

from slixmpp.plugins.xep_0048.stanza import Bookmarks
from tests.interop.conftest import Arrive, Fresh
from tests.interop.person import soon

import palaver


async def test_ping_reaches_the_server_and_other_clients(fresh: Fresh, arrive: Arrive) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    ping = romeo.xmpp.plugin["xep_0199"]
    await soon(ping.send_ping("localhost"))
    await soon(ping.send_ping(romeo.xmpp.boundjid.bare))
    await soon(ping.send_ping(juliet.xmpp.boundjid))


async def test_disco_tells_what_the_server_is_and_does(fresh: Fresh, arrive: Arrive) -> None:
    romeo = await arrive(fresh("romeo"))
    disco = romeo.xmpp.plugin["xep_0030"]
    info = (await soon(disco.get_info("localhost")))["disco_info"]
    assert ("server", "im") in {identity[:2] for identity in info["identities"]}
    wanted = {"urn:xmpp:ping", "urn:xmpp:blocking", "vcard-temp", "msgoffline"}
    assert wanted <= set(info["features"])
    own = (await soon(disco.get_info(romeo.xmpp.boundjid.bare)))["disco_info"]
    assert ("account", "registered") in {identity[:2] for identity in own["identities"]}
    await soon(disco.get_items("localhost"))


async def test_a_vcard_is_published_and_read_by_others(fresh: Fresh, arrive: Arrive) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    vcards = romeo.xmpp.plugin["xep_0054"]
    card = vcards.make_vcard()
    card["FN"] = "Romeo Montague"
    card["NICKNAME"] = "Romeo"
    await soon(vcards.publish_vcard(card))
    found = await soon(juliet.xmpp.plugin["xep_0054"].get_vcard(romeo.xmpp.boundjid.bare))
    assert found["vcard_temp"]["FN"] == "Romeo Montague"


async def test_version_time_and_uptime_are_told(fresh: Fresh, arrive: Arrive) -> None:
    plugins = (await arrive(fresh("romeo"))).xmpp.plugin
    version = (await soon(plugins["xep_0092"].get_version("localhost")))["software_version"]
    assert (version["name"], version["version"]) == ("Palaver", palaver.__version__)
    time = (await soon(plugins["xep_0202"].get_entity_time("localhost"))).xml
    # COMPAT: slixmpp 1.17, 2026-11-21: its own reader of <utc/> adds a second "Z".
    assert datetime.fromisoformat(time.findtext("*/{urn:xmpp:time}utc")).tzinfo is UTC
    uptime = await soon(plugins["xep_0012"].get_last_activity("localhost", local=False))
    assert uptime["last_activity"]["seconds"] >= 0


async def test_bookmarks_are_kept_in_private_storage(fresh: Fresh, arrive: Arrive) -> None:
    jid = fresh("romeo")
    bookmarks = (await arrive(jid)).xmpp.plugin["xep_0048"]
    kept = Bookmarks()
    kept.add_conference("balcony@rooms.example", "romeo", name="The balcony")
    await soon(bookmarks.set_bookmarks(kept, method="xep_0049"))
    elsewhere = (await arrive(jid)).xmpp.plugin["xep_0048"]
    found = await soon(elsewhere.get_bookmarks(method="xep_0049"))
    (room,) = found["private"]["bookmarks"]["conferences"]
    assert (room["jid"], room["name"]) == ("balcony@rooms.example", "The balcony")
