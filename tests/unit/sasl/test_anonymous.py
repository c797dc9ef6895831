import uuid

import pytest

from palaver.sasl import Condition, SaslError, Success
from palaver.sasl.anonymous import MAX_TRACE, AnonymousServer


@pytest.mark.parametrize("response", [None, b"", b"sirhc", b"sirhc@example.org"])
def test_whoever_asks_gets_an_identity_with_or_without_trace(response: bytes | None) -> None:
    done = AnonymousServer("example.org").step(response)
    assert isinstance(done, Success)
    assert done.identity.anonymous
    assert done.identity.jid.domain == "example.org"
    assert uuid.UUID(done.identity.jid.local).version == 4


def test_every_identity_is_another() -> None:
    steps = [AnonymousServer("example.org").step(b"same") for _ in range(10)]
    assert len({step.identity.jid for step in steps if isinstance(step, Success)}) == 10


@pytest.mark.parametrize("trace", [b"\xff", b"x" * (MAX_TRACE + 1)])
def test_trace_information_against_the_grammar_is_malformed(trace: bytes) -> None:
    with pytest.raises(SaslError) as failure:
        AnonymousServer("example.org").step(trace)
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_the_length_of_trace_information_counts_characters() -> None:
    assert isinstance(AnonymousServer("example.org").step("é".encode() * MAX_TRACE), Success)
