= XEP-0352: Client State Indication

Juliet: juliet@localhost/phone
Romeo: romeo@localhost/orchard

== §5.1 An inactive client is not told of chat states until a message takes them along

Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/phone" to="juliet@localhost"/>
Romeo connects
Juliet sends:
    <inactive xmlns="urn:xmpp:csi:0"/>
Romeo sends:
    <message to="juliet@localhost" type="chat"><composing xmlns="http://jabber.org/protocol/chatstates"/></message>
Romeo sends:
    <message to="juliet@localhost" type="chat" id="m1"><body>Wherefore?</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat"><composing xmlns="http://jabber.org/protocol/chatstates"/></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="m1"><body>Wherefore?</body></message>

== §5.1 What waited comes before the answer to a ping sent after <active/>

Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/phone" to="juliet@localhost"/>
Romeo connects
Juliet sends:
    <inactive xmlns="urn:xmpp:csi:0"/>
Romeo sends:
    <message to="juliet@localhost" type="chat"><paused xmlns="http://jabber.org/protocol/chatstates"/></message>
Romeo receives nothing
Juliet sends:
    <active xmlns="urn:xmpp:csi:0"/>
    <iq type="get" id="p1"><ping xmlns="urn:xmpp:ping"/></iq>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat"><paused xmlns="http://jabber.org/protocol/chatstates"/></message>
Juliet receives:
    <iq type="result" id="p1" from="juliet@localhost" to="juliet@localhost/phone"/>
