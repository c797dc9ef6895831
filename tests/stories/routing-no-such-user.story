= RFC 6121 §8.5.1: Stanzas for an account that does not exist

Romeo: romeo@localhost/orchard

Romeo comes online

# A message is ignored or answered with service-unavailable, as the server likes (table in §8.5.4).

== A message of type normal to a bare JID

Romeo sends:
    <message to="nobody@localhost" id="n1"><body>Hello?</body></message>
Romeo may receive:
    <message type="error" id="n1" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></message>

== A message of type chat to a bare JID

Romeo sends:
    <message to="nobody@localhost" type="chat" id="n2"><body>Hello?</body></message>
Romeo may receive:
    <message type="error" id="n2" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></message>

== A message of type groupchat to a bare JID

Romeo sends:
    <message to="nobody@localhost" type="groupchat" id="n3"><body>Hello?</body></message>
Romeo may receive:
    <message type="error" id="n3" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></message>

== A message of type headline to a bare JID

Romeo sends:
    <message to="nobody@localhost" type="headline" id="n4"><body>Hello?</body></message>
Romeo may receive:
    <message type="error" id="n4" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></message>

== A message of any type to a full JID

Romeo sends:
    <message to="nobody@localhost/x" type="chat" id="n5"><body>Hello?</body></message>
Romeo may receive:
    <message type="error" id="n5" from="nobody@localhost/x"><error type="cancel"><service-unavailable/></error></message>

== A message of type error is never answered

Romeo sends:
    <message to="nobody@localhost" type="error" id="n6"><error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>
Romeo receives nothing

== Presence is ignored

Romeo sends:
    <presence to="nobody@localhost"/>
    <presence to="nobody@localhost/x"/>
    <presence to="nobody@localhost" type="unavailable"/>
    <presence to="nobody@localhost" type="unsubscribe"/>
    <presence to="nobody@localhost/x" type="unsubscribed"/>
Romeo receives nothing

== An approval is noted in the roster, and that is all

Romeo sends:
    <presence to="nobody@localhost" type="subscribed"/>
Romeo receives:
    <iq type="set" id="{any}">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nobody@localhost" subscription="none" approved="true"/>
      </query>
    </iq>
Romeo receives nothing

== A probe is ignored or answered with "unsubscribed"

Romeo sends:
    <presence to="nobody@localhost" type="probe"/>
Romeo may receive:
    <presence type="unsubscribed" from="nobody@localhost" ...>...</presence>

== A subscription request is not delivered, though it stands in the roster

Romeo sends:
    <presence to="nobody@localhost" type="subscribe"/>
Romeo receives:
    <iq type="set" id="{any}">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nobody@localhost" subscription="none" ask="subscribe"/>
      </query>
    </iq>
Romeo receives nothing

== An IQ get to a bare JID is answered with service-unavailable

Romeo sends:
    <iq to="nobody@localhost" type="get" id="q1"><query xmlns="jabber:iq:version"/></iq>
Romeo receives:
    <iq type="error" id="q1" from="nobody@localhost">
      <error type="cancel"><service-unavailable/></error>
    </iq>

== An IQ set to a full JID is answered with service-unavailable

Romeo sends:
    <iq to="nobody@localhost/x" type="set" id="q2"><query xmlns="jabber:iq:version"/></iq>
Romeo receives:
    <iq type="error" id="q2" from="nobody@localhost/x">
      <error type="cancel"><service-unavailable/></error>
    </iq>

== An IQ result or error is never answered

Romeo sends:
    <iq to="nobody@localhost" type="result" id="q3"/>
    <iq to="nobody@localhost/x" type="error" id="q4"><error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
Romeo receives nothing
