= XEP-0377: Blocking Command Reports

Juliet: juliet@localhost/chamber
Romeo: romeo@localhost/orchard

== §2 The server says that it takes reports

Juliet connects
Juliet sends:
    <iq id="ku6e51v3" to="localhost" type="get"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq from="localhost" id="ku6e51v3" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info"><feature var="urn:xmpp:reporting:1"/>...</query>
    </iq>

== §5 Who is reported is blocked as well

Juliet comes online
Romeo connects
Juliet sends:
    <iq type="set" id="block1">
      <block xmlns="urn:xmpp:blocking">
        <item jid="romeo@localhost">
          <report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam">
            <stanza-id xmlns="urn:xmpp:sid:0" by="romeo@localhost" id="28482-98726-73623"/>
            <text xml:lang="en">Never came trouble to my house like this.</text>
          </report>
        </item>
      </block>
    </iq>
Juliet receives:
    <iq type="result" id="block1"/>
Romeo sends:
    <message to="juliet@localhost" type="chat" id="1"><body>But soft!</body></message>
Romeo receives:
    <message from="juliet@localhost" type="error" id="1">
      <error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>...</error>
    </message>
