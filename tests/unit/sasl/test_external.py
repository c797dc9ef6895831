from collections.abc import Iterable

import pytest
from tests.unit.sasl.dialogue import DOMAIN

from palaver.jid import parse_bare
from palaver.sasl import Challenge, Condition, NeedAccount, SaslError, Step
from palaver.sasl.external import ExternalServer
from palaver.sasl.steps import Success


def step(addresses: Iterable[str], response: bytes | None) -> Step:
    return ExternalServer(DOMAIN, addresses).step(response)


def refused(addresses: Iterable[str], response: bytes) -> Condition:
    with pytest.raises(SaslError) as failure:
        step(addresses, response)
    return failure.value.condition


def test_the_only_address_needs_no_authorisation_identity() -> None:
    assert step(["juliet@example.org"], b"") == NeedAccount(parse_bare("juliet@example.org"))


def test_the_only_address_may_be_named() -> None:
    assert step(["JULIET@example.org"], b"Juliet@Example.org") == NeedAccount(
        parse_bare("juliet@example.org")
    )


def test_of_several_addresses_one_must_be_named() -> None:
    several = ["juliet@example.org", "capulet@example.org"]
    assert step(several, b"capulet@example.org") == NeedAccount(parse_bare("capulet@example.org"))
    assert refused(several, b"") is Condition.INVALID_AUTHZID


def test_addresses_of_other_domains_and_no_addresses_do_not_count() -> None:
    mixed = ["juliet@example.org", "juliet@example.net", "example.org", "a@b@c", "x@example.org/r"]
    assert step(mixed, b"") == NeedAccount(parse_bare("juliet@example.org"))
    assert refused(mixed, b"juliet@example.net") is Condition.INVALID_AUTHZID


def test_one_address_twice_is_one_address() -> None:
    assert step(["juliet@example.org", "Juliet@example.org"], b"") == NeedAccount(
        parse_bare("juliet@example.org")
    )


@pytest.mark.parametrize("authzid", [b"romeo@example.org", b"juliet", b"@", b"example.org"])
def test_an_address_not_in_the_certificate_is_invalid(authzid: bytes) -> None:
    assert refused(["juliet@example.org"], authzid) is Condition.INVALID_AUTHZID


def test_a_certificate_without_address_here_is_not_authorized() -> None:
    assert refused(["juliet@example.net"], b"") is Condition.NOT_AUTHORIZED


def test_what_is_not_utf_8_is_malformed() -> None:
    assert refused(["juliet@example.org"], b"\xff") is Condition.MALFORMED_REQUEST


def test_an_empty_challenge_asks_for_a_missing_initial_response() -> None:
    external = ExternalServer(DOMAIN, ["juliet@example.org"])
    assert external.step(None) == Challenge(b"")
    assert external.step(b"") == NeedAccount(parse_bare("juliet@example.org"))


def test_an_existing_account_is_logged_in() -> None:
    external = ExternalServer(DOMAIN, ["juliet@example.org"])
    external.step(b"")
    done = external.account(exists=True)
    assert isinstance(done, Success)
    assert done.identity.jid == "juliet@example.org"


@pytest.mark.parametrize(
    ("exists", "refusal", "condition"),
    [
        (False, None, Condition.NOT_AUTHORIZED),
        (False, Condition.ACCOUNT_DISABLED, Condition.NOT_AUTHORIZED),
        (True, Condition.ACCOUNT_DISABLED, Condition.ACCOUNT_DISABLED),
    ],
)
def test_a_missing_or_refused_account_is_not(
    exists: bool, refusal: Condition | None, condition: Condition
) -> None:
    external = ExternalServer(DOMAIN, ["juliet@example.org"])
    external.step(b"")
    with pytest.raises(SaslError) as failure:
        external.account(exists, refusal)
    assert failure.value.condition is condition
