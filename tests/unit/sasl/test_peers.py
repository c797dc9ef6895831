"""The server's side against the SASL of another project, slixmpp."""

from typing import Any

import pytest
from slixmpp.util import sasl
from tests.unit.sasl.dialogue import DOMAIN, ITERATIONS, SECRET, log_in

from palaver.sasl import Channel, Policy, SaslError, begin, derive_all
from palaver.sasl.client import ClientMechanism
from palaver.sasl.decoys import Decoys

PASSWORD = "p\u00e4sswort \u2168 = , 100%"
ACCOUNTS = {"juliet=x@example.org": derive_all(PASSWORD, ITERATIONS)}
POLICY = Policy(DOMAIN, Decoys(SECRET, ITERATIONS))


class Slixmpp(ClientMechanism):
    """Speaks for slixmpp's mechanism *name*."""

    def __init__(self, name: str, *, plus_seen: bool = True, **credentials: object) -> None:
        def give(*_: object) -> dict[str, Any]:
            account = {"username": "juliet=x", "password": PASSWORD, "authzid": ""}
            return {**account, "channel_binding": b"", **credentials}

        def security(*_: object) -> dict[str, Any]:
            return {
                "encrypted": True,
                "encrypted_plain": True,
                "unencrypted_scram": False,
                "binding_proposed": plus_seen,
                "tls_version": "TLSv1.3",
            }

        self.name = name
        self._peer: Any = sasl.choose([name], give, security)

    def initial(self) -> bytes:
        return bytes(self._peer.process())

    def respond(self, challenge: bytes) -> bytes:
        return bytes(self._peer.process(challenge))

    def finish(self, data: bytes | None) -> None:
        if data is not None:
            self._peer.process(data)


@pytest.mark.parametrize("name", ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"])
def test_slixmpp_logs_in(name: str) -> None:
    channel = Channel(encrypted=True)
    done = log_in(begin(name, POLICY, channel), Slixmpp(name), ACCOUNTS)
    assert done.identity.jid == "juliet=x@example.org"


@pytest.mark.parametrize("name", ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"])
def test_slixmpp_binds_to_the_channel(name: str) -> None:
    channel = Channel(encrypted=True, bindings={"tls-exporter": b"exported"})
    bound = Slixmpp(name, channel_binding=b"exported")
    log_in(begin(name, POLICY, channel), bound, ACCOUNTS)
    elsewhere = Slixmpp(name, channel_binding=b"in the middle")
    with pytest.raises(SaslError, match="channel"):
        log_in(begin(name, POLICY, channel), elsewhere, ACCOUNTS)


def test_slixmpp_that_missed_the_offer_of_channel_binding_is_refused() -> None:
    channel = Channel(encrypted=True, bindings={"tls-exporter": b"exported"})
    log_in(begin("SCRAM-SHA-1", POLICY, channel), Slixmpp("SCRAM-SHA-1"), ACCOUNTS)
    with pytest.raises(SaslError, match="channel binding"):
        log_in(
            begin("SCRAM-SHA-1", POLICY, channel),
            Slixmpp("SCRAM-SHA-1", plus_seen=False),
            ACCOUNTS,
        )


@pytest.mark.parametrize("name", ["SCRAM-SHA-256", "PLAIN"])
def test_slixmpp_with_a_wrong_password_is_refused(name: str) -> None:
    channel = Channel(encrypted=True)
    with pytest.raises(SaslError, match="not-authorized"):
        log_in(begin(name, POLICY, channel), Slixmpp(name, password="wrong"), ACCOUNTS)


def test_slixmpp_may_name_itself_as_authorisation_identity() -> None:
    channel = Channel(encrypted=True)
    for authzid in ("juliet=x@example.org", "romeo@example.org"):
        peer = Slixmpp("SCRAM-SHA-256", authzid=authzid)
        if authzid.startswith("juliet"):
            log_in(begin(peer.name, POLICY, channel), peer, ACCOUNTS)
            continue
        with pytest.raises(SaslError, match="invalid-authzid"):
            log_in(begin(peer.name, POLICY, channel), peer, ACCOUNTS)
