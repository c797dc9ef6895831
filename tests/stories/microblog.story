= XEP-0277: Microblogging over XMPP, XEP-0472: Pubsub Social Feed

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

== XEP-0472 §3 Accounts and the service tell that they have social feeds

Romeo connects
Romeo sends:
    <iq type="get" to="romeo@localhost" id="info1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
    <iq type="get" to="pubsub.localhost" id="info2"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq type="result" from="romeo@localhost" id="info1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="urn:xmpp:microblog:0"/>
        <feature var="urn:xmpp:pubsub-social-feed:1"/>
        <feature var="urn:xmpp:pubsub-social-feed:gallery:1"/>
        ...
      </query>
    </iq>
    <iq type="result" from="pubsub.localhost" id="info2">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="urn:xmpp:microblog:0"/>
        <feature var="urn:xmpp:pubsub-social-feed:1"/>
        <feature var="urn:xmpp:pubsub-social-feed:gallery:1"/>
        ...
      </query>
    </iq>

== XEP-0277 §2.2, §2.3 Who subscribed receives a post, with a link to where it is

Romeo connects
Romeo sends:
    <iq type="set" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="urn:xmpp:microblog:0"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>open</value></field></x></configure></pubsub>
    </iq>
Romeo receives:
    <iq type="result" id="create1">...</iq>
Juliet comes online
Juliet sends:
    <iq type="set" to="romeo@localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="urn:xmpp:microblog:0" jid="juliet@localhost"/></pubsub>
    </iq>
Juliet receives:
    <iq type="result" from="romeo@localhost" id="sub1">...</iq>
Romeo sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:microblog:0">
          <item id="1cb57d9c"><entry xmlns="http://www.w3.org/2005/Atom"><title type="text">hanging out at the Café Napolitano</title><id>tag:montague.lit,2008-05-08:posts-1cb57d9c</id><published>2008-05-08T18:30:02Z</published><updated>2008-05-08T18:30:02Z</updated></entry></item>
        </publish>
      </pubsub>
    </iq>
Romeo receives:
    <iq type="result" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="urn:xmpp:microblog:0"><item id="1cb57d9c"/></publish></pubsub>
    </iq>
Juliet receives:
    <message from="romeo@localhost" to="juliet@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:microblog:0">
          <item id="1cb57d9c" publisher="romeo@localhost"><entry xmlns="http://www.w3.org/2005/Atom"><title type="text">hanging out at the Café Napolitano</title><id>tag:montague.lit,2008-05-08:posts-1cb57d9c</id><published>2008-05-08T18:30:02Z</published><updated>2008-05-08T18:30:02Z</updated><link rel="alternate" href="xmpp:romeo@localhost?;node=urn%3Axmpp%3Amicroblog%3A0;item=1cb57d9c"/></entry></item>
        </items>
      </event>
    </message>

== XEP-0472 §4.2 What is no valid entry is refused

Romeo connects
Romeo sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="urn:xmpp:microblog:0"><item id="1"><entry xmlns="http://www.w3.org/2005/Atom"><title>no id, no time</title></entry></item></publish></pubsub>
    </iq>
Romeo receives:
    <iq type="error" id="pub1"><error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/><text ...>...</text></error></iq>

== XEP-0277 §3.2 Everybody may comment on a post

Romeo connects
Romeo sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="urn:xmpp:microblog:0:comments/dd88"/></pubsub>
    </iq>
Romeo receives:
    <iq type="result" from="pubsub.localhost" id="create1">...</iq>
Juliet connects
Juliet sends:
    <iq type="set" to="pubsub.localhost" id="comment1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="urn:xmpp:microblog:0:comments/dd88"><item id="b2106a80"><entry xmlns="http://www.w3.org/2005/Atom"><author><name>Juliet Capulet</name><uri>xmpp:juliet@localhost</uri></author><title type="text">She is so pretty!</title><published>2008-05-08T18:39:02Z</published></entry></item></publish></pubsub>
    </iq>
Juliet receives:
    <iq type="result" from="pubsub.localhost" id="comment1">...</iq>
Romeo sends:
    <iq type="get" to="pubsub.localhost" id="items1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:microblog:0:comments/dd88"/></pubsub></iq>
Romeo receives:
    <iq type="result" from="pubsub.localhost" id="items1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <items node="urn:xmpp:microblog:0:comments/dd88"><item id="b2106a80" publisher="juliet@localhost">...</item></items>
      </pubsub>
    </iq>
