= XEP-0045 §6: Entity Use Cases

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_roomname"><value>A Dark Cave</value></field><field var="muc#roomconfig_roomdesc"><value>The place for all good witches!</value></field><field var="muc#roomconfig_persistentroom"><value>1</value></field></x></query></iq>
Crone1 skips what came

== §6.1, §6.2 The service is listed, and tells what it is

Hag connects
Hag sends:
    <iq type="get" to="localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="get" to="conference.localhost" id="i2"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="conference.localhost" name="{any}"/>...</query></iq>
    <iq type="result" from="conference.localhost" id="i2">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="conference" type="text" name="{any}"/>
        <feature var="http://jabber.org/protocol/muc"/>
        <feature var="http://jabber.org/protocol/muc#stable_id"/>
        <feature var="urn:xmpp:occupant-id:0"/>
        ...
      </query>
    </iq>

== §6.3, §6.4 Public rooms are listed, and tell what they are

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="get" to="coven@conference.localhost" id="i2"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="coven@conference.localhost" name="A Dark Cave"/></query></iq>
    <iq type="result" from="coven@conference.localhost" id="i2">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="conference" type="text" name="A Dark Cave"/>
        <feature var="http://jabber.org/protocol/muc"/>
        <feature var="http://jabber.org/protocol/muc#stable_id"/>
        <feature var="http://jabber.org/protocol/muc#self-ping-optimization"/>
        <feature var="urn:xmpp:occupant-id:0"/>
        <feature var="urn:xmpp:mam:2"/>
        <feature var="muc_unsecured"/>
        <feature var="muc_public"/>
        <feature var="muc_persistent"/>
        <feature var="muc_open"/>
        <feature var="muc_unmoderated"/>
        <feature var="muc_semianonymous"/>
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#roominfo</value></field>
          <field var="muc#roominfo_description" ...><value>The place for all good witches!</value></field>
          <field var="muc#roominfo_occupants" ...><value>1</value></field>
          ...
        </x>
        ...
      </query>
    </iq>

== §6.3 A hidden room is not listed

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_publicroom"><value>0</value></field></x></query></iq>
Crone1 skips what came
Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>

== §6.5 Who is in a room is for its occupants to know

Hag connects
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="i2"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="i2"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="coven@conference.localhost/firstwitch"/></query></iq>

== §6.6 Who is not in the room asks its occupants nothing

Hag connects
Hag sends:
    <iq type="get" to="coven@conference.localhost/firstwitch" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
    <iq type="get" to="nowhere@conference.localhost" id="i2"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost/firstwitch" id="i1"><error type="modify"><bad-request/></error></iq>
    <iq type="error" from="nowhere@conference.localhost" id="i2"><error type="cancel"><item-not-found/></error></iq>

== §17.7 All extensions may pass

Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="allow1"><query xmlns="http://jabber.org/protocol/disco#info" node="http://jabber.org/protocol/muc#traffic"/></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="allow1"><error type="cancel"><service-unavailable/></error></iq>
