= RFC 6121 §8.5.2.2: Stanzas for the bare JID of somebody who is not there

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

Romeo comes online

# No active resource: O O E S

== A message of type normal is kept

Romeo sends:
    <message to="juliet@localhost" id="a1"><body>Lady</body></message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost" id="a1">
      <body>Lady</body>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== A message of type chat is kept

Romeo sends:
    <message to="juliet@localhost" type="chat" id="a2"><body>Lady</body></message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="a2">
      <body>Lady</body>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== A message of type groupchat is an error

Romeo sends:
    <message to="juliet@localhost" type="groupchat" id="a3"><body>All</body></message>
Romeo receives:
    <message from="juliet@localhost" type="error" id="a3"><error type="cancel"><service-unavailable/></error></message>

== Messages of the types headline and error are ignored

Romeo sends:
    <message to="juliet@localhost" type="headline" id="a4"><body>News</body></message>
    <message to="juliet@localhost" type="error" id="a5"><error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
Juliet receives nothing

== Presence is ignored

Romeo sends:
    <presence to="juliet@localhost"/>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
Juliet receives nothing

== An IQ is answered by the server

Romeo sends:
    <iq to="juliet@localhost" type="get" id="i1"><query xmlns="urn:example:unknown"/></iq>
Romeo receives:
    <iq from="juliet@localhost" type="error" id="i1"><error type="cancel"><service-unavailable/></error></iq>
