"""Protection of the lists of mechanisms and channel-binding types (XEP-0474)."""

import base64

import pytest

from palaver.sasl import Channel, Hash, Policy, begin, offers
from palaver.sasl.client import ClientError, choose
from palaver.sasl.decoys import Decoys
from palaver.sasl.downgrade import advertised
from palaver.sasl.steps import Challenge

POLICY = Policy("capulet.example", Decoys(b"s" * 32, 4096))
DATA = {"tls-exporter": b"e" * 32, "tls-server-end-point": b"p" * 32}
TLS = Channel(encrypted=True, bindings=DATA)


def test_the_hash_of_the_specification() -> None:
    bindings = ("tls-server-end-point", "tls-exporter")
    found = advertised(("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"), bindings, Hash.SHA_1)
    assert found == "G6k/rBLDqgOhRRaCuuatSDFkJ08="


def test_without_channel_binding_there_is_no_second_list() -> None:
    expected = base64.b64encode(Hash.SHA_256.of(b"A\x1eB")).decode()
    assert advertised(("B", "A"), (), Hash.SHA_256) == expected


def first_message(name: str, initial: bytes) -> bytes:
    mechanism = begin(name, POLICY, TLS)
    mechanism.step(initial)
    step = mechanism.keys(None)
    assert isinstance(step, Challenge)
    return step.data


@pytest.mark.parametrize(
    ("taken_away", "types", "noticed"),
    [
        ((), ("tls-exporter", "tls-server-end-point"), False),
        (("SCRAM-SHA-512-PLUS",), ("tls-exporter", "tls-server-end-point"), True),
        ((), ("tls-server-end-point",), True),
    ],
)
def test_a_client_notices_what_somebody_took_away(
    taken_away: tuple[str, ...], types: tuple[str, ...], noticed: bool
) -> None:
    seen = [name for name in offers(POLICY, TLS) if name not in taken_away]
    client = choose(seen, "juliet", "wherefore", bindings=DATA, offered_types=types)
    challenge = first_message(client.name, client.initial())
    if noticed:
        with pytest.raises(ClientError, match="changed the list"):
            client.respond(challenge)
    else:
        client.respond(challenge)
