= XEP-0016: Privacy Lists

Romeo: romeo@localhost/orchard
Home: romeo@localhost/home
Tybalt: tybalt@localhost/pda
Juliet: juliet@localhost/balcony

== §2.3 Lists are stored, named and returned

Romeo connects
Romeo sends:
    <iq type="set" id="edit1">
      <query xmlns="jabber:iq:privacy">
        <list name="public">
          <item type="jid" value="tybalt@localhost" action="deny" order="1"/>
          <item action="allow" order="2"/>
        </list>
      </query>
    </iq>
Romeo receives in any order:
    <iq type="result" id="edit1"/>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:privacy"><list name="public"/></query></iq>
Romeo sends:
    <iq type="get" id="getlist1"><query xmlns="jabber:iq:privacy"/></iq>
    <iq type="get" id="getlist2"><query xmlns="jabber:iq:privacy"><list name="public"/></query></iq>
Romeo receives in any order:
    <iq type="result" id="getlist1"><query xmlns="jabber:iq:privacy"><list name="public"/></query></iq>
    <iq type="result" id="getlist2">
      <query xmlns="jabber:iq:privacy">
        <list name="public">
          <item type="jid" value="tybalt@localhost" action="deny" order="1"/>
          <item action="allow" order="2"/>
        </list>
      </query>
    </iq>

== §2.6 A changed list is pushed to every connected resource

Romeo connects
Home connects
Romeo sends:
    <iq type="set" id="edit1">
      <query xmlns="jabber:iq:privacy">
        <list name="public"><item action="allow" order="1"/></list>
      </query>
    </iq>
Romeo receives in any order:
    <iq type="result" id="edit1"/>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:privacy"><list name="public"/></query></iq>
Home receives:
    <iq type="set" id="{any}"><query xmlns="jabber:iq:privacy"><list name="public"/></query></iq>

== §2.3 A list that does not exist is not found

Romeo connects
Romeo sends:
    <iq type="get" id="getlist5"><query xmlns="jabber:iq:privacy"><list name="The Empty Set"/></query></iq>
    <iq type="set" id="active2"><query xmlns="jabber:iq:privacy"><active name="The Empty Set"/></query></iq>
    <iq type="set" id="default1"><query xmlns="jabber:iq:privacy"><default name="The Empty Set"/></query></iq>
    <iq type="set" id="remove1"><query xmlns="jabber:iq:privacy"><list name="The Empty Set"/></query></iq>
Romeo receives in any order:
    <iq type="error" id="getlist5"><error type="cancel"><item-not-found/></error></iq>
    <iq type="error" id="active2"><error type="cancel"><item-not-found/></error></iq>
    <iq type="error" id="default1"><error type="cancel"><item-not-found/></error></iq>
    <iq type="error" id="remove1"><error type="cancel"><item-not-found/></error></iq>

== §2.3 More than one list at a time is a bad request

Romeo connects
Romeo sends:
    <iq type="get" id="getlist6"><query xmlns="jabber:iq:privacy"><list name="public"/><list name="private"/></query></iq>
    <iq type="set" id="two1"><query xmlns="jabber:iq:privacy"><active/><default/></query></iq>
Romeo receives in any order:
    <iq type="error" id="getlist6"><error type="modify"><bad-request/></error></iq>
    <iq type="error" id="two1"><error type="modify"><bad-request/></error></iq>

== §2.1 The order of items must be unique

Romeo connects
Romeo sends:
    <iq type="set" id="order1">
      <query xmlns="jabber:iq:privacy">
        <list name="bad">
          <item type="jid" value="tybalt@localhost" action="deny" order="1"/>
          <item action="allow" order="1"/>
        </list>
      </query>
    </iq>
Romeo receives:
    <iq type="error" id="order1"><error type="modify"><bad-request/></error></iq>

== §2.5 The default and the active list are told

Romeo connects
Romeo sends:
    <iq type="set" id="e1"><query xmlns="jabber:iq:privacy"><list name="a"><item action="allow" order="1"/></list></query></iq>
    <iq type="set" id="e2"><query xmlns="jabber:iq:privacy"><list name="b"><item action="allow" order="1"/></list></query></iq>
    <iq type="set" id="e3"><query xmlns="jabber:iq:privacy"><active name="a"/></query></iq>
    <iq type="set" id="e4"><query xmlns="jabber:iq:privacy"><default name="b"/></query></iq>
Romeo skips what came
Romeo sends:
    <iq type="get" id="g1"><query xmlns="jabber:iq:privacy"/></iq>
Romeo receives:
    <iq type="result" id="g1">
      <query xmlns="jabber:iq:privacy">
        <active name="a"/>
        <default name="b"/>
        <list name="a"/>
        <list name="b"/>
      </query>
    </iq>
Romeo sends:
    <iq type="set" id="e5"><query xmlns="jabber:iq:privacy"><active/></query></iq>
    <iq type="set" id="e6"><query xmlns="jabber:iq:privacy"><default/></query></iq>
    <iq type="get" id="g2"><query xmlns="jabber:iq:privacy"/></iq>
Romeo receives in any order:
    <iq type="result" id="e5"/>
    <iq type="result" id="e6"/>
    <iq type="result" id="g2"><query xmlns="jabber:iq:privacy"><list name="a"/><list name="b"/></query></iq>

== §2.5 A default list in use by another resource cannot be changed

Romeo connects
Romeo sends:
    <iq type="set" id="e1"><query xmlns="jabber:iq:privacy"><list name="a"><item action="allow" order="1"/></list></query></iq>
    <iq type="set" id="e2"><query xmlns="jabber:iq:privacy"><default name="a"/></query></iq>
Romeo skips what came
Home connects
Romeo sends:
    <iq type="set" id="default3"><query xmlns="jabber:iq:privacy"><default/></query></iq>
    <iq type="set" id="remove2"><query xmlns="jabber:iq:privacy"><list name="a"/></query></iq>
Romeo receives in any order:
    <iq type="error" id="default3"><error type="cancel"><conflict/></error></iq>
    <iq type="error" id="remove2"><error type="cancel"><conflict/></error></iq>

== §2.8 A list is removed

Romeo connects
Romeo sends:
    <iq type="set" id="e1"><query xmlns="jabber:iq:privacy"><list name="a"><item action="allow" order="1"/></list></query></iq>
Romeo skips what came
Romeo sends:
    <iq type="set" id="remove1"><query xmlns="jabber:iq:privacy"><list name="a"/></query></iq>
Romeo receives in any order:
    <iq type="result" id="remove1"/>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:privacy"><list name="a"/></query></iq>
Romeo sends:
    <iq type="get" id="g1"><query xmlns="jabber:iq:privacy"/></iq>
Romeo receives:
    <iq type="result" id="g1"><query xmlns="jabber:iq:privacy"/></iq>

== §2.9 Messages alone are blocked by JID

Romeo comes online
Tybalt comes online
Romeo sends:
    <iq type="set" id="msg1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="tybalt@localhost" action="deny" order="3"><message/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Tybalt sends:
    <message to="romeo@localhost/orchard" type="chat" id="m1"><body>Villain!</body></message>
Tybalt may receive:
    <message type="error" id="m1" from="romeo@localhost/orchard"><error type="cancel"><service-unavailable/></error></message>
Romeo receives nothing
Tybalt sends:
    <iq to="romeo@localhost/orchard" type="get" id="i1"><query xmlns="jabber:iq:version"/></iq>
    <presence to="romeo@localhost/orchard"/>
Romeo receives:
    <iq from="tybalt@localhost/pda" to="romeo@localhost/orchard" type="get" id="i1"><query xmlns="jabber:iq:version"/></iq>
    <presence from="tybalt@localhost/pda" to="romeo@localhost/orchard"/>

== §2.9 Messages are blocked by roster group

Romeo comes online
Tybalt comes online
Romeo sends:
    <iq type="set" id="r1">
      <query xmlns="jabber:iq:roster"><item jid="tybalt@localhost"><group>Enemies</group></item></query>
    </iq>
    <iq type="set" id="msg2">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="group" value="Enemies" action="deny" order="4"><message/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Tybalt sends:
    <message to="romeo@localhost/orchard" type="chat" id="m1"><body>Villain!</body></message>
Tybalt may receive:
    <message type="error" id="m1" from="romeo@localhost/orchard"><error type="cancel"><service-unavailable/></error></message>
Romeo receives nothing

== §2.9 Messages are blocked by subscription

Romeo and Juliet are contacts
Romeo comes online
Romeo sends:
    <iq type="set" id="msg3">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="subscription" value="none" action="deny" order="5"><message/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Tybalt comes online
Juliet comes online
Romeo skips what came
Tybalt sends:
    <message to="romeo@localhost/orchard" type="chat" id="m1"><body>Villain!</body></message>
Tybalt may receive:
    <message type="error" id="m1" from="romeo@localhost/orchard"><error type="cancel"><service-unavailable/></error></message>
Romeo receives nothing
Juliet sends:
    <message to="romeo@localhost/orchard" type="chat" id="m2"><body>Love!</body></message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost/orchard" type="chat" id="m2"><body>Love!</body></message>

== §2.2 Rules apply in their order, and the first that fits decides

Romeo comes online
Romeo sends:
    <iq type="set" id="all1">
      <query xmlns="jabber:iq:privacy">
        <list name="special">
          <item action="deny" order="666"/>
          <item type="jid" value="juliet@localhost" action="allow" order="6"/>
        </list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="special"/></query></iq>
Romeo skips what came
Juliet comes online
Tybalt comes online
Juliet sends:
    <message to="romeo@localhost/orchard" type="chat" id="m1"><body>Love!</body></message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost/orchard" type="chat" id="m1"><body>Love!</body></message>
Tybalt sends:
    <message to="romeo@localhost/orchard" type="chat" id="m2"><body>Villain!</body></message>
Tybalt may receive:
    <message type="error" id="m2" from="romeo@localhost/orchard"><error type="cancel"><service-unavailable/></error></message>
Romeo receives nothing

== §2.10 Incoming presence is blocked

Romeo and Juliet are contacts
Romeo comes online
Romeo sends:
    <iq type="set" id="presin1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="juliet@localhost" action="deny" order="7"><presence-in/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Juliet comes online
Romeo receives nothing
Juliet sends:
    <message to="romeo@localhost/orchard" type="chat" id="m1"><body>Love!</body></message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost/orchard" type="chat" id="m1"><body>Love!</body></message>

== §2.11 Outgoing presence is blocked, and whom it is blocked to sees one leave

Romeo and Juliet are contacts
Romeo comes online
Juliet comes online
Romeo skips what came
Romeo sends:
    <iq type="set" id="presout1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="juliet@localhost" action="deny" order="13"><presence-out/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Juliet receives:
    <presence type="unavailable" from="romeo@localhost/orchard" ...>...</presence>
Romeo skips what came
Romeo sends:
    <presence><show>away</show></presence>
Romeo receives:
    <presence from="romeo@localhost/orchard"><show>away</show></presence>
Juliet receives nothing

== §2.12 IQs are blocked

Romeo comes online
Tybalt comes online
Romeo sends:
    <iq type="set" id="iq1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="tybalt@localhost" action="deny" order="29"><iq/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Tybalt sends:
    <iq type="get" to="romeo@localhost/orchard" id="probing1"><query xmlns="jabber:iq:version"/></iq>
Tybalt receives:
    <iq type="error" from="romeo@localhost/orchard" id="probing1"><error type="cancel"><service-unavailable/></error></iq>
Romeo receives nothing

== §2.13 All communication is blocked, both ways

Romeo comes online
Tybalt comes online
Romeo sends:
    <iq type="set" id="all1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="tybalt@localhost" action="deny" order="23"/></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Tybalt sends:
    <presence to="romeo@localhost"/>
Tybalt receives nothing
Romeo receives nothing
Romeo sends:
    <message to="tybalt@localhost/pda" type="chat" id="m1"><body>Can you hear me now?</body></message>
Romeo receives:
    <message type="error" from="tybalt@localhost/pda" id="m1">
      <error type="cancel"><not-acceptable/>...</error>
    </message>
Tybalt receives nothing

== §2.2 An active list holds for its session alone

Romeo comes online
Home comes online
Tybalt comes online
Romeo sends:
    <iq type="set" id="all1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="tybalt@localhost" action="deny" order="23"><message/></item></list>
      </query>
    </iq>
    <iq type="set" id="on"><query xmlns="jabber:iq:privacy"><active name="l"/></query></iq>
Romeo skips what came
Home skips what came
Tybalt sends:
    <message to="romeo@localhost/orchard" type="chat" id="m1"><body>Villain!</body></message>
    <message to="romeo@localhost/home" type="chat" id="m2"><body>Villain!</body></message>
Home receives:
    <message from="tybalt@localhost/pda" to="romeo@localhost/home" type="chat" id="m2"><body>Villain!</body></message>
Tybalt may receive:
    <message type="error" id="m1" from="romeo@localhost/orchard"><error type="cancel"><service-unavailable/></error></message>
Romeo receives nothing

== §2.2 A default list holds when nobody is connected

Romeo connects
Romeo sends:
    <iq type="set" id="e1">
      <query xmlns="jabber:iq:privacy">
        <list name="l"><item type="jid" value="tybalt@localhost" action="deny" order="1"/></list>
      </query>
    </iq>
    <iq type="set" id="e2"><query xmlns="jabber:iq:privacy"><default name="l"/></query></iq>
Romeo skips what came
Romeo disconnects
Tybalt comes online
Tybalt sends:
    <message to="romeo@localhost" type="chat" id="m1"><body>Villain!</body></message>
Tybalt may receive:
    <message type="error" id="m1" from="romeo@localhost"><error type="cancel"><service-unavailable/></error></message>
Romeo connects
Romeo sends:
    <presence/>
Romeo receives:
    <presence from="romeo@localhost/orchard"/>
Romeo receives nothing

== XEP-0191 §4 The block list and the default list are one

Romeo connects
Romeo sends:
    <iq type="set" id="block1"><block xmlns="urn:xmpp:blocking"><item jid="tybalt@localhost"/></block></iq>
Romeo skips what came
Romeo sends:
    <iq type="get" id="g1"><query xmlns="jabber:iq:privacy"/></iq>
Romeo receives:
    <iq type="result" id="g1">
      <query xmlns="jabber:iq:privacy">
        <default name="{default=any}"/>
        <list name="{default}"/>
      </query>
    </iq>
Romeo sends:
    <iq type="get" id="g2"><query xmlns="jabber:iq:privacy"><list name="{default}"/></query></iq>
Romeo receives:
    <iq type="result" id="g2">
      <query xmlns="jabber:iq:privacy">
        <list name="{default}">
          <item type="jid" value="tybalt@localhost" action="deny" order="{integer}"/>
          ...
        </list>
      </query>
    </iq>
