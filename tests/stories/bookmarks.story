= XEP-0402, XEP-0411, XEP-0048: bookmarks of every kind are the same

Juliet: juliet@localhost/balcony
Phone: juliet@localhost/phone

== XEP-0411 §4 What an old client puts into private storage, a new one finds in the node

Juliet comes online
Phone connects
Juliet sends:
    <iq type="set" id="old1">
      <query xmlns="jabber:iq:private">
        <storage xmlns="storage:bookmarks">
          <conference jid="theplay@conference.shakespeare.lit" name="The Play's the Thing" autojoin="1"><nick>JC</nick></conference>
        </storage>
      </query>
    </iq>
Juliet receives:
    <iq type="result" id="old1"/>
Phone sends:
    <iq type="get" id="new1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:bookmarks:1"/></pubsub>
    </iq>
    <iq type="get" id="list1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="storage:bookmarks"/></pubsub>
    </iq>
Phone receives:
    <iq type="result" id="new1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <items node="urn:xmpp:bookmarks:1">
          <item id="theplay@conference.shakespeare.lit"><conference xmlns="urn:xmpp:bookmarks:1" name="The Play's the Thing" autojoin="true"><nick>JC</nick></conference></item>
        </items>
      </pubsub>
    </iq>
    <iq type="result" id="list1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <items node="storage:bookmarks"><item id="current"><storage xmlns="storage:bookmarks">...</storage></item></items>
      </pubsub>
    </iq>

== XEP-0402 §5.2.1 What a new client publishes, an old one finds in private storage

Juliet comes online
Phone connects
Juliet sends:
    <iq type="set" id="new2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:bookmarks:1">
          <item id="orchard@conference.shakespeare.lit"><conference xmlns="urn:xmpp:bookmarks:1" name="The Orchard" autojoin="true"/></item>
        </publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="new2"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Phone sends:
    <iq type="get" id="old2">
      <query xmlns="jabber:iq:private"><storage xmlns="storage:bookmarks"/></query>
    </iq>
Phone receives:
    <iq type="result" id="old2">
      <query xmlns="jabber:iq:private">
        <storage xmlns="storage:bookmarks"><conference jid="orchard@conference.shakespeare.lit" name="The Orchard" autojoin="true"/></storage>
      </query>
    </iq>

== A bookmark that is none is refused

Juliet comes online
Juliet sends:
    <iq type="set" id="bad1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:bookmarks:1"><item id="@"><conference xmlns="urn:xmpp:bookmarks:1"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="bad1" ...>...<error type="modify"><bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>...</error></iq>
