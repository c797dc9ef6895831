= RFC 6121 §3: Managing Presence Subscriptions

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Chamber: juliet@localhost/chamber

== §3.1 A subscription request is pushed, delivered, approved, and presence follows

Romeo comes online
Juliet comes online
Romeo sends:
    <presence id="xk3h1v69" type="subscribe" to="juliet@localhost"/>
Romeo receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none" ask="subscribe"/>
      </query>
    </iq>
# The server stamps the bare JID, whoever of the user's resources asked.
Juliet receives:
    <presence id="xk3h1v69" type="subscribe" from="romeo@localhost" to="juliet@localhost"/>
Juliet sends:
    <presence id="h4v1c4kj" type="subscribed" to="romeo@localhost"/>
Juliet receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="from"/>
      </query>
    </iq>
Romeo receives in any order:
    <presence id="h4v1c4kj" type="subscribed" from="juliet@localhost" to="romeo@localhost"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="to"/>
      </query>
    </iq>
    <presence from="juliet@localhost/balcony">...</presence>

== §3.1.2 A request to a full JID is a request to the account

Romeo comes online
Juliet comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost/balcony"/>
Romeo receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none" ask="subscribe"/>
      </query>
    </iq>
Juliet receives:
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>

== §3.1.3 A request waits until the contact becomes available

Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost">
      <status>Wherefore art thou?</status>
    </presence>
Romeo skips what came
Juliet connects
Juliet receives nothing
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost">
      <status>Wherefore art thou?</status>
    </presence>

== §3.1.3 A request is delivered at every login until the contact answers it

Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
Romeo skips what came
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>
Juliet disconnects
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>

== §3.1.3 A second request while one is pending reaches the contact no more than the first

Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
    <presence type="subscribe" to="juliet@localhost"/>
Romeo skips what came
Juliet connects
Juliet sends:
    <presence/>
Juliet receives in any order:
    <presence from="juliet@localhost/balcony"/>
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>
Juliet receives nothing

== §3.1.3 A request reaches every available resource, and no other

Juliet comes online
Chamber connects
Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
Romeo skips what came
Juliet receives:
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>
Chamber receives nothing

== §3.1.3 A request from a subscriber is approved on the contact's behalf

Romeo is subscribed to Juliet
Juliet comes online
Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
Juliet receives nothing
Romeo skips what came
Romeo sends:
    <iq id="get1" type="get"><query xmlns="jabber:iq:roster"/></iq>
Romeo receives:
    <iq id="get1" type="result">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="to"/>
      </query>
    </iq>

== §3.1.6 An approval that nobody asked for is ignored

Romeo comes online
Juliet comes online
Juliet sends:
    <presence type="subscribed" to="romeo@localhost"/>
Juliet skips what came
Romeo receives nothing

== §3.2 A request is refused

Romeo comes online
Juliet comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
Romeo receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none" ask="subscribe"/>
      </query>
    </iq>
Juliet receives:
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>
Juliet sends:
    <presence type="unsubscribed" to="romeo@localhost"/>
Romeo receives in any order:
    <presence type="unsubscribed" from="juliet@localhost" to="romeo@localhost"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>
Juliet receives nothing

== §3.2 A subscription is cancelled

Romeo is subscribed to Juliet
Juliet comes online
Romeo comes online
Juliet sends:
    <presence type="unsubscribed" to="romeo@localhost"/>
Juliet receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="none"/>
      </query>
    </iq>
Romeo receives in any order:
    <presence type="unavailable" from="juliet@localhost/balcony"/>
    <presence type="unsubscribed" from="juliet@localhost" to="romeo@localhost"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>

== §3.2.2 The one whose subscription is cancelled gets no more presence

Romeo and Juliet are contacts
Romeo comes online
Juliet comes online
Juliet sends:
    <presence type="unsubscribed" to="romeo@localhost"/>
Juliet skips what came
Romeo skips what came
Juliet sends:
    <presence><show>away</show></presence>
Juliet receives:
    <presence from="juliet@localhost/balcony"><show>away</show></presence>
Romeo receives nothing

== §3.2 A cancellation without a subscription changes nothing

Romeo comes online
Juliet comes online
Juliet sends:
    <presence type="unsubscribed" to="romeo@localhost"/>
Juliet receives nothing
Romeo receives nothing

== §3.3 A contact unsubscribes

Romeo is subscribed to Juliet
Juliet comes online
Romeo comes online
Romeo sends:
    <presence type="unsubscribe" to="juliet@localhost"/>
Romeo receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>
    <presence type="unavailable" from="juliet@localhost/balcony"/>
Juliet receives in any order:
    <presence type="unsubscribe" from="romeo@localhost" to="juliet@localhost"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="none"/>
      </query>
    </iq>

== §3.3 A mutual subscription leaves one direction when one side unsubscribes

Romeo and Juliet are contacts
Juliet comes online
Romeo comes online
Juliet skips what came
Romeo sends:
    <presence type="unsubscribe" to="juliet@localhost"/>
Romeo receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="from"/>
      </query>
    </iq>
    <presence type="unavailable" from="juliet@localhost/balcony"/>
Juliet receives in any order:
    <presence type="unsubscribe" from="romeo@localhost" to="juliet@localhost"/>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="to"/>
      </query>
    </iq>
Romeo sends:
    <presence><status>still seen</status></presence>
Romeo receives:
    <presence from="romeo@localhost/orchard"><status>still seen</status></presence>
Juliet receives:
    <presence from="romeo@localhost/orchard"><status>still seen</status></presence>

== §3.3 A pending request is taken back

Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
    <presence type="unsubscribe" to="juliet@localhost"/>
Romeo receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none" ask="subscribe"/>
      </query>
    </iq>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none"/>
      </query>
    </iq>
Romeo receives nothing
Juliet connects
Juliet sends:
    <presence/>
Juliet receives:
    <presence from="juliet@localhost/balcony"/>
Juliet receives nothing

== §3.4 A subscription approved in advance needs no question

Juliet comes online
Romeo comes online
Juliet sends:
    <presence id="ls72b28f" type="subscribed" to="romeo@localhost"/>
Juliet receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="none" approved="true"/>
      </query>
    </iq>
Romeo receives nothing
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
Romeo receives in any order:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="none" ask="subscribe"/>
      </query>
    </iq>
    <presence type="subscribed" from="juliet@localhost" ...>...</presence>
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="juliet@localhost" subscription="to"/>
      </query>
    </iq>
    <presence from="juliet@localhost/balcony">...</presence>
Juliet receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="from" ...>...</item>
      </query>
    </iq>

== §3.4 An approval in advance can be taken back

Juliet comes online
Juliet sends:
    <presence type="subscribed" to="romeo@localhost"/>
Juliet receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="none" approved="true"/>
      </query>
    </iq>
Juliet sends:
    <presence type="unsubscribed" to="romeo@localhost"/>
Juliet receives:
    <iq id="{any}" type="set">
      <query xmlns="jabber:iq:roster" ...>
        <item jid="romeo@localhost" subscription="none"/>
      </query>
    </iq>
Romeo comes online
Romeo sends:
    <presence type="subscribe" to="juliet@localhost"/>
Romeo skips what came
Juliet receives:
    <presence type="subscribe" from="romeo@localhost" to="juliet@localhost"/>
