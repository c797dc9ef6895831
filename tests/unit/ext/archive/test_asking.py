"""Questions to an archive (XEP-0313 §4) and their pages (XEP-0059)."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.house import Client, House, open_house

from palaver.ext.archive import words
from palaver.ext.archive.answers import answer, by_session
from palaver.ext.archive.extension import Archive
from palaver.ext.archive.queries import read
from palaver.kernel.storage import LogEntry, stanza_id
from palaver.store import indexing
from palaver.store.log import SqlMessageLog
from palaver.wire import element
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
NURSE = "nurse@capulet.example"
ROMEO = "romeo@montague.example"
NS = "urn:xmpp:mam:2"
RSM = "http://jabber.org/protocol/rsm"
ARCHIVE = "[extensions.archive]\nenabled = true\npage = 5\n"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, configuration=ARCHIVE) as opened:
        await opened.account(JULIET)
        await opened.account(NURSE)
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


async def say(house: House, sender: Client, *texts: str, to: str = JULIET) -> None:
    for text in texts:
        sender.send(f"<message to='{to}' type='chat' id='{text}'><body>{text}</body></message>")
    await house.settled()


def question(fields: str = "", page: str = "", kind: str = "set", more: str = "") -> str:
    form = (
        f"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
        f"<value>{NS}</value></field>{fields}</x>"
        if fields
        else ""
    )
    rsm = f"<set xmlns='{RSM}'>{page}</set>" if page else ""
    return (
        f"<iq type='{kind}' id='q'><query xmlns='{NS}' queryid='f27'>{form}{rsm}{more}</query></iq>"
    )


def field(name: str, *values: str) -> str:
    return f"<field var='{name}'>{''.join(f'<value>{v}</value>' for v in values)}</field>"


class Page:
    """What came of a question."""

    def __init__(self, results: list[Element], fin: Element) -> None:
        self.bodies: list[str | None] = []
        self.ids: list[str] = []
        for message in results:
            result = message.find("result", NS)
            assert result is not None
            assert result.get("queryid") == "f27"
            forwarded = result.find("forwarded", "urn:xmpp:forward:0")
            assert forwarded is not None
            assert forwarded.find("delay", "urn:xmpp:delay") is not None
            original = forwarded.find("message", "jabber:client")
            assert original is not None
            self.bodies.append(original.text_of("body"))
            self.ids.append(result.get("id", ""))
        self.complete = fin.get("complete") == "true"
        rsm = fin.find("set", RSM)
        assert rsm is not None
        self.first, self.last = rsm.text_of("first"), rsm.text_of("last")
        self.count = rsm.text_of("count")


async def ask(client: Client, *arguments: str, more: str = "") -> Page:
    await client.taken()
    reply = await client.ask(question(*arguments, more=more))
    fin = reply.find("fin", NS)
    assert fin is not None, reply.to_bytes()
    return Page(await client.messages(), fin)


async def refusal(client: Client, *arguments: str) -> str:
    reply = await client.ask(question(*arguments))
    error = reply.find("error")
    assert error is not None
    return next(iter(error)).name


async def test_both_sides_find_a_conversation_in_order(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await say(house, romeo, "one", "two")
    await say(house, juliet, "three", to=f"{ROMEO}/orchard")
    for client in (romeo, juliet):
        page = await ask(client)
        assert page.bodies == ["one", "two", "three"]
        assert page.complete
        assert (page.first, page.last) == (page.ids[0], page.ids[-1])


async def test_an_archive_that_is_empty_has_an_empty_page(romeo: Client) -> None:
    page = await ask(romeo)
    assert (page.bodies, page.complete, page.first) == ([], True, None)


async def test_pages_follow_each_other(house: House, romeo: Client) -> None:
    await say(house, romeo, *"abcdefg")
    first = await ask(romeo, "", "<max>3</max>")
    assert (first.bodies, first.complete) == (["a", "b", "c"], False)
    second = await ask(romeo, "", f"<max>3</max><after>{first.last}</after>")
    third = await ask(romeo, "", f"<max>3</max><after>{second.last}</after>")
    assert (second.bodies + third.bodies, third.complete) == (["d", "e", "f", "g"], True)


async def test_pages_go_backwards_from_the_end(house: House, romeo: Client) -> None:
    await say(house, romeo, *"abcdefg")
    last = await ask(romeo, "", "<max>3</max><before/>")
    assert (last.bodies, last.complete) == (["e", "f", "g"], False)
    before = await ask(romeo, "", f"<max>9</max><before>{last.first}</before>")
    assert (before.bodies, before.complete) == (["a", "b", "c", "d"], True)


async def test_a_page_is_bounded_whatever_is_asked_for(house: House, romeo: Client) -> None:
    await say(house, romeo, *"abcdefg")
    assert (await ask(romeo)).bodies == list("abcde")
    assert (await ask(romeo, "", "<max>100</max>")).bodies == list("abcde")


async def test_a_page_is_flipped(house: House, romeo: Client) -> None:
    await say(house, romeo, *"abc")
    page = await ask(romeo, more="<flip-page/>")
    assert page.bodies == ["c", "b", "a"]
    assert (page.first, page.last) == (page.ids[-1], page.ids[0])


async def test_an_empty_page_tells_how_many_there_are(house: House, romeo: Client) -> None:
    await say(house, romeo, *"abc")
    page = await ask(romeo, "", "<max>0</max>")
    assert (page.bodies, page.count) == ([], "3")


async def test_with_finds_a_peer_or_one_of_its_resources(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await say(house, romeo, "to juliet")
    await say(house, romeo, "to the nurse", to=NURSE)
    await say(house, juliet, "from juliet", to=f"{ROMEO}/orchard")
    await say(house, romeo, "to oneself", to=ROMEO)
    assert (await ask(romeo, field("with", NURSE))).bodies == ["to the nurse"]
    assert (await ask(romeo, field("with", JULIET))).bodies == ["to juliet", "from juliet"]
    assert (await ask(romeo, field("with", f"{JULIET}/balcony"))).bodies == ["from juliet"]
    assert (await ask(romeo, field("with", ROMEO))).bodies == ["to oneself"]


async def test_times_and_ids_bound_the_page(house: House, romeo: Client) -> None:
    await say(house, romeo, *"abcd")
    ids = (await ask(romeo)).ids
    between = field("after-id", ids[0]) + field("before-id", ids[3])
    assert (await ask(romeo, between)).bodies == ["b", "c"]
    assert (await ask(romeo, field("ids", ids[2], ids[0]))).bodies == ["a", "c"]
    assert (await ask(romeo, field("end", "2010-07-07T13:23:54Z"))).bodies == []
    assert (await ask(romeo, field("start", "2010-07-07T13:23:54+02:00"))).bodies == list("abcd")
    assert (await ask(romeo, field("start", "2999-07-07T13:23:54.5Z"))).bodies == []


@pytest.mark.parametrize(
    ("fields", "page", "condition"),
    [
        (field("before-id", "09af3-cc343-b409f"), "", "item-not-found"),
        (field("after-id", "0" * 16), "", "item-not-found"),
        (field("ids", "0" * 16), "", "item-not-found"),
        ("", f"<after>{'0' * 16}</after>", "item-not-found"),
        ("", "<before>what</before>", "item-not-found"),
        ("", "<index>3</index>", "feature-not-implemented"),
        ("", "<max>-1</max>", "bad-request"),
        (field("with", "a@@b"), "", "jid-malformed"),
        (field("start", "yesterday"), "", "bad-request"),
        (field("start", "2010-07-07T13:23:54"), "", "bad-request"),
        (field("include-groupchat", "true"), "", "feature-not-implemented"),
        (field("FORM_TYPE", "urn:x"), "", "bad-request"),
        (field("ids", *["0" * 16] * 501), "", "policy-violation"),
    ],
)
async def test_a_wrong_question_is_refused(
    romeo: Client, fields: str, page: str, condition: str
) -> None:
    assert await refusal(romeo, fields, page) == condition


async def test_the_archive_of_others_is_not_for_one_to_see(house: House, romeo: Client) -> None:
    await say(house, romeo, "private")
    nurse = await house.client(f"{NURSE}/hall")
    reply = await nurse.ask(question().replace("<iq", f"<iq to='{ROMEO}'"))
    assert reply.get("type") == "error"
    assert await nurse.messages() == []


async def test_the_form_lists_the_fields(romeo: Client) -> None:
    reply = await romeo.ask(question(kind="get"))
    form = next(iter(reply)).find("x", "jabber:x:data")
    assert form is not None
    names = {each.get("var") for each in form}
    fulltext = "{urn:xmpp:fulltext:0}fulltext"
    assert names == {"FORM_TYPE", "with", "start", "end", "before-id", "after-id", "ids", fulltext}


async def test_metadata_tell_the_ends(house: House, romeo: Client) -> None:
    request = f"<iq type='get' id='q'><metadata xmlns='{NS}'/></iq>"
    assert list(next(iter(await romeo.ask(request)))) == []
    await say(house, romeo, *"abc")
    ids = (await ask(romeo)).ids
    ends = list(next(iter(await romeo.ask(request))))
    assert [(end.name, end.get("id")) for end in ends] == [("start", ids[0]), ("end", ids[2])]
    assert all(end.get("timestamp", "").endswith("Z") for end in ends)


async def test_a_page_ends_early_when_it_is_large(house: House, romeo: Client) -> None:
    for number in range(120):
        house.server.log.append(
            LogEntry(
                romeo.account.id, house.server.log.new_id(), True, JULIET, "",
                b"<message><body>%d %s</body></message>" % (number, b"x" * 30_000), False, True,
            )
        )  # fmt: skip
    query = read(element.parse(f"<query xmlns='{NS}'/>".encode()), searchable=True)
    fin = await answer(house.server.log, romeo.account.id, query, by_session(romeo.session), 200)
    assert 0 < len(await romeo.messages()) < 120
    assert fin.get("complete") is None


@settings(max_examples=20, deadline=None)
@given(size=st.integers(1, 7), backwards=st.booleans(), total=st.integers(0, 20))
async def test_pages_together_are_the_whole_archive(size: int, backwards: bool, total: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with open_house(Path(directory), configuration=ARCHIVE) as house:
            romeo = await house.client(f"{ROMEO}/orchard")
            log = house.server.log
            assert isinstance(log, SqlMessageLog)
            ids = [log.new_id() for _ in range(total)]
            for id_ in ids:
                log.append(
                    LogEntry(romeo.account.id, id_, True, JULIET, "", b"<message/>", False, True)
                )
            found: list[str] = []
            place = "<before/>" if backwards else ""
            while True:
                page = await ask(romeo, "", f"<max>{min(size, 5)}</max>{place}")
                found = page.ids + found if backwards else found + page.ids
                if page.complete:
                    break
                edge = f"<before>{page.first}</before>" if backwards else ""
                place = edge or f"<after>{page.last}</after>"
            assert found == [stanza_id(id_) for id_ in ids]


async def test_a_search_of_what_is_not_indexed_yet_is_not_stable(
    house: House, romeo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_MOST_FOR_SEARCH", 50)
    monkeypatch.setattr(indexing, "_DELAY", 60.0)
    await house.server.extension(Archive).index()
    await say(house, romeo, *(f"word{number}" for number in range(120)))
    asked = question(field(words.FIELD, "word119"))
    found = []
    for _ in range(3):
        fin = (await romeo.ask(asked)).find("fin", NS)
        assert fin is not None
        found.append((fin.get("stable"), len(await romeo.messages())))
    assert found[0][0] == "false"
    assert found[-1] == (None, 1)
