"""SASL on a stream (RFC 6120 §6): its elements, failures, and how many there may be."""

import base64

import pytest
from tests.unit.stream.driver import (
    HEADER,
    HOST,
    KEYS,
    PASSWORD,
    SASL,
    Driver,
    auth,
    settings,
)

from palaver.sasl import Channel, Condition
from palaver.sasl.client import ScramClient
from palaver.stream.authentication import Authentication
from palaver.stream.events import LoggedIn, LoginFailed, Lookup


def opened(**changes: object) -> Driver:
    driver = Driver(settings(**changes))  # type: ignore[arg-type]  # the test names them
    driver.feed(HEADER)
    return driver


def element(name: str, data: bytes | None = None, **attrs: str) -> str:
    text = "" if data is None else base64.b64encode(data).decode() or "="
    attributes = "".join(f" {key}='{value}'" for key, value in attrs.items())
    return f"<{name} xmlns='{SASL}'{attributes}>{text}</{name}>"


def data_of(sent: str) -> bytes:
    return base64.b64decode(sent.partition(">")[2].partition("<")[0])


def failure(condition: str) -> str:
    return f"<failure xmlns='{SASL}'><{condition}/>"


def test_plain_logs_in() -> None:
    driver = opened()
    assert driver.feed(auth()) == f"<success xmlns='{SASL}'/>"
    event = driver.events[-1]
    assert isinstance(event, LoggedIn)
    assert (str(event.identity.jid), event.mechanism) == (f"juliet@{HOST}", "PLAIN")


def test_scram_logs_in_and_proves_that_the_server_knows_the_account() -> None:
    driver = opened()
    client = ScramClient("SCRAM-SHA-256", "juliet", PASSWORD)
    challenge = driver.feed(element("auth", client.initial(), mechanism="SCRAM-SHA-256"))
    assert challenge.startswith(f"<challenge xmlns='{SASL}'>")
    success = driver.feed(element("response", client.respond(data_of(challenge))))
    assert success.startswith(f"<success xmlns='{SASL}'>")
    client.finish(data_of(success))


def test_a_mechanism_without_initial_response_is_challenged_for_it() -> None:
    driver = opened()
    assert driver.feed(element("auth", mechanism="PLAIN")) == f"<challenge xmlns='{SASL}'/>"
    plain = f"\0juliet\0{PASSWORD}".encode()
    assert driver.feed(element("response", plain)) == f"<success xmlns='{SASL}'/>"


def test_anonymous_logs_in_where_the_host_allows() -> None:
    assert failure("invalid-mechanism") in opened().feed(element("auth", mechanism="ANONYMOUS"))
    driver = opened(anonymous=True)
    assert "<success " in driver.feed(element("auth", b"", mechanism="ANONYMOUS"))
    event = driver.events[-1]
    assert isinstance(event, LoggedIn)
    assert event.identity.anonymous


@pytest.mark.parametrize(
    ("sent", "condition"),
    [
        (auth(password="wrong"), "not-authorized"),
        (auth("nobody"), "not-authorized"),
        (auth("a b"), "not-authorized"),
        (auth(authzid=f"nurse@{HOST}"), "invalid-authzid"),
        (element("auth", b"\0juliet\0x", mechanism="KERBEROS_V4"), "invalid-mechanism"),
        (element("auth", b"\0juliet\0x"), "invalid-mechanism"),
        (element("auth", b"\0juliet\0x", mechanism=""), "invalid-mechanism"),
        (element("auth", b"no zeros", mechanism="PLAIN"), "malformed-request"),
        (element("auth", b"n,,n=juliet", mechanism="SCRAM-SHA-256"), "malformed-request"),
        (f"<auth xmlns='{SASL}' mechanism='PLAIN'>!</auth>", "incorrect-encoding"),
        (f"<auth xmlns='{SASL}' mechanism='PLAIN'> AGEAYg== </auth>", "incorrect-encoding"),
        (element("response", b"x"), "malformed-request"),
        (element("abort"), "malformed-request"),
        (element("success"), "malformed-request"),
    ],
)
def test_a_failed_attempt_leaves_the_stream_open(sent: str, condition: str) -> None:
    driver = opened()
    assert failure(condition) in driver.feed(sent)
    event = driver.events[-1]
    assert isinstance(event, LoginFailed)
    assert event.condition == condition
    assert driver.ended is None
    assert "<success " in driver.feed(auth())


def test_an_exchange_is_aborted() -> None:
    driver = opened()
    driver.feed(element("auth", mechanism="PLAIN"))
    assert failure("aborted") in driver.feed(element("abort"))
    assert failure("malformed-request") in driver.feed(element("response", b"\0juliet\0x"))


def test_who_failed_is_told_to_the_connection_and_not_to_the_client() -> None:
    driver = opened()
    known = driver.feed(auth("juliet", "wrong"))
    first = driver.events[-1]
    unknown = driver.feed(auth("nobody", "wrong"))
    second = driver.events[-1]
    assert known == unknown
    assert isinstance(first, LoginFailed)
    assert isinstance(second, LoginFailed)
    assert (first.account, second.account) == (f"juliet@{HOST}", f"nobody@{HOST}")


def test_an_unknown_account_takes_the_same_steps_as_a_known_one() -> None:
    steps = []
    for user in ("juliet", "nobody"):
        driver = opened()
        driver.feed(auth(user, "wrong"))
        steps.append([type(e.step).__name__ for e in driver.events if isinstance(e, Lookup)])
    assert steps[0] == steps[1] == ["NeedKeys", "VerifyPassword"]


def test_after_so_many_failures_the_stream_is_closed() -> None:
    driver = opened(attempts=3)
    for _ in range(2):
        driver.feed(auth(password="wrong"))
        assert driver.ended is None
    sent = driver.feed(auth(password="wrong"))
    assert sent.startswith(failure("not-authorized"))
    assert driver.condition == "policy-violation"
    assert driver.feed(auth()) == ""


def test_exchanges_that_are_begun_and_never_finished_count_as_failures() -> None:
    driver = opened(attempts=3)
    begin = element("auth", b"n,,n=juliet,r=abcdefgh", mechanism="SCRAM-SHA-256")
    for _ in range(3):
        assert driver.feed(begin).startswith("<challenge ")
    driver.feed(begin)
    assert driver.condition == "policy-violation"
    assert driver.stream.resolve(KEYS) == []


def test_only_the_second_of_two_exchanges_goes_on() -> None:
    driver = opened()
    first, second = (ScramClient("SCRAM-SHA-256", "juliet", PASSWORD) for _ in range(2))
    one = driver.feed(element("auth", first.initial(), mechanism="SCRAM-SHA-256"))
    driver.feed(element("auth", second.initial(), mechanism="SCRAM-SHA-256"))
    sent = driver.feed(element("response", first.respond(data_of(one))))
    assert failure("not-authorized") in sent


def test_a_disabled_account_is_told_so_only_after_the_right_password() -> None:
    for password, condition in (("wrong", "not-authorized"), (PASSWORD, "account-disabled")):
        driver = Driver(obliging=False)
        driver.feed(HEADER + auth(password=password))
        driver.take(driver.stream.resolve(KEYS, Condition.ACCOUNT_DISABLED))
        lookup = driver.events[-1]
        assert isinstance(lookup, Lookup)
        driver.take(driver.stream.resolve(*driver.look_up(lookup)))
        assert failure(condition) in driver.sent


def test_mechanisms_and_channel_bindings_are_offered() -> None:
    channel = Channel(encrypted=True, bindings={"tls-exporter": b"e", "tls-server-end-point": b"p"})
    host = settings().hosts[HOST]
    mechanisms, bindings = Authentication.features(host.policy, channel)
    assert next(m.text for m in mechanisms) == "SCRAM-SHA-512-PLUS"
    assert [b.get("type") for b in bindings] == ["tls-exporter", "tls-server-end-point"]


def test_nothing_is_offered_where_nothing_is_allowed() -> None:
    host = settings().hosts[HOST]
    assert Authentication.features(host.policy, Channel()) == []


def test_an_answer_without_an_exchange_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(RuntimeError):
        Authentication().resolve(None, None)
