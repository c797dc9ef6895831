= XEP-0045 §8: rows of the moderator use cases

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop
Hecate: hecate@localhost/broom

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 skips what came
Hag comes online
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Wiccarocks comes online
Wiccarocks sends:
    <presence to="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Wiccarocks skips what came
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came

== §8.1 The subject is changed by participants only where the room lets them, and can be cleared

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="s1"><subject>Fire</subject></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="s1"><error type="auth"><forbidden/></error></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_changesubject"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="s2"><subject>Fire</subject></message>
Wiccarocks receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="s2"><subject>Fire</subject><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="s3"><subject/></message>
Wiccarocks receives:
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="s3"><subject/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Crone1 skips what came
Wiccarocks skips what came
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost/firstwitch" type="groupchat"><subject/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/></message>

== §8.1 A message with a body sets no subject

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="s1"><subject>Fire</subject><body>burn</body></message>
Wiccarocks receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="s1"><subject>Fire</subject><body>burn</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came

== §8.2 Kicking is for moderators, and not of those above them

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="k1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="none"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="k1"><error type="auth"><forbidden/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="moderator"/></query></iq>
    <iq type="set" to="coven@conference.localhost" id="m2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="wiccarocks@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="k2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="none"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="k2"><error type="cancel"><not-allowed/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="k3"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="firstwitch" role="none"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="k3"><error type="cancel"><not-allowed/></error></iq>
Wiccarocks sends:
    <iq type="set" to="coven@conference.localhost" id="k4"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="firstwitch" role="none"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="k4"><error type="cancel"><not-allowed/></error></iq>
Wiccarocks sends:
    <iq type="set" to="coven@conference.localhost" id="k5"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="nobody" role="none"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="k5"><error type="cancel"><item-not-found/></error></iq>
Wiccarocks sends:
    <iq type="set" to="coven@conference.localhost" id="k6"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="king"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="k6"><error type="modify"><bad-request/></error></iq>

== §8.2 Several are kicked at once, or none

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="k1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="none"/><item nick="nobody" role="none"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="k1"><error type="cancel"><item-not-found/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="k2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="none"/><item nick="secondwitch" role="none"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="k2"/>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/></item><status code="307"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="wiccarocks@localhost/laptop"><actor nick="firstwitch"/></item><status code="307"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came

== §8.4 Nobody takes the voice of an admin, or of whoever is affiliated as highly

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/><item affiliation="member" jid="wiccarocks@localhost"/></query></iq>
    <iq type="set" to="coven@conference.localhost" id="m2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="moderator"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="v1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="visitor"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="v1"><error type="cancel"><not-allowed/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="firstwitch" role="visitor"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="v2"><error type="cancel"><not-allowed/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v3"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="visitor"><reason>Hush</reason></item></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="v3"/>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="visitor" jid="wiccarocks@localhost/laptop"><reason>Hush</reason></item></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came

== §8.5 The list of those with voice is changed by what differs

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_moderatedroom"><value>1</value></field></x></query></iq>
    <iq type="set" to="coven@conference.localhost" id="v0"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="visitor"/><item nick="secondwitch" role="visitor"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="participant"/><item nick="secondwitch" role="visitor"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="v1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="v2"><query xmlns="http://jabber.org/protocol/muc#admin"><item role="participant"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="v2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost/pda" nick="thirdwitch" role="participant"/></query></iq>

== §8.6 Granting voice by the form is for moderators

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_moderatedroom"><value>1</value></field></x></query></iq>
    <iq type="set" to="coven@conference.localhost" id="v0"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="visitor"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Wiccarocks sends:
    <message to="coven@conference.localhost" id="v1"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#request</value></field><field var="muc#role"><value>participant</value></field><field var="muc#jid"><value>hag66@localhost/pda</value></field><field var="muc#roomnick"><value>thirdwitch</value></field><field var="muc#request_allow"><value>true</value></field></x></message>
Wiccarocks receives:
    <message type="error" from="coven@conference.localhost" id="v1"><error type="auth"><forbidden/></error></message>
