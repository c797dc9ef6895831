from datetime import UTC, datetime, timedelta

import pytest
from tests.support.pretty import element
from tests.support.story.pattern import (
    MismatchError,
    PatternError,
    match,
    match_all,
    patterns,
    substitute,
)

ME = "romeo@localhost/orchard"


def compare(pattern: str, stanza: str, **bindings: str) -> dict[str, str]:
    (wanted,) = patterns(pattern)
    return match(wanted, element(stanza), ME, bindings)


def refuse(pattern: str, stanza: str, **bindings: str) -> str:
    with pytest.raises(MismatchError) as caught:
        compare(pattern, stanza, **bindings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "stanza"),
    [
        ("<message id='1' type='chat'/>", "<message type='chat' id='1'/>"),
        ("<message><a/><b/></message>", "<message><b/><a/></message>"),
        ("<message>\n  <a/>\n</message>", "<message><a/></message>"),
        ("<x xmlns='urn:x'><y/></x>", "<p:x xmlns:p='urn:x'><p:y/></p:x>"),
        ("<body>a &amp; b</body>", "<body>a &#38; b</body>"),
        ("<message ...><a/></message>", "<message id='1'><a/></message>"),
        ("<message><a/>...</message>", "<message><a/><b/><c/></message>"),
        ("<message>...</message>", "<message>text<b/></message>"),
        ("<message><a perhaps/></message>", "<message/>"),
        ("<message><a x='{not y}' perhaps/></message>", "<message><a x='z'/></message>"),
        ("<message id='{any}'/>", "<message id=''/>"),
        ("<message id='{a|b}'/>", "<message id='b'/>"),
        ("<x n='{integer}'/>", "<x n='-12'/>"),
        ("<x n='a{any}z'/>", "<x n='a-z'/>"),
        ("<x n='{absent}' .../>", "<x m='1'/>"),
        ("<x><a v='1'/><a v='{any}'/></x>", "<x><a v='2'/><a v='1'/></x>"),
        ("<x><a v='{any}'/><a v='1'/></x>", "<x><a v='1'/><a v='2'/></x>"),
    ],
)
def test_alike_is(pattern: str, stanza: str) -> None:
    compare(pattern, stanza)


@pytest.mark.parametrize(
    ("pattern", "stanza", "reason"),
    [
        ("<message/>", "<presence/>", "it is <presence>, not <message>"),
        ("<x xmlns='urn:x'/>", "<x/>", "it is <x>, not <x xmlns='urn:x'>"),
        ("<message id='1'/>", "<message/>", "attribute id of <message> is absent"),
        ("<message/>", "<message id='1'/>", "unexpected attribute id='1'"),
        ("<message id='1'/>", "<message id='2'/>", "is '2', not '1'"),
        ("<x n='{absent}' .../>", "<x n='1'/>", "instead of absent"),
        ("<message><a/></message>", "<message/>", "<message> lacks <a>"),
        ("<message/>", "<message><a/></message>", "unexpected child <a>"),
        ("<message><a/></message>", "<message><a/><a/></message>", "unexpected child <a>"),
        ("<body>a</body>", "<body>b</body>", "the text of <body> is 'b', not 'a'"),
        ("<body>a</body>", "<body> a</body>", "the text of <body>"),
        ("<x n='{integer}'/>", "<x n='1.5'/>", "is '1.5'"),
        ("<x n='{not y}'/>", "<x n='y'/>", "is 'y'"),
        ("<x n='{a|b}'/>", "<x n='c'/>", "is 'c'"),
        ("<x><a perhaps/></x>", "<x><b/></x>", "unexpected child <b>"),
    ],
)
def test_different_is_not(pattern: str, stanza: str, reason: str) -> None:
    assert reason in refuse(pattern, stanza)


def test_the_reason_is_that_of_the_attempt_that_came_farthest() -> None:
    reason = refuse("<x><a n='1'>t</a></x>", "<x><a n='1'>u</a><a n='2'/></x>")
    assert reason == "the text of <a> is 'u', not 't'"


def test_what_is_captured_can_be_used_again() -> None:
    bound = compare("<iq id='{push=any}'/>", "<iq id='p7'/>")
    assert bound["push"] == "p7"
    compare("<x of='{push}'/>", "<x of='p7'/>", **bound)
    assert "not 'p7'" in refuse("<x of='{push}'/>", "<x of='p8'/>", **bound)


def test_a_failed_assignment_captures_nothing() -> None:
    bound = compare("<x><a n='{n=any}' m='2'/></x>", "<x><a n='1' m='2'/></x>")
    assert bound == {"n": "1"}


def test_a_name_that_was_never_captured_is_a_mistake_of_the_story() -> None:
    with pytest.raises(PatternError, match="stands for nothing"):
        compare("<iq id='{nobody}'/>", "<iq id='1'/>")


def test_a_stamp_is_a_time_of_about_now() -> None:
    now = datetime.now(UTC)
    compare("<x at='{stamp}'/>", f"<x at='{now:%Y-%m-%dT%H:%M:%SZ}'/>")
    compare("<x at='{stamp}'/>", f"<x at='{now.isoformat()}'/>")
    hour_off = now + timedelta(hours=1)
    refuse("<x at='{stamp}'/>", f"<x at='{hour_off:%Y-%m-%dT%H:%M:%SZ}'/>")
    refuse("<x at='{stamp}'/>", "<x at='yesterday'/>")


@pytest.mark.parametrize(
    "stanza",
    [
        "<message to='romeo@localhost/orchard'/>",
        "<message to='romeo@localhost'/>",
        "<message xml:lang='en'/>",
        "<message><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='romeo@localhost'/></message>",
    ],
)
def test_what_a_server_may_add_needs_no_mention(stanza: str) -> None:
    compare("<message/>", stanza)


def test_what_is_mentioned_must_fit_all_the_same() -> None:
    assert "to" in refuse("<message to='romeo@localhost'/>", f"<message to='{ME}'/>")
    assert "lang" in refuse("<message xml:lang='it'/>", "<message xml:lang='en'/>")
    refuse("<message/>", "<message to='juliet@localhost'/>")


def test_an_iq_without_an_address_comes_from_ones_own_account() -> None:
    compare("<iq/>", "<iq from='romeo@localhost'/>")
    compare("<iq from='romeo@localhost'/>", "<iq/>")
    refuse("<iq from='localhost'/>", "<iq/>")
    refuse("<iq/>", "<iq from='localhost'/>")


def test_an_error_may_carry_what_it_answers_and_a_text() -> None:
    compare(
        "<iq type='error'><error type='cancel'><gone/></error></iq>",
        """<iq type='error'><query xmlns='urn:x'/><error type='cancel' by='localhost'>
        <gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
        <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>away</text></error></iq>""",
    )


def test_an_error_may_have_one_of_several_conditions() -> None:
    stanza = """<iq type='error'><error type='auth'>
        <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"""
    compare("<iq type='error'><error type='{any}'><{gone|forbidden}/></error></iq>", stanza)
    refuse("<iq type='error'><error type='{any}'><{gone|conflict}/></error></iq>", stanza)


def test_several_stanzas_match_in_any_order() -> None:
    wanted = patterns("<a n='{any}'/><a n='1'/>")
    stanzas = [element("<a n='1'/>"), element("<a n='2'/>")]
    match_all(wanted, stanzas, ME, {})
    with pytest.raises(MismatchError):
        match_all(patterns("<a n='3'/><a n='1'/>"), stanzas, ME, {})


def test_xml_that_is_not_well_formed_is_told_with_its_line() -> None:
    with pytest.raises(PatternError) as caught:
        patterns("<a>\n<b>\n</a>")
    assert caught.value.line == 2


def test_a_block_without_an_element_is_a_mistake() -> None:
    with pytest.raises(PatternError, match="no element"):
        patterns("just words")


def test_names_are_replaced_in_what_is_sent() -> None:
    assert substitute("<a to='{Romeo}'/>", {"Romeo": ME}) == f"<a to='{ME}'/>"
    with pytest.raises(PatternError, match=r"\{Juliet\}"):
        substitute("<a to='{Juliet}'/>", {"Romeo": ME})


def test_a_pattern_is_shown_as_it_was_written() -> None:
    (wanted,) = patterns("<iq type='result' ...><a xmlns='urn:a'>...</a></iq>")
    assert str(wanted) == '<iq type="result" ...>\n  <a xmlns="urn:a">...</a>\n</iq>'
