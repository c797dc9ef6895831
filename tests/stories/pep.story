= XEP-0163: Personal Eventing Protocol

# Every story has a hash of its own, as the server asks only once what is behind one.

Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber
Romeo: romeo@localhost/orchard
Tybalt: tybalt@localhost/pda

== §3 Publishing makes the node, and one's other devices hear of it

Chamber connects
Chamber sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="cgh+8UXPRSYNoAxk+8A5Fpcq6GE="/></presence>
Chamber receives in any order:
    <presence from="{Chamber}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#cgh+8UXPRSYNoAxk+8A5Fpcq6GE="/>
    </iq>
Chamber sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#cgh+8UXPRSYNoAxk+8A5Fpcq6GE=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/tune+notify"/>
        <feature var="urn:example:story:1"/>
      </query>
    </iq>
Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune">
          <item><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item>
        </publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="{item=any}"/></publish>
      </pubsub>
    </iq>
Chamber receives:
    <message from="juliet@localhost" to="{Chamber}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="http://jabber.org/protocol/tune">
          <item id="{item}"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item>
        </items>
      </event>
    </message>

== §4.3.4 A contact who comes online gets the last item, with the time it is from

Romeo and Juliet are contacts
Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"/></publish>
      </pubsub>
    </iq>
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="JJuayW17B8hiDwCV5sV4D2dsznk="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#JJuayW17B8hiDwCV5sV4D2dsznk="/>
    </iq>
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#JJuayW17B8hiDwCV5sV4D2dsznk=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/tune+notify"/>
        <feature var="urn:example:story:2"/>
      </query>
    </iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></items>
      </event>
      <delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
    </message>

== §4.2 Who does not say that it wants to hear of a node hears nothing

Romeo and Juliet are contacts
Romeo comes online
Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Romeo receives nothing

== §6.1 An account says that it has nodes

Juliet connects
Juliet sends:
    <iq type="get" to="juliet@localhost" id="disco1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq type="result" from="juliet@localhost" id="disco1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="account" type="registered"/>
        <identity category="pubsub" type="pep"/>
        <feature var="http://jabber.org/protocol/pubsub#access-presence"/>
        <feature var="http://jabber.org/protocol/pubsub#auto-create"/>
        <feature var="http://jabber.org/protocol/pubsub#auto-subscribe"/>
        <feature var="http://jabber.org/protocol/pubsub#config-node"/>
        <feature var="http://jabber.org/protocol/pubsub#create-and-configure"/>
        <feature var="http://jabber.org/protocol/pubsub#create-nodes"/>
        <feature var="http://jabber.org/protocol/pubsub#filtered-notifications"/>
        <feature var="http://jabber.org/protocol/pubsub#persistent-items"/>
        <feature var="http://jabber.org/protocol/pubsub#publish"/>
        <feature var="http://jabber.org/protocol/pubsub#publish-options"/>
        <feature var="http://jabber.org/protocol/pubsub#retrieve-items"/>
        <feature var="http://jabber.org/protocol/pubsub#subscribe"/>
        ...
      </query>
    </iq>

== §6.2 Only nodes that one may read are listed

Romeo and Juliet are contacts
Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
      </pubsub>
    </iq>
    <iq type="set" id="pub2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:example:secret"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#access_model"><value>whitelist</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
    <iq type="set" id="pub3">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:example:public"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#access_model"><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="result" id="pub2"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="result" id="pub3"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Romeo connects
Romeo sends:
    <iq type="get" to="juliet@localhost" id="disco1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Romeo receives:
    <iq type="result" from="juliet@localhost" id="disco1">
      <query xmlns="http://jabber.org/protocol/disco#items">
        <item jid="juliet@localhost" node="http://jabber.org/protocol/tune"/>
        <item jid="juliet@localhost" node="urn:example:public"/>
      </query>
    </iq>
Tybalt connects
Tybalt sends:
    <iq type="get" to="juliet@localhost" id="disco1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Tybalt receives:
    <iq type="result" from="juliet@localhost" id="disco1">
      <query xmlns="http://jabber.org/protocol/disco#items">
        <item jid="juliet@localhost" node="urn:example:public"/>
      </query>
    </iq>

== XEP-0060 §6.5.9.6 Who is not subscribed to the owner's presence reads nothing of the default model

Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Tybalt connects
Tybalt sends:
    <iq type="get" to="juliet@localhost" id="items1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="http://jabber.org/protocol/tune"/></pubsub>
    </iq>
    <iq type="set" to="juliet@localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="http://jabber.org/protocol/tune" jid="tybalt@localhost"/></pubsub>
    </iq>
Tybalt receives:
    <iq type="error" from="juliet@localhost" id="items1">
      <error type="auth"><not-authorized/><presence-subscription-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
    <iq type="error" from="juliet@localhost" id="sub1">
      <error type="auth"><not-authorized/><presence-subscription-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0223 A private node is for oneself alone

Romeo and Juliet are contacts
Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:example:private"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#persist_items"><value>true</value></field>
            <field var="pubsub#access_model"><value>whitelist</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Romeo connects
Romeo sends:
    <iq type="get" to="juliet@localhost" id="items1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:example:private"/></pubsub>
    </iq>
Romeo receives:
    <iq type="error" from="juliet@localhost" id="items1">
      <error type="cancel"><not-allowed/><closed-node xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0222 A public node can be read by everybody, and gets its configuration once

Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:example:public"><item id="a"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#persist_items"><value>true</value></field>
            <field var="pubsub#access_model"><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
    <iq type="set" id="pub2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:example:public"><item id="a"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#persist_items"><value>true</value></field>
            <field var="pubsub#access_model"><value>presence</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="error" id="pub2">
      <error type="cancel"><conflict/><precondition-not-met xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Tybalt connects
Tybalt sends:
    <iq type="get" to="juliet@localhost" id="items1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:example:public"/></pubsub>
    </iq>
Tybalt receives:
    <iq type="result" from="juliet@localhost" id="items1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:example:public"><item id="a"><tune xmlns="http://jabber.org/protocol/tune"><artist>Gerald Finzi</artist><title>Introduction (Allegro vigoroso)</title></tune></item></items></pubsub>
    </iq>
