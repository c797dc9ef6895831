= XEP-0494: Client Access Management

Phone: juliet@localhost (logs in by hand)
Balcony: juliet@localhost/balcony
Romeo: romeo@localhost/orchard

Phone connects
Phone sends:
    <authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN">
      <initial-response>AGp1bGlldABzZWNyZXQ=</initial-response>
      <user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770">
        <software>AwesomeXMPP</software>
        <device>Kiva's Phone</device>
      </user-agent>
      <bind xmlns="urn:xmpp:bind:0"/>
      <request-token xmlns="urn:xmpp:fast:0" mechanism="HT-SHA-256-NONE"/>
    </authenticate>
Phone receives:
    <success xmlns="urn:xmpp:sasl:2">
      <authorization-identifier>{any}</authorization-identifier>
      <bound xmlns="urn:xmpp:bind:0">...</bound>
      <token xmlns="urn:xmpp:fast:0" expiry="{any}" token="{token=any}"/>
    </success>
    <features xmlns="http://etherx.jabber.org/streams">...</features>

== §3.1 The clients of the account are listed

Balcony connects
Balcony sends:
    <iq id="5468616e6b73" type="get"><list xmlns="urn:xmpp:cam:0"/></iq>
Balcony receives:
    <iq id="5468616e6b73" type="result">
      <clients xmlns="urn:xmpp:cam:0">
        <client connected="true" id="{phone=any}" type="session">
          <first-seen>{stamp}</first-seen>
          <last-seen>{stamp}</last-seen>
          <auth><password/><fast/></auth>
          <permission status="unrestricted"/>
          <user-agent>
            <software>AwesomeXMPP</software>
            <device>Kiva's Phone</device>
          </user-agent>
        </client>
        <client connected="true" id="{balcony=any}" type="session">
          <first-seen>{stamp}</first-seen>
          <last-seen>{stamp}</last-seen>
          <auth><password/></auth>
          <permission status="unrestricted"/>
          <user-agent/>
        </client>
      </clients>
    </iq>

== §3.2 A client that knows the password loses its access with the password only

Phone sends:
    <iq id="list_1" type="get"><list xmlns="urn:xmpp:cam:0"/></iq>
Phone receives:
    <iq id="list_1" type="result">
      <clients xmlns="urn:xmpp:cam:0">
        <client id="{phone=any}" ...>...</client>
      </clients>
    </iq>
Phone sends:
    <iq id="4e4c6e6574" type="set"><revoke xmlns="urn:xmpp:cam:0" id="{phone}"/></iq>
Phone receives:
    <iq id="4e4c6e6574" type="error">
      <error type="cancel">
        <service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>
        <password-reset-required xmlns="urn:xmpp:cam:0"/>
      </error>
    </iq>

== A client that is not there cannot lose its access

Phone sends:
    <iq id="revoke_1" type="set"><revoke xmlns="urn:xmpp:cam:0" id="HjEEr45_LQr"/></iq>
    <iq id="revoke_2" type="set"><revoke xmlns="urn:xmpp:cam:0"/></iq>
Phone receives:
    <iq id="revoke_1" type="error"><error type="cancel"><item-not-found/></error></iq>
    <iq id="revoke_2" type="error"><error type="cancel"><item-not-found/></error></iq>

== §5 Nobody else sees the clients of an account

Romeo connects
Romeo sends:
    <iq id="list_2" type="get" to="juliet@localhost"><list xmlns="urn:xmpp:cam:0"/></iq>
    <iq id="revoke_3" type="set" to="juliet@localhost"><revoke xmlns="urn:xmpp:cam:0" id="x"/></iq>
Romeo receives:
    <iq id="list_2" type="error" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
    <iq id="revoke_3" type="error" from="juliet@localhost"><error type="cancel"><service-unavailable/></error></iq>
