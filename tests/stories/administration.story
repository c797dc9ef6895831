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

== §5 A user that exists is a conflict

Bard sends:
    <iq type="set" id="add-user-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#add-user"/>
    </iq>
Bard receives:
    <iq type="result" id="add-user-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session=any}" status="executing" ...>...</command>
    </iq>
Bard sends:
    <iq type="set" id="add-user-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="accountjid"><value>juliet@localhost</value></field>
          <field var="password"><value>other</value></field>
        </x>
      </command>
    </iq>
# What was filled in does not come back: there is a password in it.
Bard receives:
    <iq type="error" id="add-user-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#add-user" sessionid="{session}"/>
      <error type="cancel"><conflict/></error>
    </iq>

== §4.6 Passwords cannot be got: the command was retracted

Bard sends:
    <iq type="set" id="get-user-password-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-user-password"/>
    </iq>
Bard receives:
    <iq type="error" id="get-user-password-1" from="localhost"><error type="cancel"><item-not-found/></error></iq>

== §4.11 Nothing goes to and from entities on the blacklist

Paris: paris@example.test/tomb

Juliet connects
Paris connects
Juliet sends:
    <message to="paris@example.test/tomb" type="chat" id="m1"><body>Wherefore?</body></message>
Paris receives:
    <message from="juliet@localhost/balcony" to="paris@example.test/tomb" type="chat" id="m1"><body>Wherefore?</body></message>
Bard sends:
    <iq type="set" id="edit-blacklist-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#edit-blacklist"/>
    </iq>
Bard receives:
    <iq type="result" id="edit-blacklist-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-blacklist" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="blacklistjids" type="jid-multi" label="{any}"/>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="edit-blacklist-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-blacklist" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="blacklistjids"><value>denmark.lit</value><value>france.lit</value><value>example.test</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="edit-blacklist-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-blacklist" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Juliet sends:
    <message to="paris@example.test/tomb" type="chat" id="m2"><body>Wherefore?</body></message>
Juliet receives:
    <message from="paris@example.test/tomb" type="error" id="m2"><error type="cancel"><not-allowed/></error></message>
Paris sends:
    <message to="juliet@localhost/balcony" type="chat" id="m3"><body>Wherefore?</body></message>
Paris receives:
    <message from="juliet@localhost/balcony" type="error" id="m3"><error type="cancel"><service-unavailable/></error></message>
Bard sends:
    <iq type="set" id="edit-blacklist-3" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#edit-blacklist"/>
    </iq>
Bard receives:
    <iq type="result" id="edit-blacklist-3" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-blacklist" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="blacklistjids" type="jid-multi" label="{any}"><value>{any}</value><value>{any}</value><value>{any}</value></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="edit-blacklist-4" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-blacklist" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="blacklistjids"><value>denmark.lit</value><value>france.lit</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="edit-blacklist-4" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-blacklist" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Juliet sends:
    <message to="paris@example.test/tomb" type="chat" id="m4"><body>Wherefore?</body></message>
Paris receives:
    <message from="juliet@localhost/balcony" to="paris@example.test/tomb" type="chat" id="m4"><body>Wherefore?</body></message>

== §4.12 With a whitelist, nothing goes to and from others

Paris: paris@example.test/tomb

Juliet connects
Romeo connects
Paris connects
Bard sends:
    <iq type="set" id="edit-whitelist-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#edit-whitelist"/>
    </iq>
Bard receives:
    <iq type="result" id="edit-whitelist-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-whitelist" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="whitelistjids" type="jid-multi" label="{any}"/>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="edit-whitelist-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-whitelist" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="whitelistjids"><value>capulet.com</value><value>england.lit</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="edit-whitelist-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-whitelist" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Juliet sends:
    <message to="paris@example.test/tomb" type="chat" id="m1"><body>Wherefore?</body></message>
Juliet receives:
    <message from="paris@example.test/tomb" type="error" id="m1"><error type="cancel"><not-allowed/></error></message>
Juliet sends:
    <message to="romeo@localhost/orchard" type="chat" id="m2"><body>Wherefore?</body></message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost/orchard" type="chat" id="m2"><body>Wherefore?</body></message>
Bard sends:
    <iq type="set" id="edit-whitelist-3" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#edit-whitelist"/>
    </iq>
Bard receives:
    <iq type="result" id="edit-whitelist-3" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-whitelist" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="whitelistjids" type="jid-multi" label="{any}"><value>capulet.com</value><value>england.lit</value></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="edit-whitelist-4" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-whitelist" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="whitelistjids"><value>capulet.com</value><value>england.lit</value><value>example.test</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="edit-whitelist-4" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-whitelist" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Juliet sends:
    <message to="paris@example.test/tomb" type="chat" id="m3"><body>Wherefore?</body></message>
Paris receives:
    <message from="juliet@localhost/balcony" to="paris@example.test/tomb" type="chat" id="m3"><body>Wherefore?</body></message>

== §4.16 and §4.17 The numbers of active and of idle users are shown

Juliet comes online
Romeo connects
Romeo sends:
    <presence><show>away</show></presence>
Romeo receives:
    <presence from="romeo@localhost/orchard"><show>away</show></presence>
# Bard is connected without being available: idle.
Bard sends:
    <iq type="set" id="get-active-users-num-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-active-users-num"/>
    </iq>
Bard receives:
    <iq type="result" id="get-active-users-num-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-active-users-num" sessionid="{any}" status="completed" xml:lang="en">
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="activeusersnum" type="text-single" label="{any}"><value>1</value></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-idle-users-num-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-idle-users-num"/>
    </iq>
Bard receives:
    <iq type="result" id="get-idle-users-num-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-idle-users-num" sessionid="{any}" status="completed" xml:lang="en">
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="idleusersnum" type="text-single" label="{any}"><value>2</value></field>
        </x>
      </command>
    </iq>

== §4.19 The disabled users are listed

Bard sends:
    <iq type="set" id="disable-user-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#disable-user"/>
    </iq>
Bard receives:
    <iq type="result" id="disable-user-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="accountjids" type="jid-multi" label="{any}"><required/></field>
        </x>
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
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#disable-user" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-disabled-users-list-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-disabled-users-list"/>
    </iq>
Bard receives:
    <iq type="result" id="get-disabled-users-list-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-disabled-users-list" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items" type="list-single" label="{any}"><value>100</value><option label="25"><value>25</value></option><option label="50"><value>50</value></option><option label="75"><value>75</value></option><option label="100"><value>100</value></option><option label="150"><value>150</value></option><option label="200"><value>200</value></option><option label="None"><value>none</value></option></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-disabled-users-list-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-disabled-users-list" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items"><value>100</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-disabled-users-list-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-disabled-users-list" sessionid="{session}" status="completed" xml:lang="en">
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="disableduserjids" type="jid-multi" label="{any}"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>

== §4.21 and §4.22 The active and the idle users are listed

Juliet comes online
Bard sends:
    <iq type="set" id="get-active-users-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-active-users"/>
    </iq>
Bard receives:
    <iq type="result" id="get-active-users-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-active-users" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items" type="list-single" label="{any}"><value>100</value><option label="25"><value>25</value></option><option label="50"><value>50</value></option><option label="75"><value>75</value></option><option label="100"><value>100</value></option><option label="150"><value>150</value></option><option label="200"><value>200</value></option><option label="None"><value>none</value></option></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-active-users-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-active-users" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items"><value>100</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-active-users-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-active-users" sessionid="{session}" status="completed" xml:lang="en">
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="activeuserjids" type="jid-multi" label="{any}"><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-idle-users-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#get-idle-users"/>
    </iq>
Bard receives:
    <iq type="result" id="get-idle-users-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-idle-users" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items" type="list-single" label="{any}"><value>100</value><option label="25"><value>25</value></option><option label="50"><value>50</value></option><option label="75"><value>75</value></option><option label="100"><value>100</value></option><option label="150"><value>150</value></option><option label="200"><value>200</value></option><option label="None"><value>none</value></option></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="get-idle-users-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-idle-users" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="max_items"><value>100</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="get-idle-users-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-idle-users" sessionid="{session}" status="completed" xml:lang="en">
        <x xmlns="jabber:x:data" type="result">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="activeuserjids" type="jid-multi" label="{any}"><value>bard@localhost</value></field>
        </x>
      </command>
    </iq>

== §4.24 and §4.25 An edited message of the day goes to those who have not got it

Juliet comes online
Bard sends:
    <iq type="set" id="set-motd-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#set-motd"/>
    </iq>
Bard receives:
    <iq type="result" id="set-motd-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="motd" type="text-multi" label="{any}"><required/></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="set-motd-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="motd"><value>--The Globe Stuff</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="set-motd-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-motd" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Juliet receives:
    <message from="localhost" to="juliet@localhost/balcony"><subject>Message of the day</subject><body>--The Globe Stuff</body></message>
Bard sends:
    <iq type="set" id="edit-motd-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#edit-motd"/>
    </iq>
Bard receives:
    <iq type="result" id="edit-motd-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-motd" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="motd" type="text-multi" label="{any}"><required/><value>--The Globe Stuff</value></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="edit-motd-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-motd" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="motd"><value>--The Globe Staff</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="edit-motd-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-motd" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Juliet receives nothing
Chamber connects
Chamber sends:
    <presence/>
Chamber receives in any order:
    <presence from="juliet@localhost/chamber"/>
    <presence from="juliet@localhost/balcony">...</presence>
Juliet receives:
    <presence from="juliet@localhost/chamber"/>
Romeo connects
Romeo sends:
    <presence/>
Romeo receives in any order:
    <presence from="romeo@localhost/orchard"/>
    <message from="localhost" to="romeo@localhost/orchard"><subject>Message of the day</subject><body>--The Globe Staff</body></message>

== §4.27 and §4.28 A new user is welcomed at the first login, until the welcome is deleted

Bard sends:
    <iq type="set" id="set-welcome-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#set-welcome"/>
    </iq>
Bard receives:
    <iq type="result" id="set-welcome-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-welcome" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="welcome" type="text-multi" label="{any}"><required/></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="set-welcome-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-welcome" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="welcome"><value>Welcome to Shakespeare.lit</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="set-welcome-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-welcome" sessionid="{session}" status="completed" xml:lang="en">
        <note type="info" perhaps>{any}</note>
      </command>
    </iq>
Romeo connects
Romeo sends:
    <presence/>
Romeo receives in any order:
    <presence from="romeo@localhost/orchard"/>
    <message from="localhost" to="romeo@localhost/orchard">
      <subject>Welcome</subject>
      <body>Welcome to Shakespeare.lit</body>
    </message>
Romeo disconnects
Romeo connects
Romeo sends:
    <presence/>
Romeo receives:
    <presence from="romeo@localhost/orchard"/>
Bard sends:
    <iq type="set" id="set-welcome-3" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#set-welcome"/>
    </iq>
Bard receives:
    <iq type="result" id="set-welcome-3" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#set-welcome" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="welcome" type="text-multi" label="{any}"><required/><value>Welcome to Shakespeare.lit</value></field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="delete-welcome-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#delete-welcome"/>
    </iq>
Bard receives:
    <iq type="result" id="delete-welcome-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#delete-welcome" sessionid="{any}" status="completed" xml:lang="en">
        <note type="info">{any}</note>
      </command>
    </iq>
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>

== §4.29 Who is put on the list of administrators is one

Juliet connects
Juliet sends:
    <iq type="set" id="before" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num"/>
    </iq>
Juliet receives:
    <iq type="error" id="before" from="localhost"><error type="cancel"><forbidden/></error></iq>
Bard sends:
    <iq type="set" id="edit-admin-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#edit-admin"/>
    </iq>
Bard receives:
    <iq type="result" id="edit-admin-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-admin" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="adminjids" type="jid-multi" label="{any}"><value>{any}</value>...</field>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="edit-admin-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-admin" sessionid="{session}">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="adminjids"><value>bard@localhost</value><value>juliet@localhost</value></field>
        </x>
      </command>
    </iq>
Bard receives:
    <iq type="result" id="edit-admin-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#edit-admin" sessionid="{session}" status="completed" xml:lang="en">
        <note type="{any}" perhaps>{any}</note>
      </command>
    </iq>
Juliet sends:
    <iq type="set" id="after" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num"/>
    </iq>
Juliet receives:
    <iq type="result" id="after" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#get-online-users-num" sessionid="{any}" status="completed" ...>...</command>
    </iq>

== §4.30 The server asks when to restart, and what to announce

Bard sends:
    <iq type="set" id="restart-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#restart"/>
    </iq>
Bard receives:
    <iq type="result" id="restart-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#restart" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="delay" type="list-single" label="{any}"><option label="30 seconds"><value>30</value></option><option label="60 seconds"><value>60</value></option><option label="90 seconds"><value>90</value></option><option label="2 minutes"><value>120</value></option><option label="3 minutes"><value>180</value></option><option label="4 minutes"><value>240</value></option><option label="5 minutes"><value>300</value></option></field>
          <field var="announcement" type="text-multi" label="{any}"/>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="restart-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#restart" sessionid="{session}" action="cancel"/>
    </iq>
Bard receives:
    <iq type="result" id="restart-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#restart" sessionid="{session}" status="canceled" xml:lang="en"/>
    </iq>

== §4.31 The server asks when to shut down, and what to announce

Bard sends:
    <iq type="set" id="shutdown-1" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" action="execute" node="http://jabber.org/protocol/admin#shutdown"/>
    </iq>
Bard receives:
    <iq type="result" id="shutdown-1" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#shutdown" sessionid="{session=any}" status="executing" xml:lang="en">
        <actions execute="complete"><complete/></actions>
        <x xmlns="jabber:x:data" type="form">
          <title>{any}</title>
          <instructions>{any}</instructions>
          <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/admin</value></field>
          <field var="delay" type="list-single" label="{any}"><option label="30 seconds"><value>30</value></option><option label="60 seconds"><value>60</value></option><option label="90 seconds"><value>90</value></option><option label="2 minutes"><value>120</value></option><option label="3 minutes"><value>180</value></option><option label="4 minutes"><value>240</value></option><option label="5 minutes"><value>300</value></option></field>
          <field var="announcement" type="text-multi" label="{any}"/>
        </x>
      </command>
    </iq>
Bard sends:
    <iq type="set" id="shutdown-2" to="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#shutdown" sessionid="{session}" action="cancel"/>
    </iq>
Bard receives:
    <iq type="result" id="shutdown-2" from="localhost">
      <command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/admin#shutdown" sessionid="{session}" status="canceled" xml:lang="en"/>
    </iq>
