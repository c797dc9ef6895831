"""Both ends of streams between servers, with each other."""

import pytest
from tests.unit.stream.s2s.wire import (
    CAPULET,
    MONTAGUE,
    PAIR,
    SECRETS,
    Two,
    certificate,
    settings,
)

from palaver import jid
from palaver.stream.foreign import written
from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Answered, Authorised, Ended, Refused, Verify
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.stream.s2s.settings import Rules
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

CERTIFICATE_ONLY = Rules(certificate=True)
IN_CLEAR = Rules(encryption=False)


def good(**more: object) -> Two:
    return Two(
        settings(CAPULET),
        settings(MONTAGUE),
        ours=certificate(CAPULET),
        theirs=certificate(MONTAGUE),
        **more,
    )


def message(body: str = "Good morrow") -> Stanza:
    return Stanza.make(
        "message",
        jid.parse(f"benvolio@{CAPULET}/here"),
        jid.parse(f"romeo@{MONTAGUE}"),
        {"id": "m1"},
        Element("body", "jabber:client", None, body),
    )


def test_certificates_authorise_both() -> None:
    two = good().carry()
    assert Authorised(PAIR, "certificate") in two.here
    assert Authorised(PAIR, "certificate") in two.there
    assert two.initiating.outgoing == two.receiving.incoming == {PAIR}


def test_stanzas_arrive_as_they_are_from_clients() -> None:
    two = good().carry()
    two.there.clear()
    for body in ("one", "two"):
        two.initiating.say(written(message(body)))
    two.carry()
    first, second = two.there
    assert isinstance(first, Stanza)
    assert isinstance(second, Stanza)
    assert first.attrs["from"] == f"benvolio@{CAPULET}/here"
    assert first.names == ("jabber:client body",)
    assert second.inner == b"<body>two</body>"


def test_without_tls_nothing_goes_on_and_it_is_tried_even_if_it_is_not_offered() -> None:
    """RFC 7590 §3.1: the offer may have been taken away on its way."""
    two = Two(settings(CAPULET), settings(MONTAGUE, tls=False)).carry()
    assert b"<starttls " in two.sent[0]
    assert Refused(PAIR, "it does not begin TLS, which is required") in two.here
    assert two.initiating.closed


def test_a_certificate_for_others_is_no_proof_to_those_who_want_one() -> None:
    two = Two(
        settings(CAPULET, rules=CERTIFICATE_ONLY),
        settings(MONTAGUE),
        ours=certificate(CAPULET),
        theirs=certificate("verona.example"),
    ).carry()
    (refused,) = [event for event in two.here if isinstance(event, Refused)]
    assert refused.reason == f"its certificate is not accepted: it is not for {MONTAGUE}"
    assert two.receiving.incoming == set()


@pytest.mark.parametrize(
    "ours", [certificate(CAPULET, trusted=False), certificate("verona.example")]
)
def test_who_has_no_good_certificate_gives_a_key(ours: object) -> None:
    two = good()
    two.ours = ours  # type: ignore[assignment]  # a PeerCertificate
    two.carry()
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    assert verify.pair == PAIR
    assert verify.stream_id == two.receiving.id
    assert verify.key == dialback.key(SECRETS[CAPULET], PAIR, verify.stream_id)
    assert two.receiving.incoming == set()
    two.there += two.receiving.verified(PAIR, verify.stream_id, "valid")
    two.carry()
    assert Authorised(PAIR, "dialback") in two.here
    assert Authorised(PAIR, "dialback") in two.there


def asked() -> tuple[Two, Verify]:
    two = good()
    two.ours = certificate(CAPULET, trusted=False)
    two.carry()
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    return two, verify


def test_an_invalid_key_ends_a_stream_on_which_nothing_else_is_authorised() -> None:
    two, verify = asked()
    two.there += two.receiving.verified(PAIR, verify.stream_id, "invalid")
    two.carry()
    assert two.receiving.closed
    assert two.receiving.incoming == set()
    assert Refused(PAIR, "it refuses our key: invalid", "internal-server-error") in two.here


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("remote-server-not-found", "remote-server-not-found"),
        ("item-not-found", "remote-server-not-found"),
        ("not-authorized", "remote-server-not-found"),
        ("made-up-by-somebody", "remote-server-not-found"),
        ("remote-server-timeout", "remote-server-timeout"),
        ("resource-constraint", "resource-constraint"),
    ],
)
def test_a_key_that_cannot_be_looked_into_is_an_error_that_ends_no_stream(
    outcome: str, told: str
) -> None:
    """XEP-0220 §2.4.2; a trouble that may pass is no reason to give up."""
    two, verify = asked()
    two.there += two.receiving.verified(PAIR, verify.stream_id, outcome)
    assert not two.receiving.closed
    two.carry()
    assert Refused(PAIR, f"it refuses our key: {told}", final=False) in two.here


def test_who_is_refused_for_good_is_told_so() -> None:
    two = good()
    two.ours = certificate(CAPULET, trusted=False)
    two.receiving = ReceivingStream(settings(MONTAGUE, rules=CERTIFICATE_ONLY))
    two.carry()
    assert Refused(PAIR, "it refuses our key: not-authorized", final=True) in two.here


def test_what_is_found_out_about_another_stream_does_not_count() -> None:
    two, _ = asked()
    two.there += two.receiving.verified(PAIR, "another", "valid")
    assert two.receiving.incoming == set()


def test_more_domains_come_on_the_same_stream() -> None:
    two = good().carry()
    assert two.initiating.errors
    rooms = Pair(f"rooms.{CAPULET}", MONTAGUE)
    two.initiating.ask(rooms)
    two.carry()
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    two.receiving.verified(rooms, verify.stream_id, "invalid")
    two.carry()
    assert Refused(rooms, "it refuses our key: forbidden") in two.here
    assert two.receiving.incoming == two.initiating.outgoing == {PAIR}
    two.initiating.ask(rooms)
    two.carry()
    two.receiving.verified(rooms, verify.stream_id, "valid")
    two.carry()
    assert Authorised(rooms, "dialback") in two.here
    assert two.receiving.incoming == two.initiating.outgoing == {PAIR, rooms}


def test_a_certificate_for_more_domains_is_enough_for_them() -> None:
    two = good()
    two.ours = certificate(CAPULET, f"*.{CAPULET}")
    two.carry()
    rooms = Pair(f"rooms.{CAPULET}", MONTAGUE)
    two.initiating.ask(rooms)
    two.carry()
    assert Authorised(rooms, "certificate") in two.there


def test_a_further_domain_is_asked_for_only_where_the_certificate_is_for_it_too() -> None:
    """Its server could use a key for another that stands at the same place."""
    rooms, one_way = f"rooms.{MONTAGUE}", f"one-way.{MONTAGUE}"
    here = settings(CAPULET, rules=lambda domain: Rules(bidi=domain != one_way))
    for theirs, suits in (
        (certificate(MONTAGUE, rooms, one_way), True),
        (certificate(MONTAGUE), False),
        (certificate(MONTAGUE, rooms, one_way, trusted=False), False),
    ):
        two = Two(here, settings(MONTAGUE), ours=certificate(CAPULET), theirs=theirs).carry()
        assert two.initiating.bidi
        assert two.initiating.suits(MONTAGUE)
        assert two.initiating.suits(rooms) == suits
        assert not two.initiating.suits(one_way)


def test_keys_are_looked_into_for_whoever_asks() -> None:
    two = Two(settings(CAPULET), settings(MONTAGUE), only_questions=True).carry()
    backward = Pair(MONTAGUE, CAPULET)  # montague gave capulet a key
    for key, outcome in (
        (dialback.key(SECRETS[MONTAGUE], backward, "id7"), "valid"),
        (dialback.key(SECRETS[CAPULET], backward, "id7"), "invalid"),
        ("", "invalid"),
    ):
        two.initiating.question(backward, "id7", key)
        two.carry()
        assert two.here.pop() == Answered(backward, "id7", outcome)
    assert not two.receiving.closed


def test_a_question_about_a_domain_that_is_elsewhere_is_an_error() -> None:
    two = Two(settings(CAPULET), settings(MONTAGUE), only_questions=True).carry()
    elsewhere = Pair("verona.example", CAPULET)
    two.initiating.question(elsewhere, "id7", "0123")
    two.carry()
    assert two.here.pop() == Answered(elsewhere, "id7", "item-not-found")


def test_questions_that_are_not_answered_are_known() -> None:
    two = Two(settings(CAPULET), settings(MONTAGUE), only_questions=True).carry()
    two.initiating.question(Pair(MONTAGUE, CAPULET), "id7", "0123")
    assert two.initiating.unanswered() == [
        Answered(Pair(MONTAGUE, CAPULET), "id7", "remote-server-timeout")
    ]


def test_streams_may_stay_in_clear_where_both_allow_it() -> None:
    two = Two(
        settings(CAPULET, rules=IN_CLEAR), settings(MONTAGUE, rules=IN_CLEAR, tls=False)
    ).carry()
    (verify,) = [event for event in two.there if isinstance(event, Verify)]
    two.receiving.verified(PAIR, verify.stream_id, "valid")
    two.carry()
    assert two.initiating.outgoing == {PAIR}


def test_a_forbidden_domain_is_told_so() -> None:
    forbidden = Rules(allowed=False)
    two = Two(settings(CAPULET), settings(MONTAGUE, rules=forbidden)).carry()
    ended = two.here[-1]
    assert isinstance(ended, Ended)
    assert ended.theirs == "policy-violation"
