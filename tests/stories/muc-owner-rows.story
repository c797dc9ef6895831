= XEP-0045 §10: rows of the owner use cases

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

== §10.1.2 An instant room opens at once

Hag sends:
    <presence to="cave@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Wiccarocks sends:
    <presence to="cave@conference.localhost/w"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Wiccarocks receives:
    <presence type="error" from="cave@conference.localhost/w"><error type="cancel"><item-not-found/></error></presence>
Hag sends:
    <iq type="set" to="cave@conference.localhost" id="o1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Hag receives:
    <iq type="result" from="cave@conference.localhost" id="o1"/>
Wiccarocks sends:
    <presence to="cave@conference.localhost/w"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Wiccarocks receives:
    <presence from="cave@conference.localhost/hag"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="cave@conference.localhost/w"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="cave@conference.localhost" type="groupchat"><subject/></message>
Hag skips what came

== §10.1.3, §10.2 A configuration that cannot be is refused, one that is cancelled changes nothing

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_passwordprotectedroom"><value>1</value></field><field var="muc#roomconfig_roomsecret"><value></value></field></x></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="c1"><error type="modify"><not-acceptable/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_maxusers"><value>many</value></field></x></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="c2"><error type="modify"><not-acceptable/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c3"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_whois"><value>nobody</value></field></x></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="c3"><error type="modify"><not-acceptable/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c4"><query xmlns="http://jabber.org/protocol/muc#owner"></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="c4"><error type="modify"><bad-request/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c5"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="cancel"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="c5"/>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="c6"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_moderatedroom"><value>1</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="c6"><error type="auth"><forbidden/></error></iq>
Hag receives nothing

== §10.2 Who becomes admin or owner by the form, or is it no more, is shown so

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomadmins"><value>hag66@localhost</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomadmins"><value></value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c2"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c3"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomowners"><value>hag66@localhost</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c3"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator" jid="crone1@localhost/desktop"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="c4"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomowners"><value></value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="c4"><error type="cancel"><conflict/></error></iq>

== §10.3 to §10.8 Owners and admins are owners' to make, by bare addresses, and to list

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost/pda"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a1"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="l1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost"/></query></iq>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="l2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="l2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner" jid="crone1@localhost"/></query></iq>
Wiccarocks sends:
    <iq type="get" to="coven@conference.localhost" id="l3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="l3"><error type="auth"><forbidden/></error></iq>
Wiccarocks sends:
    <iq type="get" to="coven@conference.localhost" id="l4"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin"/></query></iq>
Wiccarocks receives:
    <iq type="error" from="coven@conference.localhost" id="l4"><error type="auth"><forbidden/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="a2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="wiccarocks@localhost"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="a2"><error type="auth"><forbidden/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="a3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="crone1@localhost"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="a3"><error type="cancel"><not-allowed/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="a4"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="duke" jid="wiccarocks@localhost"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="a4"><error type="modify"><bad-request/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a5"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a5"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came

== §10.5 An owner can go where there is another

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="o1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="o2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="crone1@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="o2"/>
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="crone1@localhost/desktop"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="o3"><query xmlns="http://jabber.org/protocol/muc#owner"></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="o3"><error type="auth"><forbidden/></error></iq>

== §6.4 A room tells whom to ask about it, and more

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomdesc"><value>The place for witches</value></field><field var="muc#roomconfig_lang"><value>en</value></field><field var="x-muc#roomconfig_contactjid"><value>crone1@localhost</value></field><field var="x-muc#roomconfig_logs"><value>https://example.org/coven</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"><x xmlns="jabber:x:data" type="result"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#roominfo</value></field><field var="muc#roominfo_description" ...><value>The place for witches</value></field><field var="muc#roominfo_lang" ...><value>en</value></field><field var="muc#roominfo_contactjid" ...><value>crone1@localhost</value></field><field var="muc#roominfo_logs" ...><value>https://example.org/coven</value></field><field var="muc#roominfo_occupants" ...><value>3</value></field>...</x>...</query></iq>
