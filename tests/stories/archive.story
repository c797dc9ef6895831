= XEP-0313, XEP-0441: Message Archive Management

Juliet: juliet@localhost/balcony
Romeo: romeo@localhost/orchard

== XEP-0313 §3.4 The recipient learns under which id a message is archived; the sender finds it too

Romeo comes online
Juliet comes online
Romeo sends:
    <message to="juliet@localhost/balcony" type="chat"><body>Call me but love</body></message>
Juliet receives:
    <message from="{Romeo}" to="{Juliet}" type="chat"><body>Call me but love</body><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="{hers=any}"/></message>
Juliet sends:
    <iq type="set" id="juliet1"><query xmlns="urn:xmpp:mam:2" queryid="f27"/></iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" queryid="f27" id="{hers}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" from="{Romeo}" to="{Juliet}" type="chat"><body>Call me but love</body></message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true">
        <set xmlns="http://jabber.org/protocol/rsm"><first>{hers}</first><last>{hers}</last></set>
      </fin>
    </iq>

== XEP-0313 §4.1.5 The fields of a question are told

Juliet connects
Juliet sends:
    <iq type="get" id="form1"><query xmlns="urn:xmpp:mam:2"/></iq>
Juliet receives:
    <iq type="result" id="form1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="form">
          <field type="hidden" var="FORM_TYPE"><value>urn:xmpp:mam:2</value></field>
          <field type="jid-single" var="with"/>
          <field type="text-single" var="start"/>
          <field type="text-single" var="end"/>
          <field type="text-single" var="before-id"/>
          <field type="text-single" var="after-id"/>
          <field type="list-multi" var="ids">
            <validate xmlns="http://jabber.org/protocol/xdata-validate" datatype="xs:string"><open/></validate>
          </field>
          ...
        </x>
      </query>
    </iq>

== XEP-0313 §4.3 An id that is not in the archive is refused

Juliet connects
Juliet sends:
    <iq type="set" id="q29303">
      <query xmlns="urn:xmpp:mam:2">
        <set xmlns="http://jabber.org/protocol/rsm"><max>10</max><after>09af3-cc343-b409f</after></set>
      </query>
    </iq>
Juliet receives:
    <iq type="error" id="q29303"><error type="cancel"><item-not-found/></error></iq>

== XEP-0313 §7.1 The archive of somebody else is forbidden, whether there is one or not

Juliet connects
Romeo connects
Juliet sends:
    <iq type="set" id="a" to="romeo@localhost"><query xmlns="urn:xmpp:mam:2"/></iq>
    <iq type="get" id="b" to="romeo@localhost"><metadata xmlns="urn:xmpp:mam:2"/></iq>
    <iq type="set" id="c" to="nobody@localhost"><query xmlns="urn:xmpp:mam:2"/></iq>
    <iq type="get" id="d" to="romeo@localhost"><prefs xmlns="urn:xmpp:mam:2"/></iq>
Juliet receives in any order:
    <iq type="error" id="a" from="romeo@localhost"><error type="auth"><forbidden/></error></iq>
    <iq type="error" id="b" from="romeo@localhost"><error type="auth"><forbidden/></error></iq>
    <iq type="error" id="c" from="nobody@localhost"><error type="auth"><forbidden/></error></iq>
    <iq type="error" id="d" from="romeo@localhost"><error type="auth"><forbidden/></error></iq>

== XEP-0441 §2.1 Preferences are told, changed, and apply to the next message

Juliet comes online
Juliet sends:
    <iq type="get" id="juliet2"><prefs xmlns="urn:xmpp:mam:2"/></iq>
    <iq type="set" id="juliet3">
      <prefs xmlns="urn:xmpp:mam:2" default="roster">
        <always><jid>montague@localhost</jid></always>
        <never><jid>romeo@localhost</jid></never>
      </prefs>
    </iq>
Juliet receives:
    <iq type="result" id="juliet2">
      <prefs xmlns="urn:xmpp:mam:2" default="always"><always/><never/></prefs>
    </iq>
    <iq type="result" id="juliet3">
      <prefs xmlns="urn:xmpp:mam:2" default="roster">
        <always><jid>montague@localhost</jid></always>
        <never><jid>romeo@localhost</jid></never>
      </prefs>
    </iq>
Romeo comes online
Romeo sends:
    <message to="juliet@localhost/balcony" type="chat"><body>Call me but love</body></message>
Juliet receives:
    <message from="{Romeo}" to="{Juliet}" type="chat"><body>Call me but love</body></message>
Juliet sends:
    <iq type="get" id="metadata"><metadata xmlns="urn:xmpp:mam:2"/></iq>
Juliet receives:
    <iq type="result" id="metadata"><metadata xmlns="urn:xmpp:mam:2"/></iq>

== XEP-0334 §4 Hints decide what stays in the archive

Romeo comes online
Juliet comes online
Romeo sends:
    <message to="juliet@localhost/balcony" type="chat"><body>V unir avtug'f pybnx</body><no-copy xmlns="urn:xmpp:hints"/><no-store xmlns="urn:xmpp:hints"/></message>
    <message to="juliet@localhost/balcony" type="chat"><body>off the record</body><no-permanent-store xmlns="urn:xmpp:hints"/></message>
    <message to="juliet@localhost/balcony" type="chat"><any xmlns="urn:example:any"/><store xmlns="urn:xmpp:hints"/></message>
Juliet receives:
    <message from="{Romeo}" to="{Juliet}" type="chat"><body>V unir avtug'f pybnx</body><no-copy xmlns="urn:xmpp:hints"/><no-store xmlns="urn:xmpp:hints"/></message>
    <message from="{Romeo}" to="{Juliet}" type="chat"><body>off the record</body><no-permanent-store xmlns="urn:xmpp:hints"/></message>
    <message from="{Romeo}" to="{Juliet}" type="chat"><any xmlns="urn:example:any"/><store xmlns="urn:xmpp:hints"/><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="{kept=any}"/></message>
Juliet sends:
    <iq type="get" id="metadata"><metadata xmlns="urn:xmpp:mam:2"/></iq>
Juliet receives:
    <iq type="result" id="metadata">
      <metadata xmlns="urn:xmpp:mam:2"><start id="{kept}" timestamp="{stamp}"/><end id="{kept}" timestamp="{stamp}"/></metadata>
    </iq>
