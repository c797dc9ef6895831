= XEP-0280: Message Carbons

Garden: romeo@localhost/garden
Home: romeo@localhost/home
Juliet: juliet@localhost/balcony
Tybalt: tybalt@localhost/home

== §4 A server says that it makes copies, and by which rules

Garden connects
Garden sends:
    <iq id="info1" to="localhost" type="get"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Garden receives:
    <iq from="localhost" id="info1" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="urn:xmpp:carbons:2"/>
        <feature var="urn:xmpp:carbons:rules:0"/>
        ...
      </query>
    </iq>

== §5 Enabling and disabling

Garden connects
Garden sends:
    <iq id="enable1" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>
    <iq id="enable2" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>
    <iq id="disable1" type="set"><disable xmlns="urn:xmpp:carbons:2"/></iq>
    <iq id="disable2" type="set"><disable xmlns="urn:xmpp:carbons:2"/></iq>
Garden receives:
    <iq id="enable1" type="result"/>
    <iq id="enable2" type="result"/>
    <iq id="disable1" type="result"/>
    <iq id="disable2" type="result"/>

== §7 What one device gets, the others get copies of

Home comes online
Home sends:
    <iq id="enable1" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>
Home receives:
    <iq id="enable1" type="result"/>
Garden connects
Juliet connects
Juliet sends:
    <message to="romeo@localhost/garden" type="chat">
      <body>What man art thou that, thus bescreen'd in night, so stumblest on my counsel?</body>
      <thread>0e3141cd80894871a68e6fe6b1ec56fa</thread>
    </message>
Garden receives:
    <message from="{Juliet}" to="{Garden}" type="chat">
      <body>What man art thou that, thus bescreen'd in night, so stumblest on my counsel?</body>
      <thread>0e3141cd80894871a68e6fe6b1ec56fa</thread>
    </message>
Home receives:
    <message from="romeo@localhost" to="{Home}" type="chat">
      <received xmlns="urn:xmpp:carbons:2">
        <forwarded xmlns="urn:xmpp:forward:0">
          <message xmlns="jabber:client" from="{Juliet}" to="{Garden}" type="chat">
            <body>What man art thou that, thus bescreen'd in night, so stumblest on my counsel?</body>
            <thread>0e3141cd80894871a68e6fe6b1ec56fa</thread>
            <stanza-id xmlns="urn:xmpp:sid:0" by="romeo@localhost" id="{any}"/>
          </message>
        </forwarded>
      </received>
    </message>

== §7.1, §11 Who forges a copy is seen as its sender, and nothing is copied on

Home comes online
Garden comes online
Home skips what came
Garden sends:
    <iq id="enable1" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>
Garden receives:
    <iq id="enable1" type="result"/>
Tybalt connects
Tybalt sends:
    <message to="romeo@localhost/home" type="chat">
      <received xmlns="urn:xmpp:carbons:2">
        <forwarded xmlns="urn:xmpp:forward:0">
          <message xmlns="jabber:client" from="juliet@localhost/balcony" to="romeo@localhost/garden" type="chat">
            <body>Thou shall meet me tonite, at our house's hall!</body>
          </message>
        </forwarded>
      </received>
    </message>
Home receives:
    <message from="{Tybalt}" to="romeo@localhost/home" type="chat">
      <received xmlns="urn:xmpp:carbons:2">
        <forwarded xmlns="urn:xmpp:forward:0">
          <message xmlns="jabber:client" from="juliet@localhost/balcony" to="romeo@localhost/garden" type="chat">
            <body>Thou shall meet me tonite, at our house's hall!</body>
          </message>
        </forwarded>
      </received>
    </message>
Garden receives nothing

== §8 What one device sends, the others get copies of

Garden connects
Garden sends:
    <iq id="enable1" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>
Garden receives:
    <iq id="enable1" type="result"/>
Home connects
Juliet connects
Home sends:
    <message to="juliet@localhost/balcony" type="chat">
      <body>Neither, fair saint, if either thee dislike.</body>
      <thread>0e3141cd80894871a68e6fe6b1ec56fa</thread>
    </message>
Juliet receives:
    <message from="{Home}" to="{Juliet}" type="chat">
      <body>Neither, fair saint, if either thee dislike.</body>
      <thread>0e3141cd80894871a68e6fe6b1ec56fa</thread>
    </message>
Garden receives:
    <message from="romeo@localhost" to="{Garden}" type="chat">
      <sent xmlns="urn:xmpp:carbons:2">
        <forwarded xmlns="urn:xmpp:forward:0">
          <message xmlns="jabber:client" from="{Home}" to="{Juliet}" type="chat">
            <body>Neither, fair saint, if either thee dislike.</body>
            <thread>0e3141cd80894871a68e6fe6b1ec56fa</thread>
            <stanza-id xmlns="urn:xmpp:sid:0" by="romeo@localhost" id="{any}"/>
          </message>
        </forwarded>
      </sent>
    </message>

== §9 What is private is delivered and not copied

Garden connects
Garden sends:
    <iq id="enable1" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>
Garden receives:
    <iq id="enable1" type="result"/>
Home connects
Juliet connects
Home sends:
    <message to="juliet@localhost/balcony" type="chat">
      <body>Neither, fair saint, if either thee dislike.</body>
      <private xmlns="urn:xmpp:carbons:2"/>
      <no-copy xmlns="urn:xmpp:hints"/>
    </message>
Juliet receives:
    <message from="{Home}" to="{Juliet}" type="chat">
      <body>Neither, fair saint, if either thee dislike.</body>
      <private xmlns="urn:xmpp:carbons:2"/>
      <no-copy xmlns="urn:xmpp:hints"/>
    </message>
Garden receives nothing
