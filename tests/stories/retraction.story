= XEP-0424: Message Retraction

Lord: lord@localhost/chamber
Romeo: romeo@localhost/orchard
Paris: paris@localhost/street

== §5 The server says that it knows retractions, and leaves tombstones in archives

Romeo connects
Romeo sends:
    <iq type="get" to="romeo@localhost" id="info1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
    <iq type="get" to="localhost" id="info2"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives in any order:
    <iq type="result" from="romeo@localhost" id="info1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="urn:xmpp:message-retract:1"/>
        <feature var="urn:xmpp:message-retract:1#tombstone"/>
        ...
      </query>
    </iq>
    <iq type="result" from="localhost" id="info2">
      <query xmlns="http://jabber.org/protocol/disco#info"><feature var="urn:xmpp:message-retract:1"/>...</query>
    </iq>

== §5 What its author retracts becomes a tombstone in the archives of both

Lord connects
Romeo connects
Romeo sends:
    <message type="chat" to="lord@localhost/chamber" id="wrong-recipient-1"><body>Have not saints lips, and holy palmers too?</body></message>
    <message type="chat" to="lord@localhost/chamber" id="retract-message-1"><retract id="wrong-recipient-1" xmlns="urn:xmpp:message-retract:1"/><fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:message-retract:1"/><body>/me retracted a previous message, but it's unsupported by your client.</body><store xmlns="urn:xmpp:hints"/></message>
Lord receives:
    <message type="chat" from="{Romeo}" to="{Lord}" id="wrong-recipient-1"><body>Have not saints lips, and holy palmers too?</body></message>
    <message type="chat" from="{Romeo}" to="{Lord}" id="retract-message-1"><retract id="wrong-recipient-1" xmlns="urn:xmpp:message-retract:1"/><fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:message-retract:1"/><body>/me retracted a previous message, but it's unsupported by your client.</body><store xmlns="urn:xmpp:hints"/></message>
Lord sends:
    <iq type="set" id="hers"><query xmlns="urn:xmpp:mam:2" queryid="f27"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max></set></query></iq>
Lord receives:
    <message to="{Lord}" from="lord@localhost">
      <result xmlns="urn:xmpp:mam:2" queryid="f27" id="{first=any}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" from="{Romeo}" to="{Lord}" id="wrong-recipient-1">
            <retracted stamp="{stamp}" xmlns="urn:xmpp:message-retract:1" id="retract-message-1"/>
          </message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="hers"><fin xmlns="urn:xmpp:mam:2">...</fin></iq>
Romeo sends:
    <iq type="set" id="his"><query xmlns="urn:xmpp:mam:2"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max></set></query></iq>
Romeo receives:
    <message to="{Romeo}" from="romeo@localhost">
      <result xmlns="urn:xmpp:mam:2" id="{any}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" from="{Romeo}" to="{Lord}" id="wrong-recipient-1">
            <retracted stamp="{stamp}" xmlns="urn:xmpp:message-retract:1" id="retract-message-1"/>
          </message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="his"><fin xmlns="urn:xmpp:mam:2">...</fin></iq>

== §6 What somebody else retracts stays

Lord connects
Romeo connects
Paris connects
Romeo sends:
    <message type="chat" to="lord@localhost/chamber" id="m1"><body>Have not saints lips?</body></message>
Lord receives:
    <message type="chat" from="{Romeo}" to="{Lord}" id="m1"><body>Have not saints lips?</body></message>
Paris sends:
    <message type="chat" to="lord@localhost/chamber" id="r1"><retract id="m1" xmlns="urn:xmpp:message-retract:1"/></message>
Lord receives:
    <message type="chat" from="{Paris}" to="{Lord}" id="r1"><retract id="m1" xmlns="urn:xmpp:message-retract:1"/></message>
Lord sends:
    <iq type="set" id="hers"><query xmlns="urn:xmpp:mam:2"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max></set></query></iq>
Lord receives:
    <message to="{Lord}" from="lord@localhost">
      <result xmlns="urn:xmpp:mam:2" id="{any}">
        <forwarded xmlns="urn:xmpp:forward:0">
          <delay xmlns="urn:xmpp:delay" stamp="{stamp}" .../>
          <message xmlns="jabber:client" type="chat" from="{Romeo}" to="{Lord}" id="m1"><body>Have not saints lips?</body></message>
        </forwarded>
      </result>
    </message>
    <iq type="result" id="hers"><fin xmlns="urn:xmpp:mam:2">...</fin></iq>
