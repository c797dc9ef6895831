= XEP-0045 §7: Occupant Use Cases

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
Crone1 receives:
    <presence from="coven@conference.localhost/firstwitch">
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator" jid="crone1@localhost/desktop"/><status code="110"/><status code="170"/><status code="201"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone=any}"/>
    </presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="instant"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="instant"/>
Hag comes online

== §7.1, §7.2.3 Who enters sees the others first, then itself, then the subject

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><show>away</show><x xmlns="http://jabber.org/protocol/muc"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch">
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{crone}"/>
    </presence>
    <presence from="coven@conference.localhost/thirdwitch">
      <show>away</show>
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/><status code="170"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>
    </presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch">
      <show>away</show>
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>
    </presence>

== §7.4 What an occupant says is reflected to all, with its id

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
Hag skips what came
Crone1 skips what came
Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="hysf1v37"><body>Harpier cries: 'tis time, 'tis time.</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="forged"/><stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="forged"/></message>
Crone1 receives:
    <message from="coven@conference.localhost/thirdwitch" to="crone1@localhost/desktop" type="groupchat" id="hysf1v37">
      <body>Harpier cries: 'tis time, 'tis time.</body>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag=any}"/>
      <stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{row=any}"/>
    </message>
Hag receives:
    <message from="coven@conference.localhost/thirdwitch" to="hag66@localhost/pda" type="groupchat" id="hysf1v37">
      <body>Harpier cries: 'tis time, 'tis time.</body>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{hag}"/>
      <stanza-id xmlns="urn:xmpp:sid:0" by="coven@conference.localhost" id="{row}"/>
    </message>

== §7.4 Who is not in the room does not speak there

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Hello?</body></message>
    <message to="nowhere@conference.localhost" type="groupchat" id="m2"><body>Hello?</body></message>
Hag receives:
    <message from="coven@conference.localhost" type="error" id="m1"><error type="modify"><not-acceptable/></error></message>
    <message from="nowhere@conference.localhost" type="error" id="m2"><error type="cancel"><item-not-found/></error></message>
Crone1 receives nothing

== §7.14 Who goes is gone for all

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
Hag skips what came
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"><status>gone where the goblins go</status></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable">
      <status>gone where the goblins go</status>
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/><status code="110"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>
    </presence>
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable">
      <status>gone where the goblins go</status>
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>
    </presence>

== §16.3 Who loses the connection is gone as well

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
Crone1 skips what came
Hag drops the connection
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable">
      <x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost/pda"/></x>
      <occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/>
    </presence>
