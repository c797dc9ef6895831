= XEP-0077: In-Band Registration

Visitor: localhost (does not log in)
Bill: bill@localhost/globe
Newcomer: newcomer@localhost/globe (no account, password Calliope)
Changed: bill@localhost/globe (no account, password newpass)

== §3.1 A server that is not open to registration says so

Visitor connects
Visitor sends:
    <iq type="get" id="reg1" to="localhost"><query xmlns="jabber:iq:register"/></iq>
Visitor receives:
    <iq type="error" id="reg1" ...><error type="{any}"><{service-unavailable|not-allowed|forbidden}/></error></iq>

== §3.1 A server that is not open to registration makes no account

Visitor connects
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register"><username>newcomer</username><password>Calliope</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg2" ...><error type="{any}"><{service-unavailable|not-allowed|forbidden}/></error></iq>
Newcomer cannot log in (not-authorized)

== §3.1 An open server asks for a name and a password, and makes an account

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="get" id="reg1" to="localhost"><query xmlns="jabber:iq:register"/></iq>
Visitor receives:
    <iq type="result" id="reg1" ...>
      <query xmlns="jabber:iq:register">
        <instructions perhaps>{any}</instructions>
        <username/>
        <password/>
        ...
      </query>
    </iq>
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register"><username>newcomer</username><password>Calliope</password></query>
    </iq>
Visitor receives:
    <iq type="result" id="reg2" ...>...</iq>
Newcomer connects

== §3.1 A name that is taken is a conflict

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register"><username>bill</username><password>m1cro$oft</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg2" ...><error type="cancel"><conflict/></error></iq>
Bill connects

== §3.1 A registration without a password is not acceptable

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register"><username>newcomer</username><password/></query>
    </iq>
    <iq type="set" id="reg3" to="localhost">
      <query xmlns="jabber:iq:register"><username>newcomer</username></query>
    </iq>
Visitor receives in any order:
    <iq type="error" id="reg2" ...><error type="modify"><{not-acceptable|bad-request}/></error></iq>
    <iq type="error" id="reg3" ...><error type="modify"><{not-acceptable|bad-request}/></error></iq>

== §3.1 A name that no address can have is not acceptable

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="reg2" to="localhost">
      <query xmlns="jabber:iq:register"><username>a@b</username><password>Calliope</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg2" ...><error type="modify"><{not-acceptable|jid-malformed|bad-request}/></error></iq>

== §3.1 A user learns that it is registered

Host localhost: registration

Bill connects
Bill sends:
    <iq type="get" id="reg1"><query xmlns="jabber:iq:register"/></iq>
Bill receives:
    <iq type="result" id="reg1" ...>
      <query xmlns="jabber:iq:register">
        <registered/>
        <username>bill</username>
        ...
      </query>
    </iq>

== §3.2 An account that is removed is gone with its sessions

Host localhost: registration

Bill connects
Bill sends:
    <iq type="set" id="unreg1"><query xmlns="jabber:iq:register"><remove/></query></iq>
Bill receives:
    <iq type="result" id="unreg1" ...>...</iq>
    <stream:error><not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>...</stream:error>
Bill's connection is closed
Bill cannot log in (not-authorized)

== §3.2 Contacts see their subscriptions end when an account is removed

Host localhost: registration
Will: will@localhost/stratford

Bill and Will are contacts
Will comes online
Bill connects
Bill sends:
    <iq type="set" id="unreg1"><query xmlns="jabber:iq:register"><remove/></query></iq>
Bill receives:
    <iq type="result" id="unreg1" ...>...</iq>
Bill's connection is closed
Will receives in any order:
    <presence type="unsubscribe" from="bill@localhost" to="will@localhost"/>
    <presence type="unsubscribed" from="bill@localhost" to="will@localhost"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...><item jid="bill@localhost" subscription="{to|from|none}"/></query>
    </iq>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...><item jid="bill@localhost" subscription="none"/></query>
    </iq>

== §3.2 A removal together with anything else is a bad request

Host localhost: registration

Bill connects
Bill sends:
    <iq type="set" id="unreg2"><query xmlns="jabber:iq:register"><remove/><username>bill</username></query></iq>
Bill receives:
    <iq type="error" id="unreg2" ...><error type="modify"><bad-request/></error></iq>

== §3.3 A changed password is the one that counts

Host localhost: registration

Bill connects
Bill sends:
    <iq type="set" id="change1" to="localhost">
      <query xmlns="jabber:iq:register"><username>bill</username><password>newpass</password></query>
    </iq>
Bill receives:
    <iq type="result" id="change1" ...>...</iq>
Bill disconnects
Bill cannot log in (not-authorized)
Changed connects

== §3.3 An empty password changes nothing

Host localhost: registration

Bill connects
Bill sends:
    <iq type="set" id="change2" to="localhost">
      <query xmlns="jabber:iq:register"><username>bill</username><password/></query>
    </iq>
Bill receives:
    <iq type="{result|error}" id="change2" ...>...</iq>
Bill disconnects
Bill connects

== §3.3 Nobody changes somebody else's password

Host localhost: registration
Will: will@localhost/stratford

Will connects
Will sends:
    <iq type="set" id="change3" to="localhost">
      <query xmlns="jabber:iq:register"><username>bill</username><password>newpass</password></query>
    </iq>
Will receives:
    <iq type="error" id="change3" ...>...</iq>
Bill connects

== §3.1 The form makes an account as well

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="get" id="reg3" to="localhost"><query xmlns="jabber:iq:register"/></iq>
Visitor receives:
    <iq type="result" id="reg3" ...>
      <query xmlns="jabber:iq:register">
        <instructions>{any}</instructions>
        <username/>
        <password/>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>jabber:iq:register</value></field>
          <field var="username" type="text-single" label="{any}"><required/></field>
          <field var="password" type="text-private" label="{any}"><required/></field>
        </x>
      </query>
    </iq>
Visitor sends:
    <iq type="set" id="reg4" to="localhost">
      <query xmlns="jabber:iq:register">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>jabber:iq:register</value></field>
          <field var="username"><value>newcomer</value></field>
          <field var="password"><value>Calliope</value></field>
        </x>
      </query>
    </iq>
Visitor receives:
    <iq type="result" id="reg4" ...>...</iq>
Newcomer connects

== §3.1 A password never comes back with an error

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="reg5" to="localhost">
      <query xmlns="jabber:iq:register"><username>bill</username><password>m1cro$oft</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg5" ...><query xmlns="jabber:iq:register"/><error type="cancel"><conflict/></error></iq>

== §3.1 Names of the service itself are not for anybody

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="reg6" to="localhost">
      <query xmlns="jabber:iq:register"><username>Postmaster</username><password>Calliope</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg6" ...><error type="modify"><not-acceptable/></error></iq>

== §3.1 A name that looks like another's is a conflict

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="reg7" to="localhost">
      <query xmlns="jabber:iq:register"><username>bi11</username><password>Calliope</password></query>
    </iq>
Visitor receives:
    <iq type="error" id="reg7" ...><error type="cancel"><conflict/></error></iq>

== §3.2 Strangers have no account to remove

Host localhost: registration

Visitor connects
Visitor sends:
    <iq type="set" id="unreg3" to="localhost"><query xmlns="jabber:iq:register"><remove/></query></iq>
Visitor receives:
    <iq type="error" id="unreg3" ...><error type="wait"><unexpected-request/></error></iq>

== §3.2 Who is registered elsewhere has no account to remove

Will: will@example.test/stratford

Will connects
Will sends:
    <iq type="set" id="unreg4" to="localhost"><query xmlns="jabber:iq:register"><remove/></query></iq>
Will receives:
    <iq type="error" id="unreg4" from="localhost" ...><error type="auth"><registration-required/></error></iq>

== §3.3 A change without a name is a bad request

Bill connects
Bill sends:
    <iq type="set" id="change4" to="localhost">
      <query xmlns="jabber:iq:register"><password>new password</password></query>
    </iq>
Bill receives:
    <iq type="error" id="change4" from="localhost"><query xmlns="jabber:iq:register"/><error type="modify"><bad-request/></error></iq>
Bill disconnects
Bill connects

== §10 Those who are logged in learn what they can do

Bill connects
Bill sends:
    <iq type="get" id="jzg2d175" to="localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Bill receives:
    <iq type="result" id="jzg2d175" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info"><feature var="jabber:iq:register"/>...</query>
    </iq>
