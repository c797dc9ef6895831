= RFC 6121 §2.6: Roster Versioning

Romeo: romeo@localhost/home
Juliet: juliet@localhost/balcony

== §2.6.3 Every roster and every push has a version

Romeo connects
Romeo sends:
    <iq id="r1h3vzp7" type="get">
      <query xmlns="jabber:iq:roster" ver=""/>
    </iq>
Romeo receives:
    <iq id="r1h3vzp7" type="result">
      <query xmlns="jabber:iq:roster" ver="{first=any}"/>
    </iq>
Romeo sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="juliet@localhost"/></query>
    </iq>
Romeo receives in any order:
    <iq id="set1" type="result"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ver="{second=any}">
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>
Romeo sends:
    <iq id="get2" type="get">
      <query xmlns="jabber:iq:roster"/>
    </iq>
Romeo receives:
    <iq id="get2" type="result">
      <query xmlns="jabber:iq:roster" ver="{second}">
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>

== §2.6.3 A client that knows the latest version gets an empty result

Romeo connects
Romeo sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="juliet@localhost"/></query>
    </iq>
Romeo receives:
    <iq id="set1" type="result"/>
Romeo sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster" ver=""/></iq>
Romeo receives:
    <iq id="get1" type="result">
      <query xmlns="jabber:iq:roster" ver="{latest=any}">
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>
Romeo sends:
    <iq id="get2" type="get"><query xmlns="jabber:iq:roster" ver="{latest}"/></iq>
Romeo receives:
    <iq id="get2" type="result"/>
Romeo receives nothing

== §2.6.3 A client with a version that the server does not know gets the whole roster

Romeo connects
Romeo sends:
    <iq id="set1" type="set">
      <query xmlns="jabber:iq:roster"><item jid="juliet@localhost" name="Juliet"/></query>
    </iq>
Romeo receives:
    <iq id="set1" type="result"/>
Romeo sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster" ver="no-such-version"/></iq>
Romeo receives:
    <iq id="get1" type="result">
      <query xmlns="jabber:iq:roster" ver="{any}">
        <item jid="juliet@localhost" name="Juliet" subscription="none"/>
      </query>
    </iq>
