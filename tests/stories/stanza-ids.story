= XEP-0359: Unique and Stable Stanza IDs

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

Romeo comes online

== §3.1 A kept message gets an id of the recipient's account

Romeo sends:
    <message to="juliet@localhost" type="chat" id="s1"><body>Typewriters</body></message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="s1">
      <body>Typewriters</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="{any}" by="juliet@localhost"/>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== §4 An id forged in the name of the recipient's account is taken out of a kept message

Romeo sends:
    <message to="juliet@localhost" type="chat" id="s2">
      <body>Typewriters</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="forged" by="juliet@localhost"/>
    </message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="s2">
      <body>Typewriters</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="{not forged}" by="juliet@localhost"/>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== §4 A forged id is taken out of a message that is delivered at once

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="s3">
      <body>Typewriters</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="forged" by="juliet@localhost"/>
    </message>
    <message to="juliet@localhost/balcony" type="headline" id="s4">
      <stanza-id xmlns="urn:xmpp:sid:0" id="forged" by="juliet@localhost"/>
      <body>Typewriters</body>
    </message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="s3">
      <body>Typewriters</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="{not forged}" by="juliet@localhost" perhaps/>
    </message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" type="headline" id="s4">
      <body>Typewriters</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="{not forged}" by="juliet@localhost" perhaps/>
    </message>

== §4 An id of somebody else passes

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="s5">
      <body>Forwarded</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="theirs" by="room@muc.example.org"/>
    </message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="s5">
      <body>Forwarded</body>
      <stanza-id xmlns="urn:xmpp:sid:0" id="theirs" by="room@muc.example.org"/>
      <stanza-id xmlns="urn:xmpp:sid:0" id="{any}" by="juliet@localhost" perhaps/>
    </message>

== §3.2 The sender's own origin-id stays

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="s6">
      <body>Typewriters</body>
      <origin-id xmlns="urn:xmpp:sid:0" id="de305d54-75b4-431b-adb2-eb6b9e546013"/>
    </message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="s6">
      <body>Typewriters</body>
      <origin-id xmlns="urn:xmpp:sid:0" id="de305d54-75b4-431b-adb2-eb6b9e546013"/>
    </message>
