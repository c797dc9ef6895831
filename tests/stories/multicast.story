= XEP-0033: Extended Stanza Addressing

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Nurse: nurse@localhost/chamber

== §2.1 The host says that it is a multicast service

Romeo connects
Romeo sends:
    <iq id="d1" to="localhost" type="get"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq from="localhost" id="d1" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info"><feature var="http://jabber.org/protocol/address"/>...</query>
    </iq>

== §4.5 Those addressed see that it was delivered to all but the blind copies; those see their own

Juliet comes online
Nurse comes online
Romeo connects
Romeo sends:
    <message to="localhost" type="chat" id="m1">
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="to" jid="juliet@localhost/balcony" desc="Juliet"/>
        <address type="bcc" jid="nurse@localhost/chamber"/>
        <address type="bcc" jid="romeo@localhost/cell"/>
      </addresses>
      <body>Soft</body>
    </message>
Juliet receives:
    <message from="romeo@localhost/orchard" type="chat" id="m1">
      <body>Soft</body>
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="to" jid="juliet@localhost/balcony" desc="Juliet" delivered="true"/>
      </addresses>
      ...
    </message>
Nurse receives:
    <message from="romeo@localhost/orchard" type="chat" id="m1">
      <body>Soft</body>
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="to" jid="juliet@localhost/balcony" desc="Juliet" delivered="true"/>
        <address type="bcc" jid="nurse@localhost/chamber"/>
      </addresses>
      ...
    </message>

== §4.5 Nothing goes to whom it was delivered to already

Juliet comes online
Nurse comes online
Romeo connects
Romeo sends:
    <message to="localhost" type="chat" id="m1">
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="to" jid="juliet@localhost/balcony" delivered="true"/>
        <address type="cc" jid="nurse@localhost/chamber"/>
      </addresses>
      <body>Soft</body>
    </message>
Nurse receives:
    <message from="romeo@localhost/orchard" type="chat" id="m1">
      <body>Soft</body>
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="to" jid="juliet@localhost/balcony" delivered="true"/>
        <address type="cc" jid="nurse@localhost/chamber" delivered="true"/>
      </addresses>
      ...
    </message>
Juliet receives nothing

== §4.2 An address has not both a jid and a uri

Romeo connects
Romeo sends:
    <message to="localhost" id="m1">
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="to" jid="juliet@localhost" uri="sip:juliet@localhost"/>
      </addresses>
      <body>Soft</body>
    </message>
Romeo receives:
    <message from="localhost" id="m1" type="error">
      <error type="modify"><bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>...</error>
    </message>

== §8 A URI is not understood

Romeo connects
Romeo sends:
    <message to="localhost" id="m1">
      <addresses xmlns="http://jabber.org/protocol/address"><address type="to" uri="sip:juliet@localhost"/></addresses>
      <body>Soft</body>
    </message>
Romeo receives:
    <message from="localhost" id="m1" type="error">
      <error type="modify"><jid-malformed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>...</error>
    </message>

== §5.1 Who got presence through the service hears of its end

Juliet comes online
Nurse comes online
Romeo connects
Romeo sends:
    <presence to="localhost">
      <addresses xmlns="http://jabber.org/protocol/address">
        <address type="bcc" jid="juliet@localhost/balcony"/>
        <address type="bcc" jid="nurse@localhost/chamber"/>
      </addresses>
    </presence>
Juliet receives:
    <presence from="romeo@localhost/orchard">
      <addresses xmlns="http://jabber.org/protocol/address"><address type="bcc" jid="juliet@localhost/balcony"/></addresses>
    </presence>
Nurse receives:
    <presence from="romeo@localhost/orchard">
      <addresses xmlns="http://jabber.org/protocol/address"><address type="bcc" jid="nurse@localhost/chamber"/></addresses>
    </presence>
Romeo sends:
    <presence to="localhost" type="unavailable"/>
Juliet receives:
    <presence from="romeo@localhost/orchard" type="unavailable"/>
Nurse receives:
    <presence from="romeo@localhost/orchard" type="unavailable"/>

== §5.1 That is so as well when the sender is gone

Juliet comes online
Romeo connects
Romeo sends:
    <presence to="localhost">
      <addresses xmlns="http://jabber.org/protocol/address"><address type="to" jid="juliet@localhost/balcony"/></addresses>
    </presence>
Juliet receives:
    <presence from="romeo@localhost/orchard">...</presence>
Romeo disconnects
Juliet receives:
    <presence from="romeo@localhost/orchard" type="unavailable"/>

== §2.2 Who is blocked is not reached in this way either

Juliet comes online
Romeo connects
Juliet sends:
    <iq type="set" id="b1"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet skips what came
Romeo sends:
    <message to="localhost" type="chat" id="m1">
      <addresses xmlns="http://jabber.org/protocol/address"><address type="to" jid="juliet@localhost/balcony"/></addresses>
      <body>Soft</body>
    </message>
Romeo receives:
    <message from="juliet@localhost/balcony" id="m1" type="error">...</message>
Juliet receives nothing

== §4 Subscriptions are not for many

Romeo connects
Romeo sends:
    <presence to="localhost" type="subscribe" id="p1">
      <addresses xmlns="http://jabber.org/protocol/address"><address type="to" jid="juliet@localhost"/></addresses>
    </presence>
Romeo receives:
    <presence from="localhost" id="p1" type="error">
      <error type="modify"><bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>...</error>
    </presence>
