"""SASL: mechanisms, channel binding and certificates' addresses, without I/O.

A stream asks `offers` and `binding_offers` what to advertise, starts with `begin` the mechanism
a client chose, and follows its steps to `Success` or `SaslError`. `palaver.sasl.client` has the
client's side, `palaver.sasl.exporter` the data of the channel-binding type *tls-exporter*.
"""

from palaver.sasl.binding import tls_server_end_point
from palaver.sasl.certificates import certificate_identities
from palaver.sasl.encoding import decode, decode_initial, encode, encode_optional
from palaver.sasl.errors import Condition, SaslError
from palaver.sasl.keys import (
    DEFAULT_ITERATIONS,
    MIN_ITERATIONS,
    Hash,
    ScramKeys,
    derive_all,
)
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.negotiation import (
    MECHANISMS,
    Channel,
    Policy,
    begin,
    binding_offers,
    offers,
)
from palaver.sasl.steps import (
    Challenge,
    Identity,
    NeedAccount,
    NeedKeys,
    Step,
    Success,
    VerifyPassword,
)

__all__ = [
    "DEFAULT_ITERATIONS",
    "MECHANISMS",
    "MIN_ITERATIONS",
    "Challenge",
    "Channel",
    "Condition",
    "Hash",
    "Identity",
    "NeedAccount",
    "NeedKeys",
    "Policy",
    "SaslError",
    "ScramKeys",
    "ServerMechanism",
    "Step",
    "Success",
    "VerifyPassword",
    "begin",
    "binding_offers",
    "certificate_identities",
    "decode",
    "decode_initial",
    "derive_all",
    "encode",
    "encode_optional",
    "offers",
    "tls_server_end_point",
]
