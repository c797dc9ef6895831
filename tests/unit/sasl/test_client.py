"""The client's side: what it chooses, and what it does not let a server do."""

import pytest
from tests.unit.sasl.dialogue import DOMAIN, ITERATIONS, SECRET, log_in, settle

from palaver.sasl import (
    Challenge,
    Channel,
    Hash,
    Policy,
    Success,
    begin,
    binding_offers,
    derive_all,
    offers,
)
from palaver.sasl.client import (
    MAX_ITERATIONS,
    ClientError,
    ClientMechanism,
    PlainClient,
    SaltedPasswords,
    ScramClient,
    choose,
)
from palaver.sasl.decoys import Decoys

ACCOUNTS = {"juliet@example.org": derive_all("r0m30", ITERATIONS)}
POLICY = Policy(DOMAIN, Decoys(SECRET, ITERATIONS))
ENDPOINT = {"tls-server-end-point": b"end point"}
BOTH = {**ENDPOINT, "tls-exporter": b"exported"}
SHA_256 = ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"]


def scram(**options: str) -> ScramClient:
    return ScramClient("SCRAM-SHA-1", "juliet", "r0m30", nonce="abc", **options)  # type: ignore[arg-type]  # as the test has them


@pytest.mark.parametrize(
    "challenge",
    [
        b"",
        b"r=abcd",
        b"r=abcd,s=c2FsdA==",
        b"r=abcd,s=c2FsdA==,i=",
        b"r=abcd,s=c2FsdA==,i=x",
        b"r=abcd,s=c2FsdA==,i=4_096",
        b"r=abcd,s=c2FsdA==,i=-4096",
        b"r=abcd,s=,i=4096",
        b"r=abcd,s=c2FsdA,i=4096",
        b"s=c2FsdA==,r=abcd,i=4096",
        b"m=x,r=abcd,s=c2FsdA==,i=4096",
        b"r=abcd,s=c2FsdA==,i=4096,m=x",
        b"r=ab d,s=c2FsdA==,i=4096",
        b"r=abcd,s=c2FsdA==,i=4096\0",
        b"\xff",
        b"e=unknown-user",
    ],
)
def test_a_malformed_challenge_is_an_error(challenge: bytes) -> None:
    with pytest.raises(ClientError, match="malformed"):
        scram().respond(challenge)


@pytest.mark.parametrize("nonce", ["abc", "ab", "xyz", "ABCD"])
def test_the_servers_nonce_must_continue_the_clients(nonce: str) -> None:
    with pytest.raises(ClientError, match="nonce"):
        scram().respond(f"r={nonce},s=c2FsdA==,i=4096".encode())


@pytest.mark.parametrize("iterations", [1, 4095, MAX_ITERATIONS + 1, 999_999_999])
def test_the_work_a_server_may_ask_for_has_bounds(iterations: int) -> None:
    with pytest.raises(ClientError, match="iterations"):
        scram().respond(f"r=abcd,s=c2FsdA==,i={iterations}".encode())


def test_a_password_that_cannot_be_prepared_is_an_error() -> None:
    peer = ScramClient("SCRAM-SHA-1", "juliet", "bell\u0007", nonce="abc")
    with pytest.raises(ClientError, match="password"):
        peer.respond(b"r=abcd,s=c2FsdA==,i=4096")


@pytest.mark.parametrize(
    "data",
    [None, b"", b"v=", b"v=AAAA", b"e=other-error", b"v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", b"\xff"],
)
def test_a_server_that_does_not_prove_itself_is_not_believed(data: bytes | None) -> None:
    peer = scram()
    peer.respond(b"r=abcd,s=c2FsdA==,i=4096")
    with pytest.raises(ClientError, match="prove"):
        peer.finish(data)


def test_a_success_without_exchange_is_not_believed() -> None:
    with pytest.raises(ClientError, match="prove"):
        scram().finish(b"v=")


def test_a_decoys_keys_prove_nothing_to_the_client() -> None:
    peer = ScramClient("SCRAM-SHA-1", "tybalt", "pw")
    server = begin("SCRAM-SHA-1", POLICY, Channel(encrypted=True))
    step = settle(server, server.step(peer.initial()), ACCOUNTS)
    assert isinstance(step, Challenge)
    peer.respond(step.data)
    with pytest.raises(ClientError, match="prove"):
        peer.finish(None)


def test_the_servers_proof_may_come_as_a_challenge() -> None:
    server = begin("SCRAM-SHA-1", POLICY, Channel(encrypted=True))
    peer = ScramClient("SCRAM-SHA-1", "juliet", "r0m30")
    step = settle(server, server.step(peer.initial()), ACCOUNTS)
    assert isinstance(step, Challenge)
    done = server.step(peer.respond(step.data))
    assert isinstance(done, Success)
    assert peer.respond(done.data or b"") == b""
    peer.finish(None)


def test_salted_passwords_are_derived_once() -> None:
    salted: SaltedPasswords = {}
    for _ in range(2):
        server = begin("SCRAM-SHA-256", POLICY, Channel(encrypted=True))
        peer = ScramClient("SCRAM-SHA-256", "juliet", "r0m30", salted=salted)
        log_in(server, peer, ACCOUNTS)
    ((hash_, _, iterations),) = salted
    assert (hash_, iterations) == (Hash.SHA_256, ITERATIONS)


def test_plain_has_one_message_and_no_challenges() -> None:
    plain = PlainClient("tim", "tanstaaftanstaaf")
    assert plain.initial() == b"\0tim\0tanstaaftanstaaf"
    assert plain.respond(b"") == plain.initial()
    assert PlainClient("Kurt", "xipj3plmq", "Ursel").initial() == b"Ursel\0Kurt\0xipj3plmq"
    with pytest.raises(ClientError):
        plain.respond(b"x")


def test_the_plus_form_needs_data_to_bind_to() -> None:
    with pytest.raises(ClientError, match="channel-binding data"):
        ScramClient("SCRAM-SHA-1-PLUS", "juliet", "r0m30", bindings=ENDPOINT, binding="tls-unique")


def chosen(offered: list[str], **options: object) -> ClientMechanism:
    return choose(offered, "juliet", "r0m30", **options)  # type: ignore[arg-type]  # as the test has them


@pytest.mark.parametrize("bindings", [{}, ENDPOINT, BOTH])
@pytest.mark.parametrize("server_bindings", [{}, ENDPOINT, BOTH])
def test_both_sides_agree_whatever_each_can_bind_to(
    bindings: dict[str, bytes], server_bindings: dict[str, bytes]
) -> None:
    channel = Channel(encrypted=True, bindings=server_bindings)
    names = offers(POLICY, channel)
    peer = chosen(names, bindings=bindings, offered_types=binding_offers(POLICY, channel))
    log_in(begin(peer.name, POLICY, channel), peer, ACCOUNTS)
    assert peer.name == ("SCRAM-SHA-512-PLUS" if bindings and server_bindings else "SCRAM-SHA-512")


def test_the_strongest_shared_binding_is_used() -> None:
    every = chosen(SHA_256, bindings=BOTH, offered_types=["tls-server-end-point", "tls-exporter"])
    assert every.initial().startswith(b"p=tls-exporter,")
    unannounced = chosen(SHA_256, bindings=BOTH)
    assert unannounced.initial().startswith(b"p=tls-server-end-point,")


def test_the_flag_tells_what_the_client_saw() -> None:
    assert chosen(["SCRAM-SHA-256"]).initial().startswith(b"n,")
    assert chosen(SHA_256).initial().startswith(b"n,")
    assert chosen(["SCRAM-SHA-256"], bindings=BOTH).initial().startswith(b"y,")
    only_exporter = {"tls-exporter": b"exported"}
    nothing_shared = chosen(SHA_256, bindings=only_exporter, offered_types=ENDPOINT)
    assert nothing_shared.name == "SCRAM-SHA-256"
    assert nothing_shared.initial().startswith(b"n,")


def test_advertisements_only_an_attacker_makes_are_refused() -> None:
    with pytest.raises(ClientError, match="no -PLUS mechanism"):
        chosen(["SCRAM-SHA-256"], bindings=BOTH, offered_types=["tls-exporter"])
    with pytest.raises(ClientError, match="every server must have"):
        chosen(SHA_256, bindings=BOTH, offered_types=["tls-magic"])


def test_the_password_is_sent_only_if_that_is_allowed() -> None:
    with pytest.raises(ClientError, match="no mechanism in common"):
        chosen(["PLAIN", "X-OAUTH2"])
    assert chosen(["PLAIN", "X-OAUTH2"], plain_allowed=True).name == "PLAIN"
    assert chosen(["PLAIN", "SCRAM-SHA-1"], plain_allowed=True).name == "SCRAM-SHA-1"
