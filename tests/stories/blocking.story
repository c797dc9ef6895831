= XEP-0191: Blocking Command

Juliet: juliet@localhost/chamber
Balcony: juliet@localhost/balcony
Romeo: romeo@localhost/orchard
Iago: iago@localhost/cyprus

== §3.2 A new account blocks nobody

Juliet connects
Juliet sends:
    <iq type="get" id="blocklist1"><blocklist xmlns="urn:xmpp:blocking"/></iq>
Juliet receives:
    <iq type="result" id="blocklist1"><blocklist xmlns="urn:xmpp:blocking"/></iq>

== §3.3 A block is acknowledged, pushed to whoever asked for the list, and listed

Juliet connects
Balcony connects
Juliet sends:
    <iq type="get" id="b1"><blocklist xmlns="urn:xmpp:blocking"/></iq>
Juliet receives:
    <iq type="result" id="b1"><blocklist xmlns="urn:xmpp:blocking"/></iq>
Juliet sends:
    <iq type="set" id="block1">
      <block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/><item jid="iago@localhost"/></block>
    </iq>
Juliet receives in any order:
    <iq type="result" id="block1"/>
    <iq type="set" id="{any}">
      <block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/><item jid="iago@localhost"/></block>
    </iq>
Balcony receives nothing
Juliet sends:
    <iq type="get" id="b2"><blocklist xmlns="urn:xmpp:blocking"/></iq>
Juliet receives:
    <iq type="result" id="b2">
      <blocklist xmlns="urn:xmpp:blocking"><item jid="iago@localhost"/><item jid="romeo@localhost"/></blocklist>
    </iq>

== §3.3 A block without an item is a bad request

Juliet connects
Juliet sends:
    <iq type="set" id="block2"><block xmlns="urn:xmpp:blocking"/></iq>
Juliet receives:
    <iq type="error" id="block2"><error type="modify"><bad-request/></error></iq>

== §3.3 Whom one blocks sees one become unavailable

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Juliet sends:
    <iq type="set" id="block3"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Romeo receives:
    <presence type="unavailable" from="juliet@localhost/chamber" ...>...</presence>
Juliet skips what came

== §3.3 The messages of a blocked entity are refused

Juliet comes online
Romeo comes online
Juliet sends:
    <iq type="set" id="block4"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet receives:
    <iq type="result" id="block4"/>
Romeo sends:
    <message to="juliet@localhost/chamber" type="chat" id="m1"><body>Art thou there?</body></message>
    <message to="juliet@localhost" id="m2"><body>Art thou there?</body></message>
Romeo receives:
    <message type="error" id="m1" from="juliet@localhost{any}"><error type="cancel"><service-unavailable/></error></message>
    <message type="error" id="m2" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></message>
Juliet receives nothing

== §3.3 The messages of a blocked entity are not kept either

Juliet connects
Juliet sends:
    <iq type="set" id="block5"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet receives:
    <iq type="result" id="block5"/>
Juliet disconnects
Romeo comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="m3"><body>Art thou there?</body></message>
Romeo may receive:
    <message type="error" id="m3" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></message>
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/chamber"/>
Juliet receives nothing

== §3.3 The IQs of a blocked entity are refused

Juliet comes online
Romeo comes online
Juliet sends:
    <iq type="set" id="block6"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet receives:
    <iq type="result" id="block6"/>
Romeo sends:
    <iq type="get" id="i1" to="juliet@localhost/chamber"><query xmlns="jabber:iq:version"/></iq>
    <iq type="result" id="i2" to="juliet@localhost/chamber"/>
    <iq type="get" id="i3" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Romeo receives in any order:
    <iq type="error" id="i1" from="juliet@localhost/chamber"><error type="cancel"><service-unavailable/></error></iq>
    <iq type="error" id="i3" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
Juliet receives nothing

== §3.3 The presence and the requests of a blocked entity vanish without an answer

Juliet comes online
Romeo comes online
Juliet sends:
    <iq type="set" id="block7"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet receives:
    <iq type="result" id="block7"/>
Romeo sends:
    <presence to="juliet@localhost"/>
    <presence to="juliet@localhost" type="probe"/>
    <presence to="juliet@localhost" type="subscribe"/>
Romeo receives:
    <iq type="set" id="{any}">
      <query xmlns="jabber:iq:roster" ...><item jid="juliet@localhost" subscription="none" ask="subscribe"/></query>
    </iq>
Romeo receives nothing
Juliet receives nothing

== §3.3 One cannot write to whom one blocks

Juliet comes online
Romeo comes online
Juliet sends:
    <iq type="set" id="block8"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet receives:
    <iq type="result" id="block8"/>
Juliet sends:
    <message to="romeo@localhost" id="m4" type="chat"><body>Can you hear me now?</body></message>
Juliet receives:
    <message type="error" id="m4" from="romeo@localhost">
      <error type="cancel">
        <not-acceptable/>
        <blocked xmlns="urn:xmpp:blocking:errors"/>
      </error>
    </message>
Romeo receives nothing

== §3.3 A block holds for later sessions

Juliet connects
Juliet sends:
    <iq type="set" id="block9"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
Juliet receives:
    <iq type="result" id="block9"/>
Juliet disconnects
Juliet comes online
Romeo comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="m5"><body>Now?</body></message>
Romeo receives:
    <message type="error" id="m5" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></message>
Juliet receives nothing

== §3.4 Unblocking is acknowledged and pushed, and lets everything pass again

Romeo and Juliet are contacts
Juliet connects
Juliet sends:
    <iq type="get" id="b1"><blocklist xmlns="urn:xmpp:blocking"/></iq>
    <iq type="set" id="block1"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></block></iq>
    <presence/>
Juliet skips what came
Romeo comes online
Juliet receives nothing
Juliet sends:
    <iq type="set" id="unblock1"><unblock xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/></unblock></iq>
Romeo receives:
    <presence from="juliet@localhost/chamber" ...>...</presence>
Juliet skips what came
Romeo sends:
    <message to="juliet@localhost/chamber" id="m6"><body>At last</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/chamber" id="m6"><body>At last</body></message>

== §3.5 All can be unblocked at once

Juliet connects
Juliet sends:
    <iq type="get" id="b1"><blocklist xmlns="urn:xmpp:blocking"/></iq>
    <iq type="set" id="block1">
      <block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost"/><item jid="iago@localhost"/></block>
    </iq>
Juliet skips what came
Juliet sends:
    <iq type="set" id="unblock2"><unblock xmlns="urn:xmpp:blocking"/></iq>
Juliet receives in any order:
    <iq type="result" id="unblock2"/>
    <iq type="set" id="{any}"><unblock xmlns="urn:xmpp:blocking"/></iq>
Juliet sends:
    <iq type="get" id="b2"><blocklist xmlns="urn:xmpp:blocking"/></iq>
Juliet receives:
    <iq type="result" id="b2"><blocklist xmlns="urn:xmpp:blocking"/></iq>

== §5 Blocking a domain blocks everybody there

Paris: paris@example.test/tomb

Juliet comes online
Juliet sends:
    <iq type="set" id="block1"><block xmlns="urn:xmpp:blocking"><item jid="example.test"/></block></iq>
Juliet receives:
    <iq type="result" id="block1"/>
Paris comes online
Paris sends:
    <message to="juliet@localhost/chamber" type="chat" id="m7"><body>Now?</body></message>
Paris receives:
    <message type="error" id="m7" from="juliet@localhost/chamber"><error type="cancel"><service-unavailable/></error></message>

== §5 Blocking a full JID blocks that resource alone

Tomb: romeo@localhost/tomb

Juliet comes online
Juliet sends:
    <iq type="set" id="block1"><block xmlns="urn:xmpp:blocking"><item jid="romeo@localhost/tomb"/></block></iq>
Juliet receives:
    <iq type="result" id="block1"/>
Romeo connects
Tomb connects
Tomb sends:
    <message to="juliet@localhost/chamber" type="chat" id="m8"><body>Now?</body></message>
Tomb receives:
    <message type="error" id="m8" from="juliet@localhost/chamber"><error type="cancel"><service-unavailable/></error></message>
Romeo sends:
    <message to="juliet@localhost/chamber" type="chat" id="m9"><body>And now?</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/chamber" type="chat" id="m9"><body>And now?</body></message>

== §4 One cannot block oneself from one's own resources

Juliet comes online
Balcony comes online
Juliet sends:
    <iq type="set" id="block1"><block xmlns="urn:xmpp:blocking"><item jid="juliet@localhost"/></block></iq>
Juliet skips what came
Balcony sends:
    <message to="juliet@localhost/chamber" id="m10"><body>It is me</body></message>
Juliet receives:
    <message from="juliet@localhost/balcony" to="juliet@localhost/chamber" id="m10"><body>It is me</body></message>
