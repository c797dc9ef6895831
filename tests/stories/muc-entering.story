= XEP-0045 §7.2: Entering a Room, and what is in the way

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 skips what came
Hag comes online

== §7.2.1 Without a nickname nobody enters

Hag sends:
    <presence to="coven@conference.localhost" id="273hs51g"><x xmlns="http://jabber.org/protocol/muc"/></presence>
Hag receives:
    <presence from="coven@conference.localhost" type="error" id="273hs51g"><error type="modify"><jid-malformed/></error></presence>

== §7.2.1 Who enters again gets all there is again

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 may receive:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §7.2.5 A room that is not anonymous says so, and shows addresses

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_whois"><value>anyone</value></field></x></query></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="crone1@localhost/desktop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="100"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came

== §7.2.7 A password is needed where there is one

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_passwordprotectedroom"><value>1</value></field><field var="muc#roomconfig_roomsecret"><value>cauldronburn</value></field></x></query></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><password>wrong</password></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="auth"><not-authorized/></error></presence>
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="auth"><not-authorized/></error></presence>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><password>cauldronburn</password></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came

== §7.2.8 A room for members lets nobody else in

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="auth"><registration-required/></error></presence>

== §7.2.9 Who is banned stays outside

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="b1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="auth"><forbidden/></error></presence>

== §7.2.10 Nobody takes the nickname of another

Hag sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch" type="error"><error type="cancel"><conflict/></error></presence>

== §7.2.11 A full room lets only admins in

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_maxusers"><value>1</value></field></x></query></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="wait"><service-unavailable/></error></presence>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="crone1@localhost/desktop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came

== §7.2.12 A room that waits for its configuration is not there for others

Crone1 sends:
    <presence to="new@conference.localhost/one"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Crone1 receives:
    <presence from="new@conference.localhost/one"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="crone1@localhost/desktop"/><status code="110"/><status code="170"/><status code="201"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="new@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <presence to="new@conference.localhost/two"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="new@conference.localhost/two" type="error"><error type="cancel"><item-not-found/></error></presence>

== §7.2.14 History comes before the subject, with the time it is from

Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Thrice the brinded cat hath mew'd.</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="m2"><body>Thrice and once the hedge-pig whined.</body></message>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="1"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="m2">
      <body>Thrice and once the hedge-pig whined.</body>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>
      <stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{any}"/>
      <delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/>
    </message>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came

== §7.2.17 Who believes to be in a room, and is not, is told

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"/>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none"><reason>{any}</reason></item><status code="110"/><status code="307"/><status code="333"/></x></presence>
Crone1 receives nothing

== XEP-0410 §6 A ping of oneself is answered by the room

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Crone1 skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost/thirdwitch" id="s2c1"><ping xmlns="urn:xmpp:ping"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost/thirdwitch" id="s2c1"/>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag skips what came
Crone1 skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost/thirdwitch" id="s2c2"><ping xmlns="urn:xmpp:ping"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost/thirdwitch" id="s2c2"><error type="cancel"><not-acceptable/></error></iq>
