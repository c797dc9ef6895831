= XEP-0030: Service Discovery

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber
Tomb: juliet@localhost/tomb

== §3.1 The server tells its identity and its features

Romeo connects
Romeo sends:
    <iq type="get" id="info1" to="localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq type="result" id="info1" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="server" type="im" ...>...</identity>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/disco#items"/>
        ...
      </query>
    </iq>

== §4 The server lists the services that belong to it

Romeo connects
Romeo sends:
    <iq type="get" id="items1" to="localhost"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Romeo receives:
    <iq type="result" id="items1" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#items">...</query>
    </iq>

== §3.2 A node that does not exist is not found

Romeo connects
Romeo sends:
    <iq type="get" id="info2" to="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:no-such-node"/>
    </iq>
Romeo receives:
    <iq type="error" id="info2" from="localhost">
      <error type="cancel"><item-not-found/></error>
    </iq>

== §8 One's own account tells that it is registered

Romeo connects
Romeo sends:
    <iq type="get" id="info3" to="romeo@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq type="result" id="info3" from="romeo@localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="account" type="registered" ...>...</identity>
        <feature var="http://jabber.org/protocol/disco#info"/>
        ...
      </query>
    </iq>

== §8 A subscriber learns what an account offers

Romeo is subscribed to Juliet
Romeo connects
Romeo sends:
    <iq type="get" id="info4" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq type="result" id="info4" from="juliet@localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="account" type="registered" ...>...</identity>
        ...
      </query>
    </iq>

== §8 A stranger cannot tell an account from none

Romeo connects
Romeo sends:
    <iq type="get" id="info5" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
    <iq type="get" id="info6" to="nobody@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives in any order:
    <iq type="error" id="info5" from="juliet@localhost">
      <error type="cancel"><service-unavailable/></error>
    </iq>
    <iq type="error" id="info6" from="nobody@localhost">
      <error type="cancel"><service-unavailable/></error>
    </iq>

== §3.1 A request to a client is left to that client

Romeo connects
Juliet connects
Romeo sends:
    <iq type="get" id="info7" to="juliet@localhost/balcony"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq type="get" id="info7" from="romeo@localhost/orchard" to="juliet@localhost/balcony">
      <query xmlns="http://jabber.org/protocol/disco#info"/>
    </iq>

== §4.1 A subscriber is told the available resources

Romeo is subscribed to Juliet
Juliet comes online
Chamber comes online
Tomb connects
Juliet skips what came
Romeo connects
Romeo sends:
    <iq type="get" id="items2" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Romeo receives:
    <iq type="result" id="items2" from="juliet@localhost">
      <query xmlns="http://jabber.org/protocol/disco#items">
        <item jid="juliet@localhost/balcony"/>
        <item jid="juliet@localhost/chamber"/>
      </query>
    </iq>

== §4.1 One's own account lists one's own resources

Juliet comes online
Chamber comes online
Juliet skips what came
Juliet sends:
    <iq type="get" id="items3"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Juliet receives:
    <iq type="result" id="items3" from="juliet@localhost">
      <query xmlns="http://jabber.org/protocol/disco#items">
        <item jid="juliet@localhost/balcony"/>
        <item jid="juliet@localhost/chamber"/>
      </query>
    </iq>

== §8 A stranger is told of no resources, nor whether there is an account

Juliet comes online
Romeo connects
Romeo sends:
    <iq type="get" id="items4" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="get" id="items5" to="nobody@localhost"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="get" id="items6" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#items" node="n"/></iq>
    <iq type="get" id="items7" to="nobody@localhost"><query xmlns="http://jabber.org/protocol/disco#items" node="n"/></iq>
Romeo receives in any order:
    <iq type="result" id="items4" from="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="result" id="items5" from="nobody@localhost"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="result" id="items6" from="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#items" node="n"/></iq>
    <iq type="result" id="items7" from="nobody@localhost"><query xmlns="http://jabber.org/protocol/disco#items" node="n"/></iq>
Juliet receives nothing

== §8 A stranger cannot tell a node of an account from none

Romeo connects
Romeo sends:
    <iq type="get" id="info8" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info" node="n"/></iq>
    <iq type="get" id="info9" to="nobody@localhost"><query xmlns="http://jabber.org/protocol/disco#info" node="n"/></iq>
Romeo receives in any order:
    <iq type="error" id="info8" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
    <iq type="error" id="info9" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></iq>

== §7 The items of a node that does not exist are not found

Romeo connects
Romeo sends:
    <iq type="get" id="items8" to="localhost"><query xmlns="http://jabber.org/protocol/disco#items" node="urn:example:no-such-node"/></iq>
Romeo receives:
    <iq type="error" id="items8" from="localhost"><error type="cancel"><item-not-found/></error></iq>
