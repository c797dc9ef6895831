= XEP-0490: Message Displayed Synchronization

# Every story has a hash of its own, as the server asks only once what is behind one.

Juliet: juliet@localhost/balcony
Phone: juliet@localhost/phone
Romeo: romeo@localhost/orchard

== §3 What one device has displayed, the other hears of, and whoever comes later can ask

Phone connects
Phone sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="k1YrOlAdBd9vhp53MUv8ndnv4Mo="/></presence>
Phone receives in any order:
    <presence from="{Phone}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#k1YrOlAdBd9vhp53MUv8ndnv4Mo="/>
    </iq>
Phone sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#k1YrOlAdBd9vhp53MUv8ndnv4Mo=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="urn:xmpp:mds:displayed:0+notify"/>
        <feature var="urn:example:story:3"/>
      </query>
    </iq>
Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:mds:displayed:0"><item id="romeo@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="0f710f2b"/></displayed></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#persist_items"><value>true</value></field>
            <field var="pubsub#max_items"><value>max</value></field>
            <field var="pubsub#send_last_published_item"><value>never</value></field>
            <field var="pubsub#access_model"><value>whitelist</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
    <iq type="set" id="d2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:mds:displayed:0"><item id="nurse@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="ca21deaf"/></displayed></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#persist_items"><value>true</value></field>
            <field var="pubsub#max_items"><value>max</value></field>
            <field var="pubsub#send_last_published_item"><value>never</value></field>
            <field var="pubsub#access_model"><value>whitelist</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="result" id="d2"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Phone receives:
    <message from="juliet@localhost" to="{Phone}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:mds:displayed:0"><item id="romeo@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="0f710f2b"/></displayed></item></items>
      </event>
    </message>
    <message from="juliet@localhost" to="{Phone}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:mds:displayed:0"><item id="nurse@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="ca21deaf"/></displayed></item></items>
      </event>
    </message>
Phone sends:
    <iq type="get" id="catchup"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:mds:displayed:0"/></pubsub></iq>
Phone receives:
    <iq type="result" id="catchup">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <items node="urn:xmpp:mds:displayed:0">
          <item id="romeo@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="0f710f2b"/></displayed></item>
          <item id="nurse@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="ca21deaf"/></displayed></item>
        </items>
      </pubsub>
    </iq>

== §4 The server publishes what comes along with a marker, and the contact does not see it

Phone connects
Phone sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="iNCDZFwH+dyJ31x+Q0BTrBCEwxI="/></presence>
Phone receives in any order:
    <presence from="{Phone}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#iNCDZFwH+dyJ31x+Q0BTrBCEwxI="/>
    </iq>
Phone sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#iNCDZFwH+dyJ31x+Q0BTrBCEwxI=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="urn:xmpp:mds:displayed:0+notify"/>
        <feature var="urn:example:story:4"/>
      </query>
    </iq>
Juliet connects
Romeo comes online
Juliet sends:
    <message to="romeo@localhost" type="chat">
      <displayed xmlns="urn:xmpp:chat-markers:0" id="the-msg-1"/>
      <displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="0423e3a9"/></displayed>
    </message>
Romeo receives:
    <message from="{Juliet}" to="romeo@localhost" type="chat">
      <displayed xmlns="urn:xmpp:chat-markers:0" id="the-msg-1"/>
    </message>
Phone receives:
    <message from="juliet@localhost" to="{Phone}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:mds:displayed:0"><item id="romeo@localhost"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="0423e3a9"/></displayed></item></items>
      </event>
    </message>
Romeo sends:
    <iq type="get" to="juliet@localhost" id="spy"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:mds:displayed:0"/></pubsub></iq>
Romeo receives:
    <iq type="error" from="juliet@localhost" id="spy">
      <error type="cancel"><not-allowed/><closed-node xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== §4 The server says that it does so

Juliet connects
Juliet sends:
    <iq type="get" to="juliet@localhost" id="disco1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq type="result" from="juliet@localhost" id="disco1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="account" type="registered"/>
        <feature var="urn:xmpp:mds:server-assist:0"/>
        ...
      </query>
    </iq>
