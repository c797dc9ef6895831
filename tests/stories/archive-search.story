= XEP-0431: Full Text Search in MAM

Juliet: juliet@localhost/balcony
Romeo: romeo@localhost/orchard

== §2.1 An account says that its archive can be searched

Juliet connects
Juliet sends:
    <iq id="d" type="get" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Juliet receives:
    <iq id="d" type="result" from="juliet@localhost">
      <query xmlns="http://jabber.org/protocol/disco#info"><feature var="urn:xmpp:fulltext:0"/>...</query>
    </iq>

== §2.2 Messages are found by their words, in English and in Chinese

Juliet comes online
Romeo connects
Romeo sends:
    <message to="juliet@localhost" type="chat" id="1"><body>Call me but love</body></message>
    <message to="juliet@localhost" type="chat" id="2"><body>我们明天在北京见面</body></message>
    <message to="juliet@localhost" type="chat" id="3"><body>Henceforth I never will be Romeo</body></message>
Juliet receives:
    <message from="{Romeo}" to="juliet@localhost" type="chat" id="1"><body>Call me but love</body></message>
    <message from="{Romeo}" to="juliet@localhost" type="chat" id="2"><body>我们明天在北京见面</body></message>
    <message from="{Romeo}" to="juliet@localhost" type="chat" id="3"><body>Henceforth I never will be Romeo</body></message>
Juliet sends:
    <iq type="set" id="juliet1">
      <query xmlns="urn:xmpp:mam:2" queryid="f27">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="&#123;urn:xmpp:fulltext:0}fulltext"><value>ROMEO henceforth</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message to="{Juliet}" from="juliet@localhost">
      <result xmlns="urn:xmpp:mam:2" queryid="f27" id="{any}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
          <message xmlns="jabber:client" from="{Romeo}" to="juliet@localhost" type="chat" id="3">
            <body>Henceforth I never will be Romeo</body>
          </message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet1"><fin xmlns="urn:xmpp:mam:2" complete="true">...</fin></iq>
Juliet sends:
    <iq type="set" id="juliet2">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="with"><value>romeo@localhost</value></field>
          <field var="&#123;urn:xmpp:fulltext:0}fulltext"><value>北京</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <message to="{Juliet}" from="juliet@localhost">
      <result xmlns="urn:xmpp:mam:2" id="{any}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" from="juliet@localhost" stamp="{stamp}"/>
          <message xmlns="jabber:client" from="{Romeo}" to="juliet@localhost" type="chat" id="2">
            <body>我们明天在北京见面</body>
          </message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="juliet2"><fin xmlns="urn:xmpp:mam:2" complete="true">...</fin></iq>

== §2.2 What nobody said is not found, and what the engines have for operators is only text

Juliet connects
Juliet sends:
    <iq type="set" id="1">
      <query xmlns="urn:xmpp:mam:2">
        <x xmlns="jabber:x:data" type="submit">
          <field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>
          <field var="&#123;urn:xmpp:fulltext:0}fulltext"><value>"a" NEAR * ' OR :* (</value></field>
        </x>
      </query>
    </iq>
Juliet receives:
    <iq type="result" id="1"><fin xmlns="urn:xmpp:mam:2" complete="true">...</fin></iq>
