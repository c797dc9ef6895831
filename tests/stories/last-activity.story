= XEP-0012: Last Activity

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

== §3 A subscriber learns how long ago somebody logged out, and the last status

Romeo is subscribed to Juliet
Juliet comes online
Juliet sends:
    <presence type="unavailable"><status>Heading Home</status></presence>
Juliet skips what came
Juliet disconnects
Romeo connects
Romeo sends:
    <iq type="get" id="last1" to="juliet@localhost"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="result" id="last1" from="juliet@localhost">
      <query xmlns="jabber:iq:last" seconds="{integer}">Heading Home</query>
    </iq>

== §3 A stranger learns nothing

Juliet connects
Romeo connects
Romeo sends:
    <iq type="get" id="last1" to="juliet@localhost"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="error" id="last1" from="juliet@localhost">
      <error type="{auth|cancel}"><{forbidden|service-unavailable}/></error>
    </iq>
Juliet receives nothing

== §3 Who is online has been inactive for no time

Romeo is subscribed to Juliet
Juliet comes online
Romeo connects
Romeo sends:
    <iq type="get" id="last1" to="juliet@localhost"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="result" id="last1" from="juliet@localhost">
      <query xmlns="jabber:iq:last" seconds="0"/>
    </iq>

== §4 A stranger's question to a full JID does not reach it

Juliet comes online
Romeo connects
Romeo sends:
    <iq type="get" id="last2" to="juliet@localhost/balcony"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="error" id="last2" from="juliet@localhost{any}">
      <error type="{auth|cancel}"><{forbidden|service-unavailable}/></error>
    </iq>
Juliet receives nothing

== §4 A subscriber's question to a full JID is left to that client

Romeo is subscribed to Juliet
Juliet comes online
Romeo connects
Romeo sends:
    <iq type="get" id="last2" to="juliet@localhost/balcony"><query xmlns="jabber:iq:last"/></iq>
Juliet receives:
    <iq type="get" id="last2" from="romeo@localhost/orchard" to="juliet@localhost/balcony"><query xmlns="jabber:iq:last"/></iq>

== §3 Who is connected but not available has been inactive for no time either

Romeo is subscribed to Juliet
Juliet connects
Romeo connects
Romeo sends:
    <iq type="get" id="last3" to="juliet@localhost"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="result" id="last3" from="juliet@localhost">
      <query xmlns="jabber:iq:last" seconds="0"/>
    </iq>

== §4 A stranger cannot tell a resource that is online from one that is not

Juliet comes online
Romeo connects
Romeo sends:
    <iq type="get" id="last4" to="juliet@localhost/balcony"><query xmlns="jabber:iq:last"/></iq>
    <iq type="get" id="last5" to="juliet@localhost/nowhere"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="error" id="last4" from="juliet@localhost/balcony"><error type="auth"><forbidden/></error></iq>
    <iq type="error" id="last5" from="juliet@localhost/nowhere"><error type="auth"><forbidden/></error></iq>
Juliet receives nothing

== §4 A client that does not tell answers for itself

Romeo is subscribed to Juliet
Juliet comes online
Romeo connects
Romeo sends:
    <iq type="get" id="last6" to="juliet@localhost/balcony"><query xmlns="jabber:iq:last"/></iq>
Juliet receives:
    <iq type="get" id="last6" from="romeo@localhost/orchard" to="juliet@localhost/balcony"><query xmlns="jabber:iq:last"/></iq>
Juliet sends:
    <iq type="error" id="last6" to="romeo@localhost/orchard">
      <error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>
    </iq>
Romeo receives:
    <iq type="error" id="last6" from="juliet@localhost/balcony" to="romeo@localhost/orchard">
      <error type="cancel"><service-unavailable/></error>
    </iq>
