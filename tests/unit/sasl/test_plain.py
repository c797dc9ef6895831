import pytest
from tests.unit.sasl.dialogue import DOMAIN, ITERATIONS, SECRET, log_in

from palaver.jid import parse_bare
from palaver.sasl import (
    Challenge,
    Condition,
    Hash,
    NeedKeys,
    SaslError,
    ScramKeys,
    VerifyPassword,
    derive_all,
)
from palaver.sasl.client import PlainClient
from palaver.sasl.decoys import Decoys
from palaver.sasl.plain import PlainServer

ACCOUNTS = {"juliet@example.org": derive_all("r0m30", ITERATIONS)}


def server() -> PlainServer:
    return PlainServer(DOMAIN, Decoys(SECRET, ITERATIONS))


def refused(message: bytes, refusal: Condition | None = None) -> tuple[Condition, str]:
    class Raw(PlainClient):
        def initial(self) -> bytes:
            return message

    with pytest.raises(SaslError) as failure:
        log_in(server(), Raw("", ""), ACCOUNTS, refusal)
    return failure.value.condition, failure.value.text


def test_the_right_password_logs_in() -> None:
    done = log_in(server(), PlainClient("juliet", "r0m30"), ACCOUNTS)
    assert done.identity.jid == "juliet@example.org"
    assert done.data is None


def test_keys_of_any_hash_function_do() -> None:
    for keys in derive_all("r0m30", ITERATIONS):
        log_in(server(), PlainClient("juliet", "r0m30"), {"juliet@example.org": (keys,)})


def test_an_empty_challenge_asks_for_a_missing_initial_response() -> None:
    plain = server()
    assert plain.step(None) == Challenge(b"")
    step = plain.step(PlainClient("juliet", "r0m30").respond(b""))
    assert step == NeedKeys(parse_bare("juliet@example.org"), None)


def test_the_password_is_prepared() -> None:
    accounts = {"juliet@example.org": (ScramKeys.derive("IX", Hash.SHA_1, iterations=4096),)}
    log_in(server(), PlainClient("juliet", "I\u00adX"), accounts)
    log_in(server(), PlainClient("juliet", "\u2168"), accounts)


def test_an_unknown_account_fails_exactly_like_a_wrong_password() -> None:
    wrong = refused(b"\0juliet\0rome0")
    assert wrong == (Condition.NOT_AUTHORIZED, "")
    assert refused(b"\0tybalt\0rome0") == wrong


def test_for_an_unknown_account_the_same_work_is_done() -> None:
    plain = server()
    plain.step(b"\0tybalt\0rome0")
    step = plain.keys(None)
    assert isinstance(step, VerifyPassword)
    strongest = ACCOUNTS["juliet@example.org"][0]
    assert (step.stored.hash, step.stored.iterations) == (strongest.hash, ITERATIONS)
    assert not step.verify()


def test_an_unknown_account_never_logs_in_whatever_its_keys_say() -> None:
    plain = server()
    plain.step(b"\0tybalt\0rome0")
    plain.keys(None)
    with pytest.raises(SaslError) as failure:
        plain.verdict(verified=True)
    assert failure.value.condition is Condition.NOT_AUTHORIZED


@pytest.mark.parametrize("condition", [Condition.ACCOUNT_DISABLED, Condition.CREDENTIALS_EXPIRED])
def test_why_an_account_is_refused_learns_only_who_knows_the_password(
    condition: Condition,
) -> None:
    assert refused(b"\0juliet\0r0m30", condition)[0] is condition
    assert refused(b"\0juliet\0rome0", condition)[0] is Condition.NOT_AUTHORIZED


def test_the_authorisation_identity_may_be_the_account_itself() -> None:
    done = log_in(server(), PlainClient("juliet", "r0m30", "JULIET@example.org"), ACCOUNTS)
    assert done.identity.jid == "juliet@example.org"


@pytest.mark.parametrize("authzid", [b"romeo@example.org", b"juliet", b"juliet@example.org/x"])
def test_any_other_authorisation_identity_is_invalid(authzid: bytes) -> None:
    assert refused(authzid + b"\0juliet\0r0m30")[0] is Condition.INVALID_AUTHZID


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"juliet",
        b"\0juliet",
        b"\0\0r0m30",
        b"\0juliet\0",
        b"\0juliet\0r0m30\0",
        b"\0juliet\0r0m30\0more",
        b"\0\xff\0r0m30",
        b"\0juliet\0\xed\xa0\x80",
    ],
)
def test_a_message_against_the_grammar_is_malformed(message: bytes) -> None:
    assert refused(message)[0] is Condition.MALFORMED_REQUEST


@pytest.mark.parametrize("password", [b"bell\x07", b"x" * 1025, "\u202e".encode()])
def test_a_password_no_account_can_have_is_not_authorized(password: bytes) -> None:
    assert refused(b"\0juliet\0" + password)[0] is Condition.NOT_AUTHORIZED


def test_the_password_does_not_show_in_logs() -> None:
    keys = ACCOUNTS["juliet@example.org"][0]
    assert "r0m30" not in repr(VerifyPassword(keys, "r0m30"))
