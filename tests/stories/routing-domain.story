= RFC 6121 §8.1 and RFC 6120 §10.3: Stanzas without an address and for the domain

Romeo: romeo@localhost/orchard

Romeo comes online

== RFC 6120 §10.3.3 An unknown IQ without an address is answered by the server

Romeo sends:
    <iq type="get" id="u1"><query xmlns="urn:example:unknown"/></iq>
Romeo receives:
    <iq type="error" id="u1" from="{localhost|romeo@localhost}"><error type="cancel"><service-unavailable/></error></iq>

== RFC 6120 §10.5.2 An unknown IQ to the domain is answered by the server

Romeo sends:
    <iq type="set" id="u2" to="localhost"><query xmlns="urn:example:unknown"/></iq>
Romeo receives:
    <iq type="error" id="u2" from="localhost"><error type="cancel"><service-unavailable/></error></iq>

== RFC 6120 §8.2.3 An IQ result or error to the domain is not answered

Romeo sends:
    <iq type="result" id="u3" to="localhost"/>
    <iq type="error" id="u4" to="localhost"><error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
Romeo receives nothing

== A message to the domain does no harm

Romeo sends:
    <message to="localhost" id="m1"><body>Anybody?</body></message>
    <message to="localhost/resource" id="m2"><body>Anybody?</body></message>
Romeo skips what came

== RFC 6121 §8.1 Presence to the domain is not broadcast

Romeo sends:
    <presence to="localhost"/>
Romeo receives nothing

== RFC 6120 §8.2.3 An IQ of an unknown type is a bad request

Romeo sends:
    <iq type="question" id="t1" to="localhost"><query xmlns="urn:example:unknown"/></iq>
Romeo receives:
    <iq type="error" id="t1" from="{any}"><error type="modify"><bad-request/></error></iq>

== RFC 6120 §8.2.3 An IQ get without a payload is a bad request

Romeo sends:
    <iq type="get" id="t2" to="localhost"/>
Romeo receives:
    <iq type="error" id="t2" from="{any}"><error type="modify"><bad-request/></error></iq>

== RFC 6120 §8.2.3 An IQ set with two payloads is a bad request

Romeo sends:
    <iq type="set" id="t3" to="localhost"><a xmlns="urn:example:a"/><b xmlns="urn:example:b"/></iq>
Romeo receives:
    <iq type="error" id="t3" from="{any}"><error type="modify"><bad-request/></error></iq>

== RFC 6120 §8.3.3.8 A stanza with a malformed address is refused

Romeo sends:
    <message to="@localhost" id="j1" type="chat"><body>x</body></message>
Romeo receives:
    <message type="error" id="j1" ...><error type="modify"><jid-malformed/></error></message>
