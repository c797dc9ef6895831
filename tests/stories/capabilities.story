= XEP-0115: Entity Capabilities

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/chamber

== §6.1 Capabilities travel with the presence as they are

Juliet is subscribed to Romeo
Juliet comes online
Romeo connects
Romeo sends:
    <presence>
      <c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="http://code.google.com/p/exodus" ver="QgayPKawpkPSDYmwT/WM94uAlu0="/>
    </presence>
Juliet receives:
    <presence from="romeo@localhost/orchard">
      <c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="http://code.google.com/p/exodus" ver="QgayPKawpkPSDYmwT/WM94uAlu0="/>
    </presence>
Romeo skips what came

== §6.2 A request for what is behind a client's hash is left to that client

Romeo connects
Juliet connects
Juliet sends:
    <iq id="disco1" to="romeo@localhost/orchard" type="get">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0="/>
    </iq>
Romeo receives:
    <iq id="disco1" from="juliet@localhost/chamber" to="romeo@localhost/orchard" type="get">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0="/>
    </iq>

== §7 The server advertises that it has capabilities, and not that it optimizes theirs

Romeo connects
Romeo sends:
    <iq id="disco2" to="localhost" type="get"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Romeo receives:
    <iq id="disco2" from="localhost" type="result">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="http://jabber.org/protocol/caps"/>
        ...
      </query>
    </iq>

== §5.3 A hash that is not the server's is no node of it

Romeo connects
Romeo sends:
    <iq id="disco3" to="localhost" type="get">
      <query xmlns="http://jabber.org/protocol/disco#info" node="http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0="/>
    </iq>
Romeo receives:
    <iq id="disco3" from="localhost" type="error"><error type="cancel"><item-not-found/></error></iq>
