= Blocked domains and accounts (RFC 6120 §8.3.3.4 and §8.3.3.10 for what is answered)

Bard: bard@localhost/globe (administrator)
Juliet: juliet@localhost/balcony
Spam: spam.localhost (component)

== Nothing comes from a blocked domain, and nothing goes there

Spam connects
Juliet comes online
Bard connects
Bard sends:
    <iq type="set" to="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:block-add"/>
    </iq>
Bard receives:
    <iq type="result" from="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{sid=any}" ...>...</command>
    </iq>
Bard sends:
    <iq type="set" to="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:block-add" sessionid="{sid}" action="complete">
        <x xmlns="jabber:x:data" type="submit">
          <field var="address"><value>spam.localhost</value></field>
          <field var="host"><value>localhost</value></field>
          <field var="reason"><value>Sells gold</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" from="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" status="completed" ...>...</command>
    </iq>
Spam sends:
    <message from="seller@spam.localhost" to="juliet@localhost" id="m1"><body>Gold!</body></message>
    <message from="seller@spam.localhost" to="nobody@localhost" id="m2"><body>Gold!</body></message>
    <iq from="seller@spam.localhost" to="juliet@localhost" type="get" id="i1"><query xmlns="jabber:iq:version"/></iq>
    <presence from="seller@spam.localhost" to="juliet@localhost" type="subscribe"/>
Spam receives in any order:
    <message type="error" from="juliet@localhost" to="seller@spam.localhost" id="m1"><error type="auth"><forbidden/></error></message>
    <message type="error" from="nobody@localhost" to="seller@spam.localhost" id="m2"><error type="auth"><forbidden/></error></message>
    <iq type="error" from="juliet@localhost" to="seller@spam.localhost" id="i1"><error type="auth"><forbidden/></error></iq>
Juliet receives nothing
Juliet sends:
    <message to="seller@spam.localhost" id="m3"><body>Who are you?</body></message>
Juliet receives:
    <message type="error" from="seller@spam.localhost" id="m3"><error type="cancel"><not-allowed/></error></message>
