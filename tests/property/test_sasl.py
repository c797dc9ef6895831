"""Whatever a client sends, a mechanism answers with a step or a SaslError."""

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from palaver.sasl import (
    Challenge,
    Channel,
    Hash,
    NeedAccount,
    NeedKeys,
    Policy,
    SaslError,
    ScramKeys,
    ServerMechanism,
    Step,
    Success,
    VerifyPassword,
    begin,
    certificate_identities,
    decode,
    encode,
    offers,
    tls_server_end_point,
)
from palaver.sasl.client import ClientError, ScramClient
from palaver.sasl.decoys import Decoys
from palaver.sasl.messages import escape, read_client_first
from palaver.sasl.preparation import prepare_password

BINDINGS = {"tls-exporter": b"exported", "tls-server-end-point": b"end point"}
CHANNEL = Channel(encrypted=True, bindings=BINDINGS, addresses=("juliet@example.org",))
POLICY = Policy("example.org", Decoys(b"\x17" * 32, 4096), anonymous=True)
KEYS = {hash_: ScramKeys.derive("r0m30", hash_, b"sixteen bytes it", 4096) for hash_ in Hash}

scram_like = st.lists(
    st.sampled_from(
        ["n", "y", "p=tls-exporter", "", "a=", "n=", "r=", "c=", "p=", "m=x", "x=y", "n=juliet"]
    ).flatmap(lambda head: st.text(max_size=8).map(lambda tail: head + tail)),
    max_size=6,
).map(lambda parts: ",".join(parts).encode("utf-8", "surrogatepass"))
plain_like = st.lists(st.text(max_size=6), max_size=4).map(
    lambda parts: "\0".join(parts).encode("utf-8", "surrogatepass")
)
messages = st.none() | st.binary(max_size=200) | scram_like | plain_like


def answer(mechanism: ServerMechanism, step: Step, exists: bool) -> Step:
    match step:
        case NeedKeys():
            return mechanism.keys(KEYS[step.hash or Hash.SHA_1] if exists else None)
        case VerifyPassword():
            return mechanism.verdict(step.stored.iterations == 0)
        case NeedAccount():
            return mechanism.account(exists)
        case _:
            raise AssertionError(step)


@given(st.sampled_from(offers(POLICY, CHANNEL)), st.lists(messages, max_size=4), st.booleans())
def test_any_messages_lead_to_a_step_or_a_sasl_error(
    name: str, conversation: list[bytes | None], exists: bool
) -> None:
    mechanism = begin(name, POLICY, CHANNEL)
    for message in conversation:
        try:
            step = mechanism.step(message)
            while isinstance(step, NeedKeys | VerifyPassword | NeedAccount):
                step = answer(mechanism, step, exists)
        except SaslError:
            return
        assert isinstance(step, Challenge | Success)
        if isinstance(step, Success):
            assert name in ("ANONYMOUS", "EXTERNAL")
            return


@given(st.text())
def test_any_text_decodes_canonically_or_is_a_sasl_error(text: str) -> None:
    try:
        data = decode(text)
    except SaslError:
        return
    assert text in (encode(data), "=")


@given(st.binary(max_size=1000))
def test_encoding_comes_back(data: bytes) -> None:
    assert decode(encode(data)) == data
    assert encode(data) == base64.b64encode(data).decode()


@given(st.text(min_size=1), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_names_and_nonces_come_back(name: str, nonce: str) -> None:
    assume("\0" not in name and "," not in nonce)
    message = f"n,a={escape(name)},n={escape(name)},r={nonce}".encode("utf-8", "replace")
    first = read_client_first(message)
    assert first.username == first.authzid == name.encode("utf-8", "replace").decode()
    assert first.nonce == nonce
    assert first.header + first.bare == message


@given(st.text())
def test_any_password_is_prepared_once_and_for_all_or_refused(password: str) -> None:
    try:
        prepared = prepare_password(password)
    except ValueError:
        return
    assert prepare_password(prepared.decode()) == prepared


@given(st.binary(max_size=300) | scram_like)
def test_any_challenge_is_answered_or_a_client_error(challenge: bytes) -> None:
    peer = ScramClient("SCRAM-SHA-1", "juliet", "r0m30", nonce="n", salted=_Cheap())
    for take in (peer.respond, peer.respond, peer.finish):
        try:
            take(challenge)
        except ClientError:
            continue


class _Cheap(dict[tuple[Hash, bytes, int], bytes]):
    """Knows every salted password, so that nothing is derived."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, _: object) -> bytes:
        return b"salted"


@given(st.binary(max_size=200))
def test_any_bytes_that_are_no_certificate_name_nobody_and_bind_to_nothing(junk: bytes) -> None:
    assert certificate_identities(junk) == ()
    with pytest.raises(ValueError, match="certificate"):
        tls_server_end_point(junk)
