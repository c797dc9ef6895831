= XEP-0486: avatars of rooms

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 skips what came
Hag comes online
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Crone1 skips what came

== §3.2, §3.3, §3.4 An owner publishes an avatar, and others find it

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v1"><vCard xmlns="vcard-temp"><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Crone1 receives:
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
    <iq type="result" from="coven@conference.localhost" id="v1"/>
Hag receives:
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="i1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="vcard-temp"/>
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#roominfo</value></field>
          <field var="muc#roominfo_avatarhash" ...><value>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</value></field>
          ...
        </x>
        ...
      </query>
    </iq>
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="v2"><vCard xmlns="vcard-temp"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="v2"><vCard xmlns="vcard-temp"><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v3"><vCard xmlns="vcard-temp"/></iq>
Crone1 receives:
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
    <iq type="result" from="coven@conference.localhost" id="v3"/>
Hag skips what came
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="v4"><vCard xmlns="vcard-temp"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="v4"><vCard xmlns="vcard-temp"/></iq>

== §3.2 Only owners publish, and only pictures

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="v1"><vCard xmlns="vcard-temp"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="v1"><error type="auth"><forbidden/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="v2"><vCard xmlns="vcard-temp"><PHOTO><BINVAL>!!</BINVAL></PHOTO></vCard></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="v2"><error type="modify"><bad-request/></error></iq>
Crone1 sends:
    <iq type="get" to="cave@conference.localhost" id="v3"><vCard xmlns="vcard-temp"/></iq>
Crone1 receives:
    <iq type="error" from="cave@conference.localhost" id="v3"><error type="cancel"><item-not-found/></error></iq>
