"""slixmpp enables stream management, acknowledges, and resumes (XEP-0198)."""

from tests.interop.conftest import Arrive, Fresh


async def test_its_stanzas_are_acknowledged(fresh: Fresh, arrive: Arrive) -> None:
    romeo = await arrive(f"{fresh('romeo')}/orchard")
    enabled = await romeo.came("sm_enabled")
    assert enabled["id"]
    await romeo.online()
    romeo.xmpp.plugin["xep_0198"].request_ack()
    assert (await romeo.came("stanza_acked")).name in ("iq", "presence")


async def test_it_gets_after_resuming_what_it_missed(fresh: Fresh, arrive: Arrive) -> None:
    address = fresh("juliet")
    juliet = await arrive(f"{address}/balcony")
    romeo = await arrive(f"{fresh('romeo')}/orchard")
    await juliet.online()
    await romeo.online()
    await juliet.drop()
    for number in range(10):
        romeo.xmpp.send_message(address, str(number), mtype="chat")
    await romeo.xmpp.plugin["xep_0199"].ping("localhost")
    juliet.connect()
    await juliet.came("session_resumed")
    assert [(await juliet.came("message"))["body"] for _ in range(10)] == list(map(str, range(10)))
    assert juliet.nothing_came("sm_failed")
    juliet.xmpp.send_message(romeo.xmpp.boundjid.full, "back", mtype="chat")
    assert (await romeo.came("message"))["body"] == "back"
