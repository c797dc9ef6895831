"""The server's side of a client's stream (RFC 6120 §4 to §7), without sockets."""

from collections.abc import Callable

import pytest
from tests.unit.stream.driver import (
    BIND,
    ENCRYPTED,
    HEADER,
    HOST,
    OTHER,
    STARTTLS,
    Driver,
    auth,
    check_output,
    normalised,
    settings,
)

from palaver import jid
from palaver.sasl import Channel
from palaver.stream.events import Bind, EarlyRequest, Ended, LoggedIn, Lookup, StartTls
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.events import Limits

CLEAR = Channel()
MESSAGE = "<message to='romeo@montague.example'><body>a > b</body></message>"


# -- the whole way, however it is cut --------------------------------------------------------------

LOGIN = HEADER + STARTTLS
DIALOGUE = (LOGIN, HEADER + auth() + HEADER + BIND + MESSAGE + " <presence/>" + "</stream:stream>")


def play(cut: Callable[[str], list[str]]) -> Driver:
    driver = Driver(channel=CLEAR)
    for part in DIALOGUE:
        for piece in cut(part):
            driver.feed(piece)
    return driver


def test_cutting_the_bytes_anywhere_changes_nothing() -> None:
    whole = play(lambda part: [part])
    assert [type(event).__name__ for event in whole.events] == [
        "StartTls", "Lookup", "Lookup", "LoggedIn", "Bind", "Stanza", "Stanza", "Ended",
    ]  # fmt: skip
    assert whole.ended == Ended(None)
    check_output(whole.sent)
    ways = [lambda part: list(part)]
    ways += [lambda part, at=at: [part[:at], part[at:]] for at in range(1, len(DIALOGUE[1]))]
    for way in ways:
        driver = play(way)
        assert normalised(driver.sent) == normalised(whole.sent)
        assert [repr(event) for event in driver.events] == [repr(event) for event in whole.events]


def test_the_way_through_is_the_one_of_the_table() -> None:
    driver = Driver(channel=CLEAR, obliging=False)
    stream = driver.stream
    assert stream.state is State.OPENING
    driver.feed(HEADER)
    assert stream.state is State.NEGOTIATING
    driver.feed(STARTTLS)
    assert stream.state is State.SECURING
    stream.handshake()
    assert stream.state is State.HANDSHAKE
    driver.take(stream.secured(ENCRYPTED))
    assert stream.state is State.OPENING
    driver.feed(HEADER)
    driver.feed(auth())
    assert stream.state is State.WAITING
    driver.obliging = True
    driver.take(stream.resolve(*driver.look_up(driver.events[-1])))
    assert stream.state is State.OPENING
    driver.feed(HEADER)
    assert stream.state is State.BINDING
    driver.feed(BIND)
    assert stream.state is State.BOUND
    driver.feed("</stream:stream>")
    assert stream.state is State.CLOSED


# -- headers ---------------------------------------------------------------------------------------


def test_the_response_header_has_an_id_of_its_own_and_names_the_host() -> None:
    driver = Driver()
    first = driver.feed(HEADER.replace("to=", "from='juliet@capulet.example' xml:lang='it' to="))
    driver.feed(auth())
    second = driver.feed(HEADER)
    assert f" from='{HOST}' to='juliet@capulet.example' version='1.0' xml:lang='en'>" in first
    ids = [sent.split(" id='")[1].split("'")[0] for sent in (first, second)]
    assert len(set(ids)) == 2
    assert all(len(each) >= 16 for each in ids)
    assert driver.stream.lang is None


@pytest.mark.parametrize(
    ("old", "new", "condition"),
    [
        (f" to='{HOST}'", "", "host-unknown"),
        (f" to='{HOST}'", " to=''", "host-unknown"),
        (f" to='{HOST}'", " to='verona.example'", "host-unknown"),
        (f" to='{HOST}'", f" to='juliet@{HOST}'", "host-unknown"),
        (f" to='{HOST}'", " to='a b'", "host-unknown"),
        (" version='1.0'", "", "unsupported-version"),
        (" version='1.0'", " version=''", "unsupported-version"),
        (" version='1.0'", " version='0.9'", "unsupported-version"),
        (" version='1.0'", " version='one'", "unsupported-version"),
        (" version='1.0'", " version='-1.0'", "unsupported-version"),
        (" version='1.0'", " version='²'", "unsupported-version"),
        ("xmlns='jabber:client'", "xmlns='jabber:server'", "invalid-namespace"),
        ("xmlns='jabber:client'", "", "invalid-namespace"),
        ("http://etherx.jabber.org/streams", "urn:streams", "invalid-namespace"),
        ("stream:stream", "stream:other", "bad-format"),
    ],
)
def test_a_bad_header_gets_a_header_and_an_error(old: str, new: str, condition: str) -> None:
    driver = Driver()
    sent = driver.feed(HEADER.removeprefix("<?xml version='1.0'?>").replace(old, new))
    assert driver.condition == condition
    assert sent.startswith("<?xml version='1.0'?><stream:stream ")
    assert sent.endswith("</stream:error></stream:stream>")
    assert "<stream:features>" not in sent
    check_output(sent)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1", "2.0", "01.0", "999999999999999999999.0"])
def test_newer_versions_are_spoken_to_in_ours(version: str) -> None:
    sent = Driver().feed(HEADER.replace("version='1.0' x", f"version='{version}' x"))
    assert "version='1.0' xml:lang" in sent
    assert "<stream:features>" in sent


def test_the_host_is_found_whatever_its_case() -> None:
    driver = Driver()
    assert f" from='{HOST}'" in driver.feed(HEADER.replace(HOST, "CAPULET.example"))
    assert driver.stream.host == HOST


def test_a_stream_without_a_readable_header_is_answered_by_the_default_host() -> None:
    sent = Driver().feed("GET / HTTP/1.1\r\n\r\n")
    assert f" from='{OTHER}'" in sent
    assert "<not-well-formed " in sent


def test_a_second_stream_must_be_for_the_host_of_the_login() -> None:
    driver = Driver()
    driver.feed(HEADER + auth())
    driver.feed(HEADER.replace(HOST, OTHER))
    assert driver.condition == "not-authorized"


def test_before_login_another_host_may_be_chosen_after_tls() -> None:
    driver = Driver(channel=CLEAR)
    driver.feed(HEADER + STARTTLS)
    assert f" from='{OTHER}'" in driver.feed(HEADER.replace(HOST, OTHER))


# -- features --------------------------------------------------------------------------------------


def features(sent: str) -> str:
    return sent.rpartition("<stream:features>")[2]


def test_before_tls_only_tls_is_offered() -> None:
    offered = features(Driver(channel=CLEAR).feed(HEADER))
    assert "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>" in offered
    assert "<mechanism>" not in offered
    assert "urn:early" not in offered


def test_where_tls_is_optional_it_is_offered_beside_login() -> None:
    offered = features(Driver(settings(clear=True), CLEAR).feed(HEADER))
    assert "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" in offered
    assert "<mechanism>PLAIN</mechanism>" in offered


def test_after_tls_login_is_offered_and_no_tls() -> None:
    offered = features(Driver().feed(HEADER))
    assert "<mechanism>SCRAM-SHA-512</mechanism>" in offered
    assert "<early xmlns='urn:early'/>" in offered
    assert "starttls" not in offered
    assert "<max-bytes>10000</max-bytes><idle-seconds>600</idle-seconds>" in offered


def test_after_login_binding_is_offered_and_larger_stanzas() -> None:
    driver = Driver()
    driver.feed(HEADER + auth())
    offered = features(driver.feed(HEADER))
    assert "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>" in offered
    assert "<optional/></session>" in offered
    assert "<max-bytes>262144</max-bytes>" in offered
    assert "<late xmlns='urn:late'/>" in offered
    assert "<mechanism>" not in offered


# -- STARTTLS --------------------------------------------------------------------------------------


@pytest.mark.parametrize("injected", [auth(), "<", "x", MESSAGE, HEADER, STARTTLS])
def test_bytes_behind_starttls_in_the_same_packet_end_the_stream(injected: str) -> None:
    driver = Driver(channel=CLEAR, obliging=False)
    sent = driver.feed(HEADER + STARTTLS + injected)
    assert driver.condition == "policy-violation"
    assert "<proceed" not in sent
    assert not any(isinstance(event, StartTls) for event in driver.events)


@pytest.mark.parametrize("injected", [auth(), "<", "x", MESSAGE, HEADER])
def test_bytes_behind_starttls_in_a_later_packet_end_the_stream(injected: str) -> None:
    driver = Driver(channel=CLEAR, obliging=False)
    driver.feed(HEADER + STARTTLS)
    driver.feed(injected)
    assert driver.condition == "policy-violation"
    driver.secure()
    assert driver.feed(HEADER) == ""
    assert driver.stream.state is State.CLOSED


def test_white_space_behind_starttls_is_forgotten() -> None:
    driver = Driver(channel=CLEAR, obliging=False)
    driver.feed(HEADER + STARTTLS + " \n")
    driver.feed(" ")
    driver.secure()
    assert "<mechanism>" in driver.feed(HEADER)


def test_bytes_that_come_through_tls_before_it_is_known_are_read_after_it() -> None:
    driver = Driver(channel=CLEAR, obliging=False)
    driver.feed(HEADER + STARTTLS)
    driver.stream.handshake()
    assert driver.feed(HEADER[:40]) == ""
    assert driver.feed(HEADER[40:]) == ""
    driver.take(driver.stream.secured(ENCRYPTED))
    assert driver.sent.endswith("</stream:features>")
    assert "<mechanism>" in features(driver.sent)


def test_tls_is_established_only_where_it_was_begun() -> None:
    for driver in (Driver(channel=CLEAR, obliging=False), Driver().log_in()):
        state = driver.stream.state
        driver.stream.handshake()
        assert driver.stream.secured(ENCRYPTED) == []
        assert driver.stream.state is state


def test_what_was_begun_in_clear_does_not_go_on_under_tls() -> None:
    driver = Driver(channel=CLEAR)
    driver.feed(HEADER + STARTTLS)
    driver.feed(auth())
    assert driver.ended
    assert not any(isinstance(event, Lookup) for event in driver.events)


def test_starttls_under_tls_fails_and_ends_the_stream() -> None:
    driver = Driver()
    driver.feed(HEADER)
    sent = driver.feed(STARTTLS)
    assert sent == "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"
    assert driver.ended == Ended(None)


def test_login_in_clear_is_refused_where_tls_is_required() -> None:
    driver = Driver(channel=CLEAR)
    driver.feed(HEADER)
    assert "<encryption-required/>" in driver.feed(auth())
    assert driver.ended is None


# -- before login ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        MESSAGE,
        "<presence/>",
        "<iq type='result' id='1'/>",
        "<iq type='get' id='1'/>",
        "<iq type='get'><query xmlns='jabber:iq:register'/></iq>",
        "<r xmlns='urn:xmpp:sm:3'/>",
        "<response xmlns='urn:other'/>",
    ],
)
def test_before_login_everything_else_ends_the_stream(data: str) -> None:
    driver = Driver()
    driver.feed(HEADER)
    driver.feed(data)
    assert driver.condition == "not-authorized"
    assert driver.stanzas == []


def test_an_early_request_is_asked_about_and_answered() -> None:
    driver = Driver(obliging=False)
    driver.feed(HEADER + "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>" + auth())
    request = driver.events[-1]
    assert isinstance(request, EarlyRequest)
    assert (request.host, request.stanza.id) == (HOST, "1")
    driver.take(driver.stream.answer(b"<iq type='result' id='1'/>"))
    assert driver.sent.endswith("<iq type='result' id='1'/>")
    assert isinstance(driver.events[-1], Lookup), "what waited goes on"


def test_an_early_request_that_nobody_answers_ends_the_stream() -> None:
    driver = Driver()
    driver.feed(HEADER + "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>")
    assert driver.condition == "not-authorized"


@pytest.mark.parametrize(
    "data", ["<iq type='get' id='1'><a xmlns='b'/><c xmlns='d'/></iq>", "<iq type='get' id='1'/>"]
)
def test_an_early_request_has_one_payload(data: str) -> None:
    driver = Driver()
    driver.feed(HEADER + data)
    assert not any(isinstance(event, EarlyRequest) for event in driver.events)
    assert driver.condition == "not-authorized"


def test_early_requests_need_tls_where_it_is_required() -> None:
    driver = Driver(channel=CLEAR)
    driver.feed(HEADER + "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>")
    assert driver.condition == "not-authorized"
    assert not any(isinstance(event, EarlyRequest) for event in driver.events)


def test_the_limits_before_login_are_small() -> None:
    driver = Driver()
    driver.feed(HEADER)
    driver.feed("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + "A" * 10_001)
    assert driver.condition == "policy-violation"


def test_the_limits_after_login_are_those_of_the_settings() -> None:
    driver = Driver(settings(after=Limits(stanza_bytes=20_000))).log_in()
    driver.feed("<message><body>" + "a" * 15_000 + "</body></message>")
    assert len(driver.stanzas) == 1
    driver.feed("<message><body>" + "a" * 20_001)
    assert driver.condition == "policy-violation"


@pytest.mark.parametrize(
    "data", ["<a b='" + ">" * 9_000, "<a>" + ">" * 9_000, "<a>" + "<b/>" * 2_000]
)
def test_tag_ends_without_end_are_not_read_for_ever(data: str) -> None:
    driver = Driver()
    driver.feed(HEADER)
    driver.feed(data)
    assert driver.condition == "policy-violation"


def test_what_comes_byte_by_byte_is_not_taken_for_many_parts() -> None:
    driver = Driver()
    for character in HEADER + "<a b='" + "c" * 2_000 + "'":
        driver.feed(character)
    assert driver.ended is None


def test_much_white_space_in_front_is_no_harm() -> None:
    driver = Driver()
    for _ in range(50):
        driver.feed(" " * 1_000)
    driver.feed(HEADER + " " * 50_000 + auth())
    assert isinstance(driver.events[-1], LoggedIn)


# -- while something is looked up ------------------------------------------------------------------


def test_input_waits_while_a_look_up_is_under_way() -> None:
    driver = Driver(obliging=False)
    driver.feed(HEADER + auth("juliet"))
    (first,) = driver.events
    assert driver.feed(auth("nurse")) == ""
    assert driver.events == [first], "the second exchange has not begun"
    driver.obliging = True
    driver.take(driver.stream.resolve(*driver.look_up(first)))
    identity = driver.stream.authentication.identity
    assert identity is not None
    assert str(identity.jid) == f"juliet@{HOST}"


def test_keys_of_one_account_never_reach_the_exchange_of_another() -> None:
    """A look-up that ends after its exchange was given up changes nothing."""
    driver = Driver(obliging=False)
    driver.feed(HEADER + auth("juliet", "wrong"))
    lookup = driver.events[-1]
    assert isinstance(lookup, Lookup)
    driver.feed("</stream:stream>")
    driver.stream.end(None)
    assert driver.stream.resolve(*driver.look_up(lookup)) == []
    assert driver.stream.cannot_resolve() == []
    assert driver.stream.authentication.identity is None


def test_too_much_input_while_waiting_ends_the_stream() -> None:
    driver = Driver(obliging=False)
    driver.feed(HEADER + auth())
    driver.feed("<" * 5_000)
    assert driver.ended is None
    driver.feed("<" * 5_001)
    assert driver.condition == "policy-violation"
    assert driver.stream.resolve(True) == []


def test_a_look_up_that_cannot_be_made_fails_the_login_for_now() -> None:
    driver = Driver(obliging=False)
    driver.feed(HEADER + auth())
    driver.take(driver.stream.cannot_resolve())
    assert "<temporary-auth-failure/>" in driver.sent
    assert driver.ended is None


def test_answers_that_nobody_waits_for_change_nothing() -> None:
    driver = Driver().log_in()
    sent = driver.sent
    stream = driver.stream
    assert stream.resolve(None) == []
    assert stream.answer(b"<iq/>") == []
    assert stream.bound(jid.make("romeo", HOST, "x")) == []
    assert stream.refuse_bind(StanzaError("conflict")) == []
    assert stream.output() == b""
    assert driver.sent == sent


# -- binding ---------------------------------------------------------------------------------------


def to_binding(driver: Driver) -> Driver:
    driver.feed(HEADER)
    driver.feed(auth())
    driver.feed(HEADER)
    return driver


@pytest.mark.parametrize(
    ("payload", "resource"),
    [("<resource>balcony</resource>", "balcony"), ("", None), ("<resource/>", None)],
)
def test_the_client_may_leave_the_resource_to_the_server(payload: str, resource: str) -> None:
    driver = to_binding(Driver())
    driver.feed(BIND.replace("<resource>balcony</resource>", payload))
    assert driver.events[-1] == Bind(resource)
    assert driver.bound


def test_the_answer_tells_the_full_address() -> None:
    driver = to_binding(Driver())
    assert driver.feed(BIND) == (
        "<iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        f"<jid>juliet@{HOST}/balcony</jid></bind></iq>"
    )


def test_after_a_refusal_the_client_may_ask_for_another() -> None:
    driver = to_binding(Driver(obliging=True))
    driver.obliging = False
    driver.feed(BIND)
    driver.take(driver.stream.refuse_bind(StanzaError("conflict")))
    assert "<iq type='error' id='b1'><error type='cancel'><conflict " in driver.sent
    driver.obliging = True
    driver.feed(BIND)
    assert driver.bound


@pytest.mark.parametrize(
    "data",
    [
        MESSAGE,
        "<presence/>",
        "<iq type='get' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
        "<iq type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
        "<iq type='set' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
    ],
)
def test_before_a_resource_is_bound_everything_else_ends_the_stream(data: str) -> None:
    driver = to_binding(Driver())
    driver.feed(data)
    assert driver.condition == "not-authorized"
    assert driver.stanzas == []


@pytest.mark.parametrize("data", [auth(), STARTTLS, "<enabled xmlns='urn:xmpp:sm:3'/>", "<foo/>"])
def test_unknown_elements_after_login_end_the_stream(data: str) -> None:
    for driver in (to_binding(Driver()), Driver().log_in()):
        driver.feed(data)
        assert driver.condition == "unsupported-stanza-type"


# -- the end ---------------------------------------------------------------------------------------


def test_the_end_is_answered_with_the_end() -> None:
    driver = Driver().log_in()
    assert driver.feed("</stream:stream>") == "</stream:stream>"
    assert driver.events[-1] == Ended(None)


def test_nothing_is_taken_after_the_end() -> None:
    driver = Driver().log_in()
    driver.feed("</stream:stream>" + MESSAGE)
    driver.feed(MESSAGE)
    assert driver.stanzas == []
    assert driver.sent.endswith("</stream:stream>")
    assert driver.sent.count("</stream:stream>") == 1


def test_a_stanza_behind_an_error_is_not_taken() -> None:
    driver = Driver().log_in()
    driver.feed("<presence/><foo/>" + MESSAGE)
    assert [stanza.kind for stanza in driver.stanzas] == ["presence"]


def test_the_server_may_end_the_stream_at_any_time() -> None:
    for driver in (Driver(), to_binding(Driver()), Driver().log_in()):
        driver.stream.end(StreamError("system-shutdown", detail=Element("soon", "urn:app")))
        driver.stream.end(StreamError("conflict"))
        driver.take(driver.stream.receive(b""))
        assert driver.condition == "system-shutdown"
        assert driver.sent.count("<stream:error>") == 1
        assert "<soon xmlns='urn:app'/></stream:error></stream:stream>" in driver.sent
        check_output(driver.sent)


def test_an_idle_stream_gives_up_its_parser() -> None:
    driver = Driver().log_in()
    driver.stream.rest()
    driver.feed(MESSAGE)
    assert [stanza.kind for stanza in driver.stanzas] == ["message"]
