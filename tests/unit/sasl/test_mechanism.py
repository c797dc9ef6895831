"""What holds for every server mechanism: the order of calls and the limits."""

from collections.abc import Callable

import pytest
from tests.unit.sasl.dialogue import DOMAIN, ITERATIONS, SECRET

from palaver.sasl import Condition, Hash, SaslError, ServerMechanism
from palaver.sasl.anonymous import AnonymousServer
from palaver.sasl.decoys import Decoys
from palaver.sasl.encoding import MAX_MESSAGE_BYTES
from palaver.sasl.external import ExternalServer
from palaver.sasl.plain import PlainServer
from palaver.sasl.scram import ScramServer

EVERY: dict[str, Callable[[], ServerMechanism]] = {
    "scram": lambda: ScramServer(Hash.SHA_1, DOMAIN, Decoys(SECRET, ITERATIONS)),
    "plain": lambda: PlainServer(DOMAIN, Decoys(SECRET, ITERATIONS)),
    "external": lambda: ExternalServer(DOMAIN, ["juliet@example.org"]),
    "anonymous": lambda: AnonymousServer(DOMAIN),
}


@pytest.fixture(params=EVERY)
def mechanism(request: pytest.FixtureRequest) -> ServerMechanism:
    return EVERY[request.param]()


def test_an_overlong_message_is_malformed(mechanism: ServerMechanism) -> None:
    with pytest.raises(SaslError) as failure:
        mechanism.step(b"n" * (MAX_MESSAGE_BYTES + 1))
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_an_abort_ends_the_exchange(mechanism: ServerMechanism) -> None:
    with pytest.raises(SaslError) as failure:
        mechanism.abort()
    assert failure.value.condition is Condition.ABORTED
    with pytest.raises(SaslError) as failure:
        mechanism.step(b"")
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_a_failure_ends_the_exchange(mechanism: ServerMechanism) -> None:
    for _ in range(2):
        with pytest.raises(SaslError) as failure:
            mechanism.step(b"\xff")
        assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_a_response_during_a_lookup_is_malformed() -> None:
    plain = PlainServer(DOMAIN, Decoys(SECRET, ITERATIONS))
    plain.step(b"\0juliet\0r0m30")
    with pytest.raises(SaslError) as failure:
        plain.step(b"\0juliet\0r0m30")
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_an_answer_nobody_asked_for_is_the_callers_mistake(mechanism: ServerMechanism) -> None:
    keys = Decoys(SECRET).keys("juliet@example.org", Hash.SHA_1)
    with pytest.raises(RuntimeError, match="awaits RESPONSE"):
        mechanism.keys(keys)
    with pytest.raises(RuntimeError, match="awaits RESPONSE"):
        mechanism.verdict(True)
    with pytest.raises(RuntimeError, match="awaits RESPONSE"):
        mechanism.account(True)


def test_mechanisms_are_slim(mechanism: ServerMechanism) -> None:
    assert not hasattr(mechanism, "__dict__")
