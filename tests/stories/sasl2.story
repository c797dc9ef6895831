= XEP-0388: Extensible SASL Profile

# Her password is in AGp1bGlldABzZWNyZXQ=, which is PLAIN's message of juliet and secret.
Juliet: juliet@localhost (logs in by hand)
Claims: juliet@localhost (logs in by hand, names itself)
Clear: juliet@localhost (logs in by hand, plain TCP)
Romeo: romeo@localhost/orchard

== §2.1 The mechanisms are offered, and what can be had along with a login

Juliet connects
Juliet is offered:
    <authentication xmlns="urn:xmpp:sasl:2">
      <mechanism>SCRAM-SHA-256</mechanism>
      <mechanism>SCRAM-SHA-256-PLUS</mechanism>
      <mechanism>PLAIN</mechanism>
      <inline>
        <sm xmlns="urn:xmpp:sm:3"/>
        <bind xmlns="urn:xmpp:bind:0">
          <inline>
            <feature var="urn:xmpp:carbons:2"/>
            <feature var="urn:xmpp:csi:0"/>
            <feature var="urn:xmpp:sm:3"/>
          </inline>
        </bind>
        ...
      </inline>
      ...
    </authentication>
    <sasl-channel-binding xmlns="urn:xmpp:sasl-cb:0">
      <channel-binding type="tls-server-end-point"/>
      ...
    </sasl-channel-binding>

== §2.6.1 A success tells who logged in, and the features follow without a new stream

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770">
        <software>AwesomeXMPP</software>
        <device>Kiva's Phone</device>
      </user-agent>
    </authenticate>
Juliet receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">
      <bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>
      ...
    </features>
Juliet sends:
    <iq id="bind_1" type="set">
      <bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>balcony</resource></bind>
    </iq>
Juliet receives:
    <iq id="bind_1" type="result">
      <bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>juliet@localhost/balcony</jid></bind>
    </iq>

== §2.3 A login without an initial response is asked for it

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN"/>
Juliet receives:
    <challenge xmlns="urn:xmpp:sasl:2"/>
Juliet sends:
    <response xmlns="urn:xmpp:sasl:2">
      AGp1bGlldABzZWNyZXQ=
    </response>
Juliet receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== §2.6.2 A failure names the error of RFC 6120 and leaves the stream as it was

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABndWVzcw==</initial-response>
      <bind xmlns="urn:xmpp:bind:0"/>
    </authenticate>
Juliet receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
    </authenticate>
Juliet receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== §2.3 A mechanism that was not announced fails

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="BLURDYBLOOP"/>
Juliet receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <invalid-mechanism xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>

== §6.5 A client may abort

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN"/>
Juliet receives:
    <challenge xmlns="urn:xmpp:sasl:2"/>
Juliet sends:
    <abort xmlns="urn:xmpp:sasl:2"><text>It is the nightingale</text></abort>
Juliet receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <aborted xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>

== §2.4 Whatever else comes during a login ends the stream

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN"/>
    <presence/>
Juliet receives:
    <challenge xmlns="urn:xmpp:sasl:2"/>
Juliet's connection is closed

== §2.3 A user agent's id is a UUID of version 4

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <user-agent id="my-phone"/>
    </authenticate>
Juliet receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <malformed-request xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
      <text>{any}</text>
    </failure>

== §2.3 Who says who it is logs in as that

Claims connects
Claims sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AHJvbWVvAHNlY3JldA==</initial-response>
    </authenticate>
Claims receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <invalid-authzid xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
      <text>{any}</text>
    </failure>
Claims sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
    </authenticate>
Claims receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== §4 There is no such login before TLS

Clear connects
Clear sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
    </authenticate>
Clear receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <encryption-required xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>

== XEP-0175: Who has no account logs in for as long as its session

Host localhost: anonymous login
Guest: localhost (does not log in)

Guest connects
Guest sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="ANONYMOUS">
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <bind xmlns="urn:xmpp:bind:0"><enable xmlns="urn:xmpp:carbons:2"/></bind>
      <request-token xmlns="urn:xmpp:fast:0" mechanism="HT-SHA-256-NONE"/>
    </authenticate>
Guest receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{any}@localhost/{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0"/>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
