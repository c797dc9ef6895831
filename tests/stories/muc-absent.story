= XEP-0045 §10.3, §10.6, §15.6: affiliations of those who are not there

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop
Hecate: hecate@localhost/broom

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 skips what came
Wiccarocks comes online
Wiccarocks sends:
    <presence to="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Wiccarocks skips what came
Crone1 skips what came
Wiccarocks skips what came

== §10.3 Moderators hear of the affiliations of those who are away, and these themselves

Hag comes online
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="owner" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a1"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="none" jid="hag66@localhost"/></x></message>
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="none" jid="hag66@localhost"/><status code="101"/></x></message>
Wiccarocks receives nothing

== §10.7 Who is admin no more hears of it as well

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag connects
Hag sends:
    <presence/>
Hag receives:
    <presence from="hag66@localhost/pda"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="admin" role="none" jid="hag66@localhost"/><status code="101"/></x>...</message>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="none" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a2"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost"/></x></message>
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="none" jid="hag66@localhost"/><status code="101"/></x></message>

== §10.3 All hear of it where all see addresses

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var="muc#roomconfig_whois"><value>anyone</value></field></x></query></iq>
Crone1 skips what came
Wiccarocks skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a1"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="none" jid="hag66@localhost"/></x></message>
Wiccarocks receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="none" jid="hag66@localhost"/></x></message>

== §9.2 Nobody is written to by being banned

Hag comes online
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"><reason>Buy this</reason></item></query></iq>
Crone1 receives:
    <iq type="result" from="coven@conference.localhost" id="a1"/>
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="outcast" role="none" jid="hag66@localhost"/></x></message>
Hag receives nothing
