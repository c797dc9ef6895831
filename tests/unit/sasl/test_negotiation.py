from dataclasses import replace

import pytest
from tests.unit.sasl.dialogue import DOMAIN, ITERATIONS, SECRET, log_in

from palaver.sasl import (
    MECHANISMS,
    Channel,
    Condition,
    Policy,
    SaslError,
    begin,
    binding_offers,
    derive_all,
    offers,
)
from palaver.sasl.client import PlainClient, ScramClient
from palaver.sasl.decoys import Decoys

POLICY = Policy(DOMAIN, Decoys(SECRET, ITERATIONS))
BINDINGS = {"tls-server-end-point": b"end point", "tls-exporter": b"exported"}
CLEAR = Channel()
TLS = Channel(encrypted=True)
BOUND = Channel(encrypted=True, bindings=BINDINGS)
CERTIFIED = Channel(encrypted=True, addresses=("juliet@example.org",))
SCRAM = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"]
PLUS = [f"{name}-PLUS" for name in SCRAM]


def test_the_strongest_mechanism_comes_first() -> None:
    everything = replace(BOUND, addresses=("juliet@example.org",))
    assert offers(replace(POLICY, anonymous=True), everything) == [
        "EXTERNAL",
        *PLUS,
        *SCRAM,
        "PLAIN",
        "ANONYMOUS",
    ]
    assert list(MECHANISMS) == offers(replace(POLICY, anonymous=True), everything)


def test_nothing_is_offered_in_clear_unless_configured() -> None:
    assert offers(replace(POLICY, anonymous=True), CLEAR) == []
    relaxed = replace(POLICY, encryption_required=False)
    assert offers(relaxed, CLEAR) == SCRAM
    assert offers(replace(relaxed, plain_without_tls=True), CLEAR) == [*SCRAM, "PLAIN"]


def test_plus_forms_need_channel_binding() -> None:
    assert offers(POLICY, TLS) == [*SCRAM, "PLAIN"]
    assert offers(POLICY, BOUND) == [*PLUS, *SCRAM, "PLAIN"]
    unknown = Channel(encrypted=True, bindings={"tls-magic": b"?"})
    assert offers(POLICY, unknown) == offers(POLICY, TLS)
    in_clear = replace(POLICY, encryption_required=False)
    assert offers(in_clear, Channel(bindings=BINDINGS)) == SCRAM


def test_external_needs_a_certificate_with_an_account_of_the_host() -> None:
    assert offers(POLICY, CERTIFIED)[0] == "EXTERNAL"
    elsewhere = replace(CERTIFIED, addresses=("juliet@example.net", "example.org"))
    assert "EXTERNAL" not in offers(POLICY, elsewhere)


def test_anonymous_needs_a_host_that_allows_it() -> None:
    assert "ANONYMOUS" not in offers(POLICY, TLS)
    assert "ANONYMOUS" in offers(replace(POLICY, anonymous=True), TLS)


def test_only_what_is_configured_is_offered_in_order_of_strength() -> None:
    some = replace(POLICY, mechanisms=("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS"))
    assert offers(some, BOUND) == ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", "PLAIN"]


def test_binding_types_are_offered_with_plus_forms_only() -> None:
    assert binding_offers(POLICY, BOUND) == ("tls-exporter", "tls-server-end-point")
    assert binding_offers(POLICY, TLS) == ()
    assert binding_offers(replace(POLICY, mechanisms=("SCRAM-SHA-1", "PLAIN")), BOUND) == ()


def refused(name: str, policy: Policy, channel: Channel) -> Condition:
    with pytest.raises(SaslError) as failure:
        begin(name, policy, channel)
    return failure.value.condition


@pytest.mark.parametrize("name", ["", "DIGEST-MD5", "plain", "SCRAM-SHA-1-PLUS-PLUS", "SCRAM-MD5"])
def test_a_mechanism_that_does_not_exist_is_invalid(name: str) -> None:
    assert refused(name, POLICY, BOUND) is Condition.INVALID_MECHANISM
    assert refused(name, POLICY, CLEAR) is Condition.INVALID_MECHANISM


@pytest.mark.parametrize("name", ["EXTERNAL", "ANONYMOUS", *PLUS])
def test_a_mechanism_that_cannot_work_is_invalid(name: str) -> None:
    assert refused(name, POLICY, TLS) is Condition.INVALID_MECHANISM


@pytest.mark.parametrize("name", MECHANISMS)
def test_before_tls_encryption_is_required(name: str) -> None:
    assert refused(name, POLICY, CLEAR) is Condition.ENCRYPTION_REQUIRED


@pytest.mark.parametrize("name", ["PLAIN", "EXTERNAL", *PLUS])
def test_some_mechanisms_require_encryption_always(name: str) -> None:
    relaxed = replace(POLICY, encryption_required=False)
    assert refused(name, relaxed, CLEAR) is Condition.ENCRYPTION_REQUIRED


@pytest.mark.parametrize("name", [*SCRAM, "PLAIN"])
def test_a_mechanism_left_out_by_the_configuration_is_too_weak(name: str) -> None:
    strict = replace(POLICY, mechanisms=("SCRAM-SHA-256-PLUS",))
    assert refused(name, strict, BOUND) is Condition.MECHANISM_TOO_WEAK


@pytest.mark.parametrize("channel", [TLS, BOUND, CERTIFIED])
def test_every_mechanism_on_offer_begins(channel: Channel) -> None:
    policy = replace(POLICY, anonymous=True)
    for name in offers(policy, channel):
        assert begin(name, policy, channel).domain == DOMAIN


def test_the_offer_of_plus_forms_reaches_the_mechanism() -> None:
    accounts = {"juliet@example.org": derive_all("r0m30", ITERATIONS)}
    could_bind = ScramClient("SCRAM-SHA-256", "juliet", "r0m30", bindings=BINDINGS)
    with pytest.raises(SaslError, match="channel binding"):
        log_in(begin("SCRAM-SHA-256", POLICY, BOUND), could_bind, accounts)
    could_bind = ScramClient("SCRAM-SHA-256", "juliet", "r0m30", bindings=BINDINGS)
    log_in(begin("SCRAM-SHA-256", POLICY, TLS), could_bind, accounts)
    bound = ScramClient(
        "SCRAM-SHA-256-PLUS", "juliet", "r0m30", bindings=BINDINGS, binding="tls-exporter"
    )
    log_in(begin("SCRAM-SHA-256-PLUS", POLICY, BOUND), bound, accounts)
    log_in(begin("PLAIN", POLICY, BOUND), PlainClient("juliet", "r0m30"), accounts)


def test_the_secret_does_not_show_in_logs() -> None:
    assert repr(SECRET) not in repr(POLICY)
