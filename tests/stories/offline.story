= XEP-0160: Best Practices for Handling Offline Messages

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber

Romeo comes online

== A message is kept, stamped, and delivered once

Romeo sends:
    <message to="juliet@localhost" id="o1">
      <body>O blessed, blessed night! I am afeard.</body>
    </message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence><priority>1</priority></presence>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"><priority>1</priority></presence>
    <message from="romeo@localhost/orchard" to="juliet@localhost" id="o1">
      <body>O blessed, blessed night! I am afeard.</body>
      <delay xmlns="urn:xmpp:delay" from="{localhost|juliet@localhost}" stamp="{stamp}">{any}</delay>
    </message>
Juliet disconnects
Chamber connects
Chamber sends:
    <presence/>
Chamber receives:
    <presence from="juliet@localhost/chamber"/>
Chamber receives nothing

== Messages are delivered in the order they were sent

Romeo sends:
    <message to="juliet@localhost" type="chat" id="m1"><body>one</body></message>
    <message to="juliet@localhost" type="normal" id="m2"><body>two</body></message>
    <message to="juliet@localhost/garden" type="chat" id="m3"><body>three</body></message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet may receive:
    <presence from="juliet@localhost/balcony"/>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="m1"><body>one</body>...</message>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="normal" id="m2"><body>two</body>...</message>
    <message from="romeo@localhost/orchard" to="juliet@localhost{any}" type="chat" id="m3"><body>three</body>...</message>
Juliet may receive:
    <presence from="juliet@localhost/balcony"/>

== Kept messages wait for a resource that takes them

Romeo sends:
    <message to="juliet@localhost" type="chat" id="w1"><body>Lady</body></message>
Romeo receives nothing
Chamber connects
Chamber receives nothing
Chamber sends:
    <presence><priority>-1</priority></presence>
Chamber receives:
    <presence from="juliet@localhost/chamber"><priority>-1</priority></presence>
Chamber receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <presence from="juliet@localhost/chamber" ...>...</presence>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="w1"><body>Lady</body>...</message>
Chamber skips what came

== Extended content of a kept message stays as it was

Romeo sends:
    <message to="juliet@localhost" type="chat" id="x1" xml:lang="it">
      <body>Bella &amp; &lt;cara&gt;</body>
      <thread parent="p">t</thread>
      <x:data xmlns:x="urn:example:x" x:level="1"><deep xmlns="urn:example:y"/></x:data>
    </message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="x1" xml:lang="it">
      <body>Bella &amp; &lt;cara&gt;</body>
      <thread parent="p">t</thread>
      <data xmlns="urn:example:x" xmlns:x="urn:example:x" x:level="1"><deep xmlns="urn:example:y"/></data>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
    </message>

== XEP-0085 A message with nothing but a chat state is not kept

Romeo sends:
    <message to="juliet@localhost" type="chat" id="c1">
      <composing xmlns="http://jabber.org/protocol/chatstates"/>
    </message>
    <message to="juliet@localhost" type="chat" id="c2">
      <thread>act2scene2chat1</thread>
      <paused xmlns="http://jabber.org/protocol/chatstates"/>
    </message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
Juliet receives nothing

== XEP-0334 A message with the hint "no-store" is not kept

Romeo sends:
    <message to="juliet@localhost" type="chat" id="h1">
      <body>Burn after reading</body>
      <no-store xmlns="urn:xmpp:hints"/>
    </message>
Romeo skips what came
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
Juliet receives nothing

== XEP-0334 A message with the hint "store" is kept though it has no body

Romeo sends:
    <message to="juliet@localhost" type="chat" id="h2">
      <received xmlns="urn:xmpp:receipts" id="richard2-4.1.247"/>
      <store xmlns="urn:xmpp:hints"/>
    </message>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="h2">
      <received xmlns="urn:xmpp:receipts" id="richard2-4.1.247"/>
      <delay xmlns="urn:xmpp:delay" stamp="{stamp}" ...>...</delay>
      ...
    </message>

== XEP-0203 A delay forged in the server's name does not pass for its own

Juliet comes online
Romeo sends:
    <message to="juliet@localhost" type="chat" id="f1">
      <body>Sent yesterday</body>
      <delay xmlns="urn:xmpp:delay" from="localhost" stamp="2001-01-01T00:00:00Z"/>
    </message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="f1">
      <body>Sent yesterday</body>
    </message>

== The server says that it keeps messages

Romeo sends:
    <iq type="get" id="d1" to="localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq type="result" id="d1" from="localhost">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="msgoffline"/>
        ...
      </query>
    </iq>
