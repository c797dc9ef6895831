"""The roster as clients see it (RFC 6121 §2), on a real database."""

from pathlib import Path

from sqlalchemy import func, select
from tests.support.house import Client, House, open_house
from tests.support.rosters import (
    befriend,
    connect,
    heard,
    impatient,
    listed,
    locked,
    put,
    roster,
)

from palaver.ext.roster.extension import Rosters
from palaver.ext.roster.roster import roster_of
from palaver.ext.roster.table import table
from palaver.kernel import hooks

NURSE = "<item jid='nurse@capulet.example' name='Nurse'><group>Servants</group></item>"
NURSE_BRIEF = "nurse@capulet.example none 'Nurse' [Servants]"


async def rows(house: House) -> int:
    async with house.server.database.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_set_is_stored_answered_and_pushed_to_interested_resources(
    house: House, juliet: Client
) -> None:
    chamber = await connect(house, "juliet@capulet.example/chamber", available=False)
    hall = await house.client("juliet@capulet.example/hall")
    await juliet.taken()
    assert await put(juliet, NURSE) == "result"
    assert await heard(juliet) == [f"push {NURSE_BRIEF}"]
    assert await heard(chamber) == [f"push {NURSE_BRIEF}"]
    assert [words for words in await heard(hall) if words.startswith("push")] == []
    assert await rows(house) == 1


async def test_an_update_replaces_name_and_groups(juliet: Client) -> None:
    await put(juliet, NURSE)
    await put(juliet, "<item jid='nurse@capulet.example'><group>A</group><group>B</group></item>")
    assert await listed(juliet) == ["nurse@capulet.example none [A] [B]"]


async def test_an_update_without_a_change_is_pushed_as_well(juliet: Client) -> None:
    await put(juliet, NURSE)
    first = await juliet.taken()
    await put(juliet, NURSE)
    second = await juliet.taken()
    versions = [push.find("query", "jabber:iq:roster").get("ver") for push in (*first, *second)]  # type: ignore[union-attr]  # both are pushes
    assert len(set(versions)) == 2


async def test_a_removed_item_is_gone_and_pushed_as_removed(house: House, juliet: Client) -> None:
    await put(juliet, NURSE)
    await juliet.taken()
    assert (
        await put(juliet, "<item jid='nurse@capulet.example' subscription='remove'/>") == "result"
    )
    assert await heard(juliet) == ["push nurse@capulet.example remove"]
    assert await listed(juliet) == []


async def test_removing_what_is_not_there_is_an_error(juliet: Client) -> None:
    gone = "<item jid='nurse@capulet.example' subscription='remove'/>"
    assert await put(juliet, gone) == "item-not-found"
    await put(juliet, NURSE)
    await put(juliet, gone)
    assert await put(juliet, gone) == "item-not-found"


async def test_nobody_is_in_their_own_roster(juliet: Client) -> None:
    assert await put(juliet, "<item jid='juliet@capulet.example'/>") == "not-allowed"


async def test_a_bad_set_changes_nothing(house: House, juliet: Client) -> None:
    assert await put(juliet, NURSE + NURSE) == "bad-request"
    assert (
        await put(juliet, "<item jid='nurse@capulet.example'><group/></item>") == "not-acceptable"
    )
    assert await heard(juliet) == []
    assert await rows(house) == 0


async def test_nobody_sees_or_changes_the_roster_of_another(
    house: House, juliet: Client, romeo: Client
) -> None:
    for kind, content in (("get", ""), ("set", NURSE)):
        answer = await romeo.ask(
            f"<iq type='{kind}' id='x' to='juliet@capulet.example'>"
            f"<query xmlns='jabber:iq:roster'>{content}</query></iq>"
        )
        error = answer.find("error")
        assert error is not None
        assert next(iter(error)).name == "forbidden"
    assert await heard(juliet) == []
    assert await rows(house) == 0


async def test_a_full_roster_refuses_more(tmp_path: Path) -> None:
    limits = "[extensions.roster]\nitems = 2\n"
    async with open_house(tmp_path, "roster", "presence", configuration=limits) as house:
        juliet = await connect(house, "juliet@capulet.example/balcony")
        for number in range(2):
            assert await put(juliet, f"<item jid='c{number}@x.example'/>") == "result"
        assert await put(juliet, "<item jid='c2@x.example'/>") == "resource-constraint"
        assert await put(juliet, "<item jid='c1@x.example' name='New'/>") == "result"


async def test_a_roster_has_so_many_bytes(tmp_path: Path) -> None:
    limits = "[extensions.roster]\nbytes = 65_536\n"
    async with open_house(tmp_path, "roster", "presence", configuration=limits) as house:
        juliet = await connect(house, "juliet@capulet.example/balcony")
        groups = "".join(f"<group>{number}{'g' * 1000}</group>" for number in range(30))
        for number in range(2):
            assert await put(juliet, f"<item jid='c{number}@x.example'>{groups}</item>") == "result"
        many = f"<item jid='c2@x.example'>{groups}</item>"
        assert await put(juliet, many) == "resource-constraint"
        assert await put(juliet, "<item jid='c1@x.example' subscription='remove'/>") == "result"
        assert await put(juliet, many) == "result"
        assert roster_of(juliet.account).size < 65_536


async def test_a_set_that_cannot_be_stored_is_refused_and_changes_nothing(
    house: House, juliet: Client
) -> None:
    await put(juliet, NURSE)
    await juliet.taken()
    await impatient(house)
    with locked(house):
        assert await put(juliet, "<item jid='nurse@capulet.example'/>") == "resource-constraint"
        assert await put(juliet, "<item jid='new@capulet.example'/>") == "resource-constraint"
        gone = "<item jid='nurse@capulet.example' subscription='remove'/>"
        assert await put(juliet, gone) == "resource-constraint"
    assert await heard(juliet) == []
    assert await listed(juliet) == [NURSE_BRIEF]
    assert await put(juliet, "<item jid='new@capulet.example'/>") == "result"


async def test_sets_of_many_accounts_are_stored_together(house: House) -> None:
    clients = [await connect(house, f"u{number}@capulet.example/x") for number in range(20)]
    for client in clients:
        client.send(f"<iq type='set' id='s'><query xmlns='jabber:iq:roster'>{NURSE}</query></iq>")
    for client in clients:
        assert await heard(client) == [f"push {NURSE_BRIEF}", "iq result s"]
    assert await rows(house) == 20


async def test_the_roster_survives_a_restart(tmp_path: Path) -> None:
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await connect(house, "juliet@capulet.example/balcony")
        romeo = await connect(house, "romeo@montague.example/orchard")
        await befriend(juliet, romeo)
        name = "'Rosaline &amp; \U0001f339'"
        await put(
            juliet, f"<item jid='rosaline@capulet.example' name={name}><group>é</group></item>"
        )
        juliet.send("<presence type='subscribed' to='rosaline@capulet.example'/>")
        juliet.send("<presence type='subscribe' to='paris@capulet.example'/>")
        await juliet.taken()
        before = await listed(juliet)
        version = (await roster(house, "juliet@capulet.example")).version
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await connect(house, "juliet@capulet.example/balcony")
        after = await listed(juliet)
        assert after is not None
        assert before is not None
        assert sorted(after) == sorted(before)
        assert sorted(after) == [
            "paris@capulet.example none ask",
            "romeo@montague.example both",
            "rosaline@capulet.example none approved 'Rosaline & \U0001f339' [é]",
        ]
        assert (await roster(house, "juliet@capulet.example")).version == version


async def test_a_deleted_account_leaves_no_rows(house: House, juliet: Client) -> None:
    await put(juliet, NURSE)
    await house.server.store.delete(juliet.account.id)
    assert await rows(house) == 0


async def test_other_extensions_change_rosters_too(house: House, juliet: Client) -> None:
    rosters = house.server.extension(Rosters)
    nurse = (await house.account("nurse@capulet.example")).jid
    await rosters.put(juliet.account, nurse, "Nurse", ("Servants",))
    assert await heard(juliet) == [f"push {NURSE_BRIEF}"]
    await rosters.remove(juliet.account, nurse)
    assert await heard(juliet) == ["push nurse@capulet.example remove"]


async def test_a_temporary_account_has_an_empty_roster_and_keeps_none(house: House) -> None:
    somebody = house.server.temporary_account((await house.account("x@capulet.example")).jid)
    house.server.accounts.forget(somebody.jid)
    house.server.accounts.add(somebody)
    client = await connect(house, "x@capulet.example/anonymous")
    assert client.account.temporary
    assert await listed(client) == []
    assert await put(client, NURSE) == "not-allowed"


def test_the_stream_features_are_advertised(house: House) -> None:
    host = house.server.hosts["capulet.example"]
    features = [handle(host) for handle in host.dispatch.handlers(hooks.features_after_login)]
    assert [(feature.name, feature.ns) for feature in features] == [
        ("ver", "urn:xmpp:features:rosterver"),
        ("sub", "urn:xmpp:features:pre-approval"),
    ]
