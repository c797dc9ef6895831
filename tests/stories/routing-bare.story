= RFC 6121 §8.5.2.1: Stanzas for the bare JID of somebody available

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber

Romeo comes online

# One non-negative resource: D D E D

== A message of type normal reaches the one resource

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" id="b1"><body>Lady</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" id="b1"><body>Lady</body></message>

== A message of type chat reaches the one resource

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="b2"><body>Lady</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="b2"><body>Lady</body></message>

== A message of type headline reaches the one resource

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="headline" id="b3"><body>News</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="headline" id="b3"><body>News</body></message>

== A message of type groupchat is an error

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="groupchat" id="b4"><body>All</body></message>
Romeo receives:
    <message from="juliet@localhost" type="error" id="b4"><error type="cancel"><service-unavailable/></error></message>
Juliet receives nothing

== A message of type error is ignored

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="error" id="b5"><error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>
Juliet receives nothing
Romeo receives nothing

# More than one non-negative resource: M M* E A

== A message of type normal reaches at least one of several resources

Juliet comes online
Chamber comes online
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" id="m1"><body>Lady</body></message>
One or more of Juliet, Chamber receive:
    <message from="romeo@localhost/orchard" to="juliet@localhost" id="m1"><body>Lady</body></message>

== A message of type chat reaches at least one of several resources

Juliet comes online
Chamber comes online
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" type="chat" id="m2"><body>Lady</body></message>
One or more of Juliet, Chamber receive:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="m2"><body>Lady</body></message>

== A message of type headline reaches all of several resources

Juliet comes online
Chamber comes online with priority 5
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" type="headline" id="m3"><body>News</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="headline" id="m3"><body>News</body></message>
Chamber receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="headline" id="m3"><body>News</body></message>

== A message of type groupchat is an error however many resources there are

Juliet comes online
Chamber comes online
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" type="groupchat" id="m4"><body>All</body></message>
Romeo receives:
    <message from="juliet@localhost" type="error" id="m4"><error type="cancel"><service-unavailable/></error></message>
Chamber receives nothing

# A resource with a negative priority never gets a message for the bare JID.

== A message of type normal passes a resource of negative priority

Juliet comes online with priority 1
Chamber comes online with priority -1
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" id="g1"><body>Lady</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" id="g1"><body>Lady</body></message>
Chamber receives nothing

== A message of type chat passes a resource of negative priority

Juliet comes online
Chamber comes online with priority -5
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" type="chat" id="g2"><body>Lady</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="g2"><body>Lady</body></message>
Chamber receives nothing

== A message of type headline passes a resource of negative priority

Juliet comes online
Chamber comes online with priority -5
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost" type="headline" id="g3"><body>News</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="headline" id="g3"><body>News</body></message>
Chamber receives nothing

== A resource that has not sent presence gets no messages for the bare JID

Juliet comes online
Chamber connects
Romeo sends:
    <message to="juliet@localhost" type="headline" id="g4"><body>News</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="headline" id="g4"><body>News</body></message>
Chamber receives nothing

# Only negative resources: O O E S

== A message of type normal is kept for later if only a negative resource is available

Chamber comes online with priority -1
Romeo sends:
    <message to="juliet@localhost" id="o1"><body>Lady</body></message>
Chamber receives nothing
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <presence from="juliet@localhost/chamber"><priority>-1</priority>...</presence>
    <message from="romeo@localhost/orchard" to="juliet@localhost" id="o1">
      <body>Lady</body>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>
Chamber skips what came

== A message of type chat is kept for later if only a negative resource is available

Chamber comes online with priority -1
Romeo sends:
    <message to="juliet@localhost" type="chat" id="o2"><body>Lady</body></message>
Chamber receives nothing
Romeo receives nothing
Chamber sends:
    <presence><priority>1</priority></presence>
Chamber receives in any order:
    <presence from="juliet@localhost/chamber"><priority>1</priority></presence>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="o2">
      <body>Lady</body>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== A message of type groupchat is an error if only a negative resource is available

Chamber comes online with priority -1
Romeo sends:
    <message to="juliet@localhost" type="groupchat" id="o3"><body>All</body></message>
Romeo receives:
    <message from="juliet@localhost" type="error" id="o3"><error type="cancel"><service-unavailable/></error></message>
Chamber receives nothing

== A message of type headline is ignored if only a negative resource is available

Chamber comes online with priority -1
Romeo sends:
    <message to="juliet@localhost" type="headline" id="o4"><body>News</body></message>
Chamber receives nothing
Romeo receives nothing

# Presence and IQ

== Presence to a bare JID reaches all available resources

Juliet comes online
Chamber comes online with priority -1
Juliet skips what came
Romeo sends:
    <presence to="juliet@localhost"/>
Juliet receives:
    <presence from="romeo@localhost/orchard" to="juliet@localhost"/>
Chamber receives:
    <presence from="romeo@localhost/orchard" to="juliet@localhost"/>

== An IQ to a bare JID is answered by the server and reaches no resource

Juliet comes online
Romeo sends:
    <iq to="juliet@localhost" type="get" id="i1"><query xmlns="urn:example:unknown"/></iq>
Romeo receives:
    <iq from="juliet@localhost" type="error" id="i1"><error type="cancel"><service-unavailable/></error></iq>
Juliet receives nothing

== An IQ result without an address is for the server, and nobody waits for it

Romeo sends:
    <iq type="result" id="nobody-asked"/>
    <iq type="error" id="nobody-asked-either"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
Romeo receives nothing

== An IQ result to a bare JID reaches nobody and is not answered

Juliet comes online
Romeo sends:
    <iq to="juliet@localhost" type="result" id="i2"/>
Juliet receives nothing
Romeo receives nothing
