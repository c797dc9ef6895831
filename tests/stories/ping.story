= XEP-0199: XMPP Ping

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

== The server answers a ping to its domain

Romeo connects
Romeo sends:
    <iq id="c2s1" type="get" to="localhost">
      <ping xmlns="urn:xmpp:ping"/>
    </iq>
Romeo receives:
    <iq id="c2s1" type="result" from="localhost"/>

== The server answers a ping without an address on the user's behalf

Romeo connects
Romeo sends:
    <iq id="c2s2" type="get">
      <ping xmlns="urn:xmpp:ping"/>
    </iq>
Romeo receives:
    <iq id="c2s2" type="result" from="{localhost|romeo@localhost}"/>

== The server answers a ping to the user's own bare JID on the user's behalf

Romeo connects
Romeo sends:
    <iq id="c2s3" type="get" to="romeo@localhost">
      <ping xmlns="urn:xmpp:ping"/>
    </iq>
Romeo receives:
    <iq id="c2s3" type="result" from="romeo@localhost"/>

== A ping to another client is left to that client

Romeo connects
Juliet connects
Romeo sends:
    <iq id="e2e1" type="get" to="juliet@localhost/balcony">
      <ping xmlns="urn:xmpp:ping"/>
    </iq>
Juliet receives:
    <iq id="e2e1" type="get" from="romeo@localhost/orchard" to="juliet@localhost/balcony">
      <ping xmlns="urn:xmpp:ping"/>
    </iq>
Juliet sends:
    <iq id="e2e1" type="result" to="romeo@localhost/orchard"/>
Romeo receives:
    <iq id="e2e1" type="result" from="juliet@localhost/balcony" to="romeo@localhost/orchard"/>
