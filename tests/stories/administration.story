= XEP-0133: Service Administration

Bard: bard@localhost/globe (administrator)
Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber
Romeo: romeo@localhost/orchard
Rosaline: rosaline@localhost/hall (no account, password R0m30)
Again: juliet@localhost/balcony (no account, password V3r0n4)

Bard connects

== §4.1 An added user can log in

Bard sends:
    <iq type="set" id="add-user-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#add-user"/>
    </iq>
Bard receives:
    <iq type="result" id="add-user-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid" type="{any}" ...>...</field>
          <field var="password" type="{any}" ...>...</field>
          <field var="password-verify" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="add-user-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid"><value>rosaline@localhost</value></field>
          <field var="password"><value>R0m30</value></field>
          <field var="password-verify"><value>R0m30</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="add-user-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Rosaline connects

== §4.1 A user that exists cannot be added

Bard sends:
    <iq type="set" id="a1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#add-user"/>
    </iq>
Bard receives:
    <iq type="result" id="a1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session=any}" status="executing" ...>...</command>
    </iq>
Bard sends:
    <iq type="set" id="a2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid"><value>juliet@localhost</value></field>
          <field var="password"><value>other</value></field>
          <field var="password-verify"><value>other</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="{result|error}" id="a2" from="localhost">...</iq>
Juliet connects

== §4.2 A deleted user is disconnected and cannot log in

Juliet comes online
Bard sends:
    <iq type="set" id="delete-user-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#delete-user"/>
    </iq>
Bard receives:
    <iq type="result" id="delete-user-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#delete-user" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="delete-user-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#delete-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="delete-user-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#delete-user" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet's connection is closed
Juliet cannot log in (not-authorized)

== §4.3 and §4.4 A disabled user is disconnected and kept out until it is enabled again

Juliet comes online
Juliet sends:
    <iq id="set1" type="set"><query xmlns="jabber:iq:roster"><item jid="romeo@localhost"/></query></iq>
Juliet skips what came
Bard sends:
    <iq type="set" id="disable-user-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#disable-user"/>
    </iq>
Bard receives:
    <iq type="result" id="disable-user-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="disable-user-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="disable-user-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet's connection is closed
Juliet cannot log in
Bard sends:
    <iq type="set" id="reenable-user-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#reenable-user"/>
    </iq>
Bard receives:
    <iq type="result" id="reenable-user-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#reenable-user" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="reenable-user-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#reenable-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="reenable-user-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#reenable-user" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet connects
Juliet sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster"/></iq>
Juliet receives:
    <iq id="get1" type="result">
      <query xmlns="jabber:iq:roster" ...><item jid="romeo@localhost" subscription="none"/></query>
    </iq>

== §4.5 Ending the sessions of an account ends them all

Juliet connects
Chamber connects
Bard sends:
    <iq type="set" id="end-user-session-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#end-user-session"/>
    </iq>
Bard receives:
    <iq type="result" id="end-user-session-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#end-user-session" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="end-user-session-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#end-user-session" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="end-user-session-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#end-user-session" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet's connection is closed
Chamber's connection is closed
Juliet connects

== §4.5 Ending one session leaves the others

Juliet connects
Chamber connects
Bard sends:
    <iq type="set" id="end-user-session-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#end-user-session"/>
    </iq>
Bard receives:
    <iq type="result" id="end-user-session-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#end-user-session" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="end-user-session-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#end-user-session" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost/chamber</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="end-user-session-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#end-user-session" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Chamber's connection is closed
Juliet receives nothing

== §4.7 A user whose password was changed logs in with the new one

Bard sends:
    <iq type="set" id="change-user-password-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#change-user-password"/>
    </iq>
Bard receives:
    <iq type="result" id="change-user-password-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#change-user-password" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid" type="{any}" ...>...</field>
          <field var="password" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="change-user-password-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#change-user-password" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid"><value>juliet@localhost</value></field>
          <field var="password"><value>V3r0n4</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="change-user-password-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#change-user-password" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet cannot log in (not-authorized)
Again connects

== §4.8 A user's roster is shown

Juliet connects
Juliet sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="romeo@localhost" name="Romeo"><group>Friends</group></item></query>
    </iq>
Juliet skips what came
Bard sends:
    <iq type="set" id="get-user-roster-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-user-roster"/>
    </iq>
Bard receives:
    <iq type="result" id="get-user-roster-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-user-roster" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-user-roster-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-user-roster" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-user-roster-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-user-roster" sessionid="{session}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <query xmlns="jabber:iq:roster" ...>
            <item jid="romeo@localhost" name="Romeo" subscription="none"><group>Friends</group></item>
          </query>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.9 The time of a user's last login is shown

Juliet connects
Juliet disconnects
Bard sends:
    <iq type="set" id="get-user-lastlogin-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-user-lastlogin"/>
    </iq>
Bard receives:
    <iq type="result" id="get-user-lastlogin-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-user-lastlogin" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-user-lastlogin-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-user-lastlogin" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-user-lastlogin-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-user-lastlogin" sessionid="{session}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="lastlogin" ...><value>{any}</value></field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.10 Statistics of a user are shown

Juliet connects
Bard sends:
    <iq type="set" id="user-stats-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#user-stats"/>
    </iq>
Bard receives:
    <iq type="result" id="user-stats-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#user-stats" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="user-stats-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#user-stats" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjid"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="user-stats-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#user-stats" sessionid="{session}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="rostersize" ...><value>0</value></field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.13 The number of registered users is shown

Bard sends:
    <iq type="set" id="get-registered-users-num-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-registered-users-num"/>
    </iq>
Bard receives:
    <iq type="result" id="get-registered-users-num-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-registered-users-num" sessionid="{any}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="registeredusersnum" ...><value>{integer}</value></field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.14 The number of disabled users is shown

Bard sends:
    <iq type="set" id="get-disabled-users-num-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-disabled-users-num"/>
    </iq>
Bard receives:
    <iq type="result" id="get-disabled-users-num-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-disabled-users-num" sessionid="{any}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="disabledusersnum" ...><value>{integer}</value></field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.15 The number of online users is shown

Bard sends:
    <iq type="set" id="get-online-users-num-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-online-users-num"/>
    </iq>
Bard receives:
    <iq type="result" id="get-online-users-num-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num" sessionid="{any}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="onlineusersnum" ...><value>{integer}</value></field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.18 The registered users are listed

Bard sends:
    <iq type="set" id="get-registered-users-list-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-registered-users-list"/>
    </iq>
Bard receives:
    <iq type="result" id="get-registered-users-list-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-registered-users-list" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-registered-users-list-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-registered-users-list" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items"><value>25</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-registered-users-list-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-registered-users-list" sessionid="{session}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="registereduserjids" ...><value>juliet@localhost</value>...</field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.20 The online users are listed

Juliet comes online
Bard sends:
    <iq type="set" id="get-online-users-list-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-online-users-list"/>
    </iq>
Bard receives:
    <iq type="result" id="get-online-users-list-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-list" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-online-users-list-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-list" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items"><value>25</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-online-users-list-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-list" sessionid="{session}" status="completed" ...>
        <x xmlns="jabber:x:data" type="result">
          <field var="onlineuserjids" ...><value>juliet@localhost{any}</value>...</field>
          ...
        </x>
        ...
      </command>
    </iq>

== §4.23 An announcement reaches everybody who is online

Juliet comes online
Bard sends:
    <iq type="set" id="announce-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#announce"/>
    </iq>
Bard receives:
    <iq type="result" id="announce-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="announcement" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="announce-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="announcement"><value>The play begins</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="announce-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#announce" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet receives:
    <message from="localhost" ...>
      <subject perhaps>{any}</subject>
      <body>The play begins</body>
      ...
    </message>

== §4.24 and §4.26 The message of the day meets users at login, until it is deleted

Bard sends:
    <iq type="set" id="set-motd-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#set-motd"/>
    </iq>
Bard receives:
    <iq type="result" id="set-motd-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session=any}" status="executing" ...>
        <x xmlns="jabber:x:data" type="form">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="motd" type="{any}" ...>...</field>
          ...
        </x>
        ...
      </command>
    </iq>
Bard sends:
    <iq type="set" id="set-motd-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="motd"><value>Quiet, please</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="set-motd-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session}" status="completed" ...>
        ...
      </command>
    </iq>
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="localhost" ...>
      <body>Quiet, please</body>
      ...
    </message>
Bard sends:
    <iq type="set" id="delete-motd-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#delete-motd"/>
    </iq>
Bard receives:
    <iq type="result" id="delete-motd-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#delete-motd" sessionid="{any}" status="completed" ...>
        ...
      </command>
    </iq>
Romeo connects
Romeo sends:
    <presence/>
Romeo receives:
    <presence from="romeo@localhost/orchard"/>
Romeo receives nothing
