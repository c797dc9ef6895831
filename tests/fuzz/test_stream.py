"""Any elements and bytes in any order: no stanza before a resource is bound, only XML comes out."""

import base64

from hypothesis import event, given
from hypothesis import strategies as st
from tests.fuzz.xml import SCRAPS, STANZAS, cuts, spoiled
from tests.support.sasl2 import BIND as NS_BIND
from tests.support.sasl2 import FAST as NS_FAST
from tests.support.sasl2 import NS as SASL2
from tests.support.sasl2 import hashed, user_agent
from tests.unit.stream.driver import (
    BIND,
    HEADER,
    HOST,
    OTHER,
    PASSWORD,
    SASL,
    STARTTLS,
    TOKEN,
    Driver,
    auth,
    check_output,
    settings,
)

from palaver.sasl import Channel, Condition
from palaver.stream.events import Authenticated, Bind, EarlyRequest, Ended, Lookup, StartTls
from palaver.stream.state import State
from palaver.wire.errors import STREAM_CONDITIONS, StanzaError

SCRAM = f"<auth xmlns='{SASL}' mechanism='SCRAM-SHA-256'>bixzPWp1bGlldCxyPWE=</auth>"
PLAIN = base64.b64encode(f"\0juliet\0{PASSWORD}".encode()).decode()
PROOF = base64.b64encode(b"juliet\0" + hashed(TOKEN.decode(), b"Initiator")).decode()


def authenticate(data: str, inner: str = "", mechanism: str = "PLAIN") -> str:
    return (
        f"<authenticate xmlns='{SASL2}' mechanism='{mechanism}'>"
        f"<initial-response>{data}</initial-response>{inner}</authenticate>"
    )


UPGRADE = "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade>"
NEXT = f"<next xmlns='{SASL2}' task='UPGR-SCRAM-SHA-256'/>"
HASH = (
    f"<task-data xmlns='{SASL2}'><hash xmlns='urn:xmpp:scram-upgrade:0'>{'A' * 43}=</hash>"
    "</task-data>"
)
FAST = f"<fast xmlns='{NS_FAST}' count='1'/>"
ALL_AT_ONCE = (
    authenticate(PLAIN, user_agent() + f"<bind xmlns='{NS_BIND}'/>"),
    authenticate(PLAIN, "<user-agent id='x'/>"),
    authenticate(PLAIN, UPGRADE),
    authenticate(PLAIN, "<resume xmlns='urn:xmpp:sm:3' h='1' previd='x'/>"),
    authenticate(PROOF, user_agent() + FAST, "HT-SHA-256-NONE"),
    authenticate(PROOF, FAST, "HT-SHA-256-NONE"),
    authenticate("bixzPWp1bGlldCxyPWE=", "", "SCRAM-SHA-256"),
    f"<authenticate xmlns='{SASL2}' mechanism='PLAIN'/>",
    f"<response xmlns='{SASL2}'>{PLAIN}</response>",
    f"<abort xmlns='{SASL2}'/>",
    NEXT,
    HASH,
)

GOOD = (HEADER, auth(), HEADER, BIND, "<presence/>")
PIECES = st.one_of(
    st.sampled_from(
        [
            HEADER, HEADER.replace(HOST, OTHER), HEADER.replace(HOST, "x"), STARTTLS, BIND, SCRAM,
            auth(), auth("nobody"), auth(password="wrong"), auth(authzid=f"nurse@{HOST}"),
            f"<auth xmlns='{SASL}' mechanism='PLAIN'/>",
            f"<auth xmlns='{SASL}' mechanism='X'>=</auth>",
            f"<response xmlns='{SASL}'>AGEAYg==</response>", f"<abort xmlns='{SASL}'/>",
            "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>", "<presence/>",
            "</stream:stream>", " ", BIND.replace("balcony", "\u2028"), BIND.replace("set", "get"),
        ]
    ).map(str.encode),
    st.sampled_from(ALL_AT_ONCE).map(str.encode),
    STANZAS.map(str.encode),
    SCRAPS,
    spoiled(st.sampled_from([HEADER, auth(), BIND, STARTTLS, *ALL_AT_ONCE]).map(str.encode)),
)  # fmt: skip
SEQUENCES = st.one_of(
    st.lists(PIECES, max_size=12),
    st.integers(0, len(GOOD)).flatmap(
        lambda count: st.lists(PIECES, max_size=6).map(
            lambda pieces: [part.encode() for part in GOOD[:count]] + pieces
        )
    ),
)


class Whimsical(Driver):
    """Does what the stream asks at some other time, or not at all, or with an error."""

    def __init__(self, draw: st.DataObject, *, clear: bool) -> None:
        channel = Channel() if clear else Channel(encrypted=True)
        super().__init__(settings(clear=False), channel, obliging=False)
        self.establishes = True
        self._draw = draw
        self.asked: list[object] = []

    def serve(self) -> None:
        """Deal with what the stream asked for since the last time."""
        pending = self.events[len(self.asked) :]
        self.asked += pending
        for asked in pending:
            match asked:
                case Lookup() if self._draw.draw(st.booleans(), "storage fails"):
                    self.take(self.stream.cannot_resolve())
                case Bind() if self._draw.draw(st.booleans(), "the resource is refused"):
                    self.take(self.stream.refuse_bind(StanzaError("conflict")))
                case Authenticated() if self._draw.draw(st.booleans(), "no session is to be had"):
                    self.take(self.stream.refuse_login(Condition.ACCOUNT_DISABLED))
                case Authenticated() | Lookup() | Bind() | EarlyRequest() | StartTls():
                    self.oblige(asked)
        if len(self.asked) < len(self.events):
            self.serve()


@given(SEQUENCES, st.booleans(), st.data())
def test_any_sequence_keeps_the_order_of_a_session(pieces: list[bytes], clear: bool, more):
    driver = Whimsical(more, clear=clear)
    for piece in more.draw(cuts(b"".join(pieces))) if more.draw(st.booleans()) else pieces:
        driver.feed(piece)
        if more.draw(st.booleans(), "something is looked up"):
            driver.serve()
        check(driver)
    event(driver.stream.state.name)
    for _ in range(3):
        driver.serve()
        check(driver)


def check(driver: Driver) -> None:
    """Check what holds whatever came; that no stanza comes early is checked by the driver."""
    check_output(driver.sent)
    ends = [number for number, each in enumerate(driver.events) if isinstance(each, Ended)]
    assert (driver.stream.state is State.CLOSED) == bool(ends)
    if ends:
        assert ends == [len(driver.events) - 1], "nothing is asked for after the end"
        assert driver.sent.endswith("</stream:stream>")
        assert driver.condition is None or driver.condition in STREAM_CONDITIONS
    if driver.stream.state is State.BOUND:
        assert driver.stream.authentication.identity is not None


@given(st.lists(PIECES, max_size=8))
def test_how_the_bytes_are_cut_changes_nothing(pieces: list[bytes]):
    data = b"".join(pieces)
    whole, cut = Driver(), Driver()
    whole.establishes = cut.establishes = True
    whole.feed(data)
    for number in range(len(data)):
        cut.feed(data[number : number + 1])
    assert [repr(each) for each in cut.events] == [repr(each) for each in whole.events]
    assert cut.stream.state is whole.stream.state
