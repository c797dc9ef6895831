= XEP-0045 §7.5 to §7.12: what occupants do with each other

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop
Hecate: hecate@localhost/broom

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

== §7.5 A private message is for one occupant

Wiccarocks sends:
    <message to="coven@conference.localhost/firstwitch" type="chat" id="hgn27af1"><body>I'll give thee a wind.</body><x xmlns="http://jabber.org/protocol/muc#user"/></message>
    <message to="coven@conference.localhost/firstwitch" type="groupchat" id="bx71f29k"><body>I'll give thee a wind.</body></message>
    <message to="coven@conference.localhost/nobody" type="chat" id="m3"><body>I'll give thee a wind.</body></message>
Crone1 receives:
    <message from="coven@conference.localhost/secondwitch" type="chat" id="hgn27af1"><body>I'll give thee a wind.</body><x xmlns="http://jabber.org/protocol/muc#user"/><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message>
Wiccarocks receives:
    <message from="coven@conference.localhost/firstwitch" type="error" id="bx71f29k"><error type="modify"><bad-request/></error></message>
    <message from="coven@conference.localhost/nobody" type="error" id="m3"><error type="cancel"><item-not-found/></error></message>
Hecate comes online
Hecate sends:
    <message to="coven@conference.localhost/firstwitch" type="chat" id="m4"><body>Where's the place?</body></message>
Hecate receives:
    <message from="coven@conference.localhost/firstwitch" type="error" id="m4"><error type="modify"><not-acceptable/></error></message>

== §7.6 A nickname is changed for all, unless it is taken

Hag sends:
    <presence to="coven@conference.localhost/oldhag"/>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda" nick="oldhag"/><status code="110"/><status code="303"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/oldhag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" nick="oldhag"/><status code="303"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/oldhag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/secondwitch"/>
Hag receives:
    <presence from="coven@conference.localhost/secondwitch" type="error"><error type="cancel"><conflict/></error></presence>

== §7.7 Availability is shown to all

Wiccarocks sends:
    <presence to="coven@conference.localhost/secondwitch"><show>xa</show><status>gone where the goblins go</status></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/secondwitch"><show>xa</show><status>gone where the goblins go</status><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/secondwitch"><show>xa</show><status>gone where the goblins go</status><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 receives:
    <presence from="coven@conference.localhost/secondwitch"><show>xa</show><status>gone where the goblins go</status><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §7.8.2 An invitation passes through the room, and so does its refusal

Hecate comes online
Crone1 sends:
    <message to="coven@conference.localhost" id="nzd143v8"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="hecate@localhost"><reason>Hey Hecate</reason></invite></x></message>
Hecate receives:
    <message from="coven@conference.localhost" to="hecate@localhost" id="nzd143v8"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="crone1@localhost/desktop"><reason>Hey Hecate</reason></invite></x></message>
Hecate sends:
    <message to="coven@conference.localhost" id="jk2vs61v"><x xmlns="http://jabber.org/protocol/muc#user"><decline to="crone1@localhost"><reason>Sorry</reason></decline></x></message>
Crone1 receives:
    <message from="coven@conference.localhost" to="crone1@localhost" id="jk2vs61v"><x xmlns="http://jabber.org/protocol/muc#user"><decline from="hecate@localhost"><reason>Sorry</reason></decline></x></message>

== §7.10, §7.12 A nickname is registered, and reserved

Hag sends:
    <iq type="get" to="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r1"><query xmlns="jabber:iq:register"><instructions>{any}</instructions><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick" ...><required/></field></x></query></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="r2"><query xmlns="jabber:iq:register"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#register</value></field><field var="muc#register_roomnick"><value>thirdwitch</value></field></x></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="r2"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="getnick1"><query xmlns="http://jabber.org/protocol/disco#info" node="x-roomuser-item"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="getnick1"><query xmlns="http://jabber.org/protocol/disco#info" node="x-roomuser-item"><identity category="conference" type="text" name="thirdwitch"/>...</query></iq>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag skips what came
Crone1 skips what came
Wiccarocks skips what came
Wiccarocks sends:
    <presence to="coven@conference.localhost/thirdwitch"/>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch" type="error"><error type="cancel"><conflict/></error></presence>

== §17.4 A request reaches the occupant without addresses

Hag sends:
    <iq type="get" to="coven@conference.localhost/secondwitch" id="v1"><query xmlns="jabber:iq:version"/></iq>
Wiccarocks receives:
    <iq type="get" from="coven@conference.localhost/thirdwitch" to="wiccarocks@localhost/laptop" id="{asked=any}"><query xmlns="jabber:iq:version"/></iq>
Wiccarocks sends:
    <iq type="result" to="coven@conference.localhost/thirdwitch" id="{asked}"><query xmlns="jabber:iq:version"><name>Cauldron</name></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost/secondwitch" to="hag66@localhost/pda" id="v1"><query xmlns="jabber:iq:version"><name>Cauldron</name></query></iq>

== A slow room lets a participant speak once in a while, and keeps links to members

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="slow"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="x-muc#roomconfig_slowmode"><value>600</value></field><field var="x-muc#roomconfig_media"><value>members</value></field></x></query></iq>
Crone1 skips what came
Hecate comes online
Hecate sends:
    <presence to="coven@conference.localhost/hecate"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>
Hecate skips what came
Hecate sends:
    <message to="coven@conference.localhost" type="groupchat" id="s1"><body>Have I not reason, https://beldams.example/</body></message>
Hecate receives:
    <message from="coven@conference.localhost" type="error" id="s1"><error type="auth"><forbidden/></error></message>
Hecate sends:
    <message to="coven@conference.localhost" type="groupchat" id="s2"><body>Beldams as you are?</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="s3"><body>Saucy and overbold?</body></message>
Hecate receives:
    <message from="coven@conference.localhost/hecate" type="groupchat" id="s2"><body>Beldams as you are?</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><stanza-id xmlns="urn:xmpp:sid:0" id="{any}" by="coven@conference.localhost"/></message>
    <message from="coven@conference.localhost" type="error" id="s3"><error type="wait"><policy-violation/></error></message>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
