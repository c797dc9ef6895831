= XEP-0357: Push Notifications

Juliet: juliet@localhost/balcony
Romeo: romeo@localhost/orchard
Push: push.localhost (component)

== §4.1 An account says that it can be told

Juliet connects
Juliet sends:
    <iq from="juliet@localhost/balcony" to="juliet@localhost" id="x13" type="get">
      <query xmlns="http://jabber.org/protocol/disco#info"/>
    </iq>
Juliet receives:
    <iq from="juliet@localhost" to="{Juliet}" id="x13" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="urn:xmpp:push:0"/>
        ...
      </query>
    </iq>

== §4.2 A client asks the push service what it is

Push connects
Juliet connects
Juliet sends:
    <iq to="push.localhost" id="x23" type="get">
      <query xmlns="http://jabber.org/protocol/disco#info"/>
    </iq>
Push receives:
    <iq from="{Juliet}" to="push.localhost" id="x23" type="get">
      <query xmlns="http://jabber.org/protocol/disco#info"/>
    </iq>
Push sends:
    <iq from="push.localhost" to="{Juliet}" id="x23" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="pubsub" type="push"/>
        <feature var="urn:xmpp:push:0"/>
      </query>
    </iq>
Juliet receives:
    <iq from="push.localhost" to="{Juliet}" id="x23" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="pubsub" type="push"/>
        <feature var="urn:xmpp:push:0"/>
      </query>
    </iq>

== §5, §7 A message that finds nobody is told of, with the options given

Push connects
Juliet connects
Juliet sends:
    <iq type="set" id="x43">
      <enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="yxs32uqsflafdk3iuqo">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
          <field var="secret"><value>eruio234vzxc2kla-91</value></field>
        </x>
      </enable>
    </iq>
Juliet receives:
    <iq type="result" id="x43"/>
Juliet disconnects
Romeo connects
Romeo sends:
    <message to="juliet@localhost" type="chat"><body>O, speak again</body></message>
Push receives:
    <iq type="set" from="localhost" to="push.localhost" id="{n=any}">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="yxs32uqsflafdk3iuqo">
          <item>
            <notification xmlns="urn:xmpp:push:0">
              <x xmlns="jabber:x:data" type="form">
                <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:push:summary</value></field>
                <field var="message-count"><value>1</value></field>
              </x>
            </notification>
          </item>
        </publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="secret"><value>eruio234vzxc2kla-91</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Push sends:
    <iq type="result" from="push.localhost" to="localhost" id="{n}"/>
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" type="chat"><body>O, speak again</body>...</message>

== §6 After disabling a node, the others are told

Push connects
Juliet connects
Juliet sends:
    <iq type="set" id="1"><enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="a"/></iq>
    <iq type="set" id="2"><enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="b"/></iq>
    <iq type="set" id="x97">
      <disable xmlns="urn:xmpp:push:0" jid="push.localhost" node="a"/>
    </iq>
Juliet receives:
    <iq type="result" id="1"/>
    <iq type="result" id="2"/>
    <iq type="result" id="x97"/>
Juliet disconnects
Romeo connects
Romeo sends:
    <message to="juliet@localhost" type="chat"><body>Art thou not Romeo</body></message>
Push receives:
    <iq type="set" from="localhost" to="push.localhost" id="{any}">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="b"><item><notification xmlns="urn:xmpp:push:0"><x xmlns="jabber:x:data" ...>...</x></notification></item></publish>
      </pubsub>
    </iq>
