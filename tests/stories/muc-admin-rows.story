= XEP-0045 §9: rows of the admin use cases

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

== §9.2 The ban list is changed whole or not at all, by admins alone

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="b1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="nurse@localhost"/><item affiliation="outcast" jid="crone1@localhost"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="b1"><error type="cancel"><{conflict|not-allowed}/></error></iq>
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="b2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast"/></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="b2"><query xmlns="http://jabber.org/protocol/muc#admin"/></iq>
Wiccarocks sends:
    <iq type="get" to="coven@conference.localhost" id="b3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="b3"><error type="auth"><forbidden/></error></iq>
Wiccarocks sends:
    <iq type="set" to="coven@conference.localhost" id="b4"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="nurse@localhost"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="b4"><error type="auth"><forbidden/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="b5"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="@@"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="b5"><error type="modify"><jid-malformed/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="b6"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="b6"><error type="modify"><bad-request/></error></iq>

== §9.2 A ban matches a whole domain, is by the bare address, and takes a reserved nickname

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="b1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost/pda"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="b1"/>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="outcast" role="none" jid="hag66@localhost/pda"><actor nick="firstwitch"/></item><status code="301"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came
Wiccarocks sends:
    <presence to="coven@conference.localhost/thirdwitch"/>
Wiccarocks receives:
    <presence from="coven@conference.localhost/secondwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop" nick="thirdwitch"/><status code="110"/><status code="303"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="b2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="b3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="crone1.example"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="b3"><error type="modify"><not-acceptable/></error></iq>

== §9.6 A moderator is made by an admin, whose own role nobody takes

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="moderator"/></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="m1"/>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="moderator" jid="wiccarocks@localhost/laptop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="participant"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="m2"><error type="cancel"><not-allowed/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="m3"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="participant"/></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="m3"/>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came

== §9.8 The list of moderators is for them, and for admins to change

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="thirdwitch" role="moderator"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Wiccarocks sends:
    <iq type="get" to="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item role="moderator"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="l1"><error type="auth"><forbidden/></error></iq>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="l2"><query xmlns="http://jabber.org/protocol/muc#admin"><item role="moderator"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="l2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner" jid="crone1@localhost/desktop" nick="firstwitch" role="moderator"/><item affiliation="none" jid="hag66@localhost/pda" nick="thirdwitch" role="moderator"/></query></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="m2"><query xmlns="http://jabber.org/protocol/muc#admin"><item nick="secondwitch" role="moderator"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="m2"><error type="auth"><forbidden/></error></iq>
