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
