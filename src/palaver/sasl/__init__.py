"""SASL: mechanisms, channel binding and certificates' addresses, without I/O.

A stream asks `offers` and `binding_offers` what to advertise, starts with `begin` the mechanism
a client chose, and follows its steps to `Success` or `SaslError`. `palaver.sasl.client` has the
client's side, `palaver.sasl.exporter` the data of the channel-binding type *tls-exporter*.
"""

from typing import Final

from palaver.sasl.binding import tls_server_end_point
from palaver.sasl.certificates import certificate_identities
from palaver.sasl.decoys import Decoys, Population
from palaver.sasl.encoding import decode, decode_initial, encode, encode_optional
from palaver.sasl.errors import Condition, SaslError
from palaver.sasl.hashed_token import TOKEN_MECHANISMS
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
    PASSWORD_MECHANISMS,
    Channel,
    Policy,
    begin,
    begin_token,
    binding_offers,
    offers,
    scram_hashes,
    token_offers,
)
from palaver.sasl.steps import (
    Challenge,
    Found,
    Identity,
    Lookup,
    NeedAccount,
    NeedKeys,
    NeedToken,
    Step,
    Success,
    VerifyPassword,
)
from palaver.specifications import Rfc, Xep

IMPLEMENTS: Final = (
    Rfc(4422, "Simple Authentication and Security Layer (SASL)", "EXTERNAL and the framework"),
    Rfc(4505, "Anonymous Simple Authentication and Security Layer (SASL) Mechanism"),
    Rfc(4616, "The PLAIN Simple Authentication and Security Layer (SASL) Mechanism"),
    Rfc(5802, "Salted Challenge Response Authentication Mechanism (SCRAM)", "with SHA-512 too"),
    Rfc(5929, "Channel Bindings for TLS", "`tls-server-end-point`; `tls-unique` below TLS 1.3"),
    Rfc(7677, "SCRAM-SHA-256 and SCRAM-SHA-256-PLUS"),
    Rfc(9525, "Service Identity in TLS", "of other servers; DNS-ID, SRV-ID and xmppAddr"),
    Rfc(9266, "Channel Bindings for TLS 1.3", "`tls-exporter`, where the TLS library lets it"),
    Xep(175, "1.2"),
    Xep(178, "1.2", "for clients and servers"),
    Xep(440, "1.0.0"),
    Xep(474, "0.5.0"),
)

__all__ = [
    "DEFAULT_ITERATIONS",
    "IMPLEMENTS",
    "MECHANISMS",
    "MIN_ITERATIONS",
    "PASSWORD_MECHANISMS",
    "TOKEN_MECHANISMS",
    "Challenge",
    "Channel",
    "Condition",
    "Decoys",
    "Found",
    "Hash",
    "Identity",
    "Lookup",
    "NeedAccount",
    "NeedKeys",
    "NeedToken",
    "Policy",
    "Population",
    "SaslError",
    "ScramKeys",
    "ServerMechanism",
    "Step",
    "Success",
    "VerifyPassword",
    "begin",
    "begin_token",
    "binding_offers",
    "certificate_identities",
    "decode",
    "decode_initial",
    "derive_all",
    "encode",
    "encode_optional",
    "offers",
    "scram_hashes",
    "tls_server_end_point",
    "token_offers",
]
