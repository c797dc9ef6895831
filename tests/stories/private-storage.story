= XEP-0049: Private XML Storage

Hamlet: hamlet@localhost/denmark
Macbeth: macbeth@localhost/scotland

== §4.1 What was stored comes back

Hamlet connects
Hamlet sends:
    <iq type="set" id="1001">
      <query xmlns="jabber:iq:private">
        <exodus xmlns="exodus:prefs"><defaultnick>Hamlet</defaultnick></exodus>
      </query>
    </iq>
Hamlet receives:
    <iq type="result" id="1001"/>
Hamlet sends:
    <iq type="get" id="1002">
      <query xmlns="jabber:iq:private"><exodus xmlns="exodus:prefs"/></query>
    </iq>
Hamlet receives:
    <iq type="result" id="1002">
      <query xmlns="jabber:iq:private">
        <exodus xmlns="exodus:prefs"><defaultnick>Hamlet</defaultnick></exodus>
      </query>
    </iq>

== §4.1 It outlives the session

Hamlet connects
Hamlet sends:
    <iq type="set" id="s1">
      <query xmlns="jabber:iq:private">
        <storage xmlns="storage:bookmarks"><conference jid="council@localhost" autojoin="true"/></storage>
      </query>
    </iq>
Hamlet receives:
    <iq type="result" id="s1"/>
Hamlet disconnects
Hamlet connects
Hamlet sends:
    <iq type="get" id="g1">
      <query xmlns="jabber:iq:private"><storage xmlns="storage:bookmarks"/></query>
    </iq>
Hamlet receives:
    <iq type="result" id="g1">
      <query xmlns="jabber:iq:private">
        <storage xmlns="storage:bookmarks"><conference jid="council@localhost" autojoin="true"/></storage>
      </query>
    </iq>

== §4.1 What was never stored comes back empty

Hamlet connects
Hamlet sends:
    <iq type="get" id="g2"><query xmlns="jabber:iq:private"><exodus xmlns="exodus:prefs"/></query></iq>
Hamlet receives:
    <iq type="result" id="g2"><query xmlns="jabber:iq:private"><exodus xmlns="exodus:prefs"/></query></iq>

== §4.2 Nobody stores or reads for somebody else

Hamlet connects
Macbeth connects
Macbeth sends:
    <iq type="set" to="hamlet@localhost" id="1003">
      <query xmlns="jabber:iq:private"><exodus xmlns="exodus:prefs"><defaultnick>Macbeth</defaultnick></exodus></query>
    </iq>
    <iq type="get" to="hamlet@localhost" id="1004">
      <query xmlns="jabber:iq:private"><exodus xmlns="exodus:prefs"/></query>
    </iq>
Macbeth receives in any order:
    <iq type="error" id="1003" from="hamlet@localhost"><error type="{any}"><{forbidden|service-unavailable}/></error></iq>
    <iq type="error" id="1004" from="hamlet@localhost"><error type="{any}"><{forbidden|service-unavailable}/></error></iq>

== §4.3 A request that names nothing is an error

Hamlet connects
Hamlet sends:
    <iq type="get" id="1005"><query xmlns="jabber:iq:private"/></iq>
    <iq type="set" id="1006"><query xmlns="jabber:iq:private"/></iq>
Hamlet receives in any order:
    <iq type="error" id="1005"><error type="modify"><{bad-request|bad-format|not-acceptable}/></error></iq>
    <iq type="error" id="1006"><error type="modify"><{bad-request|bad-format|not-acceptable}/></error></iq>

== §2.3 What is in a reserved namespace is not acceptable

Hamlet connects
Hamlet sends:
    <iq type="set" id="1007"><query xmlns="jabber:iq:private"><vCard xmlns="vcard-temp"><FN>Hamlet</FN></vCard></query></iq>
    <iq type="set" id="1008"><query xmlns="jabber:iq:private"><exodus>no namespace of its own</exodus></query></iq>
Hamlet receives:
    <iq type="error" id="1007"><error type="modify"><not-acceptable/></error></iq>
    <iq type="error" id="1008"><error type="modify"><not-acceptable/></error></iq>

== §2.3 Elements of one namespace are stored and returned together

Hamlet connects
Hamlet sends:
    <iq type="set" id="1009">
      <query xmlns="jabber:iq:private"><one xmlns="urn:example:x">1</one><two xmlns="urn:example:x">2</two></query>
    </iq>
    <iq type="get" id="1010">
      <query xmlns="jabber:iq:private"><two xmlns="urn:example:x"/><one xmlns="urn:example:x"/></query>
    </iq>
Hamlet receives:
    <iq type="result" id="1009"/>
    <iq type="result" id="1010">
      <query xmlns="jabber:iq:private"><one xmlns="urn:example:x">1</one><two xmlns="urn:example:x">2</two></query>
    </iq>
