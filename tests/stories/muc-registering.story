= XEP-0045 §7.10, §9.9: registering, and nicknames that are locked

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

== §7.10 Registration tells what is registered, and ends when it is given up

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="r2"><query xmlns="jabber:iq:register"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r2"><query xmlns="jabber:iq:register"><registered/><username>thirdwitch</username>...</query></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r3"><query xmlns="jabber:iq:register"><remove/></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r3"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="r4"><query xmlns="http://jabber.org/protocol/disco#info" node="x-roomuser-item"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r4"><query xmlns="http://jabber.org/protocol/disco#info" node="x-roomuser-item"/></iq>

== §7.10 The nickname of another is a conflict, no form a bad request

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>secondwitch</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r1"><error type="cancel"><conflict/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r2"><query xmlns="jabber:iq:register"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r2"><error type="modify"><bad-request/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r3"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r3"><error type="modify"><bad-request/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r4"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value> </value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r4"><error type="modify"><{bad-request|not-acceptable}/></error></iq>

== §7.10 Nobody registers with a room that does not exist, is closed to that, or has banned them

Hag sends:
    <iq type="get" to="nowhere@conference.localhost" id="r1"><query xmlns="jabber:iq:register"/></iq>
Hag receives:
    <iq type="error" from="nowhere@conference.localhost" id="r1"><error type="cancel"><item-not-found/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="x-muc#roomconfig_registering"><value>closed</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="r2"><query xmlns="jabber:iq:register"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r2"><error type="cancel"><not-allowed/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r3"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r3"><error type="cancel"><not-allowed/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="x-muc#roomconfig_registering"><value>open</value></field></x></query></iq>
    <iq type="set" to="coven@conference.localhost" id="b1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="r4"><query xmlns="jabber:iq:register"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r4"><error type="cancel"><not-allowed/></error></iq>

== §7.10 A room for members lets others not register by themselves

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="r1"><error type="cancel"><not-allowed/></error></iq>

== §9.9 Admins approve who registers, where the room wants that

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field><field var="x-muc#roomconfig_registering"><value>approval</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r1"/>
Crone1 receives:
    <message from="coven@conference.localhost" to="crone1@localhost"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#register</value></field><field var="x-muc#register_jid" ...><required/><value>hag66@localhost</value></field><field var="muc#register_roomnick" ...><required/><value>thirdwitch</value></field><field var="muc#register_allow" ...><value>0</value></field></x></message>
Wiccarocks sends:
    <message to="coven@conference.localhost" id="d0"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="x-muc#register_jid"><value>wiccarocks@localhost</value></field><field var="muc#register_roomnick"><value>me</value></field><field var="muc#register_allow"><value>1</value></field></x></message>
Wiccarocks receives:
    <message type="error" from="coven@conference.localhost" id="d0"><error type="auth"><forbidden/></error></message>
Crone1 sends:
    <message to="coven@conference.localhost" id="d1"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="x-muc#register_jid"><value>hag66@localhost</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field><field var="muc#register_allow"><value>1</value></field></x></message>
Crone1 receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="none" jid="hag66@localhost"/></x></message>
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="coven@conference.localhost"/></x></message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came

== §9.9 What an admin does not allow stays as it is

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="x-muc#roomconfig_registering"><value>approval</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r1"/>
Crone1 skips what came
Crone1 sends:
    <message to="coven@conference.localhost" id="d1"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="x-muc#register_jid"><value>hag66@localhost</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field><field var="muc#register_allow"><value>0</value></field></x></message>
    <message to="coven@conference.localhost" id="d2"><x xmlns="jabber:x:data" type="cancel"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field></x></message>
Crone1 receives nothing
Hag receives nothing

== §7.10 Nicknames are locked: who registered one enters with it, whatever was asked for

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="x-muc#roomconfig_reservednick"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>hag</value></field></x></query></iq>
Hag receives in any order:
    <iq type="result" from="coven@conference.localhost" id="r1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda" nick="hag"/><status code="110"/><status code="303"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="210"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/other"/>
Hag receives:
    <presence type="error" from="coven@conference.localhost/other"><error type="modify"><not-acceptable/></error></presence>
Hag sends:
    <presence to="coven@conference.localhost/hag" type="unavailable"/>
Hag skips what came
Crone1 skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/other"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/><status code="210"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Wiccarocks receives:
    <presence from="coven@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/other"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/><status code="210"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came
Wiccarocks skips what came
