= XEP-0158: CAPTCHA Forms, and registration by approval (XEP-0077)

Visitor: localhost (does not log in)
Newcomer: newcomer@localhost/globe (no account, password Calliope)
Bard: bard@localhost/globe (administrator)

== §6 The registration form has a question in the language of the request

Host localhost: registration with a question

Visitor connects
Visitor sends:
    <iq type="get" xml:lang="de" id="reg1" to="localhost"><query xmlns="jabber:iq:register"/></iq>
Visitor receives:
    <iq type="result" id="reg1" ...>
      <query xmlns="jabber:iq:register">
        <instructions>{any}</instructions>
        <x xmlns="jabber:x:data" type="form">
          <title perhaps>{any}</title>
          <instructions>{any}</instructions>
          <instructions>{any}</instructions>
          <field type="hidden" var="FORM_TYPE"><value>jabber:iq:register</value></field>
          <field type="hidden" var="challenge"><value>{any}</value></field>
          <field type="hidden" var="sid"><value>reg1</value></field>
          <field type="hidden" var="answers"><value>1</value></field>
          <field type="text-single" var="qa" label="Welche Farbe hat ein Haltesignal?"/>
          <field type="text-single" var="username" ...><required/></field>
          <field type="text-private" var="password" ...><required/></field>
        </x>
      </query>
    </iq>

== §6 Who answers it gets an account

Host localhost: registration with a question

Visitor connects
Visitor sends:
    <iq type="get" xml:lang="en" id="reg1" to="localhost"><query xmlns="jabber:iq:register"/></iq>
Visitor receives:
    <iq type="result" id="reg1" ...>
      <query xmlns="jabber:iq:register">
        <x xmlns="jabber:x:data" type="form">
          <field type="hidden" var="challenge"><value>{challenge=any}</value></field>
          ...
        </x>
        ...
      </query>
    </iq>
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE"><value>jabber:iq:register</value></field>
          <field var="challenge"><value>{challenge}</value></field>
          <field var="sid"><value>reg1</value></field>
          <field var="answers"><value>1</value></field>
          <field var="qa"><value>Red</value></field>
          <field var="username"><value>newcomer</value></field>
          <field var="password"><value>Calliope</value></field>
        </x>
      </query>
    </iq>
Visitor receives:
    <iq type="result" id="reg2" ...>...</iq>
Newcomer connects

== §3.4 A wrong answer is not acceptable, and the question is over

Host localhost: registration with a question

Visitor connects
Visitor sends:
    <iq type="get" xml:lang="en" id="reg1" to="localhost"><query xmlns="jabber:iq:register"/></iq>
Visitor receives:
    <iq type="result" id="reg1" ...>
      <query xmlns="jabber:iq:register">
        <x xmlns="jabber:x:data" type="form">
          <field type="hidden" var="challenge"><value>{challenge=any}</value></field>
          ...
        </x>
        ...
      </query>
    </iq>
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE"><value>jabber:iq:register</value></field>
          <field var="challenge"><value>{challenge}</value></field>
          <field var="qa"><value>green</value></field>
          <field var="username"><value>newcomer</value></field>
          <field var="password"><value>Calliope</value></field>
        </x>
      </query>
    </iq>
    <iq type="set" id="reg3" to="localhost">
      <query xmlns="jabber:iq:register">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE"><value>jabber:iq:register</value></field>
          <field var="challenge"><value>{challenge}</value></field>
          <field var="qa"><value>red</value></field>
          <field var="username"><value>newcomer</value></field>
          <field var="password"><value>Calliope</value></field>
        </x>
      </query>
    </iq>
Visitor receives:
    <iq type="error" id="reg2" ...><error type="cancel"><not-acceptable/></error></iq>
    <iq type="error" id="reg3" ...><error type="cancel"><service-unavailable/></error></iq>
Newcomer cannot log in (not-authorized)

== §3.1 Who applies for an account logs in when an administrator has approved it

Host localhost: registration by approval

Bard comes online
Visitor connects
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register">
        <username>newcomer</username><password>Calliope</password><text>To see the play</text>
      </query>
    </iq>
Visitor receives:
    <iq type="result" id="reg2" ...>...</iq>
Bard receives:
    <message from="localhost" to="bard@localhost" type="normal"><body>{any}</body></message>
Newcomer cannot log in (account-disabled)
Bard sends:
    <iq type="set" to="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:registration-approve"/>
    </iq>
Bard receives:
    <iq type="result" from="localhost" id="c1">
      <command xmlns="http://jabber.org/protocol/commands" sessionid="{sid=any}" ...>...</command>
    </iq>
Bard sends:
    <iq type="set" to="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:x-palaver:command:registration-approve" sessionid="{sid}" action="complete">
        <x xmlns="jabber:x:data" type="submit"><field var="jid"><value>newcomer@localhost</value></field></x>
      </command>
    </iq>
Bard receives:
    <iq type="result" from="localhost" id="c2">
      <command xmlns="http://jabber.org/protocol/commands" status="completed" ...>...</command>
    </iq>
Newcomer connects
