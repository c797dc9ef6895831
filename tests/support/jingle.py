"""Sessions of Jingle as two clients negotiate them, for whoever carries them from one to the other.

A `Step` is one request: who sends it, and its payload; the addresses are still to be put in.
"""

from typing import NamedTuple

NS = "urn:xmpp:jingle:1"
_FINGERPRINT = ":".join(f"{(7 * number) % 256:02X}" for number in range(32))
_ICE = f"""<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' pwd='asd88fgpdd777uzjYhagZg'
 ufrag='8hhy'><fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='{{setup}}'
>{_FINGERPRINT}</fingerprint><candidate component='1' foundation='1' generation='0' id='el0747fg11'
 ip='10.0.1.1' network='1' port='8998' priority='2130706431' protocol='udp'
 type='host'/></transport>"""
_RTP = """<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='{media}'>
<payload-type id='111' name='opus' clockrate='48000' channels='2'><parameter name='useinbandfec'
 value='1'/><rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='nack'/></payload-type>
<rtcp-mux/></description>"""
_FILE = """<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>
<date>1969-07-21T02:56:15Z</date><desc>Ünïcode &amp; &lt;markup/&gt;</desc>
<media-type>text/plain</media-type><name>test.txt</name><range/><size>6144</size>
<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash></file>
</description>"""
_S5B = """<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='vj3hs98y' {more}>
<candidate cid='hft54dqy' host='192.0.2.1' jid='{{{who}}}' port='5086' priority='8257636'
 type='direct'/></transport>"""
_S5B_INFO = """<content creator='initiator' name='file'>
<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='vj3hs98y'>{}</transport></content>"""
_RAW = """<content creator='initiator' name='voice'>
<transport xmlns='urn:xmpp:jingle:transports:raw-udp:1'><candidate component='1' generation='0'
 id='a9j3mnbtu1' ip='192.0.2.4' port='13540'/></transport></content>"""


class Step(NamedTuple):
    """One request of a session: from the initiator or the responder."""

    by_initiator: bool
    action: str
    content: str

    def payload(self, initiator: str, responder: str, sid: str) -> str:
        """Return the payload between these full addresses."""
        role = "initiator" if self.by_initiator else "responder"
        own = initiator if self.by_initiator else responder
        content = self.content.replace("{initiator}", initiator).replace("{responder}", responder)
        head = f"<jingle xmlns='{NS}' action='{self.action}' {role}='{own}' sid='{sid}'>"
        return f"{head}{content}</jingle>"


def _content(name: str, *parts: str, senders: str = "both") -> str:
    return (
        f"<content creator='initiator' name='{name}' senders='{senders}'>{''.join(parts)}</content>"
    )


def _calling(setup: str) -> str:
    ice = _ICE.format(setup=setup)
    return "".join(
        _content(name, _RTP.format(media=media), ice)
        for name, media in (("voice", "audio"), ("webcam", "video"))
    )


def _file(transport: str) -> str:
    return _content("file", _FILE, transport, senders="initiator")


def _ibb(size: int) -> str:
    return (
        f"<transport xmlns='urn:xmpp:jingle:transports:ibb:1' block-size='{size}' sid='ch3d9s71'/>"
    )


_END = "<reason><success/><text>bye</text></reason>"
_CHECKSUM = """<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'
 creator='initiator' name='file'>
<file><hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash></file>
</checksum>"""

CALL = (
    Step(True, "session-initiate", _calling("actpass")),
    Step(False, "session-info", "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>"),
    Step(False, "session-accept", _calling("active")),
    Step(True, "transport-info", _content("voice", _ICE.format(setup="actpass"))),
    Step(True, "session-info", "<dtmf xmlns='urn:xmpp:jingle:dtmf:0' code='7' duration='400'/>"),
    Step(False, "transport-replace", _RAW),
    Step(True, "transport-accept", _RAW),
    Step(True, "session-terminate", _END),
)
"""XEP-0167 over 0176 with 0320, DTMF (0181), and a change to 0177."""

FILE_IN_BAND = (
    Step(True, "session-initiate", _file(_ibb(4096))),
    Step(False, "session-accept", _file(_ibb(2048))),
    Step(True, "session-info", _CHECKSUM),
    Step(False, "session-terminate", _END),
)
"""XEP-0234 over 0261."""

FILE_BY_SOCKS = (
    Step(True, "session-initiate", _file(_S5B.format(who="initiator", more="mode='tcp'"))),
    Step(False, "session-accept", _file(_S5B.format(who="responder", more=""))),
    Step(True, "transport-info", _S5B_INFO.format("<candidate-error/>")),
    Step(False, "transport-info", _S5B_INFO.format("<candidate-used cid='hft54dqy'/>")),
    Step(True, "transport-info", _S5B_INFO.format("<activated cid='hft54dqy'/>")),
    Step(False, "session-terminate", _END),
)
"""XEP-0234 over 0260."""

SESSIONS = {"call": CALL, "file in band": FILE_IN_BAND, "file by socks": FILE_BY_SOCKS}
