= XEP-0384, XEP-0402: OMEMO and bookmarks over nodes of the account

# Every story has a hash of its own, as the server asks only once what is behind one.

Juliet: juliet@localhost/balcony
Phone: juliet@localhost/phone
Romeo: romeo@localhost/orchard
Tybalt: tybalt@localhost/pda

== XEP-0384 §5.3 Contacts hear of the list of devices, and everybody can fetch bundles

Romeo and Juliet are contacts
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="V9NciXSKKsNVBPWm4hOWEBgv2w0="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#V9NciXSKKsNVBPWm4hOWEBgv2w0="/>
    </iq>
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#V9NciXSKKsNVBPWm4hOWEBgv2w0=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="urn:xmpp:omemo:2:devices+notify"/>
        <feature var="urn:example:story:5"/>
      </query>
    </iq>
Juliet connects
Juliet sends:
    <iq type="set" id="announce1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:omemo:2:devices"><item id="current"><devices xmlns="urn:xmpp:omemo:2"><device id="12345"/><device id="4223" label="Gajim on Ubuntu Linux"/></devices></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#access_model"><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
    <iq type="set" id="bundle1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:omemo:2:bundles"><item id="31415"><bundle xmlns="urn:xmpp:omemo:2"><spk id="0">b64</spk><spks>b64</spks><ik>b64</ik><prekeys><pk id="0">b64</pk></prekeys></bundle></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#max_items"><value>max</value></field>
            <field var="pubsub#access_model"><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="announce1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="result" id="bundle1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:omemo:2:devices"><item id="current"><devices xmlns="urn:xmpp:omemo:2"><device id="12345"/><device id="4223" label="Gajim on Ubuntu Linux"/></devices></item></items>
      </event>
    </message>
Tybalt connects
Tybalt sends:
    <iq type="get" to="juliet@localhost" id="fetch1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:omemo:2:bundles"><item id="31415"/></items></pubsub>
    </iq>
Tybalt receives:
    <iq type="result" from="juliet@localhost" id="fetch1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:omemo:2:bundles"><item id="31415"><bundle xmlns="urn:xmpp:omemo:2"><spk id="0">b64</spk><spks>b64</spks><ik>b64</ik><prekeys><pk id="0">b64</pk></prekeys></bundle></item></items></pubsub>
    </iq>

== XEP-0384 0.3 §4 The same as clients of today have it

Romeo and Juliet are contacts
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="rS3+w+yyVoJvRxvfg5tptnNuk+Y="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#rS3+w+yyVoJvRxvfg5tptnNuk+Y="/>
    </iq>
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#rS3+w+yyVoJvRxvfg5tptnNuk+Y=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="eu.siacs.conversations.axolotl.devicelist+notify"/>
        <feature var="urn:example:story:6"/>
      </query>
    </iq>
Juliet connects
Juliet sends:
    <iq type="set" id="announce1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="eu.siacs.conversations.axolotl.devicelist"><item id="current"><list xmlns="eu.siacs.conversations.axolotl"><device id="12345"/></list></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#access_model"><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
    <iq type="set" id="bundle1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="eu.siacs.conversations.axolotl.bundles:31415"><item id="current"><bundle xmlns="eu.siacs.conversations.axolotl"><signedPreKeyPublic signedPreKeyId="1">b64</signedPreKeyPublic></bundle></item></publish>
        <publish-options>
          <x xmlns="jabber:x:data" type="submit">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
            <field var="pubsub#max_items"><value>max</value></field>
            <field var="pubsub#access_model"><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="announce1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="result" id="bundle1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="eu.siacs.conversations.axolotl.devicelist"><item id="current"><list xmlns="eu.siacs.conversations.axolotl"><device id="12345"/></list></item></items>
      </event>
    </message>
Tybalt connects
Tybalt sends:
    <iq type="get" to="juliet@localhost" id="fetch1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="eu.siacs.conversations.axolotl.bundles:31415"><item id="current"/></items></pubsub>
    </iq>
Tybalt receives:
    <iq type="result" from="juliet@localhost" id="fetch1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="eu.siacs.conversations.axolotl.bundles:31415"><item id="current"><bundle xmlns="eu.siacs.conversations.axolotl"><signedPreKeyPublic signedPreKeyId="1">b64</signedPreKeyPublic></bundle></item></items></pubsub>
    </iq>

== XEP-0402 §3.3 The other devices hear of bookmarks that come and go

Phone connects
Phone sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="9lm6R4At7aiypHNqxwIW1yV1n1E="/></presence>
Phone receives in any order:
    <presence from="{Phone}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#9lm6R4At7aiypHNqxwIW1yV1n1E="/>
    </iq>
Phone sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#9lm6R4At7aiypHNqxwIW1yV1n1E=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="urn:xmpp:bookmarks:1+notify"/>
        <feature var="urn:example:story:7"/>
      </query>
    </iq>
Juliet connects
Juliet sends:
    <iq type="set" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:bookmarks:1"><item id="theplay@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="Council of Oberon" autojoin="true"><nick>Puck</nick></conference></item></publish>
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
    <iq type="set" id="remove1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <retract node="urn:xmpp:bookmarks:1" notify="1"><item id="theplay@conference.localhost"/></retract>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
    <iq type="result" id="remove1"/>
Phone receives:
    <message from="juliet@localhost" to="{Phone}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:bookmarks:1"><item id="theplay@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="Council of Oberon" autojoin="true"><nick>Puck</nick></conference></item></items>
      </event>
    </message>
    <message from="juliet@localhost" to="{Phone}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event">
        <items node="urn:xmpp:bookmarks:1"><retract id="theplay@conference.localhost"/></items>
      </event>
    </message>
