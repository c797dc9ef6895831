= XEP-0045 §10: Owner Use Cases

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

== §10.1.3 A room is reserved, with a configuration of its own

Hag sends:
    <presence to="cave@conference.localhost/one"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="cave@conference.localhost/one"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/><status code="201"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="cave@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <iq type="get" to="cave@conference.localhost" id="create1"><query xmlns="http://jabber.org/protocol/muc#owner"></query></iq>
Hag receives:
    <iq type="result" from="cave@conference.localhost" id="create1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="form"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_persistentroom" ...><value>0</value></field><field var="muc#roomconfig_roomowners" ...><value>hag66@localhost</value></field>...</x></query></iq>
Hag sends:
    <iq type="set" to="cave@conference.localhost" id="create2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomname"><value>A Dark Cave</value></field><field var="muc#roomconfig_passwordprotectedroom"><value>1</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="cave@conference.localhost" id="create2"><error type="modify"><not-acceptable/></error></iq>
Hag sends:
    <iq type="set" to="cave@conference.localhost" id="create3"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomname"><value>A Dark Cave</value></field></x></query></iq>
Hag receives:
    <iq type="result" from="cave@conference.localhost" id="create3"/>

== §10.1.3 A first configuration that is cancelled ends the room

Hag sends:
    <presence to="cave@conference.localhost/one"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag receives:
    <presence from="cave@conference.localhost/one"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/><status code="201"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="cave@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <iq type="set" to="cave@conference.localhost" id="create2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="cancel"/></query></iq>
Hag receives:
    <presence from="cave@conference.localhost/one" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="none" jid="hag66@localhost/pda"/><destroy/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <iq type="result" from="cave@conference.localhost" id="create2"/>

== §10.2 The configuration is for owners

Hag sends:
    <iq type="get" to="coven@conference.localhost" id="configures"><query xmlns="http://jabber.org/protocol/muc#owner"></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="configures"><error type="auth"><forbidden/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomname"><value>Mine</value></field></x></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="c2"><error type="auth"><forbidden/></error></iq>

== §10.2.1 Occupants hear of what changed

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c0"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_whois"><value>anyone</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c0"/>
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="172"/></x></message>
Hag receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="172"/></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="172"/></x></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_whois"><value>moderators</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c1"/>
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="173"/></x></message>
Hag receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="173"/></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="173"/></x></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_enablelogging"><value>0</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c2"/>
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="171"/></x></message>
Hag receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="171"/></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="171"/></x></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c3"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_enablelogging"><value>1</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c3"/>
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="170"/></x></message>
Hag receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="170"/></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="170"/></x></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c4"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomname"><value>Cave</value></field></x></query></iq>
Crone1 receives in any order:
    <iq type="result" from="coven@conference.localhost" id="c4"/>
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
Hag receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost" type="groupchat"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>

== §10.2 Others leave when the room becomes one for members

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/><status code="110"/><status code="322"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 skips what came
Wiccarocks skips what came

== §10.3 to §10.5 A room keeps an owner

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="owner1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="crone1@localhost"/></query></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="owner1"><error type="cancel"><conflict/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="owner2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner" jid="hag66@localhost"/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="owner2"><error type="auth"><forbidden/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="owner3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="owner3"/>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Wiccarocks receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="owner4"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="crone1@localhost"/></query></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="owner4"/>
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator" jid="crone1@localhost/desktop"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Crone1 receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="moderator" jid="crone1@localhost/desktop"/><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks skips what came

== §10.9 A room is destroyed, and all are told where to go

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="begone"><query xmlns="http://jabber.org/protocol/muc#owner"><destroy jid="heath@conference.localhost"><reason>Macbeth doth come.</reason></destroy></query></iq>
Crone1 receives:
    <presence from="coven@conference.localhost/firstwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="none" jid="crone1@localhost/desktop"/><destroy jid="heath@conference.localhost"><reason>Macbeth doth come.</reason></destroy><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <iq type="result" from="coven@conference.localhost" id="begone"/>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/><destroy jid="heath@conference.localhost"><reason>Macbeth doth come.</reason></destroy><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Wiccarocks receives:
    <presence from="coven@conference.localhost/secondwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="wiccarocks@localhost/laptop"/><destroy jid="heath@conference.localhost"><reason>Macbeth doth come.</reason></destroy><status code="110"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="i1"><error type="cancel"><item-not-found/></error></iq>

== §10.9 Only owners destroy a room

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="destroytest"><query xmlns="http://jabber.org/protocol/muc#owner"><destroy/></query></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="destroytest"><error type="auth"><forbidden/></error></iq>
