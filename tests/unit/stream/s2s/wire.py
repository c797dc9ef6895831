"""Two ends of a stream between servers, with everything around them played by the test."""

from collections.abc import Callable
from dataclasses import replace

from cryptography import x509
from tests.unit.sasl.certificate import der, make_certificate

from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.stream.s2s.events import Ended, Event, StartTls
from palaver.stream.s2s.initiating import InitiatingStream
from palaver.stream.s2s.machine import Machine
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.stream.s2s.settings import PeerCertificate, Rules, ServerStreamSettings
from palaver.wire.events import Limits

CAPULET = "capulet.example"
MONTAGUE = "montague.example"
PAIR = Pair(CAPULET, MONTAGUE)
NOBODYS = PeerCertificate()
USUAL = Rules()
SECRETS = {CAPULET: b"capulet's secret", MONTAGUE: b"montague's secret"}
HEADER = (
    f"<?xml version='1.0'?><stream:stream from='{CAPULET}' to='{MONTAGUE}' version='1.0'"
    " xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'"
    " xmlns:db='jabber:server:dialback'>"
)
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
EXTERNAL = f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>=</auth>"
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
RESULT = f"<db:result from='{CAPULET}' to='{MONTAGUE}'>0123</db:result>"


def say(stream: Machine, text: str) -> tuple[str, list[Event]]:
    """Say something to an end; return what it answers, and what it makes of that."""
    stream.output()
    events = stream.receive(text.encode())
    return stream.output().decode(), events


def condition(events: list[Event]) -> str:
    """Return with what condition the stream ended, which it did; "" for none."""
    ended = events[-1]
    assert isinstance(ended, Ended)
    return ended.error.condition if ended.error is not None else ""


def certificate(*domains: str, trusted: bool = True) -> PeerCertificate:
    """Make a certificate for domains, judged already."""
    made, _ = make_certificate([x509.DNSName(domain) for domain in domains])
    return PeerCertificate(der(made), trusted=trusted, problem="" if trusted else "it is odd")


def settings(
    *own: str, rules: Callable[[str], Rules] | Rules = USUAL, tls: bool = True
) -> ServerStreamSettings:
    """Make what the server of some domains knows; the secret is that of the first."""
    return ServerStreamSettings(
        rules=rules if callable(rules) else lambda _domain: rules,
        ours=lambda domain: domain in own,
        tls=lambda _domain: tls,
        key=lambda pair, stream_id: dialback.key(SECRETS[own[0]], pair, stream_id),
        lang="en",
        before=Limits(),
        after=replace(Limits(), stanza_bytes=1_000_000),
    )


class Two:
    """A stream from capulet to montague, carried by hand until nothing more happens.

    ``sent``  what each side wrote: first of the one that opened the stream
    """

    def __init__(
        self,
        here: ServerStreamSettings,
        there: ServerStreamSettings,
        *,
        ours: PeerCertificate = NOBODYS,
        theirs: PeerCertificate = NOBODYS,
        only_questions: bool = False,
    ) -> None:
        self.initiating = InitiatingStream(here, PAIR, only_questions=only_questions)
        self.receiving = ReceivingStream(there)
        self.ours = ours
        self.theirs = theirs
        self.here: list[Event] = []
        self.there: list[Event] = []
        self.sent: list[bytes] = [b"", b""]

    def carry(self) -> "Two":
        """Carry what both say; begin TLS when they want to."""
        while True:
            out, back = self.initiating.output(), self.receiving.output()
            if not out and not back:
                return self
            self.sent[0] += out
            self.sent[1] += back
            there = self.receiving.receive(out)
            back += self.receiving.output()
            here = self.initiating.receive(back)
            self.there += there
            self.here += here
            if any(isinstance(event, StartTls) for event in here):
                self.receiving.handshake()
                self.initiating.handshake()
                self.there += self.receiving.secured(self.ours)
                self.here += self.initiating.secured(self.theirs)
