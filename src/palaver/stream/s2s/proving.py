"""What the other server asks by dialback: to be believed about a domain, and about our keys.

It asks on the streams that it opens, and on ours if these carry stanzas both ways (XEP-0288 §2.2).

A deliberate difference: on ours a key proves nothing, only a certificate does. A key is for the id
of a stream, which is good for one stream because the server that checks the key has chosen it
(XEP-0220 §2.1.2, XEP-0185 §2). On our streams the other server chose the id. It might be that of
another stream, on which it once got hold of the key of a domain that is not its own: whoever made
that would say again, each time, that it is good. Servers prove more domains on streams of theirs.
"""

from typing import TYPE_CHECKING, Final

from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Authorised, Refused, Verify
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError

if TYPE_CHECKING:
    from palaver.stream.s2s.machine import Machine

_PAIRS: Final = 256  # of one stream
_QUESTIONS: Final = 16  # keys of one stream that are being looked into
_OUR_TROUBLES: Final = frozenset(
    {"internal-server-error", "remote-server-timeout", "resource-constraint"}
)  # the reasons of our own for which a key could not be looked into


class Proving:
    """The keys that came on a stream."""

    __slots__ = ("_asked", "_stream")

    def __init__(self, stream: "Machine") -> None:
        self._stream = stream
        self._asked: dict[Pair, str] = {}

    def clear(self) -> None:
        """Forget what was asked: the stream begins anew."""
        self._asked.clear()

    def take(self, element: Element) -> None:
        """Take a key that is to prove something, or a question about one of ours.

        Raises:
            StreamError: it is neither.
        """
        pair = dialback.addresses(element)
        if element.name == "result":
            self._prove(pair, element.text)
        elif element.name == "verify":
            self._tell_of_key(pair, element)
        else:
            raise StreamError("unsupported-stanza-type", f"<{element.name}/> is not known here")

    def _prove(self, pair: Pair, key: str) -> None:
        """Find out whether the other server speaks for the pair's sender (XEP-0220 §2.2.1)."""
        if pair in self._asked:
            return  # the answer is on its way
        try:
            if self._known(pair):
                self._answer(pair, "valid")
                return
        except StanzaError as error:
            self._stream.tell(Refused(pair, error.text))
            self._answer(pair, "error", error)
            return
        stream_id = self._stream.id
        self._asked[pair] = stream_id
        self._stream.tell(Verify(pair, stream_id, key))

    def _known(self, pair: Pair) -> bool:
        """Tell whether a pair is authorised without looking into a key.

        Raises:
            StanzaError: it is not to be, whatever the key.
        """
        stream = self._stream
        rules = stream.settings.rules(pair.sender)
        if not stream.settings.ours(pair.target):
            raise StanzaError("item-not-found", "that domain is not served here")
        if not rules.allowed or stream.settings.ours(pair.sender):
            raise StanzaError("not-acceptable", "this server does not speak to that domain")
        if rules.encryption and not stream.encrypted:
            raise StanzaError("policy-violation", "TLS comes first")
        if pair in stream.incoming:
            return True
        if len(stream.incoming) + len(self._asked) >= _PAIRS or len(self._asked) >= _QUESTIONS:
            raise StanzaError("resource-constraint", "too many domains on one stream")
        if stream.proves(pair.sender):
            self._let(pair, "certificate")
            return True
        if rules.certificate:
            problem = stream.certificate.problem or "it is for other domains"
            raise StanzaError("not-authorized", f"a valid certificate is required: {problem}")
        if not stream.takes_keys:
            raise StanzaError("not-authorized", "keys are for streams of the other server's own")
        return False

    def verified(self, pair: Pair, stream_id: str, outcome: str) -> None:
        """Go on: a key is ``"valid"``, ``"invalid"``, or could not be looked into (a condition)."""
        if self._asked.get(pair) == stream_id and not self._stream.closed:
            del self._asked[pair]
            self._conclude(pair, outcome)

    def _let(self, pair: Pair, method: str) -> None:
        self._stream.authorise_incoming(pair)
        self._stream.tell(Authorised(pair, method))

    def _conclude(self, pair: Pair, outcome: str) -> None:
        if outcome == "valid":
            self._let(pair, "dialback")
            self._answer(pair, "valid")
            return
        self._stream.tell(Refused(pair, f"dialback: {outcome}"))
        if outcome in _OUR_TROUBLES:
            self._answer(pair, "error", StanzaError(outcome))
        elif outcome != "invalid":
            # Whatever the server we asked said instead (§2.4.2). That we could not connect to it is
            # a timeout: the table has remote-connection-failed, which is no stanza error.
            self._answer(pair, "error", StanzaError("remote-server-not-found"))
        elif self._stream.authorised:
            self._answer(pair, "error", StanzaError("forbidden"))
        else:
            self._answer(pair, "invalid")
            self._stream.finish(None)

    def _answer(self, pair: Pair, type_: str, error: StanzaError | None = None) -> None:
        self._stream.say(
            dialback.written("result", pair.target, pair.sender, type_=type_, error=error)
        )

    def _tell_of_key(self, pair: Pair, element: Element) -> None:
        """Say whether a key is one of ours (XEP-0220 §2.2.2); here we are the pair's target.

        Whether a server that asks wants to take stanzas is for it to know; so it is told whatever
        is thought of it.
        """
        stream_id = element.get("id")
        if stream_id is None:
            raise StreamError("improper-addressing", "which stream is it about?")
        error: StanzaError | None = None
        settings = self._stream.settings
        if not settings.ours(pair.target):
            error = StanzaError("item-not-found")
        elif settings.rules(pair.sender).encryption and not self._stream.encrypted:
            error = StanzaError("policy-violation")
        expected = settings.key(Pair(pair.target, pair.sender), stream_id)
        verdict = "valid" if dialback.same(element.text, expected) else "invalid"
        self._stream.say(
            dialback.written(
                "verify",
                pair.target,
                pair.sender,
                id_=stream_id,
                type_="error" if error else verdict,
                error=error,
            )
        )
