"""What clients say to each other beyond plain text, as each specification's examples have it."""

from dataclasses import dataclass
from typing import Final

CLIENT: Final = "{jabber:client}"


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of message, and what must become of it.

    ``xml``       its children
    ``type``      of the message
    ``kept``      it is archived, and waits for who is away
    ``notified``  a device that is away is told of it
    ``copied``    the other devices get copies
    ``urgent``    it takes the way to a client at once that nobody looks at (XEP-0352)
    """

    name: str
    xml: str
    type: str = "chat"
    kept: bool = True
    notified: bool = True
    copied: bool = True
    urgent: bool = True

    def __str__(self) -> str:
        return self.name


_STORE: Final = "<store xmlns='urn:xmpp:hints'/>"
_CALL: Final = "id='ca3cf894-5325-482f-a412-a6e9f832298d'"
_JMI: Final = f"xmlns='urn:xmpp:jingle-message:0' {_CALL}"
_REASON: Final = "<reason xmlns='urn:xmpp:jingle:1'><%s/><text>%s</text></reason>"
_INVITES: Final = "xmlns='urn:xmpp:call-invites:0'"

FEATURES: Final = (
    Feature(
        "receipts 0184: a message that asks",
        "<body>My lord, dispatch</body><request xmlns='urn:xmpp:receipts'/>",
    ),
    Feature(
        "receipts 0184: the receipt",
        "<received xmlns='urn:xmpp:receipts' id='richard2-4.1.247'/>",
        notified=False,
    ),
    Feature(
        "markers 0333: a message to be marked",
        "<body>My lord, dispatch</body><markable xmlns='urn:xmpp:chat-markers:0'/>",
    ),
    Feature(
        "markers 0333: displayed",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='message-1'/>",
        notified=False,
    ),
    Feature(
        "corrections 0308",
        "<body>But soft, what light through yonder window breaks?</body>"
        "<replace id='bad1' xmlns='urn:xmpp:message-correct:0'/>",
    ),
    Feature(
        "reactions 0444",
        "<reactions id='744f6e18-a57a-11e9-a656-4889e7820c76' xmlns='urn:xmpp:reactions:0'>"
        "<reaction>👋</reaction><reaction>🐢</reaction></reactions>"
        f"{_STORE}",
        notified=False,
    ),
    Feature(
        "replies 0461 with fallback 0428",
        "<body>&gt; Anna wrote:\n&gt; Hi, how are you?\nGreat</body>"
        "<reply to='anna@localhost' id='message-id1' xmlns='urn:xmpp:reply:0'/>"
        "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
        "<body start='0' end='38'/></fallback>",
    ),
    Feature(
        "styling 0393",
        "<body>(There are three blocks in this body marked by parens,)\n"
        "*(and preformatted)*\n```\nspaces  stay\n```</body>",
    ),
    Feature(
        "styling 0393: unstyled",
        "<body>*not strong*</body><unstyled xmlns='urn:xmpp:styling:0'/>",
    ),
    Feature(
        "chat states 0085",
        "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        kept=False,
        notified=False,
        urgent=False,
    ),
    Feature(
        "attention 0224",
        "<body>Why don't you answer, Herbie?</body><attention xmlns='urn:xmpp:attention:0'/>",
    ),
    Feature(
        "OMEMO 0384",
        "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='27183'><keys jid='juliet@localhost'>"
        "<key rid='31415'>YmFzZTY0L2VuY29kZWQv</key></keys></header>"
        "<payload>YmFzZTY0L2VuY29kZWQ=</payload></encrypted>"
        "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2' name='OMEMO'/>"
        f"{_STORE}",
    ),
    Feature(
        "OMEMO 0384 of before",
        "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='27183'>"
        "<key rid='31415'>YmFzZTY0</key><iv>YmFzZTY0</iv></header>"
        "<payload>YmFzZTY0</payload></encrypted>",
    ),
    Feature(
        "stateless file sharing 0447",
        "<body>https://download.example/4a771ac1/summit.jpg</body>"
        "<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'>"
        "<file xmlns='urn:xmpp:file:metadata:0'><media-type>image/jpeg</media-type>"
        "<name>summit.jpg</name><size>3032449</size></file><sources>"
        "<url-data xmlns='http://jabber.org/protocol/url-data' "
        "target='https://download.example/4a771ac1/summit.jpg'/></sources></file-sharing>",
    ),
    Feature(
        "call invites 0482: invite",
        f"<invite {_INVITES} video='true'><jingle sid='sid1'/></invite>{_STORE}",
    ),
    Feature(
        "call invites 0482: left",
        f"<left {_INVITES} id='id1'/>{_STORE}",
        notified=False,
    ),
    Feature(
        "Jingle message initiation 0353: propose",
        f"<propose {_JMI}><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>"
        f"</propose>{_STORE}",
    ),
    Feature(
        "Jingle message initiation 0353: ringing", f"<ringing {_JMI}/>{_STORE}", notified=False
    ),
    Feature(
        "Jingle message initiation 0353: proceed", f"<proceed {_JMI}/>{_STORE}", notified=False
    ),
    Feature(
        "Jingle message initiation 0353: retract",
        f"<retract {_JMI}>{_REASON % ('cancel', 'Retracted')}</retract>{_STORE}",
    ),
    Feature(
        "Jingle message initiation 0353: reject",
        f"<reject {_JMI}>{_REASON % ('busy', 'Busy')}</reject>{_STORE}",
        notified=False,
    ),
    Feature(
        "Jingle message initiation 0353: finish",
        f"<finish {_JMI}>{_REASON % ('success', 'Success')}</finish>{_STORE}",
        notified=False,
    ),
    Feature(
        "retraction 0424",
        "<retract id='wrong-recipient-1' xmlns='urn:xmpp:message-retract:1'/>"
        "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
        "<body>/me retracted a previous message, but it's unsupported by your client.</body>"
        f"{_STORE}",
    ),
)
