"""The server's side of SCRAM, against published exchanges and our own client."""

import base64

import pytest
from tests.unit.sasl.dialogue import DOMAIN, ITERATIONS, SECRET, log_in, settle

from palaver.jid import parse_bare
from palaver.sasl import (
    Challenge,
    Condition,
    Hash,
    NeedKeys,
    SaslError,
    ScramKeys,
    Success,
    derive_all,
)
from palaver.sasl.client import ScramClient
from palaver.sasl.decoys import Decoys
from palaver.sasl.messages import read_client_final
from palaver.sasl.scram import ScramServer, xor

ACCOUNTS = {"juliet@example.org": derive_all("r0m30", ITERATIONS)}
ENDPOINT = {"tls-server-end-point": b"end point"}
BOTH = {"tls-exporter": b"exported", **ENDPOINT}

# name, server's part of the nonce, salt, the four messages, channel-binding data
EXAMPLES = {
    "RFC 5802 section 5": (
        "SCRAM-SHA-1",
        "3rfcNHYJY1ZVvWVs7j",
        "QSXCR+Q6sek8bf92",
        "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        None,
    ),
    "RFC 7677 section 3": (
        "SCRAM-SHA-256",
        "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "W22ZaJ0SNY7soEsUEjb6gQ==",
        "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        None,
    ),
    # The -PLUS forms have no examples in the specifications; MailKit computes these.
    "MailKit, SHA-256-PLUS": (
        "SCRAM-SHA-256-PLUS",
        "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "W22ZaJ0SNY7soEsUEjb6gQ==",
        "p=tls-server-end-point,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsaW1hcDovL2Vsd29vZC5pbm5vc29mdC5jb20v,"
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=5mTXE52q6omlPLhl1OBywbbmUZoqUb8TZ0rQcSODGrg=",
        "v=iTfhTdj45V52spZKUcXtZGOkyhurIJ8/UAxKKJZcmRQ=",
        b"imap://elwood.innosoft.com/",
    ),
    "MailKit, SHA-512-PLUS": (
        "SCRAM-SHA-512-PLUS",
        "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "W22ZaJ0SNY7soEsUEjb6gQ==",
        "p=tls-server-end-point,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsaW1hcDovL2Vsd29vZC5pbm5vc29mdC5jb20v,"
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=Lrbr64QBLm57rPiUjNzRxRpy5SmWXr9uo1YaZamnGl5eJlvHL+VO3EogXgUmr8ht+aJoS3d2XOSNN6RUiA05sQ==",
        "v=mAlQYGd+jaCA+/6Ayj8wRQLKnuxQhjSabvJW4XqtPzjXayzXxbIElZP27ANJa7yNfb54XATe9O0/w1cNxvsRfg==",
        b"imap://elwood.innosoft.com/",
    ),
}


def server(name: str = "SCRAM-SHA-256", **options: object) -> ScramServer:
    hash_ = Hash(name.removeprefix("SCRAM-").removesuffix("-PLUS"))
    return ScramServer(hash_, DOMAIN, Decoys(SECRET, ITERATIONS), **options)  # type: ignore[arg-type]  # as the test has them


def client(name: str = "SCRAM-SHA-256", **options: object) -> ScramClient:
    account = {"username": "juliet", "password": "r0m30"}
    return ScramClient(name, **{**account, **options})  # type: ignore[arg-type]  # as the test has them


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_server_follows_the_examples(example: str) -> None:
    name, nonce, salt, first, challenge, final, verifier, data = EXAMPLES[example]
    binding = {"tls-server-end-point": data} if data else None
    scram = server(name, nonce=nonce, bindings=binding)
    keys = ScramKeys.derive("pencil", scram._hash, base64.b64decode(salt), 4096)

    assert scram.step(first.encode()) == NeedKeys(parse_bare("user@example.org"), keys.hash)
    assert scram.keys(keys) == Challenge(challenge.encode())
    done = scram.step(final.encode())
    assert isinstance(done, Success)
    assert done.identity.jid == "user@example.org"
    assert done.data == verifier.encode()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_client_sends_what_the_examples_send(example: str) -> None:
    name, _, _, first, challenge, final, verifier, data = EXAMPLES[example]
    peer = ScramClient(
        name,
        "user",
        "pencil",
        nonce=first.rpartition("r=")[2],
        bindings={"tls-server-end-point": data} if data else {},
        binding="tls-server-end-point" if data else None,
    )
    assert peer.initial() == first.encode()
    assert peer.respond(challenge.encode()) == final.encode()
    peer.finish(verifier.encode())


@pytest.mark.parametrize("hash_", Hash)
def test_the_right_password_logs_in_without_and_with_channel_binding(hash_: Hash) -> None:
    plain = log_in(server(f"SCRAM-{hash_}"), client(f"SCRAM-{hash_}"), ACCOUNTS)
    assert plain.identity.jid == "juliet@example.org"
    assert not plain.identity.anonymous
    name = f"SCRAM-{hash_}-PLUS"
    for binding in BOTH:
        bound = client(name, bindings=BOTH, binding=binding)
        assert log_in(server(name, bindings=BOTH), bound, ACCOUNTS).identity == plain.identity


def test_an_empty_challenge_asks_for_a_missing_initial_response() -> None:
    scram = server()
    assert scram.step(None) == Challenge(b"")
    assert isinstance(scram.step(client().initial()), NeedKeys)


def test_the_username_is_prepared_as_a_localpart() -> None:
    done = log_in(server(), client(username="JULIET"), ACCOUNTS)
    assert done.identity.jid == "juliet@example.org"


def refused(scram: ScramServer, peer: ScramClient, **options: Condition) -> tuple[Condition, str]:
    with pytest.raises(SaslError) as failure:
        log_in(scram, peer, ACCOUNTS, **options)
    return failure.value.condition, failure.value.text


def test_an_unknown_account_fails_exactly_like_a_wrong_password() -> None:
    wrong = refused(server(), client(password="rome0"))
    assert wrong == (Condition.NOT_AUTHORIZED, "")
    assert refused(server(), client(username="tybalt")) == wrong


def test_an_account_without_keys_of_that_hash_fails_like_an_unknown_one() -> None:
    scram = server("SCRAM-SHA-1")
    scram.step(client("SCRAM-SHA-1").initial())
    step = scram.keys(ScramKeys.derive("r0m30", Hash.SHA_256, iterations=ITERATIONS))
    assert isinstance(step, Challenge)


def test_the_challenge_for_an_unknown_account_is_stable_and_shaped_like_a_real_one() -> None:
    def challenge(username: str) -> dict[str, str]:
        scram = server()
        step = settle(scram, scram.step(client(username=username).initial()), ACCOUNTS)
        assert isinstance(step, Challenge)
        pairs = [part.split("=", 1) for part in step.data.decode().split(",")]
        return dict(pairs)

    unknown, again, real = challenge("tybalt"), challenge("TYBALT"), challenge("juliet")
    assert unknown["s"] == again["s"] != challenge("paris")["s"]
    assert unknown["r"] != again["r"]
    assert list(unknown) == list(real)
    assert unknown["i"] == real["i"]
    assert len(unknown["s"]) == len(real["s"])


@pytest.mark.parametrize("condition", [Condition.ACCOUNT_DISABLED, Condition.CREDENTIALS_EXPIRED])
def test_why_an_account_is_refused_learns_only_who_knows_the_password(
    condition: Condition,
) -> None:
    assert refused(server(), client(), refusal=condition) == (condition, "")
    wrong = refused(server(), client(password="rome0"), refusal=condition)
    assert wrong == (Condition.NOT_AUTHORIZED, "")


def test_the_authorisation_identity_may_be_the_account_itself() -> None:
    done = log_in(server(), client(authzid="Juliet@EXAMPLE.org"), ACCOUNTS)
    assert done.identity.jid == "juliet@example.org"


@pytest.mark.parametrize(
    "authzid",
    ["romeo@example.org", "juliet@example.net", "juliet", "juliet@example.org/r", "@", "a@b@c"],
)
def test_any_other_authorisation_identity_is_invalid(authzid: str) -> None:
    assert refused(server(), client(authzid=authzid))[0] is Condition.INVALID_AUTHZID


@pytest.mark.parametrize("username", ["juliet@example.org", "a b", "a/b", "\N{BLACK CHESS KING}"])
def test_a_name_no_account_can_have_is_not_authorized(username: str) -> None:
    assert refused(server(), client(username=username))[0] is Condition.NOT_AUTHORIZED


def test_a_client_that_missed_the_offer_of_channel_binding_is_under_attack() -> None:
    could = client(bindings=ENDPOINT)
    assert could.initial().startswith(b"y,")
    condition, text = refused(server(plus_offered=True), could)
    assert condition is Condition.NOT_AUTHORIZED
    assert "channel binding" in text
    log_in(server(plus_offered=False), client(bindings=ENDPOINT), ACCOUNTS)


def test_a_client_that_cannot_bind_logs_in_where_binding_is_offered() -> None:
    log_in(server(plus_offered=True), client(), ACCOUNTS)


def test_a_changed_flag_does_not_verify() -> None:
    """Somebody in the middle turns the ``y`` of the first message into ``n``."""
    scram, peer = server(plus_offered=True), client(bindings=ENDPOINT)
    step = settle(scram, scram.step(peer.initial().replace(b"y,", b"n,", 1)), ACCOUNTS)
    assert isinstance(step, Challenge)
    with pytest.raises(SaslError) as failure:
        scram.step(peer.respond(step.data))
    assert failure.value.condition is Condition.NOT_AUTHORIZED


def test_binding_to_another_channel_is_refused() -> None:
    scram = server("SCRAM-SHA-256-PLUS", bindings=BOTH)
    peer = client(
        "SCRAM-SHA-256-PLUS", bindings={"tls-exporter": b"in the middle"}, binding="tls-exporter"
    )
    condition, text = refused(scram, peer)
    assert condition is Condition.NOT_AUTHORIZED
    assert "channel" in text


def test_of_a_wrong_channel_learns_only_who_knows_the_password() -> None:
    scram = server("SCRAM-SHA-256-PLUS", bindings=BOTH)
    peer = client(
        "SCRAM-SHA-256-PLUS",
        password="rome0",
        bindings={"tls-exporter": b"in the middle"},
        binding="tls-exporter",
    )
    assert refused(scram, peer) == (Condition.NOT_AUTHORIZED, "")


def test_binding_of_a_type_not_offered_is_refused() -> None:
    scram = server("SCRAM-SHA-256-PLUS", bindings=ENDPOINT)
    peer = client("SCRAM-SHA-256-PLUS", bindings=BOTH, binding="tls-exporter")
    assert refused(scram, peer)[0] is Condition.NOT_AUTHORIZED


@pytest.mark.parametrize("flag", [b"n", b"y"])
def test_the_plus_form_without_binding_is_malformed(flag: bytes) -> None:
    with pytest.raises(SaslError) as failure:
        server("SCRAM-SHA-1-PLUS", bindings=BOTH).step(flag + b",,n=juliet,r=abc")
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_binding_without_the_plus_form_is_malformed() -> None:
    with pytest.raises(SaslError) as failure:
        server("SCRAM-SHA-1").step(b"p=tls-exporter,,n=juliet,r=abc")
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def final_message(scram: ScramServer) -> bytes:
    peer = client()
    step = settle(scram, scram.step(peer.initial()), ACCOUNTS)
    assert isinstance(step, Challenge)
    return peer.respond(step.data)


@pytest.mark.parametrize("proof", [b"", b"\0", b"\0" * 31, b"\0" * 32, b"\0" * 33, b"\0" * 4000])
def test_a_proof_of_any_length_is_compared(proof: bytes) -> None:
    scram = server()
    final = read_client_final(final_message(scram))
    message = final.without_proof + b",p=" + base64.b64encode(proof or final.proof[:-1])
    with pytest.raises(SaslError) as failure:
        scram.step(message)
    assert failure.value.condition is Condition.NOT_AUTHORIZED


def test_a_proof_with_zeros_before_it_does_not_verify() -> None:
    scram = server()
    final = read_client_final(final_message(scram))
    with pytest.raises(SaslError) as failure:
        scram.step(final.without_proof + b",p=" + base64.b64encode(b"\0" + final.proof))
    assert failure.value.condition is Condition.NOT_AUTHORIZED


def test_another_nonce_is_refused() -> None:
    scram = server()
    message = final_message(scram)
    nonce = read_client_final(message).nonce.encode()
    with pytest.raises(SaslError) as failure:
        scram.step(message.replace(nonce, nonce[:-1]))
    assert failure.value.condition is Condition.NOT_AUTHORIZED


def test_a_recorded_exchange_does_not_verify_again() -> None:
    recorded, scram, again = client(), server(), server()
    step = settle(scram, scram.step(recorded.initial()), ACCOUNTS)
    assert isinstance(step, Challenge)
    final = recorded.respond(step.data)
    assert isinstance(scram.step(final), Success)
    settle(again, again.step(recorded.initial()), ACCOUNTS)
    with pytest.raises(SaslError) as failure:
        again.step(final)
    assert failure.value.condition is Condition.NOT_AUTHORIZED


def test_attributes_are_appended_to_the_challenge() -> None:
    scram = server(attributes=[("h", "aGFzaA==")])
    peer = client()
    step = settle(scram, scram.step(peer.initial()), ACCOUNTS)
    assert isinstance(step, Challenge)
    assert step.data.endswith(b",i=4096,h=aGFzaA==")
    assert isinstance(scram.step(peer.respond(step.data)), Success)


def test_xor_keeps_the_longer_length() -> None:
    assert xor(b"\x0f\xf0", b"\xff\xff") == b"\xf0\x0f"
    assert xor(b"\x01", b"\x00\x00\x03") == b"\x00\x00\x02"
