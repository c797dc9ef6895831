= RFC 6121 §5: Exchanging Messages

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony

== §5.1 A message reaches the one it is for, with the sender's full JID

Juliet comes online
Romeo comes online
Juliet sends:
    <message to="romeo@localhost" id="ktx72v49" type="chat" xml:lang="en">
      <body>Art thou not Romeo, and a Montague?</body>
      <thread>e0ffe42b28561960c6b12b944a092794b9683a38</thread>
    </message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost" id="ktx72v49" type="chat" xml:lang="en">
      <body>Art thou not Romeo, and a Montague?</body>
      <thread>e0ffe42b28561960c6b12b944a092794b9683a38</thread>
    </message>
Romeo sends:
    <message to="juliet@localhost/balcony" id="sl3nx51f" type="chat">
      <body>Neither, fair saint, if either thee dislike.</body>
      <thread>e0ffe42b28561960c6b12b944a092794b9683a38</thread>
    </message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="sl3nx51f" type="chat">
      <body>Neither, fair saint, if either thee dislike.</body>
      <thread>e0ffe42b28561960c6b12b944a092794b9683a38</thread>
    </message>

== §5.2.1 A message without an address is for one's own account

Romeo comes online
Romeo sends:
    <message type="chat" id="self1"><body>To be or not to be</body></message>
Romeo receives:
    <message type="chat" id="self1" from="romeo@localhost/orchard" ...>
      <body>To be or not to be</body>
    </message>

== §5.2.3 Several bodies and subjects in different languages all arrive

Juliet comes online
Romeo comes online
Juliet sends:
    <message to="romeo@localhost/orchard" id="z94nb37h" xml:lang="en">
      <subject>I implore you!</subject>
      <subject xml:lang="cs">&#xDA;p&#x11B;nliv&#x11B; pros&#xED;m!</subject>
      <body>Wherefore art thou, Romeo?</body>
      <body xml:lang="cs">Pro&#x10D;e&#x17E; jsi ty, Romeo?</body>
    </message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost/orchard" id="z94nb37h" xml:lang="en">
      <subject>I implore you!</subject>
      <subject xml:lang="cs">Úpěnlivě prosím!</subject>
      <body>Wherefore art thou, Romeo?</body>
      <body xml:lang="cs">Pročež jsi ty, Romeo?</body>
    </message>

== §5.4 Extended content is passed on untouched

Juliet comes online
Romeo comes online
Juliet sends:
    <message to="romeo@localhost/orchard" id="ext1">
      <body>&lt;b>O Romeo&lt;/b> &amp; Juliet</body>
      <html xmlns="http://jabber.org/protocol/xhtml-im">
        <body xmlns="http://www.w3.org/1999/xhtml"><p>O <em style="x">Romeo</em></p></body>
      </html>
      <x:data xmlns:x="urn:example:x" x:level="1" plain="2"/>
    </message>
Romeo receives:
    <message from="juliet@localhost/balcony" to="romeo@localhost/orchard" id="ext1">
      <body>&lt;b&gt;O Romeo&lt;/b&gt; &amp; Juliet</body>
      <html xmlns="http://jabber.org/protocol/xhtml-im">
        <body xmlns="http://www.w3.org/1999/xhtml"><p>O <em style="x">Romeo</em></p></body>
      </html>
      <data xmlns="urn:example:x" xmlns:y="urn:example:x" y:level="1" plain="2"/>
    </message>

== RFC 6120 §8.1.2.1 Nobody sends in somebody else's name

Juliet comes online
Romeo comes online
Romeo sends:
    <message to="juliet@localhost/balcony" from="tybalt@localhost/hall" id="spoof1"><body>Draw!</body></message>
Romeo's connection may be closed
Juliet may receive:
    <message to="juliet@localhost/balcony" from="romeo@localhost/orchard" id="spoof1"><body>Draw!</body></message>
Juliet receives nothing

== RFC 6120 §8.1.2.1 The server writes the full JID in place of a bare one

Juliet comes online
Romeo comes online
Romeo sends:
    <message to="juliet@localhost/balcony" from="romeo@localhost" id="bare1"><body>It is I</body></message>
Juliet receives:
    <message to="juliet@localhost/balcony" from="romeo@localhost/orchard" id="bare1"><body>It is I</body></message>

== RFC 6120 §10.1 Messages between two entities arrive in the order they were sent

Juliet comes online
Romeo comes online
Romeo sends:
    <message to="juliet@localhost/balcony" id="m1"><body>one</body></message>
    <message to="juliet@localhost" type="chat" id="m2"><body>two</body></message>
    <message to="juliet@localhost/balcony" type="chat" id="m3"><body>three</body></message>
Juliet receives:
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" id="m1"><body>one</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost" type="chat" id="m2"><body>two</body></message>
    <message from="romeo@localhost/orchard" to="juliet@localhost/balcony" type="chat" id="m3"><body>three</body></message>
