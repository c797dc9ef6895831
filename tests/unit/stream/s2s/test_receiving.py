"""What another server may say on a stream that it opened, and what ends it."""

from collections.abc import Callable

import pytest
from tests.unit.stream.s2s.wire import (
    CAPULET,
    EXTERNAL,
    HEADER,
    MONTAGUE,
    NOBODYS,
    RESULT,
    SASL,
    STARTTLS,
    USUAL,
    certificate,
    condition,
    say,
    settings,
)

from palaver.stream.s2s.events import Verify
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.stream.s2s.settings import PeerCertificate, Rules
from palaver.wire.stanza import Stanza

TLS = "urn:ietf:params:xml:ns:xmpp-tls"
IN_CLEAR = settings(MONTAGUE, rules=Rules(encryption=False))


def after_tls(peer: PeerCertificate = NOBODYS, rules: Rules = USUAL) -> ReceivingStream:
    """Give a stream that is encrypted, with the features told."""
    stream = ReceivingStream(settings(MONTAGUE, rules=rules), peer)
    stream.receive(HEADER.encode())
    return stream


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((MONTAGUE, "verona.example"), "host-unknown"),
        ((f" to='{MONTAGUE}'", ""), "host-unknown"),
        (("jabber:server'", "jabber:client'"), "invalid-namespace"),
        (("version='1.0'", "version='0.9'"), "unsupported-version"),
        ((f"from='{CAPULET}'", f"from='{MONTAGUE}'"), "invalid-from"),
        (("http://etherx", "http://other"), "invalid-namespace"),
    ],
)
def test_a_header_that_is_wrong_ends_the_stream(change: tuple[str, str], expected: str) -> None:
    stream = ReceivingStream(settings(MONTAGUE))
    output, events = say(stream, HEADER.replace(*change))
    assert condition(events) == expected
    assert output.startswith("<?xml version='1.0'?><stream:stream ")
    assert " from='" in output.partition(">")[2].partition(">")[0]  # RFC 6120 §4.9.1.3
    assert output.endswith("</stream:stream>")


def test_whoever_asks_for_a_domain_that_is_elsewhere_is_told_who_they_are() -> None:
    output, _ = say(ReceivingStream(settings(MONTAGUE)), HEADER.replace(MONTAGUE, "a.example"))
    assert f" from='' to='{CAPULET}' id='" in output


def test_every_stream_has_an_id_of_its_own() -> None:
    ids = {after_tls().id for _ in range(10)}
    assert len(ids) == 10
    assert all(len(id_) >= 16 for id_ in ids)


def test_in_clear_nothing_but_tls_is_offered_where_it_is_required() -> None:
    output, _ = say(ReceivingStream(settings(MONTAGUE)), HEADER)
    assert f"<starttls xmlns='{TLS}'><required/></starttls>" in output
    assert "dialback'>" not in output.partition("<stream:features>")[2]


def test_a_key_in_clear_is_refused_where_tls_is_required() -> None:
    stream = ReceivingStream(settings(MONTAGUE))
    output, events = say(stream, HEADER + RESULT)
    assert "<db:result from='montague.example' to='capulet.example' type='error'>" in output
    assert "<policy-violation " in output
    assert not any(isinstance(event, Verify) for event in events)


def test_nothing_may_follow_starttls_in_clear() -> None:
    _, events = say(ReceivingStream(settings(MONTAGUE)), HEADER + STARTTLS + RESULT)
    assert condition(events) == "policy-violation"


def test_a_stanza_before_anything_is_proved_ends_the_stream() -> None:
    _, events = say(after_tls(), f"<message from='a@{CAPULET}' to='b@{MONTAGUE}'/>")
    assert condition(events) == "not-authorized"


@pytest.mark.parametrize(
    "peer", [certificate(CAPULET, trusted=False), certificate("verona.example")]
)
def test_external_is_not_offered_nor_taken_without_a_good_certificate(
    peer: PeerCertificate,
) -> None:
    stream = ReceivingStream(settings(MONTAGUE), peer)
    output, _ = say(stream, HEADER)
    assert "EXTERNAL" not in output
    output, _ = say(stream, EXTERNAL)
    assert output == f"<failure xmlns='{SASL}'><not-authorized/></failure>"
    assert not stream.authenticated


@pytest.mark.parametrize(
    ("mechanism", "condition"),
    [("PLAIN", "invalid-mechanism"), ("EXTERNAL", "encryption-required")],
)
def test_only_certificates_inside_of_tls_are_proofs(mechanism: str, condition: str) -> None:
    stream = ReceivingStream(IN_CLEAR)
    say(stream, HEADER)
    output, _ = say(stream, f"<auth xmlns='{SASL}' mechanism='{mechanism}'>=</auth>")
    assert output == f"<failure xmlns='{SASL}'><{condition}/></failure>"


def test_a_name_that_is_not_that_of_the_header_is_no_proof() -> None:
    stream = after_tls(certificate(CAPULET, "verona.example"))
    name = "dmVyb25hLmV4YW1wbGU="  # verona.example
    output, _ = say(stream, f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>{name}</auth>")
    assert output == f"<failure xmlns='{SASL}'><invalid-authzid/></failure>"


def test_who_gives_up_a_proof_may_try_another() -> None:
    """RFC 6120 §6.4.4; as there is one message, that is over when it is read."""
    stream = after_tls(certificate(CAPULET))
    output, _ = say(stream, f"<abort xmlns='{SASL}'/>")
    assert output == f"<failure xmlns='{SASL}'><aborted/></failure>"
    output, _ = say(stream, EXTERNAL)
    assert output == f"<success xmlns='{SASL}'/>"


def test_who_has_shown_who_it_is_cannot_become_somebody_else() -> None:
    stream = after_tls(certificate(CAPULET))
    say(stream, EXTERNAL)
    _, events = say(stream, HEADER.replace(CAPULET, "verona.example"))
    assert condition(events) == "invalid-from"


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (f"from='{CAPULET}' to='verona.example'", "item-not-found"),
        (f"from='{MONTAGUE}' to='{MONTAGUE}'", "not-acceptable"),
    ],
)
def test_a_key_for_domains_that_are_not_so_is_an_error(addresses: str, expected: str) -> None:
    stream = after_tls()
    output, events = say(stream, f"<db:result {addresses}>0123</db:result>")
    assert f"<{expected} " in output
    assert not events or not isinstance(events[-1], Verify)
    assert not stream.closed


def test_who_wants_certificates_looks_into_no_keys() -> None:
    output, events = say(after_tls(rules=Rules(certificate=True)), RESULT)
    assert "<not-authorized " in output
    assert not any(isinstance(event, Verify) for event in events)


def test_an_answer_that_nobody_asked_for_ends_the_stream() -> None:
    answer = f"<db:result from='{CAPULET}' to='{MONTAGUE}' type='valid'/>"
    stream = after_tls()
    _, events = say(stream, answer)
    assert condition(events) == "unsupported-stanza-type"
    assert stream.incoming == set()


def test_not_too_many_keys_are_looked_into_at_once() -> None:
    stream = after_tls()
    keys = "".join(RESULT.replace(CAPULET, f"{n}.{CAPULET}") for n in range(40))
    output, events = say(stream, keys)
    assert sum(isinstance(event, Verify) for event in events) == 16
    assert output.count("<resource-constraint ") == 24


def test_a_key_that_is_being_looked_into_is_not_looked_into_again() -> None:
    stream = after_tls()
    output, events = say(stream, RESULT * 20)
    assert sum(isinstance(event, Verify) for event in events) == 1
    assert "<db:result" not in output


@pytest.mark.parametrize("element", [STARTTLS, f"<auth xmlns='{SASL}' mechanism='EXTERNAL'/>"])
def test_nothing_begins_anew_once_stanzas_flow(element: str) -> None:
    stream = ReceivingStream(IN_CLEAR)
    _, events = say(stream, HEADER + RESULT)
    verify = events[-1]
    assert isinstance(verify, Verify)
    stream.verified(verify.pair, verify.stream_id, "valid")
    _, events = say(stream, element)
    assert condition(events) == "policy-violation"


def test_dialback_needs_domains() -> None:
    _, events = say(after_tls(), f"<db:result to='{MONTAGUE}'>0123</db:result>")
    assert condition(events) == "improper-addressing"


def open_to_stanzas() -> ReceivingStream:
    """Give a stream on which stanzas flow."""
    stream = after_tls(certificate(CAPULET))
    say(stream, RESULT)
    assert stream.incoming
    return stream


@pytest.mark.parametrize("stream", [after_tls, open_to_stanzas])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>", "not-well-formed"),  # inside of an element
        ("<!-- x -->", "restricted-xml"),
        ("<?php x?>", "restricted-xml"),
        ("<message><body></message>", "not-well-formed"),
        (f"<message from='a@{CAPULET}' from='b@{MONTAGUE}'/>", "not-well-formed"),
        ("<y:result>0</y:result>", "not-well-formed"),
        ("<message><body>\0</body></message>", "not-well-formed"),
        ("<message><body>&a;</body></message>", "restricted-xml"),
        ("pay me <x/>", "bad-format"),
        (HEADER.partition("?>")[2], "bad-format"),
        ("<message xmlns='jabber:client'/>", "unsupported-stanza-type"),
        ("<x:message xmlns:x='urn:x'/>", "unsupported-stanza-type"),
        ("<x/>", "unsupported-stanza-type"),
        ("<message>" + "<x>" * 200, "policy-violation"),
        (f"<message{''.join(f' a{n}=$1$' for n in range(200))}/>", "policy-violation"),
    ],
)
def test_what_is_no_stanza_of_a_server_ends_the_stream(
    stream: Callable[[], ReceivingStream], text: str, expected: str
) -> None:
    """RFC 6120 §4.9.3, §11.1."""
    output, events = say(stream(), text.replace("$", "'"))
    assert condition(events) == expected
    assert output.endswith("</stream:stream>")
    assert not any(isinstance(event, Stanza) for event in events)
