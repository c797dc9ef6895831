= XEP-0424 and XEP-0425 in rooms

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

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
Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m3"><body>Thrice the brinded cat</body></message>
Hag receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m3"><body>Thrice the brinded cat</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag=any}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{cat=any}"/></message>
Crone1 skips what came

== XEP-0424 §4 An author takes back a message by its stanza-id, and a tombstone remains

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Harpier cries</body></message>
Hag receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><body>Harpier cries</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{first=any}"/></message>
Crone1 skips what came
Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m2"><replace xmlns="urn:xmpp:message-correct:0" id="m1"/><body>Harpier sings</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="r1"><retract xmlns="urn:xmpp:message-retract:1" id="{first}"/></message>
Hag receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="m2"><replace xmlns="urn:xmpp:message-correct:0" id="m1"/><body>Harpier sings</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{second=any}"/></message>
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="r1"><retract xmlns="urn:xmpp:message-retract:1" id="{first}"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{third=any}"/></message>
Crone1 skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="q1"><query xmlns="urn:xmpp:mam:2" queryid="f27"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>urn:xmpp:mam:2</value></field><field var="after-id"><value>{cat}</value></field></x></query></iq>
Hag receives:
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" queryid="f27" id="{first}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><retracted xmlns="urn:xmpp:message-retract:1" id="r1" stamp="{stamp}"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" queryid="f27" id="{second}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m2"><retracted xmlns="urn:xmpp:message-retract:1" id="r1" stamp="{stamp}"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" queryid="f27" id="{third}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="r1"><retract xmlns="urn:xmpp:message-retract:1" id="{first}"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <iq type="result" from="coven@conference.localhost" id="q1"><fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{first}</first><last>{third}</last></set></fin></iq>

== XEP-0424 §6 Nobody takes back what another said

Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="r2"><retract xmlns="urn:xmpp:message-retract:1" id="{cat}"/></message>
Crone1 skips what came
Hag skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="q2"><query xmlns="urn:xmpp:mam:2"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>urn:xmpp:mam:2</value></field><field var="ids"><value>{cat}</value></field></x></query></iq>
Hag receives:
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" id="{cat}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m3"><body>Thrice the brinded cat</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <iq type="result" from="coven@conference.localhost" id="q2"><fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{cat}</first><last>{cat}</last></set></fin></iq>

== XEP-0425 §3.2 Who is no moderator does not moderate

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><moderate xmlns="urn:xmpp:message-moderate:1" id="{cat}"><retract xmlns="urn:xmpp:message-retract:1"/></moderate></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="a1"><error type="auth"><forbidden/></error></iq>

== XEP-0425 §5 Nobody speaks for the room

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="a2"><retract xmlns="urn:xmpp:message-retract:1" id="{cat}"><moderated xmlns="urn:xmpp:message-moderate:1" by="coven@conference.localhost/firstwitch"/></retract></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="a2"><error type="auth"><forbidden/></error></message>

== XEP-0425 §3 What is not there cannot be moderated

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a3"><moderate xmlns="urn:xmpp:message-moderate:1" id="0000000000000001"><retract xmlns="urn:xmpp:message-retract:1"/></moderate></iq>
    <iq type="set" to="coven@conference.localhost" id="a4"><moderate xmlns="urn:xmpp:message-moderate:1" id="m3"><retract xmlns="urn:xmpp:message-retract:1"/></moderate></iq>
    <iq type="set" to="coven@conference.localhost" id="a5"><moderate xmlns="urn:xmpp:message-moderate:1" id="{cat}"/></iq>
Crone1 receives in any order:
    <iq type="error" from="coven@conference.localhost" id="a3"><error type="cancel"><item-not-found/></error></iq>
    <iq type="error" from="coven@conference.localhost" id="a4"><error type="cancel"><item-not-found/></error></iq>
    <iq type="error" from="coven@conference.localhost" id="a5"><error type="modify"><bad-request/></error></iq>

== XEP-0425 §3.1 A moderator takes back what another said, and all hear why

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a6"><moderate xmlns="urn:xmpp:message-moderate:1" id="{cat}"><retract xmlns="urn:xmpp:message-retract:1"/><reason>Not that cat</reason></moderate></iq>
Crone1 receives:
    <message from="coven@conference.localhost" type="groupchat" id="{order=any}"><retract xmlns="urn:xmpp:message-retract:1" id="{cat}"><moderated xmlns="urn:xmpp:message-moderate:1" by="coven@conference.localhost/firstwitch"><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone=any}"/></moderated><reason>Not that cat</reason></retract><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{told=any}"/></message>
    <iq type="result" from="coven@conference.localhost" id="a6"/>
Hag receives:
    <message from="coven@conference.localhost" type="groupchat" id="{order}"><retract xmlns="urn:xmpp:message-retract:1" id="{cat}"><moderated xmlns="urn:xmpp:message-moderate:1" by="coven@conference.localhost/firstwitch"><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone}"/></moderated><reason>Not that cat</reason></retract><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{told}"/></message>

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="q3"><query xmlns="urn:xmpp:mam:2"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>urn:xmpp:mam:2</value></field><field var="ids"><value>{cat}</value><value>{told}</value></field></x></query></iq>
Hag receives:
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" id="{cat}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m3"><retracted xmlns="urn:xmpp:message-retract:1" id="{order}" stamp="{stamp}"><moderated xmlns="urn:xmpp:message-moderate:1" by="coven@conference.localhost/firstwitch"><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone}"/></moderated><reason>Not that cat</reason></retracted><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></message></forwarded></result></message>
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" id="{told}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost" type="groupchat" id="{order}"><retract xmlns="urn:xmpp:message-retract:1" id="{cat}"><moderated xmlns="urn:xmpp:message-moderate:1" by="coven@conference.localhost/firstwitch"><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone}"/></moderated><reason>Not that cat</reason></retract></message></forwarded></result></message>
    <iq type="result" from="coven@conference.localhost" id="q3"><fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{cat}</first><last>{told}</last></set></fin></iq>
Wiccarocks comes online
Wiccarocks sends:
    <presence to="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" jid="wiccarocks@localhost/laptop" role="participant"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came
Hag skips what came
