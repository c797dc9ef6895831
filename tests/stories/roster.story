= RFC 6121 §2: Managing the Roster

Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber
Romeo: romeo@localhost/orchard
Nurse: nurse@localhost/hall

== §2.1.4 A new account's roster is empty

Juliet connects
Juliet sends:
    <iq id="bv1bs71f" type="get">
      <query xmlns="jabber:iq:roster"/>
    </iq>
Juliet receives:
    <iq id="bv1bs71f" type="result">
      <query xmlns="jabber:iq:roster" .../>
    </iq>

== §2.3.2 A new item is acknowledged and pushed to every interested resource

Juliet comes online
Chamber connects
Chamber sends:
    <iq id="roster_1" type="get">
      <query xmlns="jabber:iq:roster"/>
    </iq>
Chamber receives:
    <iq id="roster_1" type="result">
      <query xmlns="jabber:iq:roster" .../>
    </iq>
Juliet sends:
    <iq id="ph1xaz53" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost" name="Nurse">
          <group>Servants</group>
        </item>
      </query>
    </iq>
Juliet receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" name="Nurse" subscription="none">
          <group>Servants</group>
        </item>
      </query>
    </iq>
    <iq id="ph1xaz53" type="result"/>
Chamber receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" name="Nurse" subscription="none">
          <group>Servants</group>
        </item>
      </query>
    </iq>

== §2.2 A resource that has not asked for the roster gets no roster pushes

Juliet comes online
Chamber connects
Juliet sends:
    <iq id="ph1xaz54" type="set">
      <query xmlns="jabber:iq:roster"><item jid="nurse@localhost"/></query>
    </iq>
Juliet skips what came
Chamber receives nothing

== §2.4.1 Updating an item replaces its name and its groups

Juliet comes online
Juliet sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost" name="Nurse"><group>Servants</group></item>
      </query>
    </iq>
Juliet skips what came
Juliet sends:
    <iq id="set2" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost" name="Angelica"><group>Friends</group><group>Verona</group></item>
      </query>
    </iq>
Juliet receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" name="Angelica" subscription="none">
          <group>Friends</group>
          <group>Verona</group>
        </item>
      </query>
    </iq>
    <iq id="set2" type="result"/>
Juliet sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster"/></iq>
Juliet receives:
    <iq id="get1" type="result">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" name="Angelica" subscription="none">
          <group>Friends</group>
          <group>Verona</group>
        </item>
      </query>
    </iq>

== §2.4.1 An update without a name and groups deletes them

Juliet comes online
Juliet sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost" name="Nurse"><group>Servants</group></item>
      </query>
    </iq>
Juliet skips what came
Juliet sends:
    <iq id="set2" type="set">
      <query xmlns="jabber:iq:roster"><item jid="nurse@localhost"/></query>
    </iq>
Juliet receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" subscription="none"/>
      </query>
    </iq>
    <iq id="set2" type="result"/>

== §2.3.1 The roster survives the session

Juliet connects
Juliet sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="nurse@localhost" name="Nurse &amp; Peter"/></query>
    </iq>
Juliet receives:
    <iq id="set1" type="result"/>
Juliet disconnects
Chamber connects
Chamber sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster"/></iq>
Chamber receives:
    <iq id="get1" type="result">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" name="Nurse &amp; Peter" subscription="none"/>
      </query>
    </iq>

== §2.1.2.5 A client cannot set the subscription state by a roster set

Juliet comes online
Juliet sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost" subscription="both" ask="subscribe"/>
      </query>
    </iq>
Juliet receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" subscription="none"/>
      </query>
    </iq>
    <iq id="set1" type="result"/>

== §2.3.3 A roster set of more than one item is a bad request

Juliet comes online
Juliet sends:
    <iq id="nj4fdf37" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost"/>
        <item jid="romeo@localhost"/>
      </query>
    </iq>
Juliet receives:
    <iq id="nj4fdf37" type="error">
      <error type="modify"><bad-request/></error>
    </iq>

== §2.3.3 A roster set without an item is a bad request

Juliet comes online
Juliet sends:
    <iq id="none1" type="set"><query xmlns="jabber:iq:roster"/></iq>
Juliet receives:
    <iq id="none1" type="error">
      <error type="modify"><bad-request/></error>
    </iq>

== §2.3.3 Duplicate groups in an item are a bad request

Juliet comes online
Juliet sends:
    <iq id="dup1" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost"><group>Servants</group><group>Servants</group></item>
      </query>
    </iq>
Juliet receives:
    <iq id="dup1" type="error">
      <error type="modify"><bad-request/></error>
    </iq>

== §2.3.3 A group without a name is not acceptable

Juliet comes online
Juliet sends:
    <iq id="empty1" type="set">
      <query xmlns="jabber:iq:roster">
        <item jid="nurse@localhost"><group/></item>
      </query>
    </iq>
Juliet receives:
    <iq id="empty1" type="error">
      <error type="modify"><not-acceptable/></error>
    </iq>

== §2.3.3 Nobody may change the roster of somebody else

Juliet comes online
Romeo comes online
Romeo sends:
    <iq id="ix7s53v2" type="set" to="juliet@localhost">
      <query xmlns="jabber:iq:roster"><item jid="nurse@localhost"/></query>
    </iq>
Romeo receives:
    <iq id="ix7s53v2" type="error" from="juliet@localhost">
      <error type="{any}"><{forbidden|service-unavailable}/></error>
    </iq>
Juliet receives nothing

== §2.1.3 Nobody may read the roster of somebody else

Juliet connects
Romeo connects
Romeo sends:
    <iq id="peek1" type="get" to="juliet@localhost">
      <query xmlns="jabber:iq:roster"/>
    </iq>
Romeo receives:
    <iq id="peek1" type="error" from="juliet@localhost">
      <error type="{any}"><{forbidden|service-unavailable}/></error>
    </iq>

== §2.5.2 Deleting an item is acknowledged and pushed with the subscription "remove"

Juliet comes online
Juliet sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="nurse@localhost" name="Nurse"/></query>
    </iq>
Juliet skips what came
Juliet sends:
    <iq id="hm4hs97y" type="set">
      <query xmlns="jabber:iq:roster"><item jid="nurse@localhost" subscription="remove"/></query>
    </iq>
Juliet receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="nurse@localhost" subscription="remove"/>
      </query>
    </iq>
    <iq id="hm4hs97y" type="result"/>
Juliet sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster"/></iq>
Juliet receives:
    <iq id="get1" type="result"><query xmlns="jabber:iq:roster" .../></iq>

== §2.5.3 Deleting an item that is not there says so

Juliet comes online
Juliet sends:
    <iq id="uj4b1ca8" type="set">
      <query xmlns="jabber:iq:roster"><item jid="nobody@localhost" subscription="remove"/></query>
    </iq>
Juliet receives:
    <iq id="uj4b1ca8" type="error">
      <error type="{modify|cancel}"><item-not-found/></error>
    </iq>

== §2.5.2 Deleting a contact ends the subscriptions both ways

Juliet and Romeo are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Juliet sends:
    <iq id="bye1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="romeo@localhost" subscription="remove"/></query>
    </iq>
Juliet receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="remove"/>
      </query>
    </iq>
    <iq id="bye1" type="result"/>
Juliet may receive:
    <presence type="unavailable" from="romeo@localhost/orchard"/>
Romeo receives in any order:
    <presence type="unsubscribe" from="juliet@localhost" to="romeo@localhost"/>
    <presence type="unsubscribed" from="juliet@localhost" to="romeo@localhost"/>
    <presence type="unavailable" from="juliet@localhost/balcony"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="{to|from|none}"/>
      </query>
    </iq>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>
