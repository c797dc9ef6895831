= XEP-0386: Bind 2, and XEP-0198 §6: stream management along with it

Phone: juliet@localhost (logs in by hand)
Again: juliet@localhost (logs in by hand)
Balcony: juliet@localhost/balcony
Romeo: romeo@localhost/orchard

== §3.2 The resource is the client's tag and a name of the server's

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <bind xmlns="urn:xmpp:bind:0"><tag>AwesomeXMPP</tag></bind>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost/AwesomeXMPP/{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0"><metadata xmlns="urn:xmpp:mam:2"/></bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Phone receives nothing

== §3.2 Without a tag the name alone is the resource

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <bind xmlns="urn:xmpp:bind:0"/>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost/{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0"><metadata xmlns="urn:xmpp:mam:2"/></bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== §3.2 Carbons, client state and stream management begin with the session

Balcony connects
Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <bind xmlns="urn:xmpp:bind:0">
        <tag>AwesomeXMPP</tag>
        <enable xmlns="urn:xmpp:carbons:2"/>
        <enable xmlns="urn:xmpp:sm:3"/>
        <inactive xmlns="urn:xmpp:csi:0"/>
      </bind>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{phone=any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">
        <metadata xmlns="urn:xmpp:mam:2"/>
        <enabled xmlns="urn:xmpp:sm:3"/>
      </bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Balcony sends:
    <message to="romeo@localhost" type="chat"><body>Wherefore art thou?</body></message>
Phone receives:
    <message from="juliet@localhost" to="{phone}" type="chat">
      <sent xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">
        <message xmlns="jabber:client" from="{Balcony}" to="romeo@localhost" type="chat" ...>
          <body>Wherefore art thou?</body>
          ...
        </message>
      </forwarded></sent>
    </message>
    <r xmlns="urn:xmpp:sm:3" perhaps/>
Phone skips what came

== §3.2 The archive is described, and what is in it does not come as offline messages

Romeo comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="first"><body>O, wilt thou leave me so?</body></message>
    <message to="juliet@localhost" type="chat" id="last"><body>So thrive my soul</body></message>
Romeo receives nothing
Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <bind xmlns="urn:xmpp:bind:0"/>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">
        <metadata xmlns="urn:xmpp:mam:2">
          <start id="{start=any}" timestamp="{any}"/>
          <end id="{end=any}" timestamp="{any}"/>
        </metadata>
      </bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Phone sends:
    <presence/>
    <iq type="get" id="meta_1"><metadata xmlns="urn:xmpp:mam:2"/></iq>
Phone receives:
    <presence from="{Phone}" .../>
    <iq type="result" id="meta_1">
      <metadata xmlns="urn:xmpp:mam:2">
        <start id="{start}" timestamp="{any}"/>
        <end id="{end}" timestamp="{any}"/>
      </metadata>
    </iq>
Phone receives nothing

== §3.2 A client that logs in again ends the session it had

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <bind xmlns="urn:xmpp:bind:0"><tag>AwesomeXMPP</tag></bind>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{address=any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">...</bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Again connects
Again sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"/>
      <bind xmlns="urn:xmpp:bind:0"><tag>AwesomeXMPP</tag></bind>
    </authenticate>
Again receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{address}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">...</bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Phone's connection is closed

== XEP-0198 §6.2 A session is resumed along with the login, and no features follow

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <bind xmlns="urn:xmpp:bind:0">
        <tag>AwesomeXMPP</tag>
        <enable xmlns="urn:xmpp:sm:3" resume="true"/>
      </bind>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{address=any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">
        <metadata xmlns="urn:xmpp:mam:2"/>
        <enabled xmlns="urn:xmpp:sm:3" id="{token=any}" resume="true" max="{integer}"/>
      </bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
Phone drops the connection
Again connects
Again sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <resume xmlns="urn:xmpp:sm:3" h="0" previd="{token}"/>
      <bind xmlns="urn:xmpp:bind:0">
        <tag>AwesomeXMPP</tag>
        <enable xmlns="urn:xmpp:sm:3"/>
      </bind>
    </authenticate>
Again receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{address}</authorization-identifier>
      <resumed xmlns="urn:xmpp:sm:3" h="0" previd="{token}"/>
    </success>
Again receives nothing

== XEP-0198 §6.2.1 A session that cannot be resumed is followed by a new one

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <resume xmlns="urn:xmpp:sm:3" h="7" previd="some-long-sm-id"/>
      <bind xmlns="urn:xmpp:bind:0">
        <tag>AwesomeXMPP</tag>
        <enable xmlns="urn:xmpp:sm:3"/>
      </bind>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>juliet@localhost/AwesomeXMPP/{any}</authorization-identifier>
      <failed xmlns="urn:xmpp:sm:3">
        <item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>
      </failed>
      <bound xmlns="urn:xmpp:bind:0">
        <metadata xmlns="urn:xmpp:mam:2"/>
        <enabled xmlns="urn:xmpp:sm:3"/>
      </bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== XEP-0198 §6.1.1 Stream management that cannot be enabled is told in the answer

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <bind xmlns="urn:xmpp:bind:0"><enable xmlns="urn:xmpp:sm:3" max="0"/></bind>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">
        <metadata xmlns="urn:xmpp:mam:2"/>
        <failed xmlns="urn:xmpp:sm:3">
          <bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>
        </failed>
      </bound>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>
