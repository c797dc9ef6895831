"""Stanzas: reading without parsing, edits that share bytes, replies."""

import pytest

from palaver import jid
from palaver.wire import element, ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.events import Limits
from palaver.wire.scanner import Scanner
from palaver.wire.stanza import Stanza

ROMEO = jid.parse("romeo@montague.example/orchard")
JULIET = jid.parse_bare("juliet@capulet.example")
HEADER = b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
DATA = (
    b"<message type='chat' id='1'><body>Lady</body> and "
    b"<x xmlns='urn:x'>by yonder</x><body xml:lang='it'>Signora</body></message>"
)


def scanned(data: bytes = DATA) -> Stanza:
    _, stanza = Scanner(Limits()).feed(HEADER + data)
    assert isinstance(stanza, Stanza)
    stanza.sender = ROMEO
    stanza.to = JULIET
    return stanza


def reread(stanza: Stanza) -> Element:
    return element.parse(stanza.to_bytes())


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "attrs", "expected"),
    [
        ("message", {}, "normal"),
        ("message", {"type": ""}, "normal"),
        ("message", {"type": "chat"}, "chat"),
        ("presence", {}, "available"),
        ("presence", {"type": "unavailable"}, "unavailable"),
        ("iq", {}, ""),
        ("iq", {"type": "get"}, "get"),
    ],
)
def test_a_stanza_without_type_has_the_default_of_its_kind(kind, attrs, expected) -> None:
    assert Stanza(kind, attrs, b"", (), ()).type == expected


def test_children_are_found_by_name_and_namespace() -> None:
    stanza = scanned()
    assert stanza.names == ("jabber:client body", "urn:x x", "jabber:client body")
    assert stanza.has("body")
    assert stanza.has("x", "urn:x")
    assert not stanza.has("x")
    body = stanza.child("body")
    assert body is not None
    assert body.text == "Lady"
    assert stanza.child("x") is None
    assert stanza.payload == body


def test_looking_for_a_child_that_is_not_there_parses_nothing() -> None:
    stanza = scanned()
    assert stanza.child("y", "urn:y") is None
    assert stanza._elements is None


def test_each_part_is_one_child_and_together_they_are_all() -> None:
    stanza = scanned()
    assert b"".join(data for _, data in stanza.parts()) == stanza.inner
    assert [element.parse_all(data)[0].key for _, data in stanza.parts()] == list(stanza.names)


def test_a_stanza_shows_nothing_of_its_content_in_logs() -> None:
    assert "Lady" not in repr(scanned())


# -- edits -----------------------------------------------------------------------------------------


def test_a_new_address_leaves_the_old_stanza_alone() -> None:
    stanza = scanned()
    before = stanza.to_bytes()
    other = stanza.addressed(JULIET, ROMEO)
    assert (other.sender, other.to) == (JULIET, ROMEO)
    assert other.inner is stanza.inner
    assert stanza.to_bytes() == before
    assert reread(other).get("to") == str(ROMEO)


def test_attributes_are_set_and_removed() -> None:
    stanza = scanned().with_attributes(type="normal", id=None)
    assert (stanza.type, stanza.id) == ("normal", None)
    assert reread(stanza).attrs == {"from": str(ROMEO), "to": str(JULIET), "type": "normal"}


def test_children_are_appended() -> None:
    extra = Element("y", "urn:y", {"a": "'\"<>&"}, "text")
    stanza = scanned().with_child(extra)
    assert stanza.names[-1] == "urn:y y"
    assert stanza.elements[-1] == extra
    assert len(list(reread(stanza))) == 4
    appended = scanned().appended(extra.key, extra.to_bytes())
    assert appended.to_bytes() == stanza.to_bytes()
    assert appended.parts() == stanza.parts()


def test_a_child_is_appended_where_there_was_none() -> None:
    extra = Element("y", "urn:y")
    for stanza in (
        scanned(b"<message>text</message>").with_child(extra),
        scanned(b"<message/>").appended(extra.key, extra.to_bytes()),
    ):
        assert stanza.elements == [extra]
        assert stanza.parts() == [(extra.key, extra.to_bytes())]


def test_children_are_left_out() -> None:
    stanza = scanned().without(lambda key, child: key == "urn:x x" or "xml:lang" in child.attrs)
    assert stanza.names == ("jabber:client body",)
    assert [child.text for child in reread(stanza)] == ["Lady"]


def test_edits_follow_each_other() -> None:
    extra = Element("y", "urn:y")
    stanza = scanned().with_child(extra).without(lambda key, _: key.endswith(" body"))
    stanza = stanza.appended(extra.key, extra.to_bytes()).with_attributes(id="2")
    assert stanza.names == ("urn:x x", "urn:y y", "urn:y y")
    assert [child.key for child in reread(stanza)] == list(stanza.names)


# -- writing ---------------------------------------------------------------------------------------


def test_head_and_tail_make_the_stanza_for_any_recipient() -> None:
    stanza = scanned()
    assert stanza.head() + stanza.tail() == stanza.to_bytes()
    other = stanza.head("mercutio@example.org/a&amp;b") + stanza.tail()
    assert element.parse(other).get("to") == "mercutio@example.org/a&b"


def test_copies_for_many_are_what_each_would_be_alone() -> None:
    stanza = scanned()
    copy = stanza.copies()
    for address in (JULIET, jid.parse("romeo@montague.example/'<&\">")):
        made, alone = copy(address), stanza.addressed(ROMEO, address)
        assert (made.sender, made.to, made.names) == (ROMEO, address, stanza.names)
        assert element.parse(made.to_bytes()) == element.parse(alone.to_bytes())
    assert stanza.to == JULIET


def test_attributes_are_escaped() -> None:
    value = "'\"<>&\n\t\r é"
    stanza = Stanza.make("message", ROMEO, None, {"id": value})
    assert reread(stanza).get("id") == value
    assert "to" not in reread(stanza).attrs


def test_addresses_are_escaped() -> None:
    resource = jid.parse("romeo@montague.example/'<&\">")
    stanza = Stanza.make("presence", resource, resource)
    assert reread(stanza).attrs == {"from": str(resource), "to": str(resource)}


def test_an_empty_stanza_is_an_empty_tag() -> None:
    assert Stanza.make("presence", ROMEO, None).to_bytes().endswith(b"/>")


# -- replies ---------------------------------------------------------------------------------------


def request(to: jid.JID | None = JULIET) -> Stanza:
    stanza = scanned(b"<iq type='get' id='q1'><query xmlns='urn:q'/></iq>")
    stanza.to = to
    return stanza


def test_a_result_goes_back_with_the_id() -> None:
    answer = request().result(Element("query", "urn:q"))
    assert (answer.sender, answer.to) == (JULIET, ROMEO)
    assert (answer.kind, answer.type, answer.id) == ("iq", "result", "q1")
    assert answer.names == ("urn:q query",)


def test_who_answers_a_stanza_without_address_is_the_account() -> None:
    assert request(None).result().sender == ROMEO.bare
    assert request(None).error(StanzaError("bad-request")).sender == ROMEO.bare


def test_an_error_carries_the_payload_of_an_iq() -> None:
    answer = request().error(StanzaError("forbidden", "not for you"), by=JULIET)
    assert answer.names == ("urn:q query", "jabber:client error")
    error = answer.child("error")
    assert error is not None
    assert error.attrs == {"type": "auth", "by": str(JULIET)}
    assert [child.key for child in error] == [
        f"{ns.STANZA_ERRORS} forbidden",
        f"{ns.STANZA_ERRORS} text",
    ]


def test_an_error_does_not_carry_the_content_of_a_message() -> None:
    answer = scanned().error(StanzaError("service-unavailable"))
    assert answer.names == ("jabber:client error",)
    assert answer.id == "1"


def test_an_error_carries_its_detail() -> None:
    detail = Element("too-many", "urn:app")
    answer = scanned().error(StanzaError("policy-violation", type="wait", detail=detail))
    error = answer.child("error")
    assert error is not None
    assert error.get("type") == "wait"
    assert error.find("too-many", "urn:app") == detail


@pytest.mark.parametrize("end", ["/>", "></message>", "><body>x</body></message>"])
def test_a_tag_is_kept_as_it_was_written(end: str) -> None:
    scanner = Scanner(Limits())
    scanner.feed(f"<stream:stream xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}'>".encode())
    tag = '<message\n to="a&amp;b@x"  id=\'&lt;1&gt;\' type="chat"'
    [stanza] = scanner.feed((tag + end).encode())
    assert isinstance(stanza, Stanza)
    stanza.sender = stanza.to = jid.parse("a@x")
    stanza.keep_tag(b" from='a@x' xml:lang='en'")
    written = stanza.to_bytes().decode()
    assert written.startswith(tag.replace("<message", "<message from='a@x' xml:lang='en'"))
    tree = element.parse(written.encode())
    assert tree.attrs == {
        "from": "a@x", "xml:lang": "en", "to": "a&b@x", "id": "<1>", "type": "chat"
    }  # fmt: skip


@pytest.mark.parametrize(
    "tag",
    [
        "<c:message xmlns:c='jabber:client' to='a@x'/>",
        "<message xmlns='jabber:client' to='a@x'/>",
        "<message stream:x='1' to='a@x'/>",
        "<message xml:lang='de' to='a@x'/>",
    ],
)
def test_a_tag_that_means_something_else_on_another_stream_is_not_kept(tag: str) -> None:
    scanner = Scanner(Limits())
    scanner.feed(f"<stream:stream xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}'>".encode())
    [stanza] = scanner.feed(tag.encode())
    assert isinstance(stanza, Stanza)
    assert not stanza.tag


@pytest.mark.parametrize("text", ["\n  ", "text", "a > b", ">", "/>"])
@pytest.mark.parametrize("quoted", ["x", ">", "/>"])
def test_text_behind_a_tag_is_no_part_of_it(text: str, quoted: str) -> None:
    scanner = Scanner(Limits())
    scanner.feed(f"<stream:stream xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}'>".encode())
    [stanza] = scanner.feed(f"<message to='a@x' id='{quoted}'>{text}<body/></message>".encode())
    assert isinstance(stanza, Stanza)
    stanza.sender = stanza.to = jid.parse(stanza.attrs.pop("to"))
    if stanza.tag:
        stanza.keep_tag(b" from='a@x'")
    tree = element.parse(stanza.to_bytes())
    assert tree.attrs == {"from": "a@x", "to": "a@x", "id": quoted}
    assert tree.children == list(tree)
