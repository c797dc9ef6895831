= RFC 6120 §6.5.2, §4.9.3.12; XEP-0077 §3.1: accounts disabled, restricted and deleted

Bard: bard@localhost/globe (administrator)
Juliet: juliet@localhost/balcony
Locked: juliet@localhost (logs in by hand)
Visitor: localhost (does not log in)
Nurse: nurse@localhost/house
Romeo: romeo@example.test/orchard

== §6.5.2 A user whose account is disabled reads why when it logs in

Juliet connects
Bard connects
Bard sends:
    <iq type="set" id="c1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:user-disable" action="execute"/>
    </iq>
Bard receives:
    <iq type="result" id="c1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{session=any}" status="executing" ...>...</command>
    </iq>
Bard sends:
    <iq type="set" id="c2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:user-disable" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="jid"><value>juliet@localhost</value></field>
          <field var="reason"><value>left Verona</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="c2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{session}" status="completed" ...>...</command>
    </iq>
Juliet receives:
    <stream:error>
      <not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>
      <text xmlns="urn:ietf:params:xml:ns:xmpp-streams" ...>The account is disabled: left Verona</text>
    </stream:error>
Juliet's connection is closed
Locked connects
Locked sends:
    <auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">AGp1bGlldABzZWNyZXQ=</auth>
Locked receives:
    <failure xmlns="urn:ietf:params:xml:ns:xmpp-sasl">
      <account-disabled/>
      <text ...>The account is disabled: left Verona</text>
    </failure>

== §6.5.2 Whoever does not know the password reads nothing of it

Bard connects
Bard sends:
    <iq type="set" id="c1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" action="execute"/>
    </iq>
Bard receives:
    <iq type="result" id="c1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{session=any}" status="executing" ...>...</command>
    </iq>
Bard sends:
    <iq type="set" id="c2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="c2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{session}" status="completed" ...>...</command>
    </iq>
Locked connects
Locked sends:
    <auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">AGp1bGlldABndWVzc2Vk</auth>
Locked receives:
    <failure xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><not-authorized/></failure>

== §3.1 The name of a deleted account is taken for a while

Host localhost: registration

Juliet connects
Juliet sends:
    <iq type="set" id="gone"><query xmlns="jabber:iq:register"><remove/></query></iq>
Juliet receives:
    <iq type="result" id="gone" ...>...</iq>
    <stream:error><not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>...</stream:error>
Juliet's connection is closed
Visitor connects
Visitor sends:
    <iq type="set" id="reg" to="localhost">
      <query xmlns="jabber:iq:register"><username>juliet</username><password>Calliope</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg" ...><error type="cancel"><conflict/></error></iq>
Nurse connects
Nurse sends:
    <message to="juliet@localhost" id="m1" type="chat"><body>Madam!</body></message>
Nurse receives:
    <message type="error" id="m1" from="juliet@localhost" ...><error type="cancel"><service-unavailable/></error></message>

== A restricted account reaches its host and no strangers elsewhere

Bard connects
Bard sends:
    <iq type="set" id="c1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:user-role" action="execute"/>
    </iq>
Bard receives:
    <iq type="result" id="c1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{session=any}" status="executing" ...>...</command>
    </iq>
Juliet connects
Bard sends:
    <iq type="set" id="c2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:user-role" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="jid"><value>juliet@localhost</value></field>
          <field var="role"><value>restricted</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="c2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{session}" status="completed" ...>...</command>
    </iq>
Nurse comes online
Romeo comes online
Juliet sends:
    <message to="romeo@example.test" id="m1" type="chat"><body>Wherefore art thou?</body></message>
    <presence to="romeo@example.test" id="p1" type="subscribe"/>
    <message to="nurse@localhost" id="m2" type="chat"><body>Anon!</body></message>
Juliet receives in any order:
    <message type="error" id="m1" from="romeo@example.test" ...><error type="{any}"><forbidden/></error></message>
    <presence type="error" id="p1" from="romeo@example.test" ...><error type="{any}"><forbidden/></error></presence>
Nurse receives:
    <message to="nurse@localhost" from="juliet@localhost/balcony" id="m2" type="chat"><body>Anon!</body></message>
Romeo receives nothing
