= XEP-0045 §8: Moderator Use Cases

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_moderatedroom"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag comes online
Wiccarocks comes online
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Wiccarocks sends:
    <presence to="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Wiccarocks skips what came
Hag skips what came
Crone1 skips what came

== §8.1 The subject is for moderators, and comes to who enters

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="lh1"><subject>Mine!</subject></message>
Hag receives:
    <message from="coven@conference.localhost" type="error" id="lh1"><error type="auth"><forbidden/></error></message>
Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="lh2"><subject>Fire Burn and Cauldron Bubble!</subject></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost/firstwitch" type="groupchat"><subject>Fire Burn and Cauldron Bubble!</subject><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/></message>
Crone1 skips what came
Wiccarocks skips what came

== §8.2 A moderator kicks

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="kick1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="none"><reason>Avaunt, you cullion!</reason></item></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="kick1"/>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/><reason>Avaunt, you cullion!</reason></item><status code="307"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/><reason>Avaunt, you cullion!</reason></item><status code="110"/><status code="307"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none"><actor nick="firstwitch"/><reason>Avaunt, you cullion!</reason></item><status code="307"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks sends:
    <iq type="set" to="coven@conference.localhost" id="kick2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="firstwitch" role="none"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="kick2"><error type="auth"><forbidden/></error></iq>

== §8.3, §8.4 Voice is granted and revoked, and nobody speaks without it

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>?</body></message>
Hag receives:
    <message from="coven@conference.localhost" type="error" id="m1"><error type="auth"><forbidden/></error></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="voice1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="participant"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="voice1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="voice2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="visitor"><reason>Not so worthy after all!</reason></item></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="voice2"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor" jid="hag66@localhost/pda"><reason>Not so worthy after all!</reason></item></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor" jid="hag66@localhost/pda"><reason>Not so worthy after all!</reason></item><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor"><reason>Not so worthy after all!</reason></item></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §8.4 Nobody revokes the voice of an owner

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item jid="hag66@localhost" affiliation="admin"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="voicetest"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="firstwitch" role="visitor"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="voicetest"><error type="cancel"><not-allowed/></error></iq>

== §8.5 The list of those with voice is for moderators

Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="voice3"><query xmlns="http://jabber.org/protocol/muc#admin"><item role="visitor"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="voice3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost/pda" nick="thirdwitch" role="visitor"/><item affiliation="none" jid="wiccarocks@localhost/laptop" nick="secondwitch" role="visitor"/></query></iq>
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="voice4"><query xmlns="http://jabber.org/protocol/muc#admin"><item role="visitor"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="voice4"><error type="auth"><forbidden/></error></iq>

== §7.13, §8.6 A visitor asks for voice, and a moderator grants it

Hag sends:
    <message to="coven@conference.localhost" id="yd53c486"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#request</value></field><field var="muc#role"><value>participant</value></field></x></message>
Crone1 receives:
    <message from="coven@conference.localhost" id="yd53c486"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#request</value></field><field var="muc#role" ...><value>participant</value>...</field><field var="muc#jid" ...><value>hag66@localhost/pda</value></field><field var="muc#roomnick" ...><value>thirdwitch</value></field><field var="muc#request_allow" ...><value>0</value></field></x></message>
Crone1 sends:
    <message to="coven@conference.localhost" id="approve"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#request</value></field><field var="muc#role"><value>participant</value></field><field var="muc#jid"><value>hag66@localhost/pda</value></field><field var="muc#roomnick"><value>thirdwitch</value></field><field var="muc#request_allow"><value>true</value></field></x></message>
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §5.1 Who was given voice has it again after leaving and entering, under any nickname

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="participant"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="v1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <presence to="coven@conference.localhost/oldhag"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/oldhag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came
Wiccarocks skips what came

== §5.1, §8.4 Whose voice was revoked has none after leaving and entering

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item jid="hag66@localhost" affiliation="member"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="m1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="visitor"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="v1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="visitor" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="visitor" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="visitor"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="none" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="visitor"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="visitor" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>?</body></message>
Hag receives:
    <message from="coven@conference.localhost" type="error" id="m1"><error type="auth"><forbidden/></error></message>
Crone1 skips what came
Wiccarocks skips what came
