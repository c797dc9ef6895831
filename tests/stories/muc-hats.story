= XEP-0317: hats

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

== §2 A room supports hats, and has none at first

Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"><feature var="urn:xmpp:hats:0"/><feature var="http://jabber.org/protocol/commands"/>...</query></iq>
Crone1 sends:
    <iq type="get" to="coven@conference.localhost" id="i2"><query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="i2">
      <query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands">
        <item jid="coven@conference.localhost" node="urn:xmpp:hats:commands:create" name="{any}"/>
        <item jid="coven@conference.localhost" node="urn:xmpp:hats:commands:destroy" name="{any}"/>
        <item jid="coven@conference.localhost" node="urn:xmpp:hats:commands:list" name="{any}"/>
        <item jid="coven@conference.localhost" node="urn:xmpp:hats:commands:assign" name="{any}"/>
        <item jid="coven@conference.localhost" node="urn:xmpp:hats:commands:unassign" name="{any}"/>
        <item jid="coven@conference.localhost" node="urn:xmpp:hats:commands:list-assigned" name="{any}"/>
      </query>
    </iq>

== §3.1 Nobody wears a hat that the room did not give

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><hats xmlns="urn:xmpp:hats:0"><hat title="Queen" uri="urn:example:queen"/></hats></presence>
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came

== §3.2 An owner creates a hat

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1" xml:lang="en"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:create"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create" sessionid="{creation=any}" status="executing" ...>
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>Creating a Hat</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:hats:commands</value></field>
          <field var="hats#title" type="text-single" label="Hat Title"><required/></field>
          <field var="hats#uri" type="text-single" label="Hat URI"><required/></field>
          <field var="hats#hue" type="text-single" label="Hat Hue"/>
        </x>
      </command>
    </iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c2"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create" sessionid="{creation}"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:hats:commands</value></field><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="c2"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create" sessionid="{creation}" status="completed" .../></iq>
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
Hag receives:
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i3"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="i3"><query xmlns="http://jabber.org/protocol/disco#info"><x xmlns="jabber:x:data" type="result"><field var="hats#hash" ...><value>{any}</value></field>...</x>...</query></iq>

== §3.4 Whoever may read in the room lists its hats

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="s1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="l1"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:list"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="l1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:list" status="completed" sessionid="{any}" ...>
        <x xmlns="jabber:x:data" type="result">
          <reported><field var="hats#title" .../><field var="hats#uri" .../><field var="hats#hue" .../></reported>
          <item><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></item>
        </x>
      </command>
    </iq>

== §3.5 An owner assigns a hat, and all see it

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="s1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:assign"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign" sessionid="{assignment=any}" status="executing" ...>
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>Assigning a Hat</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:hats:commands</value></field>
          <field var="hats#jid" type="jid-single" label="User Address"><required/></field>
          <field var="hats#uri" type="list-single" label="The role"><required/><option label="Queen of the witches"><value>urn:example:hecate</value></option></field>
        </x>
      </command>
    </iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a2"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign" sessionid="{assignment}"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:hats:commands</value></field><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a2"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign" sessionid="{assignment}" status="completed" .../></iq>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><hats xmlns="urn:xmpp:hats:0"><hat title="Queen of the witches" uri="urn:example:hecate" hue="327.255249"/></hats><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><status code="110"/></x><hats xmlns="urn:xmpp:hats:0"><hat title="Queen of the witches" uri="urn:example:hecate" hue="327.255249"/></hats><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §3.2 A hat that is there already is changed, and its wearers are shown anew

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="s1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="d1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign"><x xmlns="jabber:x:data" type="submit"><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="u1"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Hecate</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="u1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create" sessionid="{any}" status="completed" .../></iq>
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
    <presence from="coven@conference.localhost/thirdwitch"><hats xmlns="urn:xmpp:hats:0"><hat title="Hecate" uri="urn:example:hecate"/></hats>...</presence>
Hag skips what came

== §3.7 Who wears what is for those who see addresses

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="s1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="d1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign"><x xmlns="jabber:x:data" type="submit"><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="w1"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:list-assigned"/></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="w1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:list-assigned" status="completed" sessionid="{any}" ...>
        <x xmlns="jabber:x:data" type="result">
          <reported><field var="hats#jid" .../><field var="hats#uri" .../><field var="hats#title" .../><field var="hats#hue" .../></reported>
          <item><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#hue"><value>327.255249</value></field></item>
        </x>
      </command>
    </iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="w2"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:list-assigned"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="w2"><error type="auth"><forbidden/></error></iq>

== §3.6 An owner removes a hat

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="s1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="d1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign"><x xmlns="jabber:x:data" type="submit"><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="r1"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:unassign"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:hats:commands</value></field><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="r1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:unassign" sessionid="{any}" status="completed" .../></iq>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="r2"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:unassign"><x xmlns="jabber:x:data" type="submit"><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="r2"><error type="cancel"><item-not-found/></error></iq>

== §3.3 A hat that is destroyed is taken off all who wear it

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="s1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Queen of the witches</value></field><field var="hats#uri"><value>urn:example:hecate</value></field><field var="hats#hue"><value>327.255249</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="d1"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign"><x xmlns="jabber:x:data" type="submit"><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 skips what came
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="d2"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:destroy"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:hats:commands</value></field><field var="hats#uri"><value>urn:example:hecate</value></field></x></command></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="d2"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:destroy" sessionid="{any}" status="completed" .../></iq>
    <message type="groupchat" from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><status code="104"/></x></message>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
Hag skips what came

== §3 Only admins and owners have to do with hats, and only with hats that there are

Hag sends:
    <iq type="set" to="coven@conference.localhost" id="f1"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:create"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="f1"><error type="auth"><forbidden/></error></iq>
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="f2"><command xmlns="http://jabber.org/protocol/commands" action="execute" node="urn:xmpp:hats:commands:steal"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="f2"><error type="cancel"><item-not-found/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="f3"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:assign"><x xmlns="jabber:x:data" type="submit"><field var="hats#jid"><value>hag66@localhost</value></field><field var="hats#uri"><value>urn:example:none</value></field></x></command></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="f3"><error type="cancel"><item-not-found/></error></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="f4"><command xmlns="http://jabber.org/protocol/commands" node="urn:xmpp:hats:commands:create"><x xmlns="jabber:x:data" type="submit"><field var="hats#title"><value>Blue</value></field><field var="hats#uri"><value>urn:example:blue</value></field><field var="hats#hue"><value>361</value></field></x></command></iq>
Crone1 receives:
    <iq type="error" from="coven@conference.localhost" id="f4"><error type="modify"><bad-request/><bad-payload xmlns="http://jabber.org/protocol/commands"/></error></iq>
