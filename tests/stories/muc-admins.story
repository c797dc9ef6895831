= XEP-0045 §9: Admin Use Cases

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
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

== §9.1 A ban removes, with a reason

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="ban1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"><reason>Treason</reason></item></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="ban1"/>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="outcast" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/><reason>Treason</reason></item><status code="301"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="outcast" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/><reason>Treason</reason></item><status code="110"/><status code="301"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks skips what came
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="ban2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="ban2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"><reason>Treason</reason></item></query></iq>

== §9.1 Nobody bans oneself, or an owner

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="b1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="crone1@localhost"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="b1"><error type="cancel"><conflict/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="b2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="crone1@localhost"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="b2"><error type="cancel"><not-allowed/></error></iq>
Wiccarocks sends:
    <iq type="set" to="coven@conference.localhost" id="b3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="b3"><error type="auth"><forbidden/></error></iq>

== §9.3, §9.4 Membership is granted and revoked

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="member1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost" nick="thirdwitch"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="member1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="member3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="member3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost" nick="thirdwitch"/></query></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="member2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="member2"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §9.4 Who is no member any more leaves a room for members

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/><item affiliation="member" jid="wiccarocks@localhost"/></query></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="m2"/>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/></item><status code="321"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/></item><status code="110"/><status code="321"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none"><actor nick="firstwitch"/></item><status code="321"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="auth"><registration-required/></error></presence>

== §9.5 Who becomes a member of a room for members is invited

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="m2"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" jid="hag66@localhost" role="none"/></x></message>
Hag receives:
    <message from="coven@conference.localhost" to="hag66@localhost"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="coven@conference.localhost"/></x></message>

== §9.6, §9.7 Moderators are admins' to make

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="mod1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="moderator"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="mod1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="moderator" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="moderator" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="crone1@localhost/desktop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="mod2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="moderator"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="mod2"><error type="auth"><forbidden/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="mod3"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="firstwitch" role="participant"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="mod3"><error type="cancel"><not-allowed/></error></iq>

== §17.4 A change is of a role, or of an affiliation

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="x1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="moderator" affiliation="member"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="x1"><error type="modify"><bad-request/></error></iq>
