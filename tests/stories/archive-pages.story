= XEP-0313: Message Archive Management, pages and filters

Juliet: juliet@localhost/balcony
Romeo: romeo@localhost/orchard
Nurse: nurse@localhost/hall

Juliet connects
Romeo connects
Nurse connects
Romeo sends:
    <message to="juliet@localhost/balcony" type="chat"><body>one</body></message>
Juliet receives:
    <message from="{Romeo}" to="{Juliet}" type="chat"><body>one</body><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="{a=any}"/></message>
Nurse sends:
    <message to="juliet@localhost/balcony" type="chat"><body>two</body></message>
Juliet receives:
    <message from="{Nurse}" to="{Juliet}" type="chat"><body>two</body><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="{b=any}"/></message>
Romeo sends:
    <message to="juliet@localhost/balcony" type="chat"><body>three</body></message>
Juliet receives:
    <message from="{Romeo}" to="{Juliet}" type="chat"><body>three</body><stanza-id xmlns="urn:xmpp:sid:0" by="juliet@localhost" id="{c=any}"/></message>

== §4.1.1 Messages from and to somebody

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="with"><value>romeo@localhost</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{a}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{c}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{a}</first><last>{c}</last></set></fin>
    </iq>

== §4.1.1 Messages from and to one resource of somebody

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="with"><value>nurse@localhost/hall</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{b}</first><last>{b}</last></set></fin>
    </iq>

== §4.1.2 Messages of a timespan: none of long ago

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="start"><value>2010-06-07T00:00:00Z</value></field><field var="end"><value>2010-07-07T13:23:54Z</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"></set></fin>
    </iq>

== §4.1.2 Messages since a moment

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="start"><value>2010-08-07T00:00:00Z</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{a}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{c}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{a}</first><last>{c}</last></set></fin>
    </iq>

== §4.1.3 Messages after a known one

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="after-id"><value>{a}</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{c}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{b}</first><last>{c}</last></set></fin>
    </iq>

== §4.1.3 Messages between two known ones

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="after-id"><value>{a}</value></field><field var="before-id"><value>{c}</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{b}</first><last>{b}</last></set></fin>
    </iq>

== §4.1.3 One message by its id

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="ids"><value>{b}</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{b}</first><last>{b}</last></set></fin>
    </iq>

== §4.1.3 An id that is not in the archive

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="ids"><value>{b}</value><value>28482-98726-73623</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <iq type="error" id="juliet1"><error type="cancel"><item-not-found/></error></iq>

== §4.1.4 Group chats are not in the archive, so the field for them is not known

Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="include-groupchat"><value>true</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <iq type="error" id="juliet1"><error type="cancel"><feature-not-implemented/></error></iq>

== §4.1.5 A field that is not known

Juliet sends:
    <iq type="set" id="query4">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="&#123;http://example.com/}stanza-content"><value>mood</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <iq type="error" id="query4"><error type="cancel"><feature-not-implemented/></error></iq>

== §4.3.1 A page as long as was asked for is not complete

Juliet sends:
    <iq type="set" id="q29302">
      <query xmlns="urn:xmpp:mam:2">
        <set xmlns="http://jabber.org/protocol/rsm"><max>2</max></set>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{a}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="q29302">
      <fin xmlns="urn:xmpp:mam:2"><set xmlns="http://jabber.org/protocol/rsm"><first>{a}</first><last>{b}</last></set></fin>
    </iq>

== §4.3.2 The page after it is the last

Juliet sends:
    <iq type="set" id="q29303">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="start"><value>2010-08-07T00:00:00Z</value></field>
        </x>
        <set xmlns="http://jabber.org/protocol/rsm"><max>10</max><after>{b}</after></set>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{c}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="q29303">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{c}</first><last>{c}</last></set></fin>
    </iq>

== §4.3.3 The last page comes in the order of time

Juliet sends:
    <iq type="set" id="q29303">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="start"><value>2010-08-07T00:00:00Z</value></field>
        </x>
        <set xmlns="http://jabber.org/protocol/rsm"><max>2</max><before/></set>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{c}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="q29303">
      <fin xmlns="urn:xmpp:mam:2"><set xmlns="http://jabber.org/protocol/rsm"><first>{b}</first><last>{c}</last></set></fin>
    </iq>

== §4.3.4 A flipped page comes newest first

Juliet sends:
    <iq type="set" id="q29309">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="start"><value>2010-08-07T00:00:00Z</value></field>
        </x>
        <set xmlns="http://jabber.org/protocol/rsm"><max>10</max><after>{a}</after></set>
        <flip-page/>
      </query>
    </iq>
Juliet receives:
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{c}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <message from="juliet@localhost" to="{Juliet}">
      <result xmlns="urn:xmpp:mam:2" id="{b}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" ...>...</message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="q29309">
      <fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{b}</first><last>{c}</last></set></fin>
    </iq>

== §5 Metadata tell where the archive begins and ends

Juliet sends:
    <iq type="get" id="jui8921rr9"><metadata xmlns="urn:xmpp:mam:2"/></iq>
Juliet receives:
    <iq type="result" id="jui8921rr9">
      <metadata xmlns="urn:xmpp:mam:2"><start id="{a}" timestamp="{stamp}"/><end id="{c}" timestamp="{stamp}"/></metadata>
    </iq>

== §7 The account says that it has an archive

Juliet sends:
    <iq type="get" id="disco1" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq type="result" id="disco1" from="juliet@localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="urn:xmpp:mam:2"/>
        <feature var="urn:xmpp:mam:2#extended"/>
        ...
      </query>
    </iq>
