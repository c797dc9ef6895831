"""Stanzas in both directions on one stream between servers (XEP-0288)."""

import pytest
from tests.unit.stream.s2s.wire import (
    CAPULET,
    EXTERNAL,
    HEADER,
    MONTAGUE,
    PAIR,
    SECRETS,
    STARTTLS,
    USUAL,
    Two,
    certificate,
    condition,
    say,
    settings,
)

from palaver import jid
from palaver.stream.foreign import written
from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Verify
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.stream.s2s.settings import Rules
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

OFFER = "<bidi xmlns='urn:xmpp:features:bidi'/>"
REQUEST = "<bidi xmlns='urn:xmpp:bidi'/>"
ASKED = REQUEST.removesuffix("/>")
WITHOUT = Rules(bidi=False)
IN_CLEAR = Rules(encryption=False)
BACK = PAIR.reversed
OTHER = Pair("verona.example", CAPULET)  # of another domain of montague's server


def both(*, ours: bool = True, here: Rules = USUAL, there: Rules = USUAL) -> Two:
    """Carry a stream between servers with certificates; ``ours`` tells whether ours is good."""
    return Two(
        settings(CAPULET, rules=here),
        settings(MONTAGUE, OTHER.sender, rules=there),
        ours=certificate(CAPULET, trusted=ours),
        theirs=certificate(MONTAGUE),
    ).carry()


def message() -> bytes:
    """Write a message from the server that was connected to."""
    sender, to = jid.parse(f"romeo@{MONTAGUE}"), jid.parse(f"juliet@{CAPULET}")
    body = Element("body", "jabber:client", None, "What man art thou")
    return written(Stanza.make("message", sender, to, {"id": "m1"}, body))


# -- what is offered and asked for -----------------------------------------------------------------


def test_it_is_offered_once_the_stream_is_encrypted() -> None:
    output, _ = say(ReceivingStream(settings(MONTAGUE), certificate(CAPULET)), HEADER)
    assert OFFER in output
    output, _ = say(ReceivingStream(settings(MONTAGUE)), HEADER)
    assert OFFER not in output  # RFC 6120 §5.3.1: TLS is required


def test_it_is_offered_in_clear_where_tls_may_be_left_out() -> None:
    output, _ = say(ReceivingStream(settings(MONTAGUE, rules=IN_CLEAR)), HEADER)
    assert OFFER in output


@pytest.mark.parametrize("side", ["here", "there"])
def test_each_side_may_do_without(side: str) -> None:
    two = both(**{side: WITHOUT})
    assert ASKED.encode() not in two.sent[0]
    assert two.initiating.outgoing == two.receiving.incoming == {PAIR}
    assert two.initiating.incoming == two.receiving.outgoing == set()


def test_what_was_not_offered_is_not_taken() -> None:
    stream = ReceivingStream(settings(MONTAGUE, rules=WITHOUT), certificate(CAPULET))
    _, events = say(stream, HEADER + REQUEST)
    assert condition(events) == "unsupported-stanza-type"
    _, events = say(ReceivingStream(settings(MONTAGUE)), HEADER + REQUEST)  # TLS comes first
    assert condition(events) == "unsupported-stanza-type"


def test_what_was_asked_for_in_clear_counts_for_nothing_after_tls() -> None:
    stream = ReceivingStream(settings(MONTAGUE, rules=IN_CLEAR))
    say(stream, HEADER + REQUEST + STARTTLS)
    stream.handshake()
    stream.secured(certificate(CAPULET))
    say(stream, HEADER + EXTERNAL)
    say(stream, HEADER)
    assert stream.incoming == {PAIR}
    assert stream.outgoing == set()


def test_it_is_too_late_after_a_proof() -> None:
    stream = ReceivingStream(settings(MONTAGUE), certificate(CAPULET))
    say(stream, HEADER + EXTERNAL)
    output, _ = say(stream, HEADER)
    assert OFFER not in output
    _, events = say(stream, REQUEST)
    assert condition(events) == "policy-violation"
    assert stream.outgoing == set()


# -- between whom stanzas flow ---------------------------------------------------------------------


def test_it_is_asked_for_before_the_proof_and_holds_for_the_reversed_pair() -> None:
    two = both()
    sent = two.sent[0].decode()
    assert 0 < sent.index(ASKED) < sent.index("<auth ")
    assert sent.count(ASKED) == 1
    assert two.initiating.outgoing == two.receiving.incoming == {PAIR}
    assert two.initiating.incoming == two.receiving.outgoing == {BACK}


def test_each_side_says_how_large_stanzas_may_be() -> None:
    """XEP-0478 §4: one with its features, the other as it asks for both directions."""
    two = both()
    here, there = two.initiating.settings.after, two.receiving.settings.after
    assert two.initiating.takes == there.stanza_bytes
    assert two.receiving.takes == here.stanza_bytes


@pytest.mark.parametrize("size", ["", "-1", "1e9", "9" * 5000, "many"])
def test_a_size_that_is_none_limits_nothing(size: str) -> None:
    stream = ReceivingStream(settings(MONTAGUE), certificate(CAPULET))
    limits = f"<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>{size}</max-bytes></limits>"
    say(stream, f"{HEADER}{ASKED}>{limits}</bidi>")
    assert stream.bidi
    assert stream.takes == 0


def test_with_dialback_nothing_flows_before_the_key_is_known() -> None:
    two = both(ours=False)
    assert two.receiving.bidi
    assert two.receiving.outgoing == two.initiating.incoming == set()
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    two.there += two.receiving.verified(PAIR, verify.stream_id, "valid")
    two.carry()
    assert Authorised(PAIR, "dialback") in two.here
    assert two.initiating.incoming == two.receiving.outgoing == {BACK}


@pytest.mark.parametrize("outcome", ["invalid", "remote-server-not-found"])
def test_a_key_that_proves_nothing_opens_no_direction(outcome: str) -> None:
    two = both(ours=False)
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    two.receiving.verified(PAIR, verify.stream_id, outcome)
    assert two.receiving.incoming == two.receiving.outgoing == set()


def test_each_further_pair_is_reversed_too() -> None:
    two = both()
    rooms = Pair(f"rooms.{CAPULET}", MONTAGUE)
    two.initiating.ask(rooms)
    two.carry()
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    assert two.receiving.outgoing == {BACK}
    two.receiving.verified(rooms, verify.stream_id, "valid")
    two.carry()
    assert two.initiating.incoming == two.receiving.outgoing == {BACK, rooms.reversed}


def test_stanzas_come_on_the_stream_that_we_opened() -> None:
    two = both()
    two.here.clear()
    two.receiving.say(message())
    two.carry()
    (stanza,) = two.here
    assert isinstance(stanza, Stanza)
    assert stanza.attrs["from"] == f"romeo@{MONTAGUE}"


@pytest.mark.parametrize("rules", [WITHOUT, Rules()])
def test_no_stanza_comes_on_our_stream_without_it_or_before_its_time(rules: Rules) -> None:
    two = both(here=rules, ours=not rules.bidi)
    _, events = say(two.initiating, message().decode())
    assert condition(events) == "not-authorized"
    assert not any(isinstance(event, Stanza) for event in events)


# -- what the other server asks on our stream ------------------------------------------------------


def result(pair: Pair) -> str:
    return f"<db:result from='{pair.sender}' to='{pair.target}'>0123</db:result>"


def test_the_other_server_may_prove_more_domains_on_our_stream_by_its_certificate() -> None:
    two = both()
    two.initiating.certificate = certificate(MONTAGUE, OTHER.sender)
    output, events = say(two.initiating, result(OTHER))
    assert events == [Authorised(OTHER, "certificate")]
    assert output == dialback.written("result", CAPULET, OTHER.sender, type_="valid").decode()
    assert two.initiating.incoming == {BACK, OTHER}
    assert two.initiating.outgoing == {PAIR, OTHER.reversed}


def test_a_key_proves_nothing_on_our_stream_and_does_not_end_it() -> None:
    """The other server chose the id that it is for."""
    two = both()
    output, events = say(two.initiating, result(OTHER))
    assert "<not-authorized " in output
    assert not any(isinstance(event, Verify) for event in events)
    assert not two.initiating.closed
    assert two.initiating.incoming == {BACK}


@pytest.mark.parametrize(
    "pair", [Pair(CAPULET, CAPULET), Pair(OTHER.sender, "paris.example"), PAIR]
)
def test_nobody_proves_that_our_domains_are_theirs_nor_others_ours(pair: Pair) -> None:
    two = both()
    output, events = say(two.initiating, result(pair))
    assert "type='error'" in output
    assert not any(isinstance(event, Verify) for event in events)
    assert two.initiating.incoming == {BACK}
    assert two.initiating.outgoing == {PAIR}


def test_questions_about_our_keys_are_answered_on_our_stream() -> None:
    two = both()
    key = dialback.key(SECRETS[CAPULET], PAIR, "id7")
    ask = f"<db:verify from='{MONTAGUE}' to='{CAPULET}' id='id7'>{key}</db:verify>"
    output, _ = say(two.initiating, ask)
    assert output == (f"<db:verify from='{CAPULET}' to='{MONTAGUE}' id='id7' type='valid'/>")


@pytest.mark.parametrize("bidi", [False, True])
def test_nothing_is_asked_on_our_stream_without_it_or_before_its_time(bidi: bool) -> None:
    two = both(here=Rules(bidi=bidi), ours=not bidi)
    _, events = say(two.initiating, result(OTHER))
    assert condition(events) == "unsupported-stanza-type"


def test_an_answer_that_nobody_asked_for_opens_nothing() -> None:
    two = both()
    answer = f"<db:result from='{CAPULET}' to='{OTHER.sender}' type='valid'/>"
    _, events = say(two.receiving, answer)
    assert condition(events) == "unsupported-stanza-type"
    assert two.receiving.outgoing == {BACK}


# -- the end ---------------------------------------------------------------------------------------


def test_who_closes_their_side_still_takes_what_comes() -> None:
    """RFC 6120 §4.4: what was on its way is not lost."""
    two = both()
    two.initiating.leave()
    two.initiating.leave()
    assert two.initiating.output() == b"</stream:stream>"
    _, events = say(two.initiating, message().decode())
    assert isinstance(events[0], Stanza)
    output, events = say(two.initiating, "</stream:stream>")
    assert output == ""
    assert condition(events) == ""
    assert two.initiating.closed
