= XEP-0092, XEP-0202 and XEP-0012: What a server tells about itself

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

Romeo connects

== XEP-0092 The server tells its name and version

Romeo sends:
    <iq type="get" id="version_1" to="localhost"><query xmlns="jabber:iq:version"/></iq>
Romeo receives:
    <iq type="result" id="version_1" from="localhost">
      <query xmlns="jabber:iq:version">
        <name>{any}</name>
        <version>{any}</version>
        ...
      </query>
    </iq>

== XEP-0202 The server tells its time in UTC and its offset

Romeo sends:
    <iq type="get" id="time_1" to="localhost"><time xmlns="urn:xmpp:time"/></iq>
Romeo receives:
    <iq type="result" id="time_1" from="localhost">
      <time xmlns="urn:xmpp:time">
        <tzo>{any}</tzo>
        <utc>{stamp}</utc>
      </time>
    </iq>

== XEP-0012 §5 The server tells how long it has been running

Romeo sends:
    <iq type="get" id="last3" to="localhost"><query xmlns="jabber:iq:last"/></iq>
Romeo receives:
    <iq type="result" id="last3" from="localhost">
      <query xmlns="jabber:iq:last" seconds="{integer}"/>
    </iq>

== The server advertises all of them

Romeo sends:
    <iq type="get" id="disco1" to="localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq type="result" id="disco1" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="jabber:iq:version"/>
        <feature var="urn:xmpp:time"/>
        <feature var="jabber:iq:last"/>
        <feature var="urn:xmpp:ping"/>
        <feature var="vcard-temp"/>
        <feature var="urn:xmpp:blocking"/>
        ...
      </query>
    </iq>

== XEP-0092 and XEP-0202 Questions to a client are left to that client

Juliet connects
Romeo sends:
    <iq type="get" id="version_2" to="juliet@localhost/balcony"><query xmlns="jabber:iq:version"/></iq>
    <iq type="get" id="time_2" to="juliet@localhost/balcony"><time xmlns="urn:xmpp:time"/></iq>
Juliet receives:
    <iq type="get" id="version_2" from="romeo@localhost/orchard" to="juliet@localhost/balcony"><query xmlns="jabber:iq:version"/></iq>
    <iq type="get" id="time_2" from="romeo@localhost/orchard" to="juliet@localhost/balcony"><time xmlns="urn:xmpp:time"/></iq>
Juliet sends:
    <iq type="result" id="version_2" to="romeo@localhost/orchard">
      <query xmlns="jabber:iq:version"><name>Exodus</name><version>0.7.0.4</version><os>Windows-XP 5.01.2600</os></query>
    </iq>
    <iq type="result" id="time_2" to="romeo@localhost/orchard">
      <time xmlns="urn:xmpp:time"><tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>
    </iq>
Romeo receives:
    <iq type="result" id="version_2" from="juliet@localhost/balcony" to="romeo@localhost/orchard">
      <query xmlns="jabber:iq:version"><name>Exodus</name><version>0.7.0.4</version><os>Windows-XP 5.01.2600</os></query>
    </iq>
    <iq type="result" id="time_2" from="juliet@localhost/balcony" to="romeo@localhost/orchard">
      <time xmlns="urn:xmpp:time"><tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>
    </iq>
