"""The deletion of an account is carried to its end, and says goodbye."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.account_life.conftest import CONFIGURATION, HOST, Run

from palaver.ext.account_life.deletion import Deletion
from palaver.ext.accounts import Accounts
from palaver.jid import parse_bare
from palaver.kernel.errors import CommandError
from palaver.kernel.storage import AccountRecord
from palaver.wire.element import Element

JULIET = f"juliet@{HOST}"
ROMEO = f"romeo@{HOST}"
SERVICE = f"pubsub.{HOST}"
PUBSUB = "http://jabber.org/protocol/pubsub"


async def record_of(house: House, jid: str = JULIET) -> AccountRecord:
    bare = parse_bare(jid)
    found = await house.server.store.find(bare.domain, bare.local)
    assert found is not None
    return found


async def begin_deletion(house: House) -> None:
    """Leave an account as a server leaves it that is killed as it deletes it."""
    await Deletion(house.server).begin(await record_of(house))


async def test_a_deletion_that_was_cut_short_goes_on_at_the_next_start(tmp_path: Path) -> None:
    async with open_house(tmp_path, configuration=CONFIGURATION) as house:
        await house.account(JULIET)
        await begin_deletion(house)
    async with open_house(tmp_path, configuration=CONFIGURATION) as house:
        await house.server.extension(Accounts).resume_deletions()
        await house.settled()
        assert await house.server.store.find(HOST, "juliet") is None


async def test_an_account_that_is_being_deleted_is_not_enabled(house: House, shell: Run) -> None:
    await house.account(JULIET)
    await begin_deletion(house)
    with pytest.raises(CommandError, match="is being deleted"):
        await shell("user enable", jid=JULIET)


async def ask(client: Client, to: str, kind: str, action: str) -> Element:
    request = f"<pubsub xmlns='{PUBSUB}'>{action}</pubsub>"
    return await client.ask(f"<iq type='{kind}' id='a' to='{to}'>{request}</iq>")


async def test_subscribers_of_the_nodes_of_an_account_hear_of_its_end(
    house: House, shell: Run
) -> None:
    juliet, romeo = await house.client(f"{JULIET}/x"), await house.client(f"{ROMEO}/y")
    await romeo.ask("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
    for one, other in ((juliet, ROMEO), (romeo, JULIET)):
        for kind in ("subscribe", "subscribed"):
            one.send(f"<presence type='{kind}' to='{other}'/>")
            await house.settled()
    item = "<item id='1'><mood xmlns='urn:example:mood'/></item>"
    await ask(juliet, JULIET, "set", f"<publish node='urn:example:mood'>{item}</publish>")
    subscribe = f"<subscribe node='urn:example:mood' jid='{ROMEO}'/>"
    assert (await ask(romeo, JULIET, "set", subscribe)).get("type") == "result"
    await romeo.taken()
    await shell("user delete", jid=JULIET)
    came = await romeo.taken()
    events = [each.find("event", f"{PUBSUB}#event") for each in came]
    assert [event.find("delete") is not None for event in events if event] == [True]
    assert {each.get("type") for each in came if each.name == "presence"} >= {
        "unsubscribe",
        "unsubscribed",
    }


async def test_who_has_the_name_later_has_no_say_in_what_was_published(
    house: House, shell: Run
) -> None:
    romeo, juliet = await house.client(f"{ROMEO}/y"), await house.client(f"{JULIET}/x")
    create = (
        "<create node='wall'/><configure><x xmlns='jabber:x:data' type='submit'>{}</x></configure>"
    )
    fields = "<field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#node_config</value></field>"
    fields += "<field var='pubsub#publish_model'><value>open</value></field>"
    assert (await ask(romeo, SERVICE, "set", create.format(fields))).get("type") == "result"
    item = "<item id='{}'><x xmlns='urn:example'/></item>"
    for client, name in ((juliet, "hers"), (romeo, "his")):
        publish = f"<publish node='wall'>{item.format(name)}</publish>"
        assert (await ask(client, SERVICE, "set", publish)).get("type") == "result"
    await shell("user delete", jid=JULIET, free_name=True)
    juliet.close()
    other = await house.client(f"{JULIET}/z")
    retract = "<retract node='wall'><item id='hers'/></retract>"
    assert (await ask(other, SERVICE, "set", retract)).get("type") == "error"
    assert (await ask(romeo, SERVICE, "set", retract)).get("type") == "result"
