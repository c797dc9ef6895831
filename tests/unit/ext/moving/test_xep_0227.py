"""Accounts leave a server and arrive at another as they were (XEP-0227)."""

import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House, open_house

from palaver.ext.accounts import Accounts
from palaver.ext.archive.extension import Archive
from palaver.ext.moving.extension import ImportArguments, Moving
from palaver.ext.privacy.state import rules_of
from palaver.ext.roster.roster import roster_of
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands, nobody_watches
from palaver.kernel.errors import CommandError
from palaver.kernel.message_log import LogFilter, Word
from palaver.wire import element

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
PASSWORD = "wherefore"
NOTES = (
    "<query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><nick>J</nick></exodus></query>"
)


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "old").mkdir()
    async with open_house(tmp_path / "old") as opened:
        yield opened


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "new").mkdir()
    async with open_house(tmp_path / "new") as opened:
        yield opened


@pytest.fixture
async def any_new(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Give a new server on each database in turn."""
    storage = f"[storage]\nurl = {json.dumps(migrated_url)}\n"
    (tmp_path / "any").mkdir()
    async with open_house(tmp_path / "any", configuration=storage) as opened:
        yield opened


async def command(house: House, name: str, **arguments: object) -> dict[str, Any]:
    found = await Commands(house.server.extensions.values()).run(name, arguments)
    assert isinstance(found, dict)
    return found


def write(path: Path, text: str) -> None:
    path.write_text(text)


async def load(house: House, path: Path, text: str, **options: bool) -> dict[str, Any]:
    write(path, text)
    return await command(house, "import xep0227", file=str(path), **options)


async def fill(house: House) -> None:
    """Let Juliet use her account for a while."""
    accounts = house.server.extension(Accounts)
    await accounts.create(parse_bare(JULIET), PASSWORD)
    romeo = await house.client(f"{ROMEO}/orchard")
    juliet = await house.client(f"{JULIET}/balcony")
    await juliet.ask(
        "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item name='My &lt;love&gt;' "
        f"jid='{ROMEO}'><group>Friends</group><group>Verona</group></item></query></iq>"
    )
    juliet.send(f"<presence type='subscribe' to='{ROMEO}'/>")
    await house.settled()
    juliet.send(f"<message type='chat' id='1' to='{ROMEO}'><body>Who's there?</body></message>")
    await house.settled()
    romeo.send(
        f"<message type='chat' id='2' to='{JULIET}'><body>\U0001f339 Neither</body></message>"
    )
    await juliet.ask(f"<iq type='set' id='p'>{NOTES}</iq>")
    await juliet.ask("<iq type='set' id='v'><vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard></iq>")
    await juliet.ask(
        "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>"
        "<item jid='tybalt@capulet.example'/></block></iq>"
    )
    juliet.close()
    await accounts.create(parse_bare("paris@capulet.example"), PASSWORD)
    paris = await house.client("paris@capulet.example/x")
    paris.send(f"<presence type='subscribe' to='{JULIET}'/>")
    romeo.send(f"<message type='chat' id='3' to='{JULIET}'><body>Good night</body></message>")
    await house.settled()


async def export(house: House, path: Path) -> Path:
    await command(house, "export host", host="capulet.example", file=str(path))
    return path


async def bodies(house: House) -> list[tuple[bool, str | None, bool]]:
    account = await house.server.accounts.get(parse_bare(JULIET))
    assert account is not None
    rows = await house.server.log.page(account.id, LogFilter(), 100)
    return [(row.outgoing, element.parse(row.stanza).text_of("body"), row.pending) for row in rows]


async def test_an_account_arrives_as_it_left(old: House, any_new: House, tmp_path: Path) -> None:
    new = any_new
    await fill(old)
    file = await export(old, tmp_path / "capulet.xml")
    report = await command(new, "import xep0227", file=str(file))
    assert report["problems"] == []
    assert report["unfit"] == []
    record = await new.server.store.find("capulet.example", "juliet")
    assert record is not None
    assert await new.server.extension(Accounts).password_fits(record, PASSWORD)
    there = await old.server.accounts.get(parse_bare(JULIET))
    here = await new.server.accounts.get(parse_bare(JULIET))
    assert there is not None
    assert here is not None
    for contact, theirs in roster_of(there).contacts.items():
        mine = roster_of(here).item(contact)
        assert mine.looks_like(theirs)
        assert mine.state is theirs.state
    assert [item.contact for item in roster_of(here).requests] == ["paris@capulet.example"]
    assert rules_of(here).blocked == ["tybalt@capulet.example"]
    assert await bodies(new) == await bodies(old)
    assert len(await bodies(new)) == 3
    juliet = await new.client(f"{JULIET}/balcony")
    assert await juliet.bodies() == ["Good night"]
    card = await juliet.ask("<iq type='get' id='v'><vCard xmlns='vcard-temp'/></iq>")
    assert b"<FN>Juliet</FN>" in card.to_bytes()
    kept = await juliet.ask(
        "<iq type='get' id='p'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/>"
        "</query></iq>"
    )
    assert b"<nick>J</nick>" in kept.to_bytes()


async def test_what_is_there_already_is_not_imported_twice(
    old: House, any_new: House, tmp_path: Path
) -> None:
    new = any_new
    await fill(old)
    file = await export(old, tmp_path / "capulet.xml")
    await command(new, "import xep0227", file=str(file))
    before = await bodies(new)
    report = await command(new, "import xep0227", file=str(file))
    assert report["existed"] == 2
    assert report["created"] == 0
    assert await bodies(new) == before
    await export(new, tmp_path / "again.xml")
    assert (tmp_path / "again.xml").read_text() == file.read_text()


async def test_someone_who_is_online_sees_what_is_imported(new: House, tmp_path: Path) -> None:
    juliet = await new.client(f"{JULIET}/balcony")
    await juliet.ask("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
    item = f"<item jid='{ROMEO}' subscription='both'/>"
    text = data(f"<user name='juliet'><query xmlns='jabber:iq:roster'>{item}</query></user>")
    await load(new, tmp_path / "x.xml", text)
    (push,) = (each for each in await juliet.taken() if each.name == "iq")
    assert ROMEO in push.to_bytes().decode()
    assert new.server.accounts.loaded(JULIET) is juliet.account


async def test_messages_of_one_moment_all_arrive_in_order(new: House, tmp_path: Path) -> None:
    delay = "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>"
    head = f"<forwarded xmlns='urn:xmpp:forward:0'>{delay}"
    attrs = f"xmlns='jabber:client' from='{ROMEO}/x' to='{JULIET}' type='chat'"
    said = ["ok", "ok", *map(str, range(300)), "ok"]
    results = "".join(
        f"<result xmlns='urn:xmpp:mam:2'>{head}<message {attrs}><body>{body}</body></message>"
        "</forwarded></result>"
        for body in said
    )
    text = f"<archive xmlns='urn:xmpp:pie:0#mam'>{results}</archive>"
    text = data(f"<user name='juliet' password='x'>{text}</user>")
    for _ in range(2):
        await load(new, tmp_path / "x.xml", text)
        account = await new.server.accounts.get(parse_bare(JULIET))
        assert account is not None
        rows = await new.server.log.page(account.id, LogFilter(), 1000)
        assert [element.parse(row.stanza).text_of("body") for row in rows] == said


async def test_words_of_imported_messages_are_found(any_new: House, tmp_path: Path) -> None:
    """Though they are older than what is indexed already."""
    new = any_new
    await new.server.extension(Archive).index()
    romeo = await new.client(f"{ROMEO}/orchard")
    juliet = await new.client(f"{JULIET}/balcony")
    romeo.send(f"<message type='chat' to='{JULIET}'><body>present</body></message>")
    await new.settled()
    await new.server.log.catch_up(juliet.account.id)
    text = (
        "<archive xmlns='urn:xmpp:pie:0#mam'><result xmlns='urn:xmpp:mam:2'>"
        "<forwarded xmlns='urn:xmpp:forward:0'>"
        "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>"
        f"<message xmlns='jabber:client' from='{ROMEO}/x' to='{JULIET}' type='chat'>"
        "<body>bygone</body></message></forwarded></result></archive>"
    )
    await load(new, tmp_path / "x.xml", data(f"<user name='juliet'>{text}</user>"))
    which = LogFilter(words=(Word("bygone"),))
    (row,) = await new.server.log.page(juliet.account.id, which, 10)
    assert b"bygone" in row.stanza


async def test_a_dry_run_makes_nothing(old: House, new: House, tmp_path: Path) -> None:
    await fill(old)
    file = await export(old, tmp_path / "capulet.xml")
    report = await command(new, "import xep0227", file=str(file), dry_run=True)
    assert report["created"] == 2
    assert await new.server.store.count() == 0


async def test_an_export_is_for_its_owner_only_and_overwrites_nothing(
    old: House, tmp_path: Path
) -> None:
    await fill(old)
    file = await export(old, tmp_path / "capulet.xml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="exists already"):
        await export(old, file)


def data(inner: str, host: str = "capulet.example") -> str:
    return f"<server-data xmlns='urn:xmpp:pie:0'><host jid='{host}'>{inner}</host></server-data>"


async def test_what_nobody_understands_is_told(new: House, tmp_path: Path) -> None:
    text = data("<user name='juliet' password='x'><away xmlns='urn:example'/></user><what/>")
    report = await load(new, tmp_path / "x.xml", text)
    assert report["created"] == 1
    assert [each["problem"] for each in report["unfit"]] == [
        "<urn:example away/> is not understood",
        "<urn:xmpp:pie:0 what/> is not understood",
    ]


async def test_hosts_that_are_not_served_are_told(new: House, tmp_path: Path) -> None:
    report = await load(new, tmp_path / "x.xml", data("<user name='a'/>", "verona.example"))
    assert report["skipped"] == 1
    assert report["unfit"] == [{"problem": "verona.example is not served here", "times": 1}]


async def test_included_files_are_read(new: House, tmp_path: Path) -> None:
    (tmp_path / "capulet").mkdir()
    (tmp_path / "capulet.xml").write_text(
        "<host xmlns='urn:xmpp:pie:0' xmlns:xi='http://www.w3.org/2001/XInclude' "
        "jid='capulet.example'><xi:include href='capulet/juliet.xml'/></host>"
    )
    (tmp_path / "capulet" / "juliet.xml").write_text(
        "<user xmlns='urn:xmpp:pie:0' name='juliet' password='x'/>"
    )
    text = (
        "<server-data xmlns='urn:xmpp:pie:0' xmlns:xi='http://www.w3.org/2001/XInclude'>"
        "<xi:include href='capulet.xml'/></server-data>"
    )
    report = await load(new, tmp_path / "x.xml", text)
    assert report["created"] == 1
    assert await new.server.store.find("capulet.example", "juliet")


INCLUDE = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{}'/>"
BOMB = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    "<server-data xmlns='urn:xmpp:pie:0'>&b;</server-data>"
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "document type"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "document type"),
        (data("<user name='a'>" + "<vCard xmlns='vcard-temp'>" + "<a>" * 200), "too deep"),
        (data(f"<user name='a'><vCard xmlns='vcard-temp'>{'x' * (33 << 20)}"), "too long"),
        (data(INCLUDE.format("../secret.xml")), "outside"),
        (data(INCLUDE.format("/etc/passwd")), "outside"),
        (data(INCLUDE.format("file:///etc/passwd")), "no file here"),
        (data(INCLUDE.format("x.xml")), "not with <user/>"),
        ("<a/>", "begins with"),
        (data("<user name='a'>"), "mismatched tag"),
        ("", "no element"),
    ],
    ids=[
        *("entities", "external", "depth", "size", "parent", "root", "url", "itself", "other"),
        *("cut", "empty"),
    ],
)
async def test_a_trap_is_refused(new: House, tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        await load(new, tmp_path / "x.xml", text)


@pytest.mark.parametrize("name", ["", "a b", "a@b", "a/b", "\ufffe", "x" * 2000, "../a"])
async def test_a_name_that_is_none_is_told(new: House, tmp_path: Path, name: str) -> None:
    if name == "\ufffe":
        with pytest.raises(CommandError, match="not well-formed"):
            await load(new, tmp_path / "x.xml", data(f"<user name='{name}'/>"))
        return
    report = await load(new, tmp_path / "x.xml", data(f"<user name='{name}'/>"))
    assert report["skipped"] == 1
    assert len(report["problems"]) == 1


async def test_importing_goes_on_where_it_was_interrupted(new: House, tmp_path: Path) -> None:
    whole = data("<user name='a' password='x'/><user name='b' password='x'></user>")
    cut = whole[: whole.index("</user>")]
    with pytest.raises(CommandError):
        await load(new, tmp_path / "x.xml", cut)
    report = await load(new, tmp_path / "x.xml", whole)
    assert (report["existed"], report["completed"], report["created"]) == (1, 1, 0)
    assert await new.server.store.count() == 2
    moving = new.server.extension(Moving)
    again = ImportArguments(file=str(tmp_path / "x.xml"))
    assert (await moving.import_file(again, nobody_watches))["existed"] == 2
