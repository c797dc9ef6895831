= XEP-0198: Stream Management

Juliet: juliet@localhost/balcony
Romeo: romeo@localhost/orchard

== §3 Enabling without resumption

Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3"/>

== §3 Enabling with resumption gives an id and how long it is good

Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3" resume="true"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3" resume="true" id="{any}" max="{integer}"/>

== §3 A second attempt to enable fails and ends the stream

Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3"/>
    <enable xmlns="urn:xmpp:sm:3"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3"/>
    <failed xmlns="urn:xmpp:sm:3">
      <unexpected-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>
    </failed>
Juliet's connection is closed

== §4 Only stanzas are counted, from enabling on

Romeo connects
Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3"/>
    <r xmlns="urn:xmpp:sm:3"/>
    <message to="romeo@localhost/orchard"><body>ciao!</body></message>
    <r xmlns="urn:xmpp:sm:3"/>
    <r xmlns="urn:xmpp:sm:3"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3"/>
    <a xmlns="urn:xmpp:sm:3" h="0"/>
    <a xmlns="urn:xmpp:sm:3" h="1"/>
    <a xmlns="urn:xmpp:sm:3" h="1"/>
Romeo receives:
    <message from="{Juliet}" to="{Romeo}"><body>ciao!</body></message>

== §5 A stream that is bound already cannot be resumed

Juliet connects
Juliet sends:
    <resume xmlns="urn:xmpp:sm:3" h="0" previd="some-long-sm-id"/>
Juliet receives:
    <failed xmlns="urn:xmpp:sm:3">
      <unexpected-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>
    </failed>

== §6 Acknowledging more than was sent ends the stream

Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3"/>
    <a xmlns="urn:xmpp:sm:3" h="10"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3"/>
Juliet's connection is closed

== §7 A stream that is closed in order ends the session at once

Romeo is subscribed to Juliet
Romeo comes online
Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3" resume="true"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3" resume="true" id="{any}" max="{integer}"/>
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="{Juliet}" to="juliet@localhost"/>
Romeo receives:
    <presence from="{Juliet}" to="romeo@localhost"/>
Juliet disconnects
Romeo receives:
    <presence from="{Juliet}" to="romeo@localhost" type="unavailable"/>

== §7 A connection that is lost does not end the session

Romeo is subscribed to Juliet
Romeo comes online
Juliet connects
Juliet sends:
    <enable xmlns="urn:xmpp:sm:3" resume="true"/>
Juliet receives:
    <enabled xmlns="urn:xmpp:sm:3" resume="true" id="{any}" max="{integer}"/>
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="{Juliet}" to="juliet@localhost"/>
Romeo receives:
    <presence from="{Juliet}" to="romeo@localhost"/>
Juliet drops the connection
Romeo receives nothing
