"""What clients can do and want to hear of: their capabilities (XEP-0115, XEP-0390).

A client says in its presence which hash stands for what it supports. Who does not know the hash
asks the client, once for all that use the same software. What is told counts for others only when
the hash is that of it, so that nobody can say something about other people's clients.
"""

import base64
import binascii
import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

import structlog

from palaver.ext import disco
from palaver.ext.caps import NS, verification_string
from palaver.ext.disco import Identity, Info
from palaver.jid import JID, BareJID
from palaver.kernel import forms, hooks
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NS_2: Final = "urn:xmpp:caps"
_HASHES: Final = "urn:xmpp:hashes:2"
_NOTIFY: Final = "+notify"
_KEPT: Final = 5_000  # hashes remembered
_MOST_NODES: Final = 300  # that one client may want to hear of
_LONGEST: Final = 200  # characters of a hash, of the name of a node or an algorithm
_TEXTUAL: Final = {  # names of IANA's registry of hash functions; what is broken worse is left out
    "sha-1": "sha1", "sha-224": "sha224", "sha-256": "sha256", "sha-384": "sha384",
    "sha-512": "sha512", "sha3-256": "sha3_256", "sha3-512": "sha3_512",
}  # fmt: skip


class Claim(NamedTuple):
    """What a client says of itself: a hash, and where what is behind it can be asked for."""

    method: str
    algorithm: str
    value: str
    node: str


class _Known:
    """What is known of one session."""

    __slots__ = ("claim", "nodes")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.nodes: frozenset[str] = frozenset()


_KNOWN: Final[Slot[_Known]] = Slot("capabilities")
_ASKED: Final[Slot[bool]] = Slot("capabilities asked for")
_NOTHING: Final[frozenset[str]] = frozenset()


def interests(session: Session) -> frozenset[str]:
    """Return the nodes that an available client wants to hear of, as far as that is known."""
    known = _KNOWN.get(session)
    return _NOTHING if known is None or session.presence is None else known.nodes


class ClientCaps(Extension):
    """Finds out what our clients want to hear of."""

    name: ClassVar = "client_caps"
    implements: ClassVar = (
        Xep(115, "1.6.0", "hashes of clients are verified before they are used"),
        Xep(390, "0.3.2", "of clients", partial=True),
    )
    requires: ClassVar = ("disco", "caps")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without knowing any hash."""
        super().__init__(server, settings)
        self._verified: OrderedDict[Claim, frozenset[str]] = OrderedDict()

    # -- presence ----------------------------------------------------------------------------------

    @on(hooks.sent, kind="presence")
    def presence(self, stanza: Stanza, session: Session) -> None:
        """Take note of what a client says of itself, or that it went away."""
        if stanza.to is not None:
            return
        if stanza.type == "unavailable":
            _KNOWN.clear(session)
        elif stanza.type == "available":
            claim = claim_in(stanza)
            known = _KNOWN.get(session)
            if claim is not None and (known is None or known.claim != claim):
                self._claimed(session, claim, known)

    def _claimed(self, session: Session, claim: Claim, before: _Known | None) -> None:
        known = _Known(claim)
        heard = before.nodes if before is not None else _NOTHING
        known.nodes = heard  # until the new ones are known
        _KNOWN.set(session, known)
        nodes = self.verified(claim)
        if nodes is not None:
            self._learnt(session, known, nodes, heard)
        elif not _ASKED.get(session):
            _ASKED.set(session, True)
            self.server.spawn(self._find_out(session))

    def _learnt(
        self, session: Session, known: _Known, nodes: frozenset[str], heard: frozenset[str]
    ) -> None:
        known.nodes = nodes
        new = nodes - heard
        if not new or session.closed:
            return
        for handle in session.host.dispatch.handlers(hooks.client_interests):
            self.server.guarded(handle, session, new)

    # -- asking ------------------------------------------------------------------------------------

    async def _find_out(self, session: Session) -> None:
        """Ask a client, and again as long as it has claimed something else meanwhile."""
        asked: _Known | None = None
        try:
            while (known := _KNOWN.get(session)) is not None and known is not asked:
                await self._ask(session, known)
                asked = known
        finally:
            _ASKED.clear(session)

    async def _ask(self, session: Session, known: _Known) -> None:
        heard = known.nodes
        nodes = await self.ask(session.host.jid, session.jid, known.claim)
        if nodes is not None and _KNOWN.get(session) is known:
            # Where the hash is wrong, this counts for the client itself (XEP-0115 §5.4).
            self._learnt(session, known, nodes, heard)

    def verified(self, claim: Claim) -> frozenset[str] | None:
        """Return the nodes that clients with this hash want to hear of; None: it is not known."""
        nodes = self._verified.get(_of_all(claim))
        if nodes is not None:
            self._verified.move_to_end(_of_all(claim))
        return nodes

    async def ask(self, asker: BareJID, client: JID, claim: Claim) -> frozenset[str] | None:
        """Ask a client which nodes it wants to hear of; None: it does not say.

        What it says is `verified` from then on, if its hash is that of it.
        """
        query = Element("query", disco.NS_INFO, {"node": claim.node or None})
        try:
            told = _read(await self.server.requests.ask("get", asker, client, query))
        except StanzaError as error:
            log.info("capabilities unknown", client=client, condition=error.condition)
            return None
        nodes = frozenset(_nodes(told.features))
        if fits(told, claim):
            self._verified[_of_all(claim)] = nodes
            if len(self._verified) > _KEPT:
                self._verified.popitem(last=False)
        return nodes

    # -- restarts ----------------------------------------------------------------------------------

    @on(hooks.session_saving)
    def save(self, session: Session, saved: dict[str, Any]) -> None:
        """Remember over a restart what a client wants to hear of."""
        known = _KNOWN.get(session)
        if known is not None:
            saved[self.name] = {"claim": list(known.claim), "nodes": sorted(known.nodes)}

    @on(hooks.session_restored)
    def restore(self, session: Session, saved: Mapping[str, Any]) -> None:
        """Know it again."""
        mine = saved.get(self.name)
        if mine is not None:
            known = _Known(Claim(*mine["claim"]))
            known.nodes = frozenset(mine["nodes"])
            _KNOWN.set(session, known)


def _of_all(claim: Claim) -> Claim:
    """Return what is the same for all clients with one hash."""
    return claim._replace(node="")


def claim_in(presence: Stanza) -> Claim | None:
    """Return the best claim in a presence: by XEP-0390, else by XEP-0115."""
    newer = presence.child("c", NS_2)
    for each in newer.find_all("hash", _HASHES) if newer is not None else ():
        algorithm, value = each.get("algo", ""), each.text.strip()
        if algorithm in _TEXTUAL and algorithm != "sha-1" and value and len(value) <= _LONGEST:
            return Claim(NS_2, algorithm, value, f"{NS_2}#{algorithm}.{value}")
    older = presence.child("c", NS)
    if older is None:
        return None
    algorithm, ver, node = (older.get(key, "") for key in ("hash", "ver", "node"))
    if max(map(len, (algorithm, ver, node))) > _LONGEST:
        return None
    # Without an algorithm it is no hash (XEP-0115 before 1.4): ask what the client can do.
    asked = f"{node}#{ver}" if algorithm in _TEXTUAL and node and ver else ""
    return Claim(NS, algorithm, ver, asked)


def fits(told: Info, claim: Claim) -> bool:
    """Tell whether a claim's hash is that of what was told (XEP-0115 §5.4, XEP-0390 §4.2)."""
    if claim.algorithm not in _TEXTUAL:
        return False
    function = _TEXTUAL[claim.algorithm]
    if claim.method == NS:
        return _well_formed(told) and verification_string(told, function) == claim.value
    if not all(_is_hashed(form) for form in told.forms):
        return False
    try:
        given = base64.b64decode(claim.value, validate=True)
    except binascii.Error:
        return False
    return hashlib.new(function, hash_input(told), usedforsecurity=False).digest() == given


def _well_formed(told: Info) -> bool:
    """Tell whether nothing is there twice, which would let two things have one hash (§5.4 3.)."""
    types = [forms.form_type(form) for form in told.forms]
    keys = [(each.category, each.type, each.lang, each.name) for each in told.identities]
    parts = (keys, told.features, [each for each in types if each])
    texts = [*(text for key in keys for text in key), *told.features]
    # A "<" in a name could be taken for the end of it.
    return all(max(Counter(part).values(), default=0) <= 1 for part in parts) and not any(
        "<" in text for text in texts
    )


def hash_input(told: Info) -> bytes:
    """Write what was told in the one way that is hashed (XEP-0390 §4.1)."""
    features = _joined((feature for feature in told.features), b"\x1f")
    identities = _joined(
        ("\x1f".join((i.category, i.type, i.lang, i.name)) + "\x1f" for i in told.identities),
        b"\x1e",
    )
    extensions = b"".join(sorted(_form_input(form) + b"\x1d" for form in told.forms))
    return features + b"\x1c" + identities + b"\x1c" + extensions + b"\x1c"


def _is_hashed(form: Element) -> bool:
    """Tell whether there is a hash of a form: it says what it is, and has no table (§4.1)."""
    return forms.form_type(form) is not None and not any(
        child.name in ("reported", "item") for child in form
    )


def _form_input(form: Element) -> bytes:
    fields = []
    for var, values in forms.values(form).items():
        texts = sorted(value.encode() + b"\x1f" for value in values)
        fields.append(var.encode() + b"\x1f" + b"".join(texts) + b"\x1e")
    return b"".join(sorted(fields))


def _joined(texts: Iterable[str], end: bytes) -> bytes:
    return b"".join(sorted(text.encode() + end for text in texts))


def _read(query: Element | None) -> Info:
    """Read an answer of disco#info."""
    if query is None or query.ns != disco.NS_INFO:
        return Info()
    identities = tuple(
        Identity(*(each.get(key, "") for key in ("category", "type", "name", "xml:lang")))
        for each in query.find_all("identity")
    )
    features = tuple(each.get("var", "") for each in query.find_all("feature"))
    return Info(identities, features, tuple(query.find_all("x", forms.NS)))


def _nodes(features: Iterable[str]) -> Iterator[str]:
    wanted = [each for each in features if each.endswith(_NOTIFY) and len(each) <= _LONGEST]
    return (each.removesuffix(_NOTIFY) for each in wanted[:_MOST_NODES])
