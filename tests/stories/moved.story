= XEP-0283: Moved

Juliet: juliet@localhost/balcony
New: capulet@localhost/villa
Romeo: romeo@localhost/orchard

== §4.4 A contact who says so on the old account is followed

Romeo and Juliet are contacts
Juliet comes online
New comes online
Romeo comes online
Juliet receives:
    <presence from="{Romeo}" ...>...</presence>
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:moved:1">
          <item id="current"><moved xmlns="urn:xmpp:moved:1"><new-jid>capulet@localhost</new-jid></moved></item>
        </publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
New sends:
    <presence type="subscribe" to="romeo@localhost" id="sub1"><moved xmlns="urn:xmpp:moved:1"><old-jid>juliet@localhost</old-jid></moved></presence>
New receives in any order:
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="romeo@localhost" subscription="none" ask="subscribe"/></query></iq>
    <presence type="subscribed" from="romeo@localhost" ...>...</presence>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="romeo@localhost" subscription="to"/></query></iq>
    <presence type="subscribe" from="romeo@localhost" ...>...</presence>
    <presence from="{Romeo}" ...>...</presence>
Juliet receives in any order:
    <presence from="{Romeo}" type="unavailable" ...>...</presence>
    <presence from="romeo@localhost" type="unsubscribed" ...>...</presence>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="romeo@localhost" subscription="from"/></query></iq>
Romeo receives in any order:
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="capulet@localhost" subscription="none" approved="true"/></query></iq>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="capulet@localhost" subscription="from" approved="true"/></query></iq>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="juliet@localhost" subscription="to"/></query></iq>
    <iq type="set" id="{any}"><query xmlns="jabber:iq:roster" ...><item jid="capulet@localhost" subscription="from" ask="subscribe" approved="true"/></query></iq>
