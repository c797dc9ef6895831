= XEP-0050: Ad-Hoc Commands

Bard: bard@localhost/globe (administrator)
Juliet: juliet@localhost/balcony

== §2.1 The server supports commands

Bard connects
Bard sends:
    <iq type="get" id="d1" to="localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Bard receives:
    <iq type="result" id="d1" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="http://jabber.org/protocol/commands"/>
        ...
      </query>
    </iq>

== §2.2 An administrator finds the commands of the registry

Bard connects
Bard sends:
    <iq type="get" id="list1" to="localhost">
      <query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands"/>
    </iq>
Bard receives:
    <iq type="result" id="list1" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands">
        <item jid="localhost" node="http://jabber.org/protocol/admin#add-user" name="{any}"/>
        <item jid="localhost" node="http://jabber.org/protocol/admin#delete-user" name="{any}"/>
        <item jid="localhost" node="http://jabber.org/protocol/admin#end-user-session" name="{any}"/>
        <item jid="localhost" node="http://jabber.org/protocol/admin#change-user-password" name="{any}"/>
        <item jid="localhost" node="http://jabber.org/protocol/admin#get-user-roster" name="{any}"/>
        <item jid="localhost" node="http://jabber.org/protocol/admin#announce" name="{any}"/>
        <item jid="localhost" node="http://jabber.org/protocol/admin#shutdown" name="{any}"/>
        ...
      </query>
    </iq>

== §2.2 Nobody else finds them

Juliet connects
Juliet sends:
    <iq type="get" id="list2" to="localhost">
      <query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands"/>
    </iq>
Juliet receives:
    <iq type="{result|error}" id="list2" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands" perhaps/>
      <error type="{any}" perhaps><{forbidden|item-not-found|service-unavailable}/></error>
    </iq>

== §2.2 A command tells what it is

Bard connects
Bard sends:
    <iq type="get" id="d2" to="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://jabber.org/protocol/admin#add-user"/>
    </iq>
Bard receives:
    <iq type="result" id="d2" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://jabber.org/protocol/admin#add-user">
        <identity category="automation" type="command-node" name="{any}"/>
        <feature var="http://jabber.org/protocol/commands"/>
        <feature var="jabber:x:data"/>
        ...
      </query>
    </iq>

== §2.4.1 Nobody else may run them

Juliet connects
Juliet sends:
    <iq type="set" id="exec1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" action="execute"/>
    </iq>
Juliet receives:
    <iq type="error" id="exec1" from="localhost">
      <error type="{any}"><{forbidden|item-not-found|service-unavailable}/></error>
    </iq>

== §2.4.1 A command that does not exist is not found

Bard connects
Bard sends:
    <iq type="set" id="exec2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="urn:example:no-such-command" action="execute"/>
    </iq>
Bard receives:
    <iq type="error" id="exec2" from="localhost">
      <error type="cancel"><{item-not-found|service-unavailable}/></error>
    </iq>

== §2.4.3 A command can be cancelled

Bard connects
Bard sends:
    <iq type="set" id="exec3" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" action="execute"/>
    </iq>
Bard receives:
    <iq type="result" id="exec3" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">...</x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="exec4" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="cancel"/>
    </iq>
Bard receives:
    <iq type="result" id="exec4" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" status="canceled" ...>...</command>
    </iq>

== §3.3 A session that has ended cannot be used again

Bard connects
Bard sends:
    <iq type="set" id="exec5" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="no-such-session">
        <x xmlns="jabber:x:data" type="submit"/>
      </command>
    </iq>
Bard receives:
    <iq type="error" id="exec5" from="localhost">
      <error type="{any}"><{bad-request|item-not-found|not-allowed}/>...</error>
    </iq>
