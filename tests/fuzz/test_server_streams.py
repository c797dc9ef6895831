"""Any elements and bytes between servers: no stanza before a proof, and only XML comes out."""

from hypothesis import event, given
from hypothesis import strategies as st
from tests.fuzz.xml import SCRAPS, STANZAS, cuts, spoiled
from tests.unit.stream.driver import check_output
from tests.unit.stream.s2s.wire import CAPULET, HEADER, MONTAGUE, PAIR, certificate, settings

from palaver.stream.s2s.events import Ended, Event, StartTls, Verify
from palaver.stream.s2s.initiating import InitiatingStream
from palaver.stream.s2s.machine import Machine
from palaver.stream.s2s.receiving import ReceivingStream
from palaver.wire.errors import STREAM_CONDITIONS
from palaver.wire.stanza import Stanza

TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
SM = "urn:xmpp:sm:3"
BACK = HEADER.replace(" version", " id='i1' version").replace(CAPULET, "x")
BACK = BACK.replace(MONTAGUE, CAPULET).replace("'x'", f"'{MONTAGUE}'")
ELEMENTS = [
    HEADER,
    HEADER.replace(CAPULET, "verona.example"),
    BACK,
    f"<starttls xmlns='{TLS}'/>",
    f"<proceed xmlns='{TLS}'/>",
    f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>=</auth>",
    f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>!</auth>",
    f"<success xmlns='{SASL}'/>",
    f"<failure xmlns='{SASL}'/>",
    f"<challenge xmlns='{SASL}'/>",
    f"<stream:features><starttls xmlns='{TLS}'/></stream:features>",
    f"<stream:features><mechanisms xmlns='{SASL}'><mechanism>EXTERNAL</mechanism></mechanisms>"
    f"<sm xmlns='{SM}'/></stream:features>",
    "<stream:features><dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>"
    "</stream:features>",
    "<stream:error/>",
    f"<db:result from='{CAPULET}' to='{MONTAGUE}'>0</db:result>",
    f"<db:result from='{MONTAGUE}' to='{CAPULET}' type='valid'/>",
    f"<db:result from='{MONTAGUE}' to='{CAPULET}' type='error'><error/></db:result>",
    f"<db:verify from='{CAPULET}' to='{MONTAGUE}' id='1'>0</db:verify>",
    f"<db:verify from='{MONTAGUE}' to='{CAPULET}' id='1' type='invalid'/>",
    "<db:result from='@' to=''/>",
    "<db:other from='a' to='b'/>",
    f"<enable xmlns='{SM}' resume='true'/>",
    f"<enabled xmlns='{SM}' id='t' resume='1'/>",
    f"<resume xmlns='{SM}' h='0' previd='t'/>",
    f"<resumed xmlns='{SM}' h='9' previd='t'/>",
    f"<failed xmlns='{SM}'/>",
    f"<r xmlns='{SM}'/>",
    f"<a xmlns='{SM}' h='x'/>",
    f"<message from='a@{CAPULET}' to='b@{MONTAGUE}'><body>x</body></message>",
    "</stream:stream>",
    " ",
]
PIECES = st.one_of(
    st.sampled_from(ELEMENTS).map(str.encode),
    STANZAS.map(str.encode),
    SCRAPS,
    spoiled(st.sampled_from(ELEMENTS).map(str.encode)),
)
OURS = certificate(CAPULET)
THEIRS = certificate(MONTAGUE)


def receiving() -> Machine:
    return ReceivingStream(settings(MONTAGUE))


def initiating() -> Machine:
    return InitiatingStream(settings(CAPULET), PAIR)


@given(
    st.sampled_from([(receiving, HEADER, OURS), (initiating, BACK, THEIRS)]),
    st.lists(PIECES, max_size=12),
    st.booleans(),
    st.data(),
)
def test_any_sequence_lets_nobody_in_without_a_proof(kind, pieces, begun, more):
    make, header, peer = kind
    stream: Machine = make()
    if begun:
        pieces = [header.encode(), *pieces]
    sent, events = b"", list[Event]()
    for piece in more.draw(cuts(b"".join(pieces))) if more.draw(st.booleans()) else pieces:
        found = stream.receive(piece)
        for each in found:
            if isinstance(each, Stanza):
                assert stream.incoming
            elif isinstance(each, StartTls):
                stream.handshake()
                found += stream.secured(peer)
            elif isinstance(each, Verify) and isinstance(stream, ReceivingStream):
                outcome = more.draw(st.sampled_from(["valid", "invalid", "not-acceptable"]))
                found += stream.verified(each.pair, each.stream_id, outcome)
        events += found
        sent += stream.output()
    event(f"{make.__name__} {'closed' if stream.closed else 'open'} {len(stream.incoming)}")
    check_output(sent.decode())
    ends = [number for number, each in enumerate(events) if isinstance(each, Ended)]
    assert stream.closed == bool(ends)
    for each in events:
        if isinstance(each, Ended):
            assert each is events[-1], "nothing is asked for after the end"
            assert each.error is None or each.error.condition in STREAM_CONDITIONS
            assert sent.endswith(b"</stream:stream>")
