"""HT-SHA-256-*: proof of a token (draft-schmaus-kitten-sasl-ht-09)."""

import hmac

import pytest

from palaver.jid import parse_bare
from palaver.sasl import Channel, Condition, Policy, SaslError, begin_token, token_offers
from palaver.sasl.decoys import Decoys
from palaver.sasl.steps import NeedToken, Success

HOST = "capulet.example"
TOKEN = b"secret-token:fast-Oeie4nah"
DATA = {"tls-exporter": b"e" * 32, "tls-server-end-point": b"p" * 32}
TLS = Channel(encrypted=True, bindings=DATA)
BOUND_ONLY = ("SCRAM-SHA-256-PLUS", "EXTERNAL", "ANONYMOUS")


def policy(*mechanisms: str) -> Policy:
    decoys = Decoys(b"s" * 32, 4096)
    return Policy(HOST, decoys, mechanisms) if mechanisms else Policy(HOST, decoys)


def proof(binding: bytes = b"", token: bytes = TOKEN, name: bytes = b"juliet") -> bytes:
    return name + b"\0" + hmac.digest(token, b"Initiator" + binding, "sha256")


def begun(name: str, message: bytes) -> tuple[NeedToken, object]:
    mechanism = begin_token(name, policy(), TLS)
    step = mechanism.step(message)
    assert isinstance(step, NeedToken)
    return step, mechanism


@pytest.mark.parametrize(
    ("name", "binding"),
    [
        ("HT-SHA-256-NONE", b""),
        ("HT-SHA-256-EXPR", b"e" * 32),
        ("HT-SHA-256-ENDP", b"p" * 32),
    ],
)
def test_both_sides_prove_that_they_have_the_token(name: str, binding: bytes) -> None:
    mechanism = begin_token(name, policy(), TLS)
    step = mechanism.step(proof(binding))
    assert isinstance(step, NeedToken)
    assert (step.account, step.mechanism) == (parse_bare(f"juliet@{HOST}"), name)
    assert step.fits(TOKEN)
    assert not step.fits(TOKEN + b"x")
    done = mechanism.token(TOKEN)
    assert isinstance(done, Success)
    assert done.data == hmac.digest(TOKEN, b"Responder" + binding, "sha256")


def test_a_proof_is_bound_to_its_channel() -> None:
    step, _ = begun("HT-SHA-256-ENDP", proof(b"x" * 32))
    assert not step.fits(TOKEN)
    step, _ = begun("HT-SHA-256-ENDP", proof())
    assert not step.fits(TOKEN)


def test_the_proof_is_in_no_representation() -> None:
    step, _ = begun("HT-SHA-256-NONE", proof())
    assert "proof" not in repr(step)


@pytest.mark.parametrize(
    ("message", "condition"),
    [
        (b"", Condition.MALFORMED_REQUEST),
        (b"juliet", Condition.MALFORMED_REQUEST),
        (b"\0" + b"x" * 32, Condition.MALFORMED_REQUEST),
        (b"juliet\0" + b"x" * 31, Condition.MALFORMED_REQUEST),
        (b"juliet\0" + b"x" * 33, Condition.MALFORMED_REQUEST),
        (b"\xff\0" + b"x" * 32, Condition.MALFORMED_REQUEST),
        (b"ju liet\0" + b"x" * 32, Condition.NOT_AUTHORIZED),
    ],
)
def test_what_is_no_proof(message: bytes, condition: Condition) -> None:
    with pytest.raises(SaslError) as caught:
        begin_token("HT-SHA-256-NONE", policy(), TLS).step(message)
    assert caught.value.condition is condition


def test_no_token_and_a_refusal() -> None:
    for refusal, expected in (
        (None, Condition.NOT_AUTHORIZED),
        (Condition.CREDENTIALS_EXPIRED, Condition.CREDENTIALS_EXPIRED),
    ):
        mechanism = begin_token("HT-SHA-256-NONE", policy(), TLS)
        mechanism.step(proof())
        with pytest.raises(SaslError) as caught:
            mechanism.token(None, refusal)
        assert caught.value.condition is expected


def test_what_is_offered_is_what_the_channel_gives() -> None:
    assert token_offers(policy(), TLS) == ["HT-SHA-256-EXPR", "HT-SHA-256-ENDP", "HT-SHA-256-NONE"]
    assert token_offers(policy(), Channel(encrypted=True)) == ["HT-SHA-256-NONE"]
    assert token_offers(policy(), Channel(bindings=DATA)) == []


def test_where_passwords_need_channel_binding_tokens_do() -> None:
    assert token_offers(policy(*BOUND_ONLY), TLS) == ["HT-SHA-256-EXPR", "HT-SHA-256-ENDP"]
    with pytest.raises(SaslError):
        begin_token("HT-SHA-256-NONE", policy(*BOUND_ONLY), TLS)
