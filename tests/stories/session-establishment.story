= RFC 3921 §3: Session Establishment

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

== A client that asks for a session after binding has one

Romeo connects
Romeo sends:
    <iq to="localhost" type="set" id="sess_1"><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/></iq>
Romeo receives:
    <iq from="localhost" type="result" id="sess_1"/>

== The request needs no address

Romeo connects
Romeo sends:
    <iq type="set" id="sess_2"><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/></iq>
Romeo receives:
    <iq type="result" id="sess_2"/>

== Nobody has a session with another user

Romeo connects
Romeo sends:
    <iq type="set" id="sess_3" to="juliet@localhost"><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/></iq>
Romeo receives:
    <iq type="error" id="sess_3" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
