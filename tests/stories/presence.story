= RFC 6121 §4: Exchanging Presence Information

Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber
Romeo: romeo@localhost/orchard
Mercutio: mercutio@localhost/square

== §4.2.2 Initial presence goes to the user's own available resources

Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
Chamber connects
Chamber sends:
    <presence/>
Chamber receives in any order:
    <presence from="juliet@localhost/chamber"/>
    <presence from="juliet@localhost/balcony">...</presence>
Juliet receives:
    <presence from="juliet@localhost/chamber"/>

== §4.2.2 Initial presence goes to subscribers, and to nobody else

Romeo and Juliet are contacts
Romeo comes online
Mercutio comes online
Juliet connects
Juliet sends:
    <presence xml:lang="en">
      <show>dnd</show>
      <status>courting Romeo</status>
      <status xml:lang="cs">dvoř&#xED;m se Romeovi</status>
      <priority>1</priority>
    </presence>
Romeo receives:
    <presence from="juliet@localhost/balcony" to="romeo@localhost" xml:lang="en">
      <show>dnd</show>
      <status>courting Romeo</status>
      <status xml:lang="cs">dvoř&#xED;m se Romeovi</status>
      <priority>1</priority>
    </presence>
Mercutio receives nothing
Juliet skips what came

== §4.3.2 Who becomes available is told the presence of those it is subscribed to

Romeo and Juliet are contacts
Juliet comes online
Romeo connects
Romeo sends:
    <presence/>
Romeo receives in any order:
    <presence from="romeo@localhost/orchard"/>
    <presence from="juliet@localhost/balcony">...</presence>
Juliet receives:
    <presence from="romeo@localhost/orchard" to="juliet@localhost"/>

== §4.3.2 The answer to a probe is the presence that was last sent

Romeo is subscribed to Juliet
Juliet comes online
Juliet sends:
    <presence><show>xa</show><status>asleep</status></presence>
Juliet receives:
    <presence from="juliet@localhost/balcony"><show>xa</show><status>asleep</status></presence>
Romeo connects
Romeo sends:
    <presence/>
Romeo receives in any order:
    <presence from="romeo@localhost/orchard"/>
    <presence from="juliet@localhost/balcony">
      <show>xa</show>
      <status>asleep</status>
      ...
    </presence>

== §4.3.2 Who becomes available hears of every available resource of a contact

Romeo is subscribed to Juliet
Juliet comes online with priority 5
Chamber comes online with priority -1
Juliet skips what came
Romeo connects
Romeo sends:
    <presence/>
Romeo receives in any order:
    <presence from="romeo@localhost/orchard"/>
    <presence from="juliet@localhost/balcony"><priority>5</priority>...</presence>
    <presence from="juliet@localhost/chamber"><priority>-1</priority>...</presence>

== §4.2.2 Presence is not shown to those who are subscribed to nobody

Romeo is subscribed to Juliet
Juliet comes online
Romeo connects
Romeo sends:
    <presence/>
Romeo receives in any order:
    <presence from="romeo@localhost/orchard"/>
    <presence from="juliet@localhost/balcony">...</presence>
Juliet receives nothing

== §4.3.2 A probe by somebody without a subscription shows nothing

Juliet comes online
Mercutio comes online
Mercutio sends:
    <presence type="probe" to="juliet@localhost"/>
Mercutio may receive:
    <presence type="unsubscribed" from="juliet@localhost" ...>...</presence>
Juliet receives nothing

== §4.3 A subscriber's probe of a contact is answered

Romeo is subscribed to Juliet
Juliet comes online
Romeo comes online
Romeo sends:
    <presence type="probe" to="juliet@localhost"/>
Romeo receives:
    <presence from="juliet@localhost/balcony">...</presence>
Juliet receives nothing

== §4.4.2 Later presence replaces the earlier and reaches subscribers

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Juliet sends:
    <presence><show>away</show></presence>
Juliet receives:
    <presence from="juliet@localhost/balcony"><show>away</show></presence>
Romeo receives:
    <presence from="juliet@localhost/balcony" to="romeo@localhost"><show>away</show></presence>

== §4.5.2 Unavailable presence reaches subscribers with its status

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Juliet sends:
    <presence type="unavailable"><status>going on vacation</status></presence>
Romeo receives:
    <presence type="unavailable" from="juliet@localhost/balcony" to="romeo@localhost">
      <status>going on vacation</status>
    </presence>
Juliet may receive:
    <presence type="unavailable" from="juliet@localhost/balcony">
      <status>going on vacation</status>
    </presence>

== §4.5.2 A resource that became unavailable gets no more presence

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet sends:
    <presence type="unavailable"/>
Juliet skips what came
Romeo skips what came
Romeo sends:
    <presence><show>away</show></presence>
Romeo receives:
    <presence from="romeo@localhost/orchard"><show>away</show></presence>
Juliet receives nothing

== §4.5.2 The server tells subscribers when a client closes its stream

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Juliet disconnects
Romeo receives:
    <presence type="unavailable" from="juliet@localhost/balcony" to="romeo@localhost" ...>...</presence>

== §4.5.2 The server tells subscribers when a client's connection breaks

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Juliet drops the connection
Romeo receives:
    <presence type="unavailable" from="juliet@localhost/balcony" to="romeo@localhost" ...>...</presence>

== §4.5.2 The user's other resources hear that one became unavailable

Juliet comes online
Chamber comes online
Juliet skips what came
Chamber disconnects
Juliet receives:
    <presence type="unavailable" from="juliet@localhost/chamber" ...>...</presence>

== §4.6.3 Directed presence reaches somebody without a subscription

Juliet comes online
Mercutio comes online
Mercutio sends:
    <presence to="juliet@localhost"><status>masked</status></presence>
Juliet receives:
    <presence from="mercutio@localhost/square" to="juliet@localhost"><status>masked</status></presence>
Mercutio receives nothing

== §4.6.3 Whoever got directed presence is told when the sender becomes unavailable

Juliet comes online
Mercutio comes online
Mercutio sends:
    <presence to="juliet@localhost/balcony"/>
Juliet receives:
    <presence from="mercutio@localhost/square" to="juliet@localhost/balcony"/>
Mercutio sends:
    <presence type="unavailable"/>
Juliet receives:
    <presence type="unavailable" from="mercutio@localhost/square" ...>...</presence>
Mercutio skips what came

== §4.6.3 Whoever got directed presence is told when the sender's connection breaks

Juliet comes online
Mercutio connects
Mercutio sends:
    <presence to="juliet@localhost/balcony"/>
Juliet receives:
    <presence from="mercutio@localhost/square" to="juliet@localhost/balcony"/>
Mercutio drops the connection
Juliet receives:
    <presence type="unavailable" from="mercutio@localhost/square" ...>...</presence>

== §4.6.3 Directed unavailable presence ends the matter

Juliet comes online
Mercutio comes online
Mercutio sends:
    <presence to="juliet@localhost/balcony"/>
    <presence type="unavailable" to="juliet@localhost/balcony"/>
Juliet receives:
    <presence from="mercutio@localhost/square" to="juliet@localhost/balcony"/>
    <presence type="unavailable" from="mercutio@localhost/square" to="juliet@localhost/balcony"/>
Mercutio disconnects
Juliet receives nothing

== §4.6.3 Directed presence is not followed by later broadcasts

Juliet comes online
Mercutio comes online
Mercutio sends:
    <presence to="juliet@localhost/balcony"/>
Juliet receives:
    <presence from="mercutio@localhost/square" to="juliet@localhost/balcony"/>
Mercutio sends:
    <presence><show>dnd</show></presence>
Mercutio receives:
    <presence from="mercutio@localhost/square"><show>dnd</show></presence>
Juliet receives nothing

== §4.7.2.3 A priority out of range does no harm

Juliet comes online
Juliet sends:
    <presence><priority>128</priority></presence>
    <presence><priority>high</priority></presence>
    <presence><priority/></presence>
Juliet skips what came
Juliet sends:
    <iq id="ping1" type="get" to="localhost"><ping xmlns="urn:xmpp:ping"/></iq>
Juliet receives:
    <iq id="ping1" type="result" from="localhost"/>
