= XEP-0398, XEP-0153, XEP-0084, XEP-0292: one profile in several forms

Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber
Romeo: romeo@localhost/orchard
Tybalt: tybalt@localhost/pda

== XEP-0398 §3.1 An avatar published in nodes is the photo of the vCard

Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Tybalt connects
Tybalt sends:
    <iq type="get" id="v1" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Tybalt receives:
    <iq type="result" id="v1" from="juliet@localhost"><vCard xmlns="vcard-temp"><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>

== XEP-0398 §3.1 The photo stands beside what else the vCard says

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet Capulet</FN></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet sends:
    <iq type="get" id="v1"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="result" id="v1"><vCard xmlns="vcard-temp"><FN>Juliet Capulet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>

== XEP-0398 §3.2 The photo of a vCard is an avatar, and data comes before what is said of it

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet</FN><PHOTO><TYPE>image/gif</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQ
        d1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Tybalt connects
Tybalt sends:
    <iq type="get" id="g1" to="juliet@localhost"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:avatar:metadata"/></pubsub></iq>
    <iq type="get" id="g2" to="juliet@localhost"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:avatar:data"/></pubsub></iq>
Tybalt receives in any order:
    <iq type="result" id="g1" from="juliet@localhost"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce">
      <metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata>
    </item></items></pubsub></iq>
    <iq type="result" id="g2" from="juliet@localhost"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce">
      <data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data>
    </item></items></pubsub></iq>

== XEP-0398 §3.2 A vCard without a photo takes the avatar away

Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet</FN></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="get" id="g1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:avatar:metadata" max_items="1"/></pubsub></iq>
Juliet receives:
    <iq type="result" id="g1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:avatar:metadata"><item id="{any}"><metadata xmlns="urn:xmpp:avatar:metadata"/></item></items></pubsub></iq>

== XEP-0084 §3.5 An empty metadata takes the photo out of the vCard

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="m2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item><metadata xmlns="urn:xmpp:avatar:metadata"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m2" ...>...</iq>
Juliet sends:
    <iq type="get" id="v1"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="result" id="v1"><vCard xmlns="vcard-temp"><FN>Juliet</FN></vCard></iq>

== XEP-0398 §7 An avatar for contacts is in the vCard for contacts alone

Romeo and Juliet are contacts
Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Romeo connects
Romeo sends:
    <iq type="get" id="v1" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Romeo receives:
    <iq type="result" id="v1" from="juliet@localhost"><vCard xmlns="vcard-temp"><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Tybalt connects
Tybalt sends:
    <iq type="get" id="v1" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Tybalt receives:
    <iq type="error" id="v1" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>

== XEP-0398 §2 The account says that it converts

Juliet connects
Juliet sends:
    <iq type="get" id="i1" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq type="result" id="i1" from="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info">
      <feature var="urn:xmpp:pep-vcard-conversion:0"/>
      <feature var="urn:ietf:params:xml:ns:vcard-4.0"/> ...
    </query></iq>

== XEP-0398 §4 The hash is put into presence

Romeo and Juliet are contacts
Romeo comes online
Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet sends:
    <presence><show>away</show></presence>
Romeo receives:
    <presence from="{Juliet}"><show>away</show><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>
Juliet skips what came

== XEP-0398 §4 An empty update is filled in, a wrong hash corrected

Romeo and Juliet are contacts
Romeo comes online
Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet sends:
    <presence><x xmlns="vcard-temp:x:update"/></presence>
    <presence><show>dnd</show><x xmlns="vcard-temp:x:update"><photo>3b37538efb87e9eb1c6d547562f499932b894f17</photo></x></presence>
    <presence><x xmlns="vcard-temp:x:update"><photo>2732F12A8F18D27CF0FA78EF41091BFA1CCEC9CE</photo></x></presence>
Romeo receives:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>
    <presence from="{Juliet}"><show>dnd</show><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>2732F12A8F18D27CF0FA78EF41091BFA1CCEC9CE</photo></x></presence>
Juliet skips what came

== XEP-0398 §4 Who says that there is no avatar is left alone

Romeo and Juliet are contacts
Romeo comes online
Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet sends:
    <presence><x xmlns="vcard-temp:x:update"><photo/></x></presence>
Romeo receives:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo/></x></presence>
Juliet skips what came
Juliet sends:
    <iq type="set" id="d2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC</data></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d2" ...>...</iq>
Juliet sends:
    <iq type="set" id="m2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="3b37538efb87e9eb1c6d547562f499932b894f17" type="image/png"/></metadata></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m2" ...>...</iq>
Romeo receives nothing

== XEP-0398 §4 Directed presence has the hash as well

Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Tybalt connects
Juliet sends:
    <presence to="tybalt@localhost/pda"/>
Tybalt receives:
    <presence from="{Juliet}" to="{Tybalt}"><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>

== XEP-0398 §7 The hash of an avatar for contacts goes to no stranger

Romeo and Juliet are contacts
Romeo comes online
Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Tybalt connects
Juliet sends:
    <presence to="tybalt@localhost/pda"/>
    <presence/>
Tybalt receives:
    <presence from="{Juliet}" to="{Tybalt}"/>
Romeo receives:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>
Juliet skips what came

== XEP-0398 §4 Contacts hear of a new avatar at once, by new presence

Romeo and Juliet are contacts
Romeo comes online
Juliet comes online
Romeo skips what came
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Juliet receives in any order:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>
    <iq type="result" id="s1"/>
Romeo receives:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>
Juliet sends:
    <iq type="set" id="d2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC</data></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d2" ...>...</iq>
Juliet sends:
    <iq type="set" id="m2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="3b37538efb87e9eb1c6d547562f499932b894f17" type="image/png"/></metadata></item></publish>
      </pubsub>
    </iq>
Juliet receives in any order:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>3b37538efb87e9eb1c6d547562f499932b894f17</photo></x></presence>
    <iq type="result" id="m2" ...>...</iq>
Romeo receives:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo>3b37538efb87e9eb1c6d547562f499932b894f17</photo></x></presence>
Juliet sends:
    <iq type="set" id="m3">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item><metadata xmlns="urn:xmpp:avatar:metadata"/></item></publish>
      </pubsub>
    </iq>
Juliet receives in any order:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo/></x></presence>
    <iq type="result" id="m3" ...>...</iq>
Romeo receives:
    <presence from="{Juliet}"><x xmlns="vcard-temp:x:update"><photo/></x></presence>

== XEP-0398 §4 The hash is there after the next login

Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet disconnects
Chamber connects
Chamber sends:
    <presence/>
Chamber receives:
    <presence from="{Chamber}"><x xmlns="vcard-temp:x:update"><photo>2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce</photo></x></presence>

== XEP-0292 §8 A vcard-temp is read as a vCard4, in its node and by a request

Juliet connects
Juliet sends:
    <iq type="set" id="s1">
      <vCard xmlns="vcard-temp">
        <FN>Juliet Capulet</FN><N><FAMILY>Capulet</FAMILY><GIVEN>Juliet</GIVEN></N><NICKNAME>jule</NICKNAME>
        <BDAY>1476-06-09</BDAY><ADR><HOME/><PREF/><LOCALITY>Verona</LOCALITY><CTRY>Italy</CTRY></ADR>
        <TEL><WORK/><FAX/><NUMBER>+39-045-1</NUMBER></TEL><EMAIL><INTERNET/><USERID>j@capulet.example</USERID></EMAIL>
        <JABBERID>juliet@capulet.example</JABBERID><GEO><LAT>45.44</LAT><LON>10.99</LON></GEO>
        <ORG><ORGNAME>Capulet</ORGNAME><ORGUNIT>Daughters</ORGUNIT></ORG><URL>https://capulet.example/</URL>
        <DESC>Of Verona</DESC><CLASS><PUBLIC/></CLASS>
      </vCard>
    </iq>
Juliet receives:
    <iq type="result" id="s1"/>
Tybalt connects
Tybalt sends:
    <iq type="get" id="g1" to="juliet@localhost"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:vcard4"/></pubsub></iq>
    <iq type="get" id="g2" to="juliet@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
Tybalt receives in any order:
    <iq type="result" id="g1" from="juliet@localhost"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:vcard4"><item id="current">
      <vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0">
        <fn><text>Juliet Capulet</text></fn><n><surname>Capulet</surname><given>Juliet</given></n><nickname><text>jule</text></nickname>
        <bday><date>1476-06-09</date></bday>
        <adr><parameters><type><text>home</text></type><pref><integer>1</integer></pref></parameters><locality>Verona</locality><country>Italy</country></adr>
        <tel><parameters><type><text>work</text><text>fax</text></type></parameters><uri>tel:+39-045-1</uri></tel>
        <email><text>j@capulet.example</text></email><impp><uri>xmpp:juliet@capulet.example</uri></impp><geo><uri>geo:45.44,10.99</uri></geo>
        <org><text>Capulet</text><text>Daughters</text></org><url><uri>https://capulet.example/</uri></url><note><text>Of Verona</text></note>
      </vcard></item></items></pubsub></iq>
    <iq type="result" id="g2" from="juliet@localhost">
      <vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0">
        <fn><text>Juliet Capulet</text></fn><n><surname>Capulet</surname><given>Juliet</given></n><nickname><text>jule</text></nickname>
        <bday><date>1476-06-09</date></bday>
        <adr><parameters><type><text>home</text></type><pref><integer>1</integer></pref></parameters><locality>Verona</locality><country>Italy</country></adr>
        <tel><parameters><type><text>work</text><text>fax</text></type></parameters><uri>tel:+39-045-1</uri></tel>
        <email><text>j@capulet.example</text></email><impp><uri>xmpp:juliet@capulet.example</uri></impp><geo><uri>geo:45.44,10.99</uri></geo>
        <org><text>Capulet</text><text>Daughters</text></org><url><uri>https://capulet.example/</uri></url><note><text>Of Verona</text></note>
      </vcard></iq>

== XEP-0292 §8 A vCard4 is read as a vcard-temp, and what only one of them can say is kept

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Jule</FN><TEL><PCS/><NUMBER>+39-045-1</NUMBER></TEL><MAILER>Pigeon</MAILER><X-MASK xmlns="urn:example:mask">velvet</X-MASK></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:vcard4"><item id="current"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn><tel><uri>tel:+39-045-1</uri></tel><title><text>Lady</text></title><gender><sex>F</sex></gender><impp><uri>sip:j@capulet.example</uri></impp></vcard></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Juliet sends:
    <iq type="get" id="v1"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="result" id="v1"><vCard xmlns="vcard-temp"><FN>Juliet</FN><TEL><PCS/><NUMBER>+39-045-1</NUMBER></TEL><TITLE>Lady</TITLE><MAILER>Pigeon</MAILER><X-MASK xmlns="urn:example:mask">velvet</X-MASK></vCard></iq>
Juliet sends:
    <iq type="set" id="s2"><vCard xmlns="vcard-temp"><FN>Juliet Montague</FN></vCard></iq>
Juliet receives:
    <iq type="result" id="s2"/>
Juliet sends:
    <iq type="get" id="v2"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
Juliet receives:
    <iq type="result" id="v2"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet Montague</text></fn><gender><sex>F</sex></gender><impp><uri>sip:j@capulet.example</uri></impp></vcard></iq>

== XEP-0292 §3 One request publishes a vCard4, and contacts who want to hear of it do

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn><photo><uri>data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</uri></photo></vcard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Tybalt connects
Tybalt sends:
    <iq type="get" id="v1" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Tybalt receives:
    <iq type="result" id="v1" from="juliet@localhost"><vCard xmlns="vcard-temp"><FN>Juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Tybalt sends:
    <iq type="get" id="v2" to="juliet@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
Tybalt receives:
    <iq type="result" id="v2" from="juliet@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn><photo><uri>data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</uri></photo></vcard></iq>

== XEP-0292 §8 A new avatar is the photo of the vCard4

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn><photo><uri>data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC</uri></photo></vcard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="1" height="1"/></metadata></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>
Juliet sends:
    <iq type="get" id="g1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:vcard4"/></pubsub></iq>
Juliet receives:
    <iq type="result" id="g1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:vcard4"><item id="current"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn><photo><uri>data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</uri></photo></vcard></item></items></pubsub></iq>

== XEP-0292 §3 A vCard4 for contacts is no vcard-temp for strangers

Romeo and Juliet are contacts
Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:vcard4"><item id="current"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn></vcard></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>presence</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Romeo connects
Romeo sends:
    <iq type="get" id="v1" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Romeo receives:
    <iq type="result" id="v1" from="juliet@localhost"><vCard xmlns="vcard-temp"><FN>Juliet</FN></vCard></iq>
Tybalt connects
Tybalt sends:
    <iq type="get" id="v1" to="juliet@localhost"><vCard xmlns="vcard-temp"/></iq>
Tybalt sends:
    <iq type="get" id="v2" to="juliet@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
Tybalt receives in any order:
    <iq type="error" id="v1" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
    <iq type="error" id="v2" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>

== XEP-0292 §3 Deleting the node of the vCard4 takes the vcard-temp away

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet</FN></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="x1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><delete node="urn:xmpp:vcard4"/></pubsub></iq>
Juliet receives:
    <iq type="result" id="x1"/>
Juliet sends:
    <iq type="get" id="v1"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="error" id="v1"><error type="cancel"><item-not-found/></error></iq>

== XEP-0054 §3.2 An empty vCard takes the vCard4 away as well

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet</FN></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="s2"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="result" id="s2"/>
Juliet sends:
    <iq type="get" id="v1"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
Juliet receives:
    <iq type="error" id="v1"><error type="cancel"><item-not-found/></error></iq>

== XEP-0292 §3 Nobody changes somebody else's vCard4, and who does not exist has none

Tybalt connects
Tybalt sends:
    <iq type="set" id="s1" to="juliet@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Nobody</text></fn></vcard></iq>
    <iq type="get" id="v1" to="juliet@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
    <iq type="get" id="v2" to="nobody@localhost"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"/></iq>
Tybalt receives in any order:
    <iq type="error" id="s1" from="juliet@localhost"><error type="auth"><forbidden/></error></iq>
    <iq type="error" id="v1" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
    <iq type="error" id="v2" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></iq>

== XEP-0084 §3.1 What is no picture, or has another hash, is refused

Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">no base64!</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="d1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="d2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="efb893611e6f56f5ad0724816340a50a4eb0820b"><data xmlns="urn:xmpp:avatar:data">d29yZHM=</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="d2">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="d3">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="d3">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="d4">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data"></data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="d4">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="d5">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><picture xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</picture></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="d5">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0084 §4.2 Metadata that lies about its data is refused

Juliet connects
Juliet sends:
    <iq type="set" id="d1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:data"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><data xmlns="urn:xmpp:avatar:data">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</data></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="d1" ...>...</iq>
Juliet sends:
    <iq type="set" id="m0">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="70" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m0">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/gif"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="m2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png" width="64"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m2">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="m3">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m3">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="m4">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="-1" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce" type="image/png"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m4">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="m5">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m5">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="m6">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="2732f12a8f18d27cf0fa78ef41091bfa1ccec9ce"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="123" type="image/png"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="m6">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="n1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="3b37538efb87e9eb1c6d547562f499932b894f17" type="image/png"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="n1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="get" id="v1"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="error" id="v1"><error type="cancel"><item-not-found/></error></iq>

== XEP-0084 §4.2.1 A picture elsewhere need not be here

Juliet connects
Juliet sends:
    <iq type="set" id="m1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:avatar:metadata"><item id="3b37538efb87e9eb1c6d547562f499932b894f17"><metadata xmlns="urn:xmpp:avatar:metadata"><info bytes="69" id="3b37538efb87e9eb1c6d547562f499932b894f17" type="image/png" url="https://capulet.example/j.png"/></metadata></item></publish>
        <publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="m1" ...>...</iq>

== XEP-0153 §4 A vCard whose photo is broken is refused, and changes nothing

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp"><FN>Juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Juliet sends:
    <iq type="set" id="s2"><vCard xmlns="vcard-temp"><FN>Knave</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>no base64!</BINVAL></PHOTO></vCard></iq>
Juliet receives:
    <iq type="error" id="s2"><error type="modify"><bad-request/></error></iq>
Juliet sends:
    <iq type="set" id="s3"><vCard xmlns="vcard-temp"><FN>Knave</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>TVogbm8gcGljdHVyZQ==</BINVAL></PHOTO></vCard></iq>
Juliet receives:
    <iq type="error" id="s3"><error type="modify"><bad-request/></error></iq>
Juliet sends:
    <iq type="get" id="v1"><vCard xmlns="vcard-temp"/></iq>
Juliet receives:
    <iq type="result" id="v1"><vCard xmlns="vcard-temp"><FN>Juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC</BINVAL></PHOTO></vCard></iq>

== XEP-0292 §3 A vCard4 that is none, or whose photo is broken, is refused

Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:vcard4"><item id="current"><vCard xmlns="vcard-temp"><FN>Juliet</FN></vCard></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
Juliet sends:
    <iq type="set" id="p2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="urn:xmpp:vcard4"><item id="current"><vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0"><fn><text>Juliet</text></fn><photo><uri>data:image/png;base64,d29yZHM=</uri></photo></vcard></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p2">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
