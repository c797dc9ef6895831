"""A client's stream with everything around it played by the test: look-ups, binding, TLS."""

import base64
import re
from xml.etree.ElementTree import XMLPullParser

from palaver import jid
from palaver.sasl import (
    Channel,
    Condition,
    Hash,
    NeedAccount,
    NeedKeys,
    NeedToken,
    Policy,
    ScramKeys,
    VerifyPassword,
)
from palaver.sasl.decoys import Decoys
from palaver.stream.client import ClientStream
from palaver.stream.events import (
    Authenticated,
    Bind,
    EarlyRequest,
    Ended,
    Event,
    Lookup,
    StartTls,
)
from palaver.stream.settings import StreamHost, StreamSettings
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.events import Limits
from palaver.wire.stanza import Stanza

HOST = "capulet.example"
OTHER = "montague.example"
HEADER = (
    f"<?xml version='1.0'?><stream:stream to='{HOST}' version='1.0' "
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
STARTTLS = f"<starttls xmlns='{TLS}'/>"
PASSWORD = "wherefore"
KEYS = ScramKeys.derive(PASSWORD, Hash.SHA_256, iterations=4096, salt=b"salt" * 4)
ACCOUNTS = {f"juliet@{HOST}": KEYS, f"nurse@{HOST}": KEYS}
BIND = (
    "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    "<resource>balcony</resource></bind></iq>"
)
ENCRYPTED = Channel(encrypted=True)
TOKEN = b"token"


def auth(user: str = "juliet", password: str = PASSWORD, authzid: str = "") -> str:
    data = base64.b64encode(f"{authzid}\0{user}\0{password}".encode()).decode()
    return f"<auth xmlns='{SASL}' mechanism='PLAIN'>{data}</auth>"


def settings(
    *,
    attempts: int = 3,
    anonymous: bool = False,
    clear: bool = False,
    before: Limits | None = None,
    after: Limits | None = None,
) -> StreamSettings:
    def host(name: str) -> StreamHost:
        policy = Policy(
            domain=name,
            decoys=Decoys(b"s" * 32, 4096),
            encryption_required=not clear,
            plain_without_tls=clear,
            anonymous=anonymous,
        )
        return StreamHost(
            policy=policy,
            tls=True,
            before_login=lambda: [Element("early", "urn:early")],
            after_login=lambda: [Element("late", "urn:late")],
            tokens=lambda: True,
        )

    return StreamSettings(
        hosts={HOST: host(HOST), OTHER: host(OTHER)},
        default_host=OTHER,
        lang="en",
        before=before or Limits(stanza_bytes=10_000, depth=32, attributes=32),
        after=after or Limits(),
        idle_seconds=600,
        attempts=attempts,
    )


class Driver:
    """Feeds a stream and does what it asks, at once or (``patient=False``) when told to.

    ``sent`` is all it wrote; ``events`` all it asked for; ``stanzas`` those for the session.
    """

    def __init__(
        self,
        configured: StreamSettings | None = None,
        channel: Channel = ENCRYPTED,
        *,
        obliging: bool = True,
    ) -> None:
        self.stream = ClientStream(configured or settings(), channel)
        self.obliging = obliging
        self.events: list[Event] = []
        self.pieces: list[str] = []
        self.bound = False
        self.establishes = False

    @property
    def sent(self) -> str:
        return "".join(self.pieces)

    @property
    def stanzas(self) -> list[Stanza]:
        return [event for event in self.events if isinstance(event, Stanza)]

    @property
    def ended(self) -> Ended | None:
        return next((event for event in self.events if isinstance(event, Ended)), None)

    @property
    def condition(self) -> str | None:
        """The condition of the stream error that ended the stream."""
        return self.ended.error.condition if self.ended and self.ended.error else None

    def feed(self, data: str | bytes) -> str:
        """Give bytes to the stream; return what it wrote."""
        before = len(self.sent)
        self.take(self.stream.receive(data.encode() if isinstance(data, str) else data))
        return self.sent[before:]

    def take(self, events: list[Event]) -> None:
        self.pieces.append(self.stream.output().decode())
        for event in events:
            if isinstance(event, Stanza):
                assert self.bound, "a stanza before a resource was bound"
            self.events.append(event)
            if self.obliging:
                self.oblige(event)

    def oblige(self, event: Event) -> None:
        """Do what the stream asks for."""
        match event:
            case Lookup():
                self.take(self.stream.resolve(*self.look_up(event)))
            case Bind():
                self.bind(event)
            case EarlyRequest():
                self.take(self.stream.answer(None))
            case StartTls():
                self.secure()
            case Authenticated() if self.establishes:
                self.establish(event)

    def secure(self) -> None:
        """Establish TLS."""
        self.stream.handshake()
        self.take(self.stream.secured(ENCRYPTED))

    def look_up(self, event: Lookup) -> tuple[ScramKeys | bool | None, Condition | None]:
        match event.step:
            case NeedKeys(account, hash_):
                keys = ACCOUNTS.get(str(account))
                return (keys if hash_ in (None, Hash.SHA_256) else None), None
            case VerifyPassword():
                return event.step.verify(), None
            case NeedToken():
                return (TOKEN if event.step.fits(TOKEN) else None), None
            case NeedAccount(account):
                return str(account) in ACCOUNTS, None

    def establish(self, event: Authenticated) -> None:
        """Give a client what it asks for along with its login."""
        if event.request.upgrades:
            self.take(self.stream.ask_upgrade())
            return
        identity = self.stream.authentication.identity
        assert identity is not None
        bound = event.request.bind is not None
        self.bound = self.bound or bound
        address = f"{identity.jid}/chosen" if bound else str(identity.jid)
        self.take(self.stream.established(address, [], bound=bound))
        self.take(self.stream.receive(b""))

    def bind(self, event: Bind) -> None:
        identity = self.stream.authentication.identity
        assert identity is not None
        try:
            address = identity.jid.with_resource(event.resource or "chosen")
        except jid.JIDError:
            self.take(self.stream.refuse_bind(StanzaError("bad-request")))
            return
        self.bound = True
        self.take(self.stream.bound(address))

    def log_in(self) -> "Driver":
        """Come as far as a bound resource."""
        self.feed(HEADER)
        self.feed(auth())
        self.feed(HEADER)
        self.feed(BIND)
        assert self.bound
        return self


def normalised(sent: str) -> str:
    """Leave out what is different each time."""
    return re.sub(r" id='[\w-]{16}'", "", sent)


def check_output(sent: str) -> None:
    """Check that what was sent is a run of streams, all but the last cut off: well-formed XML."""
    for stream in sent.split("<?xml version='1.0'?>")[1:]:
        XMLPullParser(("end",)).feed(stream)
