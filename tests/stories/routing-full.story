= RFC 6121 §8.5.3: Stanzas for a full JID

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber

Romeo comes online

# The resource is there: every stanza is delivered to it, whatever its priority.

== Messages of every type reach the resource

Juliet comes online
Romeo sends:
    <message to="juliet@localhost/balcony" id="d1"><body>x</body></message>
    <message to="juliet@localhost/balcony" id="d2" type="normal"><body>x</body></message>
    <message to="juliet@localhost/balcony" id="d3" type="chat"><body>x</body></message>
    <message to="juliet@localhost/balcony" id="d4" type="groupchat"><body>x</body></message>
    <message to="juliet@localhost/balcony" id="d5" type="headline"><body>x</body></message>
    <message to="juliet@localhost/balcony" id="d6" type="error"><body>x</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d1"><body>x</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d2" type="normal"><body>x</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d3" type="chat"><body>x</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d4" type="groupchat"><body>x</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d5" type="headline"><body>x</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d6" type="error"><body>x</body></message>

== Messages reach a resource of negative priority

Juliet comes online with priority -1
Romeo sends:
    <message to="juliet@localhost/balcony" id="d7" type="chat"><body>x</body></message>
    <message to="juliet@localhost/balcony" id="d8" type="headline"><body>x</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d7" type="chat"><body>x</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d8" type="headline"><body>x</body></message>

== Messages reach a connected resource that has not sent presence

Juliet connects
Romeo sends:
    <message to="juliet@localhost/balcony" id="d9" type="chat"><body>x</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d9" type="chat"><body>x</body></message>

== Only the named resource of several gets a message

Juliet comes online
Chamber comes online with priority 10
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost/balcony" id="d10" type="chat"><body>x</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="d10" type="chat"><body>x</body></message>
Chamber receives nothing

== IQs of every type reach the resource

Juliet comes online
Romeo sends:
    <iq to="juliet@localhost/balcony" type="get" id="i1"><query xmlns="urn:example:unknown"/></iq>
    <iq to="juliet@localhost/balcony" type="set" id="i2"><query xmlns="urn:example:unknown"/></iq>
    <iq to="juliet@localhost/balcony" type="result" id="i3"/>
Juliet receives:
    <iq from="romeo@localhost/orchard" to="juliet@localhost/balcony" type="get" id="i1"><query xmlns="urn:example:unknown"/></iq>
    <iq from="romeo@localhost/orchard" to="juliet@localhost/balcony" type="set" id="i2"><query xmlns="urn:example:unknown"/></iq>
    <iq from="romeo@localhost/orchard" to="juliet@localhost/balcony" type="result" id="i3"/>

== Directed presence reaches the resource

Juliet comes online
Chamber comes online
Juliet skips what came
Romeo sends:
    <presence to="juliet@localhost/balcony"><show>chat</show></presence>
    <presence to="juliet@localhost/balcony" type="unavailable"/>
Juliet receives:
    <presence from="romeo@localhost/orchard" to="juliet@localhost/balcony"><show>chat</show></presence>
    <presence from="romeo@localhost/orchard" to="juliet@localhost/balcony" type="unavailable"/>
Chamber receives nothing

# The resource is not there: normal S, chat as for the bare JID, groupchat S, headline S.

== §8.5.3.2.1 A message of type normal for a resource that is not there

Juliet comes online
Romeo sends:
    <message to="juliet@localhost/garden" id="f1"><body>x</body></message>
Romeo may receive:
    <message type="error" id="f1" from="juliet@localhost/garden"><error type="cancel"><service-unavailable/></error></message>
Juliet receives nothing

== §8.5.3.2.1 A message of type groupchat for a resource that is not there

Juliet comes online
Romeo sends:
    <message to="juliet@localhost/garden" type="groupchat" id="f2"><body>x</body></message>
Romeo may receive:
    <message type="error" id="f2" from="juliet@localhost/garden"><error type="{any}"><{service-unavailable|item-not-found|recipient-unavailable}/></error></message>
Juliet receives nothing

== §8.5.3.2.1 A message of type headline for a resource that is not there

Juliet comes online
Romeo sends:
    <message to="juliet@localhost/garden" type="headline" id="f3"><body>x</body></message>
Romeo may receive:
    <message type="error" id="f3" from="juliet@localhost/garden"><error type="cancel"><service-unavailable/></error></message>
Juliet receives nothing

== §8.5.3.2.1 A message of type error for a resource that is not there is ignored

Juliet comes online
Romeo sends:
    <message to="juliet@localhost/garden" type="error" id="f4"><error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>
Romeo receives nothing
Juliet receives nothing

== §8.5.3.2.1 A message of type chat for a resource that is not there goes to another

Juliet comes online
Romeo sends:
    <message to="juliet@localhost/garden" type="chat" id="f5"><body>x</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost{any}" type="chat" id="f5"><body>x</body></message>

== §8.5.3.2.1 A message of type chat for a resource that is not there goes to at least one of several

Juliet comes online
Chamber comes online
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost/garden" type="chat" id="f6"><body>x</body></message>
One or more of Juliet, Chamber receive:
    <message from="romeo@localhost/orchard" to="juliet@localhost{any}" type="chat" id="f6"><body>x</body></message>

== §8.5.3.2.1 A message of type chat for a resource that is not there is kept if nobody is

Romeo sends:
    <message to="juliet@localhost/garden" type="chat" id="f7"><body>x</body></message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost{any}" type="chat" id="f7">
      <body>x</body>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== §8.5.3.2.1 A message of type chat for a resource that is not there passes a negative one

Chamber comes online with priority -1
Romeo sends:
    <message to="juliet@localhost/garden" type="chat" id="f8"><body>x</body></message>
Chamber receives nothing
Romeo receives nothing

== §8.5.3.2.2 Presence for a resource that is not there is ignored

Juliet comes online
Romeo sends:
    <presence to="juliet@localhost/garden"/>
    <presence to="juliet@localhost/garden" type="unavailable"/>
Juliet receives nothing
Romeo receives nothing

== §8.5.3.2.3 An IQ for a resource that is not there is answered with service-unavailable

Juliet comes online
Romeo sends:
    <iq to="juliet@localhost/garden" type="get" id="i4"><query xmlns="jabber:iq:version"/></iq>
Romeo receives:
    <iq from="juliet@localhost/garden" type="error" id="i4"><error type="cancel"><service-unavailable/></error></iq>
Juliet receives nothing
