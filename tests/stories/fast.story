= XEP-0484: Fast Authentication Streamlining Tokens

Juliet: juliet@localhost (logs in by hand)
Again: juliet@localhost (logs in by hand, names itself)
Third: juliet@localhost (logs in by hand)
Thief: romeo@localhost (logs in by hand)

Juliet connects
Juliet sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <request-token xmlns="urn:xmpp:fast:0" mechanism="HT-SHA-256-NONE"/>
    </authenticate>
Juliet receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost</authorization-identifier>
      <token xmlns="urn:xmpp:fast:0" expiry="{any}" token="{token=any}"/>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== §3.1 The mechanisms for tokens are offered among what comes along with a login

Again connects
Again is offered:
    <authentication xmlns="urn:xmpp:sasl:2">
      <inline>
        <fast xmlns="urn:xmpp:fast:0">
          <mechanism>HT-SHA-256-ENDP</mechanism>
          <mechanism>HT-SHA-256-NONE</mechanism>
          ...
        </fast>
        ...
      </inline>
      ...
    </authentication>

== §3.4 A token logs in

Again connects
Again sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <bind xmlns="urn:xmpp:bind:0"><tag>AwesomeXMPP</tag></bind>
      <fast xmlns="urn:xmpp:fast:0" count="123"/>
    </authenticate>
Again receives:
    <success xmlns="urn:xmpp:sasl:2">
      <additional-data>{any}</additional-data>
      <authorization-identifier>juliet@localhost/AwesomeXMPP/{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0"><metadata xmlns="urn:xmpp:mam:2"/></bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Again receives nothing

== §3.4 A count that was there before is refused

Again connects
Again sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0" count="123"/>
    </authenticate>
Again receives:
    <success xmlns="urn:xmpp:sasl:2">
      <additional-data>{any}</additional-data>
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Third connects
Third sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0" count="123"/>
    </authenticate>
Third receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>

== §3.6 A token is invalidated as it is used

Again connects
Again sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0" count="123" invalidate="true"/>
    </authenticate>
Again receives:
    <success xmlns="urn:xmpp:sasl:2">
      <additional-data>{any}</additional-data>
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Third connects
Third sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0"/>
    </authenticate>
Third receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>

== §3.5 A new token leaves the one in use until it is used itself

Again connects
Again sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0"/>
      <request-token xmlns="urn:xmpp:fast:0" mechanism="HT-SHA-256-NONE"/>
    </authenticate>
Again receives:
    <success xmlns="urn:xmpp:sasl:2">
      <additional-data>{any}</additional-data>
      <authorization-identifier>juliet@localhost</authorization-identifier>
      <token xmlns="urn:xmpp:fast:0" expiry="{any}" token="{newer=any}"/>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Third connects
Third sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of newer}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0"/>
    </authenticate>
Third receives:
    <success xmlns="urn:xmpp:sasl:2">
      <additional-data>{any}</additional-data>
      <authorization-identifier>juliet@localhost</authorization-identifier>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Thief connects
Thief sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{juliet's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0"/>
    </authenticate>
Thief receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>

== §4.1 A token is good for its account only

Thief connects
Thief sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE">
      <initial-response>{romeo's proof of token}</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <fast xmlns="urn:xmpp:fast:0"/>
    </authenticate>
Thief receives:
    <failure xmlns="urn:xmpp:sasl:2">
      <not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>
    </failure>
