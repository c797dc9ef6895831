= What passes through rooms as it is: XEP-0308, XEP-0444, XEP-0461, XEP-0482, XEP-0353, XEP-0153

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 skips what came
Hag comes online
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Crone1 skips what came

== Reactions, replies and invitations to calls reach all with the id of the occupant, and are archived

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><reactions xmlns="urn:xmpp:reactions:0" id="s1"><reaction>👋</reaction></reactions></message>
    <message to="coven@conference.localhost" type="groupchat" id="m2"><reply xmlns="urn:xmpp:reply:0" to="coven@conference.localhost/firstwitch" id="s1"/><body>Aye</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="m3"><invite xmlns="urn:xmpp:call-invites:0" video="true"><external uri="https://meet.example/r"/></invite></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><reactions xmlns="urn:xmpp:reactions:0" id="s1"><reaction>👋</reaction></reactions><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag=any}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{one=any}"/></message>
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m2"><reply xmlns="urn:xmpp:reply:0" to="coven@conference.localhost/firstwitch" id="s1"/><body>Aye</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{two=any}"/></message>
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m3"><invite xmlns="urn:xmpp:call-invites:0" video="true"><external uri="https://meet.example/r"/></invite><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{three=any}"/></message>
Hag skips what came
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="q1"><metadata xmlns="urn:xmpp:mam:2"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="q1"><metadata xmlns="urn:xmpp:mam:2"><start id="{one}" timestamp="{stamp}"/><end id="{three}" timestamp="{stamp}"/></metadata></iq>

== A call is proposed to one occupant

Hag sends:
    <message to="coven@conference.localhost/firstwitch" type="chat" id="j1"><propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/></propose><x xmlns="http://jabber.org/protocol/muc#user"/></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" type="chat" id="j1"><propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/></propose>...</message>
Hag skips what came

== The hash of an occupant's avatar passes, as its server says it: there is none

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="vcard-temp:x:update"><photo>a31c4bd04de69663cfd7f424a8453f4674da37ff</photo></x></presence>
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="vcard-temp:x:update"><photo/></x><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" jid="hag66@localhost/pda" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came

== A message that is sent again with its origin-id is said once

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Thrice</body><origin-id xmlns="urn:xmpp:sid:0" id="o1"/></message>
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Thrice</body><origin-id xmlns="urn:xmpp:sid:0" id="o1"/></message>
    <message to="coven@conference.localhost" type="groupchat" id="m2"><body>And again</body></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><body>Thrice</body><origin-id xmlns="urn:xmpp:sid:0" id="o1"/>...</message>
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m2"><body>And again</body>...</message>
Hag skips what came

== XEP-0353 A call is proposed to all, and one of them takes it

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="j1"><propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/></propose></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="j1"><propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/></propose><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>...</message>
Hag receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="j1"><propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/></propose><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>...</message>
Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="j2"><proceed xmlns="urn:xmpp:jingle-message:0" id="c1"/></message>
Hag receives:
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="j2"><proceed xmlns="urn:xmpp:jingle-message:0" id="c1"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>...</message>
Crone1 skips what came

== XEP-0482 One occupant is invited to a call, and answers

Hag sends:
    <message to="coven@conference.localhost/firstwitch" type="chat" id="k1"><invite xmlns="urn:xmpp:call-invites:0" video="true"><external uri="https://meet.example/r"/></invite><x xmlns="http://jabber.org/protocol/muc#user"/></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" type="chat" id="k1"><invite xmlns="urn:xmpp:call-invites:0" video="true"><external uri="https://meet.example/r"/></invite>...</message>
Crone1 sends:
    <message to="coven@conference.localhost/thirdwitch" type="chat" id="k2"><accept xmlns="urn:xmpp:call-invites:0" id="k1"><external uri="https://meet.example/r"/></accept><x xmlns="http://jabber.org/protocol/muc#user"/></message>
Hag receives:
    <message from="coven@conference.localhost/firstwitch" type="chat" id="k2"><accept xmlns="urn:xmpp:call-invites:0" id="k1"><external uri="https://meet.example/r"/></accept>...</message>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="q1"><metadata xmlns="urn:xmpp:mam:2"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="q1"><metadata xmlns="urn:xmpp:mam:2"/></iq>

== XEP-0308 A correction reaches all, and stands in the archive beside what it corrects

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Thrice the brindled cat</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="m2"><body>Thrice the brinded cat</body><replace xmlns="urn:xmpp:message-correct:0" id="m1"/></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><body>Thrice the brindled cat</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag=any}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{one=any}"/></message>
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m2"><body>Thrice the brinded cat</body><replace xmlns="urn:xmpp:message-correct:0" id="m1"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{two=any}"/></message>
Hag skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="q1"><query xmlns="urn:xmpp:mam:2"/></iq>
Hag receives:
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" id="{one}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><body>Thrice the brindled cat</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" id="{two}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m2"><body>Thrice the brinded cat</body><replace xmlns="urn:xmpp:message-correct:0" id="m1"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <iq type="result" from="coven@conference.localhost" id="q1"><fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{one}</first><last>{two}</last></set></fin></iq>
