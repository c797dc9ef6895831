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
      <query xmlns="http://jabber.org/protocol/disco#items" node="http://jabber.org/protocol/commands" perhaps>
        <item jid="localhost" node="urn:x-palaver:strangers" name="{any}" perhaps/>
        <item jid="localhost" node="urn:x-palaver:strangers:held" name="{any}" perhaps/>
      </query>
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

== §2.4.1 A command is executed without being told to, and completes at once

Bard connects
Bard sends:
    <iq type="set" id="exec6" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num"/>
    </iq>
Bard receives:
    <iq type="result" id="exec6" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num" sessionid="{session=any}" status="completed" xml:lang="en">
        <x xmlns="jabber:x:data" type="result">...</x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="exec7" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num" sessionid="{session}"/>
    </iq>
Bard receives:
    <iq type="error" id="exec7" from="localhost" ...>
      <error type="cancel"><not-allowed/><session-expired xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>

== §2.4.2 A stage says how to go on

Bard connects
Bard sends:
    <iq type="set" id="exec8" to="localhost" xml:lang="fr-ca">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce"/>
    </iq>
# In English whatever is asked for, and that is said.
Bard receives:
    <iq type="result" id="exec8" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">...</x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="exec9" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="prev"/>
    </iq>
    <iq type="set" id="exec10" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="next"/>
    </iq>
    <iq type="set" id="exec11" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="jump"/>
    </iq>
    <iq type="set" id="exec12" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="complete">
        <x xmlns="jabber:x:data" type="submit"/>
      </command>
    </iq>
    <iq type="set" id="exec13" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit"/>
      </command>
    </iq>
    <iq type="set" id="exec14" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="complete">
        <x xmlns="jabber:x:data" type="submit"><field var="announcement"><value>Silence!</value></field></x>
      </command>
    </iq>
Bard receives:
    <iq type="error" id="exec9" from="localhost" ...>
      <error type="modify"><bad-request/><bad-action xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>
    <iq type="error" id="exec10" from="localhost" ...>
      <error type="modify"><bad-request/><bad-action xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>
    <iq type="error" id="exec11" from="localhost" ...>
      <error type="modify"><bad-request/><malformed-action xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>
    <iq type="error" id="exec12" from="localhost" ...>
      <error type="modify"><bad-request/><bad-payload xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>
    <iq type="error" id="exec13" from="localhost" ...>
      <error type="modify"><bad-request/><bad-sessionid xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>
    <iq type="result" id="exec14" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info">{any}</note>
      </command>
    </iq>

== §4.4 What is no language is a bad locale

Bard connects
Bard sends:
    <iq type="set" id="exec15" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" xml:lang="not a language"/>
    </iq>
Bard receives:
    <iq type="error" id="exec15" from="localhost" ...>
      <error type="modify"><bad-request/><bad-locale xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>

== §3.3 A session belongs to who began it

Stage: bard@localhost/stage (administrator)

Bard connects
Stage connects
Bard sends:
    <iq type="set" id="exec16" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce"/>
    </iq>
Bard receives:
    <iq type="result" id="exec16" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session=any}" status="executing" ...>...</command>
    </iq>
Stage sends:
    <iq type="set" id="exec17" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" action="cancel"/>
    </iq>
Stage receives:
    <iq type="error" id="exec17" from="localhost" ...>
      <error type="modify"><bad-request/><bad-sessionid xmlns="http://jabber.org/protocol/commands"/></error>
    </iq>

== §2.2 The list of commands is a list of commands

Bard connects
Bard sends:
    <iq type="get" id="d3" to="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://jabber.org/protocol/commands"/>
    </iq>
Bard receives:
    <iq type="result" id="d3" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://jabber.org/protocol/commands">
        <identity category="automation" type="command-list" name="{any}"/>
        ...
      </query>
    </iq>

== §2.2 A command tells nothing to whom it is not for

Juliet connects
Juliet sends:
    <iq type="get" id="d4" to="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://jabber.org/protocol/admin#add-user"/>
    </iq>
Juliet receives:
    <iq type="error" id="d4" from="localhost" ...><error type="{any}"><forbidden/></error></iq>
