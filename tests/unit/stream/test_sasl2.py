"""SASL2 on a stream (XEP-0388): what may come when, and what it does."""

import base64

import pytest
from tests.unit.stream.driver import (
    ENCRYPTED,
    HEADER,
    HOST,
    PASSWORD,
    Driver,
    auth,
    check_output,
    settings,
)

from palaver.sasl import Channel, Condition
from palaver.sasl.client import ScramClient
from palaver.stream import user_agent
from palaver.stream.events import Authenticated, LoggedIn, LoginFailed, Lookup
from palaver.stream.state import State

NS = "urn:xmpp:sasl:2"
UUID = "d4565fa7-4d72-4749-b3d3-740edbf87770"
FROM = HEADER.replace(" to=", f" from='juliet@{HOST}' to=")


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def authenticate(data: bytes | None = None, inner: str = "", mechanism: str = "PLAIN") -> str:
    response = "" if data is None else f"<initial-response>{encoded(data)}</initial-response>"
    return f"<authenticate xmlns='{NS}' mechanism='{mechanism}'>{response}{inner}</authenticate>"


def plain(password: str = PASSWORD, user: str = "juliet") -> bytes:
    return f"\0{user}\0{password}".encode()


def response(data: bytes) -> str:
    return f"<response xmlns='{NS}'>{encoded(data)}</response>"


def opened(header: str = HEADER, channel: Channel = ENCRYPTED, **changes: object) -> Driver:
    driver = Driver(settings(**changes), channel)  # type: ignore[arg-type]  # the test names them
    driver.feed(header)
    return driver


def failure(condition: str) -> str:
    return f"<failure xmlns='{NS}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"


def authenticated(driver: Driver) -> Authenticated:
    event = driver.events[-1]
    assert isinstance(event, Authenticated)
    return event


def test_the_feature_offers_the_mechanisms_that_the_old_one_offers() -> None:
    driver = opened()
    new, _, rest = driver.sent.partition("<inline>")
    rest = rest.partition("</inline>")[2]
    assert new.count("<mechanism>") == rest.count("<mechanism>") > 0
    check_output(driver.sent)


def test_there_is_no_feature_before_tls_even_where_passwords_may_go_in_clear() -> None:
    driver = opened(channel=Channel(), clear=True)
    assert "PLAIN" in driver.sent
    assert NS not in driver.sent
    assert driver.feed(authenticate(plain())).startswith(failure("encryption-required"))


def test_success_waits_for_what_was_asked_for() -> None:
    driver = opened()
    assert driver.feed(authenticate(plain())) == ""
    assert any(isinstance(event, LoggedIn) for event in driver.events)
    request = authenticated(driver).request
    assert (request.bind, request.resume) == (None, None)
    before = len(driver.sent)
    driver.take(driver.stream.established(f"juliet@{HOST}", [b"<a/>"], bound=False))
    assert driver.sent[before:].startswith(
        f"<success xmlns='{NS}'><authorization-identifier>juliet@{HOST}"
        "</authorization-identifier><a/></success><stream:features><bind "
    )
    assert driver.stream.state is State.BINDING
    check_output(driver.sent)


def test_scram_takes_the_exchange_of_the_specification() -> None:
    driver = opened()
    client = ScramClient("SCRAM-SHA-256", "juliet", PASSWORD)
    challenge = driver.feed(authenticate(client.initial(), mechanism="SCRAM-SHA-256"))
    assert challenge.startswith(f"<challenge xmlns='{NS}'>")
    data = base64.b64decode(challenge.partition(">")[2].partition("<")[0])
    assert driver.feed(response(client.respond(data))) == ""
    client.finish(authenticated(driver).request.data)


def test_data_may_stand_on_lines_of_its_own() -> None:
    """The examples write it so (§2.2 only says SHOULD NOT)."""
    driver = opened()
    driver.feed(authenticate(plain()).replace("<initial-response>", "<initial-response>\n  "))
    authenticated(driver)


def test_an_initial_response_that_is_missing_is_asked_for() -> None:
    driver = opened()
    assert driver.feed(authenticate()) == f"<challenge xmlns='{NS}'/>"
    driver.feed(response(plain()))
    authenticated(driver)


@pytest.mark.parametrize(
    ("sent", "condition"),
    [
        (authenticate(plain("wrong")), "not-authorized"),
        (authenticate(plain(), mechanism="X"), "invalid-mechanism"),
        (f"<authenticate xmlns='{NS}'/>", "invalid-mechanism"),
        (authenticate(b"\xff"), "malformed-request"),
        (
            f"<authenticate xmlns='{NS}' mechanism='PLAIN'><initial-response>*</initial-response>"
            "</authenticate>",
            "incorrect-encoding",
        ),
        (f"<response xmlns='{NS}'/>", "invalid-mechanism"),
        (f"<other xmlns='{NS}' mechanism='PLAIN'/>", "malformed-request"),
        (authenticate(plain(), "<user-agent id='x'/>"), "malformed-request"),
        (
            authenticate(plain(), "<user-agent id='d4565fa7-4d72-1749-b3d3-740edbf87770'/>"),
            "malformed-request",
        ),
        (authenticate(plain(), f"<user-agent id='{UUID}{UUID}'/>"), "malformed-request"),
        (authenticate(b"", mechanism="ANONYMOUS"), "invalid-mechanism"),
    ],
)
def test_failures_and_another_attempt(sent: str, condition: str) -> None:
    driver = opened()
    assert driver.feed(sent).startswith(failure(condition))
    assert isinstance(driver.events[-1], LoginFailed)
    assert driver.stream.inline is None
    driver.feed(authenticate(plain()))
    authenticated(driver)


def test_a_failure_says_the_text_in_its_own_namespace() -> None:
    sent = opened().feed(authenticate(plain(), "<user-agent id='x'/>"))
    assert "/><text>the user" in sent


def test_too_many_failures_end_the_stream() -> None:
    driver = opened(attempts=2)
    driver.feed(authenticate(plain("wrong")) + auth(password="wrong"))
    assert driver.condition == "policy-violation"


def test_a_client_may_abort() -> None:
    driver = opened()
    driver.feed(authenticate(b"n,,n=juliet,r=abcdefgh", mechanism="SCRAM-SHA-256"))
    text = f"<abort xmlns='{NS}'><text>enough</text></abort>"
    assert driver.feed(text).startswith(failure("aborted"))
    driver.feed(authenticate(plain()))
    authenticated(driver)


@pytest.mark.parametrize(
    "sent",
    [
        authenticate(plain()),
        auth(),
        "<presence/>",
        "<iq type='get' id='a'><query xmlns='jabber:iq:register'/></iq>",
        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        " ",
        "\n",
        f"<next xmlns='{NS}' task='X'/>",
    ],
)
def test_nothing_else_may_come_during_an_exchange(sent: str) -> None:
    driver = opened()
    driver.feed(authenticate(b"n,,n=juliet,r=abcdefgh", mechanism="SCRAM-SHA-256"))
    driver.feed(sent)
    assert driver.condition is not None


def test_an_element_may_come_in_pieces() -> None:
    driver = opened()
    driver.feed(authenticate())
    for piece in response(plain()).replace(" xmlns", "\n xmlns").partition("\n"):
        driver.feed(piece)
    authenticated(driver)


def test_white_space_may_come_again_after_the_login() -> None:
    driver = opened()
    driver.feed(authenticate(plain()))
    driver.take(driver.stream.established(f"juliet@{HOST}", [], bound=False))
    driver.feed(" \n")
    assert driver.ended is None


def test_what_comes_behind_the_request_waits_until_it_is_answered() -> None:
    driver = opened()
    driver.feed(authenticate(plain()) + "<presence/>")
    driver.take(driver.stream.established(f"juliet@{HOST}/r", [], bound=True))
    assert driver.stanzas == []
    driver.bound = True
    driver.feed("")
    assert [stanza.kind for stanza in driver.stanzas] == ["presence"]


def test_a_login_that_cannot_be_completed_is_refused() -> None:
    driver = opened()
    driver.feed(authenticate(plain()))
    before = len(driver.sent)
    driver.take(driver.stream.refuse_login(Condition.TEMPORARY_AUTH_FAILURE))
    assert driver.sent[before:].startswith(failure("temporary-auth-failure"))
    assert driver.stream.authentication.identity is None
    driver.feed(authenticate(plain()))
    authenticated(driver)


def test_storage_that_does_not_answer_is_a_temporary_failure() -> None:
    driver = opened()
    driver.obliging = False
    driver.feed(authenticate(plain()))
    assert isinstance(driver.events[-1], Lookup)
    driver.take(driver.stream.cannot_resolve())
    assert failure("temporary-auth-failure") in driver.sent


def test_who_a_stream_is_from_must_be_who_logs_in() -> None:
    driver = opened(FROM)
    assert driver.feed(authenticate(plain(user="nurse"))).startswith(failure("invalid-authzid"))
    driver.feed(authenticate(plain()))
    authenticated(driver)


def test_a_stream_from_another_host_is_refused() -> None:
    assert opened(HEADER.replace(" to=", " from='a@b.example' to=")).condition == "invalid-from"


@pytest.mark.parametrize("sender", ["", "@", HOST, "juliet@"])
def test_a_stream_from_nobody_in_particular_is_taken(sender: str) -> None:
    driver = opened(HEADER.replace(" to=", f" from='{sender}' to="))
    driver.feed(authenticate(plain()))
    authenticated(driver)


def test_a_user_agent_is_read_with_its_names_cut_to_size() -> None:
    driver = opened()
    names = f"<software> A\n b</software><device>{'x' * 500}</device>"
    driver.feed(authenticate(plain(), f"<user-agent id='{UUID.upper()}'>{names}</user-agent>"))
    agent = authenticated(driver).request.agent
    assert (agent.id, agent.software, len(agent.device)) == (UUID, "A b", 100)
    assert user_agent.read(None) == user_agent.UserAgent()


def test_the_limits_before_login_hold_until_the_login_is_complete() -> None:
    driver = opened()
    driver.feed(authenticate(plain(), f"<x xmlns='urn:x'>{'x' * 20_000}</x>"))
    assert driver.condition == "policy-violation"
