= Messages and requests of strangers (RFC 6121 §13.12, XEP-0191 §4 for who is refused)

Juliet: juliet@localhost/balcony
Romeo: romeo@example.test/orchard

== A user who refuses strangers does not hear of them, and they cannot tell that she is there

Juliet comes online
Juliet sends:
    <iq type="set" to="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers"/>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{sid=any}" ...>...</command>
    </iq>
Juliet sends:
    <iq type="set" to="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers" sessionid="{sid}" action="complete">
        <x xmlns="jabber:x:data" type="submit"><field var="policy"><value>refuse</value></field></x>
      </command>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" status="completed" ...>...</command>
    </iq>
Romeo connects
Romeo sends:
    <message to="juliet@localhost" type="chat" id="m1"><body>But soft!</body></message>
    <message to="juliet@localhost/balcony" type="chat" id="m2"><body>What light?</body></message>
    <message to="nobody@localhost" type="chat" id="m3"><body>Who is there?</body></message>
    <presence to="juliet@localhost" type="subscribe" id="p1"/>
Romeo receives in any order:
    <message type="error" from="juliet@localhost" id="m1"><error type="cancel"><service-unavailable/></error></message>
    <message type="error" from="juliet@localhost/balcony" id="m2"><error type="cancel"><service-unavailable/></error></message>
    <message type="error" from="nobody@localhost" id="m3"><error type="cancel"><service-unavailable/></error></message>
Juliet receives nothing

== Who is refused is heard once the user has written to him

Juliet comes online
Juliet sends:
    <iq type="set" to="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers"/>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{sid=any}" ...>...</command>
    </iq>
Juliet sends:
    <iq type="set" to="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers" sessionid="{sid}" action="complete">
        <x xmlns="jabber:x:data" type="submit"><field var="policy"><value>refuse</value></field></x>
      </command>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" status="completed" ...>...</command>
    </iq>
Romeo comes online
Juliet sends:
    <message to="romeo@example.test" type="chat" id="m1"><body>Art thou not Romeo?</body></message>
Romeo receives:
    <message from="{Juliet}" to="romeo@example.test" type="chat" id="m1"><body>Art thou not Romeo?</body></message>
Romeo sends:
    <message to="{Juliet}" type="chat" id="m2"><body>Neither, fair saint.</body></message>
Juliet receives:
    <message from="{Romeo}" to="{Juliet}" type="chat" id="m2"><body>Neither, fair saint.</body></message>

== What is held back arrives when the user lets the sender in, with its time

Juliet comes online
Juliet sends:
    <iq type="set" to="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers"/>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{sid=any}" ...>...</command>
    </iq>
Juliet sends:
    <iq type="set" to="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers" sessionid="{sid}" action="complete">
        <x xmlns="jabber:x:data" type="submit"><field var="policy"><value>quarantine</value></field></x>
      </command>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" status="completed" ...>...</command>
    </iq>
Romeo connects
Romeo sends:
    <message to="juliet@localhost" type="chat" id="m1"><body>But soft!</body></message>
Juliet receives nothing
Juliet sends:
    <iq type="set" to="localhost" id="c3">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers:held"/>
    </iq>
Juliet receives:
    <iq type="result" from="localhost" id="c3">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{held=any}" ...>...</command>
    </iq>
Juliet sends:
    <iq type="set" to="localhost" id="c4">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:strangers:held" sessionid="{held}" action="complete">
        <x xmlns="jabber:x:data" type="submit">
          <field var="senders"><value>romeo@example.test</value></field>
          <field var="action"><value>release</value></field>
        </x>
      </command>
    </iq>
Juliet receives in any order:
    <message from="{Romeo}" to="juliet@localhost" type="chat" id="m1">
      <body>But soft!</body>
      <delay xmlns="urn:xmpp:delay" from="romeo@example.test" stamp="{stamp}">{any}</delay>
    </message>
    <iq type="result" from="localhost" id="c4">
      <command xmlns="http://jabber.org/protocol/commands" status="completed" ...>...</command>
    </iq>
