= XEP-0045 §7: rows of the occupant use cases

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

== §7.2.8 Devices of one person share a nickname, and get all there is

Chamber: hag66@localhost/chamber

Chamber comes online
Chamber sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Chamber receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/chamber"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Wiccarocks sends:
    <message to="coven@conference.localhost" type="groupchat" id="g1"><body>Hail</body></message>
Hag receives:
    <message from="coven@conference.localhost/secondwitch" type="groupchat" id="g1"><body>Hail</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Chamber receives:
    <message from="coven@conference.localhost/secondwitch" type="groupchat" id="g1"><body>Hail</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Crone1 skips what came
Wiccarocks skips what came
Wiccarocks sends:
    <message to="coven@conference.localhost/thirdwitch" id="p1" type="chat"><body>Psst</body></message>
Hag receives:
    <message from="coven@conference.localhost/secondwitch" type="chat" id="p1"><body>Psst</body><x xmlns="http://jabber.org/protocol/muc#user"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Chamber receives:
    <message from="coven@conference.localhost/secondwitch" type="chat" id="p1"><body>Psst</body><x xmlns="http://jabber.org/protocol/muc#user"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Chamber sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Chamber receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/chamber"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="g2"><body>Here</body></message>
Wiccarocks receives:
    <message from="coven@conference.localhost/thirdwitch" type="groupchat" id="g2"><body>Here</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Crone1 skips what came
Hag skips what came

== §7.2.8 A nickname that somebody reserved is nobody else's at the door

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hecate@localhost" nick="queen"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hecate connects
Hecate sends:
    <presence/>
Hecate receives:
    <presence from="hecate@localhost/broom"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="none" jid="hecate@localhost"/><status code="101"/></x>...</message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/queen"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence type="error" from="coven@conference.localhost/queen"><error type="cancel"><conflict/></error></presence>
Wiccarocks sends:
    <presence to="coven@conference.localhost/queen"/>
Wiccarocks receives:
    <presence type="error" from="coven@conference.localhost/queen"><error type="cancel"><conflict/></error></presence>
Hecate sends:
    <iq type="get" to="coven@conference.localhost" id="n1"><query xmlns="http://jabber.org/protocol/disco#info" node="x-roomuser-item"/></iq>
Hecate receives:
    <iq type="result" from="coven@conference.localhost" id="n1"><query xmlns="http://jabber.org/protocol/disco#info" node="x-roomuser-item"><identity category="conference" type="text" name="queen"/>...</query></iq>

== §7.2.14 Whoever enters says how much history is wanted

Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="h1"><body>one</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="h2"><body>two</body></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><history maxchars="0"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="1"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="h2"><body>two</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/></message>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><history seconds="600"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="h1"><body>one</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/></message>
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="h2"><body>two</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/></message>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><history since="2100-01-01T00:00:00Z"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><history since="yesterday"/></x></presence>
Hag receives:
    <presence type="error" from="coven@conference.localhost/thirdwitch"><error type="modify"><bad-request/></error></presence>
Crone1 skips what came
Wiccarocks skips what came

== §7.5 A room says who may send private messages

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_allowpm"><value>moderators</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <message to="coven@conference.localhost/secondwitch" id="p1" type="chat"><body>x</body></message>
Hag receives:
    <message type="error" from="coven@conference.localhost/secondwitch" id="p1"><error type="auth"><forbidden/></error></message>
Crone1 sends:
    <message to="coven@conference.localhost/thirdwitch" id="p2" type="chat"><body>y</body></message>
Hag receives:
    <message from="coven@conference.localhost/firstwitch" type="chat" id="p2"><body>y</body><x xmlns="http://jabber.org/protocol/muc#user"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_allowpm"><value>none</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <message to="coven@conference.localhost/thirdwitch" id="p3" type="chat"><body>z</body></message>
Crone1 receives:
    <message type="error" from="coven@conference.localhost/thirdwitch" id="p3"><error type="auth"><forbidden/></error></message>

== §7.8.1, XEP-0249 A direct invitation is between two people

Hecate comes online
Hag sends:
    <message to="hecate@localhost/broom" id="i1"><x xmlns="jabber:x:conference" jid="coven@conference.localhost" password="x" reason="Come"/></message>
Hecate receives:
    <message from="hag66@localhost/pda" to="hecate@localhost/broom" id="i1"><x xmlns="jabber:x:conference" jid="coven@conference.localhost" password="x" reason="Come"/></message>
Hag skips what came

== §7.8.2 An invitation has the password of the room, and makes nobody a member of an open one

Hecate comes online
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_passwordprotectedroom"><value>1</value></field><field var="muc#roomconfig_roomsecret"><value>cauldronburn</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <message to="coven@conference.localhost" id="i1"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="hecate@localhost/broom"></invite></x></message>
Hecate receives:
    <message from="coven@conference.localhost" to="hecate@localhost/broom" id="i1"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="hag66@localhost/pda"/><password>cauldronburn</password></x></message>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"/></iq>

== §7.8.2 Inviting nobody, from outside, or from nowhere is refused

Hecate comes online
Hag sends:
    <message to="coven@conference.localhost" id="i1"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="nobody@localhost"></invite></x></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="i1"><error type="cancel"><item-not-found/></error></message>
Hag sends:
    <message to="coven@conference.localhost" id="i2"><x xmlns="http://jabber.org/protocol/muc#user"><invite><reason>Come</reason></invite></x></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="i2"><error type="modify"><bad-request/></error></message>
Hag sends:
    <message to="coven@conference.localhost" id="i3"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="@@"></invite></x></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="i3"><error type="modify"><jid-malformed/></error></message>
Hecate sends:
    <message to="coven@conference.localhost" id="i4"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="hag66@localhost"></invite></x></message>
Hecate receives:
    <message type="error" from="coven@conference.localhost" id="i4"><error type="modify"><not-acceptable/></error></message>
Hecate sends:
    <message to="coven@conference.localhost" id="i5"><x xmlns="http://jabber.org/protocol/muc#user"><decline to="nurse@localhost"/></x></message>
Hecate receives:
    <message type="error" from="coven@conference.localhost" id="i5"><error type="cancel"><item-not-found/></error></message>

== §7.8.2, §9.5 In a room for members inviting is for admins, and makes members

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hecate comes online
Hecate skips what came
Hag sends:
    <message to="coven@conference.localhost" id="i1"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="hecate@localhost"></invite></x></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="i1"><error type="auth"><forbidden/></error></message>
Crone1 sends:
    <message to="coven@conference.localhost" id="i2"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="hecate@localhost"></invite></x></message>
Hecate receives:
    <message from="coven@conference.localhost" to="hecate@localhost" id="i2"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="crone1@localhost/desktop"/></x></message>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/><item affiliation="member" jid="hecate@localhost"/></query></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_allowinvites"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <message to="coven@conference.localhost" id="i3"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="wiccarocks@localhost"></invite></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost" to="wiccarocks@localhost" id="i3"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="hag66@localhost/pda"/></x></message>

== §7.9 A conversation of two becomes a room: its history passes, none of it in the room's name, and the invitation continues it

Hecate comes online
Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="t1"><thread>e0ffe42b</thread><body>Thrice the brinded cat</body><delay xmlns="urn:xmpp:delay" from="crone1@localhost/desktop" stamp="2004-09-29T01:54:37Z"/></message>
    <message to="coven@conference.localhost" type="groupchat" id="t2"><body>Mine</body><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="2004-09-29T01:54:37Z"/></message>
Crone1 receives:
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="t1"><thread>e0ffe42b</thread><body>Thrice the brinded cat</body><delay xmlns="urn:xmpp:delay" from="crone1@localhost/desktop" stamp="2004-09-29T01:54:37Z"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="t2"><body>Mine</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <message to="coven@conference.localhost" id="i1"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="hecate@localhost/broom"><reason>Join us</reason><continue thread="e0ffe42b"/></invite></x></message>
Hecate receives:
    <message from="coven@conference.localhost" to="hecate@localhost/broom" id="i1"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="crone1@localhost/desktop"><reason>Join us</reason><continue thread="e0ffe42b"/></invite></x></message>

== §7.11, §9.5 Where all see addresses members get the list of members

Hag sends:
    <iq type="get" to="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="l1"><error type="auth"><forbidden/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="m1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_whois"><value>anyone</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="l2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member"/></query></iq>
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
    <iq type="get" to="coven@conference.localhost" id="l3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member"/></query></iq>
Hag receives in any order:
    <iq type="result" from="coven@conference.localhost" id="l2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="none" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <iq type="result" from="coven@conference.localhost" id="l3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="l4"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="l4"><error type="auth"><forbidden/></error></iq>

== §7.13 Voice is all that a visitor can ask for

Hag sends:
    <message to="coven@conference.localhost" id="v1"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#request</value></field><field var="muc#role"><value>moderator</value></field></x></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="v1"><error type="modify"><{bad-request|not-acceptable}/></error></message>
Hag sends:
    <message to="coven@conference.localhost" id="v2"><body>no form at all</body></message>
Hag receives:
    <message type="error" from="coven@conference.localhost" id="v2"><error type="modify"><bad-request/></error></message>

== §7.14 Who goes may say why

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"><status>gone where the goblins go</status></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><status>gone where the goblins go</status><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><status>gone where the goblins go</status><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag receives nothing
