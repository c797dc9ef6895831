"""The client's side of SCRAM (all forms) and PLAIN: RFC 5802, RFC 7677, RFC 4616.

Give `initial` to the server, then `respond` to each challenge; `finish` takes what came with the
success and is what authenticates the server. Any of them raises `ClientError`.
"""

import hmac
import re
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Final, Protocol

from palaver.sasl import downgrade
from palaver.sasl.binding import TLS_SERVER_END_POINT, by_strength
from palaver.sasl.encoding import encode, strict_base64
from palaver.sasl.keys import MIN_ITERATIONS, Hash
from palaver.sasl.messages import MAX_NONCE, escape
from palaver.sasl.negotiation import PLAIN, PLUS, SCRAM
from palaver.sasl.scram import new_nonce, xor

#: Most iterations a server may ask for; some seconds of work.
MAX_ITERATIONS: Final = 1_000_000

_SERVER_FIRST: Final = re.compile(
    rf"r=(?P<nonce>[!-+\--~]{{1,{2 * MAX_NONCE}}}),s=(?P<salt>[^,]+)"
    r",i=(?P<iterations>[1-9][0-9]{0,8})(?P<extensions>(?:,[A-Za-ln-z]=[^\0,]+)*)"
)

#: Salted passwords by hash function, salt and iterations, for those who log in often: RFC 5802
#: §5.1 allows a client to keep them. One such mapping is for one password.
SaltedPasswords = MutableMapping[tuple[Hash, bytes, int], bytes]


class ClientError(Exception):
    """Says why the client gives up: the server is wrong, or is not the server."""


class ClientMechanism(Protocol):
    """Is the client's side of one SASL exchange."""

    name: str

    def initial(self) -> bytes:
        """Return the initial response."""

    def respond(self, challenge: bytes) -> bytes:
        """Return the response to a challenge."""

    def finish(self, data: bytes | None) -> None:
        """Take the additional data of the success, None when there was none."""


class PlainClient:
    """Sends the password."""

    name = PLAIN

    def __init__(self, username: str, password: str, authzid: str = "") -> None:
        self._message = f"{authzid}\0{username}\0{password}".encode()

    def initial(self) -> bytes:
        """Return the only message."""
        return self._message

    def respond(self, challenge: bytes) -> bytes:
        """Return the message to the empty challenge of a server that ignored the initial one."""
        if challenge:
            raise ClientError("PLAIN has no challenges")
        return self._message

    def finish(self, data: bytes | None) -> None:
        """Do nothing: PLAIN does not authenticate the server."""


class ScramClient:
    """Proves that it knows the password, and makes the server prove that it knows the keys.

    *bindings* is the connection's channel-binding data by type. A -PLUS form binds to *binding*,
    one of these. The other forms tell the server ``y`` if there is data, which means: you did not
    offer me a -PLUS form; with *bindings* empty they say ``n``. *advertised* are the mechanisms and
    the channel-binding types that the client was told of, for XEP-0474.
    """

    def __init__(
        self,
        name: str,
        username: str,
        password: str,
        *,
        authzid: str = "",
        bindings: Mapping[str, bytes] = MappingProxyType({}),
        binding: str | None = None,
        nonce: str | None = None,
        salted: SaltedPasswords | None = None,
        advertised: tuple[Collection[str], Collection[str]] | None = None,
    ) -> None:
        self.name = name
        self._advertised = advertised
        self._hash = SCRAM[name]
        self._password = password
        self._salted = {} if salted is None else salted
        self._nonce = nonce or new_nonce()
        self._bare = f"n={escape(username)},r={self._nonce}"
        flag, data = _flag(name, bindings, binding)
        self._header = f"{flag},{f'a={escape(authzid)}' if authzid else ''},"
        self._binding = self._header.encode() + data
        self._signature: bytes | None = None
        self._verified = False

    def initial(self) -> bytes:
        """Return the client's first message."""
        return f"{self._header}{self._bare}".encode()

    def respond(self, challenge: bytes) -> bytes:
        """Return the final message; to a final message sent as a challenge, nothing.

        Derives the key unless it is in *salted*, which takes milliseconds.
        """
        if self._signature is not None:
            self.finish(challenge)
            return b""
        nonce, salt, iterations = self._read_first(challenge)
        without_proof = f"c={encode(self._binding)},r={nonce}".encode()
        signed = b",".join((self._bare.encode(), challenge, without_proof))
        salted = self._salted_password(salt, iterations)
        client_key = self._hash.client_key(salted)
        proof = xor(client_key, self._hash.hmac(self._hash.of(client_key), signed))
        self._signature = self._hash.hmac(self._hash.server_key(salted), signed)
        return without_proof + f",p={encode(proof)}".encode()

    def finish(self, data: bytes | None) -> None:
        """Verify the server's signature, which must have come by now."""
        if self._verified:
            return
        if self._signature is None or not _carries(data or b"", self._signature):
            raise ClientError("the server did not prove that it knows the account's keys")
        self._verified = True

    def _read_first(self, message: bytes) -> tuple[str, bytes, int]:
        matched = _SERVER_FIRST.fullmatch(message.decode("utf-8", "replace"))
        salt = strict_base64(matched["salt"]) if matched else None
        if matched is None or not salt:
            raise ClientError("the server's first message is malformed")
        nonce, iterations = matched["nonce"], int(matched["iterations"])
        if not nonce.startswith(self._nonce) or nonce == self._nonce:
            raise ClientError("the server's nonce does not continue the client's")
        self._check_advertised(matched["extensions"])
        if not MIN_ITERATIONS <= iterations <= MAX_ITERATIONS:
            raise ClientError(f"the server asks for {iterations} iterations")
        return nonce, salt, iterations

    def _check_advertised(self, extensions: str) -> None:
        """Compare what the server advertised with what came here (XEP-0474 §5.2)."""
        prefix = f"{downgrade.ATTRIBUTE}="
        for attribute in extensions.split(","):
            if attribute.startswith(prefix) and self._advertised is not None:
                names, types = self._advertised
                seen = downgrade.advertised(tuple(names), tuple(types), self._hash)
                if attribute != prefix + seen:
                    raise ClientError("somebody changed the list of mechanisms on its way")

    def _salted_password(self, salt: bytes, iterations: int) -> bytes:
        key = self._hash, salt, iterations
        if key not in self._salted:
            try:
                self._salted[key] = self._hash.salted_password(self._password, salt, iterations)
            except ValueError as error:
                raise ClientError(str(error)) from None
        return self._salted[key]


def choose(
    offered: Collection[str],
    username: str,
    password: str,
    *,
    authzid: str = "",
    bindings: Mapping[str, bytes] = MappingProxyType({}),
    offered_types: Iterable[str] = (),
    plain_allowed: bool = False,
    salted: SaltedPasswords | None = None,
) -> ClientMechanism:
    """Return the strongest mechanism both sides have (XEP-0440 §3).

    *offered_types* are the channel-binding types the server advertised; without any,
    *tls-server-end-point* is tried. Raises ClientError when no mechanism is left, or the
    advertisement contradicts itself as an attacker's does.
    """
    announced = frozenset(offered_types)
    types = announced or {TLS_SERVER_END_POINT}
    shared = by_strength(types & bindings.keys())
    plus_offered = any(name.endswith(PLUS) for name in offered)
    if bindings and announced and not plus_offered:
        raise ClientError("the server names channel-binding types, but no -PLUS mechanism")
    if bindings and plus_offered and not shared and TLS_SERVER_END_POINT not in types:
        raise ClientError("the server names no channel-binding type that every server must have")
    for name in (name for name in SCRAM if name in offered):
        if name.endswith(PLUS) and not shared:
            continue
        return ScramClient(
            name,
            username,
            password,
            authzid=authzid,
            # With -PLUS on offer and no type in common, "y" would cry wolf.
            bindings=bindings if shared or not plus_offered else {},
            binding=shared[0] if shared else None,
            salted=salted,
            advertised=(offered, announced),
        )
    if plain_allowed and PLAIN in offered:
        return PlainClient(username, password, authzid)
    raise ClientError("no mechanism in common")


def _flag(name: str, bindings: Mapping[str, bytes], binding: str | None) -> tuple[str, bytes]:
    if not name.endswith(PLUS):
        return ("y" if bindings else "n"), b""
    if binding is None or binding not in bindings:
        raise ClientError("the -PLUS form needs channel-binding data")
    return f"p={binding}", bindings[binding]


def _carries(message: bytes, signature: bytes) -> bool:
    """Tell whether a server's final message has *signature*."""
    verifier = message.partition(b",")[0]
    return hmac.compare_digest(verifier, f"v={encode(signature)}".encode())
