"""A deleted account leaves nothing behind, in any table of any database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.house import Client, House, open_house
from tests.unit.ext.backup.test_backup import storage
from tests.unit.ext.moving.test_xep_0227 import JULIET, fill

from palaver.ext.archive.extension import Archive
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.storage import metadata

NODE = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:example:mood'>"
#: What other people have of her is theirs: their contacts, and what was said to them.
OTHERS = (
    "roster",
    "log",
    "privacy_lists",
    "log_words",
    "log_indexed",
    "stranger_acquaintances",
    "stranger_quarantine",
)


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, configuration=storage(migrated_url)) as opened:
        await opened.server.extension(Archive).index()
        yield opened


async def use_everything(house: House) -> None:
    """Let Juliet leave something wherever a user can."""
    await fill(house)
    juliet = await house.client(f"{JULIET}/balcony")
    for number, payload in enumerate(
        (
            "<enable xmlns='urn:xmpp:push:0' jid='push.example' node='x'/>",
            "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always/><never/></prefs>",
            f"{NODE}<item id='1'><mood xmlns='urn:example:mood'/></item></publish></pubsub>",
        )
    ):
        await juliet.ask(f"<iq type='set' id='e{number}'>{payload}</iq>")
    await open_room(juliet)
    await house.server.log.catch_up(juliet.account.id)
    juliet.close()
    await house.settled()


async def open_room(juliet: Client) -> None:
    """Let her own a room that others are members of."""
    muc, room = "http://jabber.org/protocol/muc", "balcony@conference.capulet.example"
    juliet.send(f"<presence to='{room}/Juliet'><x xmlns='{muc}'/></presence>")
    field = "<field var='muc#roomconfig_persistentroom'><value>1</value></field>"
    form = f"<x xmlns='jabber:x:data' type='submit'>{field}</x>"
    member = "<item affiliation='admin' jid='nurse@capulet.example'/>"
    for name, payload in (("owner", form), ("admin", member)):
        query = f"<query xmlns='{muc}#{name}'>{payload}</query>"
        await juliet.ask(f"<iq type='set' id='{name}' to='{room}'>{query}</iq>")
    juliet.send(f"<message to='{room}' type='groupchat'><subject>Night</subject></message>")
    await be_silenced(juliet)
    hat = "<field var='hats#uri'><value>urn:x:sun</value></field>"
    title = "<field var='hats#title'><value>The sun</value></field>"
    whose = f"<field var='hats#jid'><value>{JULIET}</value></field>"
    for word, fields in (("create", hat + title), ("assign", hat + whose)):
        form = f"<x xmlns='jabber:x:data' type='submit'>{fields}</x>"
        node = f"node='urn:xmpp:hats:commands:{word}'"
        command = f"<command xmlns='http://jabber.org/protocol/commands' {node}>{form}</command>"
        await juliet.ask(f"<iq type='set' id='{word}' to='{room}'>{command}</iq>")


async def be_silenced(juliet: Client) -> None:
    """Let her have lost voice in a room of somebody else."""
    muc, room = "http://jabber.org/protocol/muc", "orchard@conference.capulet.example"
    nurse = await juliet.house.client("nurse@capulet.example/x")
    for client, nick in ((nurse, "Nurse"), (juliet, "Juliet")):
        client.send(f"<presence to='{room}/{nick}'><x xmlns='{muc}'/></presence>")
        await juliet.house.settled()
        if client is nurse:
            form = "<x xmlns='jabber:x:data' type='submit'/>"
            query = f"<query xmlns='{muc}#owner'>{form}</query>"
            await nurse.ask(f"<iq type='set' id='o' to='{room}'>{query}</iq>")
    query = f"<query xmlns='{muc}#admin'><item nick='Juliet' role='visitor'/></query>"
    await nurse.ask(f"<iq type='set' id='a' to='{room}'>{query}</iq>")


async def traces(connection: AsyncConnection, account_id: int) -> list[str]:
    """Return where the account's address or number is found."""
    found = []
    names = await connection.run_sync(lambda each: inspect(each).get_table_names())
    for name in names:
        rows = (await connection.execute(text(f"SELECT * FROM {name}"))).mappings().all()
        for row in rows:
            own = row.get("account_id") == account_id or row.get("owner_id") == account_id
            others = name in OTHERS and not own
            told = any(JULIET.encode() in _bytes(value) for value in row.values())
            if own or (told and not others):
                found.append(f"{name}: {dict(row)}")
    return found


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def words(connection: AsyncConnection, account_id: int) -> int:
    """Count the messages of the account in the index of words."""
    condition = f"words LIKE '%{account_id}w%'"
    if connection.dialect.name != "mysql":
        condition = f"CAST(words AS text) LIKE '%{account_id}w%'"
    if connection.dialect.name == "sqlite":
        condition = f"log_words MATCH '\"{account_id}w\"*'"
    query = f"SELECT count(*) FROM log_words WHERE {condition}"
    return await connection.scalar(text(query)) or 0


async def test_deletion_leaves_nothing_behind(house: House) -> None:
    await use_everything(house)
    account = await house.server.accounts.get(parse_bare(JULIET))
    assert account is not None
    account_id = account.id
    async with house.server.database.connect() as connection:
        before = await traces(connection, account_id)
        filled = {each.partition(":")[0] for each in before}
        assert await words(connection, account_id)
    assert filled >= {"credentials", "roster", "vcards", "private_storage", "privacy_lists"}
    assert filled >= {"rooms", "room_affiliations", "room_roles", "room_hat_wearers"}
    assert filled >= {"log", "push_registrations", "archive_preferences"} & set(metadata.tables)
    await Commands(house.server.extensions.values()).run("user delete", {"jid": JULIET})
    await house.settled()
    async with house.server.database.connect() as connection:
        assert await traces(connection, account_id) == []
        assert await words(connection, account_id) == 0
        host = "SELECT count(*) FROM accounts WHERE localpart = :name"
        assert await connection.scalar(text(host), {"name": "juliet"}) in (0, None)
