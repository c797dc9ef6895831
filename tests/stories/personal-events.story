= XEP-0172, XEP-0107, XEP-0108, XEP-0118, XEP-0080: what people tell their contacts

# Every story has a hash of its own, as the server asks only once what is behind one.

Juliet: juliet@localhost/balcony
Romeo: romeo@localhost/orchard

== XEP-0172 §4.4 A nickname reaches contacts who want to hear of it, at once and when they come online

Romeo and Juliet are contacts
Juliet comes online
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/nick"><item id="current"><nick xmlns="http://jabber.org/protocol/nick">jule</nick></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="zf8Sx35/oDdkcW1kN9xj2yVrizk="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <presence from="{Juliet}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#zf8Sx35/oDdkcW1kN9xj2yVrizk="/></iq>
Juliet skips what came
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#zf8Sx35/oDdkcW1kN9xj2yVrizk=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/nick+notify"/>
        <feature var="urn:example:story:profile0"/>
      </query>
    </iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/nick"><item id="current"><nick xmlns="http://jabber.org/protocol/nick">jule</nick></item></items></event><delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
    </message>
Juliet sends:
    <iq type="set" id="p2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/nick"><item id="current"><nick xmlns="http://jabber.org/protocol/nick">Countess</nick></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p2" ...>...</iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/nick"><item id="current"><nick xmlns="http://jabber.org/protocol/nick">Countess</nick></item></items></event>
    </message>

== XEP-0172 §4.4 Something else is no nickname

Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/nick"><item id="current"><data xmlns="urn:example:else"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0107 §2 A mood reaches contacts who want to hear of it, at once and when they come online

Romeo and Juliet are contacts
Juliet comes online
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/mood"><item id="current"><mood xmlns="http://jabber.org/protocol/mood"><annoyed/><text>my nurse!</text></mood></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="jIkGt9XwsdAmDFzr/qIt5Q8BbKk="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <presence from="{Juliet}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#jIkGt9XwsdAmDFzr/qIt5Q8BbKk="/></iq>
Juliet skips what came
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#jIkGt9XwsdAmDFzr/qIt5Q8BbKk=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/mood+notify"/>
        <feature var="urn:example:story:profile1"/>
      </query>
    </iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/mood"><item id="current"><mood xmlns="http://jabber.org/protocol/mood"><annoyed/><text>my nurse!</text></mood></item></items></event><delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
    </message>
Juliet sends:
    <iq type="set" id="p2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/mood"><item id="current"><mood xmlns="http://jabber.org/protocol/mood"><happy/></mood></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p2" ...>...</iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/mood"><item id="current"><mood xmlns="http://jabber.org/protocol/mood"><happy/></mood></item></items></event>
    </message>

== XEP-0107 §2 Something else is no mood

Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/mood"><item id="current"><data xmlns="urn:example:else"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0108 §2 A activity reaches contacts who want to hear of it, at once and when they come online

Romeo and Juliet are contacts
Juliet comes online
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/activity"><item id="current"><activity xmlns="http://jabber.org/protocol/activity"><relaxing><partying/></relaxing><text>at the ball</text></activity></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="O2pA6AegXnsRk9Yu5Wde64wTFaE="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <presence from="{Juliet}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#O2pA6AegXnsRk9Yu5Wde64wTFaE="/></iq>
Juliet skips what came
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#O2pA6AegXnsRk9Yu5Wde64wTFaE=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/activity+notify"/>
        <feature var="urn:example:story:profile2"/>
      </query>
    </iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/activity"><item id="current"><activity xmlns="http://jabber.org/protocol/activity"><relaxing><partying/></relaxing><text>at the ball</text></activity></item></items></event><delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
    </message>
Juliet sends:
    <iq type="set" id="p2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/activity"><item id="current"><activity xmlns="http://jabber.org/protocol/activity"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p2" ...>...</iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/activity"><item id="current"><activity xmlns="http://jabber.org/protocol/activity"/></item></items></event>
    </message>

== XEP-0108 §2 Something else is no activity

Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/activity"><item id="current"><data xmlns="urn:example:else"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0118 §2 A tune reaches contacts who want to hear of it, at once and when they come online

Romeo and Juliet are contacts
Juliet comes online
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Yes</artist><length>686</length><rating>8</rating><title>Heart of the Sunrise</title></tune></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="ZPlUJK1EHKNDdrwdXM2v3pCJDmA="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <presence from="{Juliet}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#ZPlUJK1EHKNDdrwdXM2v3pCJDmA="/></iq>
Juliet skips what came
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#ZPlUJK1EHKNDdrwdXM2v3pCJDmA=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/tune+notify"/>
        <feature var="urn:example:story:profile3"/>
      </query>
    </iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"><artist>Yes</artist><length>686</length><rating>8</rating><title>Heart of the Sunrise</title></tune></item></items></event><delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
    </message>
Juliet sends:
    <iq type="set" id="p2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p2" ...>...</iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/tune"><item id="current"><tune xmlns="http://jabber.org/protocol/tune"/></item></items></event>
    </message>

== XEP-0118 §2 Something else is no tune

Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/tune"><item id="current"><data xmlns="urn:example:else"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>

== XEP-0080 §3 A place reaches contacts who want to hear of it, at once and when they come online

Romeo and Juliet are contacts
Juliet comes online
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/geoloc"><item id="current"><geoloc xmlns="http://jabber.org/protocol/geoloc" xml:lang="en"><accuracy>20</accuracy><country>Italy</country><lat>45.44</lat><locality>Venice</locality><lon>12.33</lon></geoloc></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p1" ...>...</iq>
Romeo connects
Romeo sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="iZgyfVo/AShaZgn87aUnUDBx3aU="/></presence>
Romeo receives in any order:
    <presence from="{Romeo}" ...>...</presence>
    <presence from="{Juliet}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#iZgyfVo/AShaZgn87aUnUDBx3aU="/></iq>
Juliet skips what came
Romeo sends:
    <iq type="result" to="localhost" id="{asked}">
      <query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#iZgyfVo/AShaZgn87aUnUDBx3aU=">
        <identity category="client" type="phone"/>
        <feature var="http://jabber.org/protocol/disco#info"/>
        <feature var="http://jabber.org/protocol/geoloc+notify"/>
        <feature var="urn:example:story:profile4"/>
      </query>
    </iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/geoloc"><item id="current"><geoloc xmlns="http://jabber.org/protocol/geoloc" xml:lang="en"><accuracy>20</accuracy><country>Italy</country><lat>45.44</lat><locality>Venice</locality><lon>12.33</lon></geoloc></item></items></event><delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
    </message>
Juliet sends:
    <iq type="set" id="p2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/geoloc"><item id="current"><geoloc xmlns="http://jabber.org/protocol/geoloc"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="result" id="p2" ...>...</iq>
Romeo receives:
    <message from="juliet@localhost" to="{Romeo}" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/geoloc"><item id="current"><geoloc xmlns="http://jabber.org/protocol/geoloc"/></item></items></event>
    </message>

== XEP-0080 §3 Something else is no place

Juliet connects
Juliet sends:
    <iq type="set" id="p1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <publish node="http://jabber.org/protocol/geoloc"><item id="current"><data xmlns="urn:example:else"/></item></publish>
      </pubsub>
    </iq>
Juliet receives:
    <iq type="error" id="p1">
      <error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error>
    </iq>
