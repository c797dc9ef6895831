= XEP-0463: versions of affiliations

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="muc#roomconfig_whois"><value>anyone</value></field></x></query></iq>
Crone1 skips what came
Hag comes online
Wiccarocks comes online
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><mav xmlns="urn:xmpp:muc:affiliations:1"/></x></presence>
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><mav xmlns="urn:xmpp:muc:affiliations:1" until="{v1=any}"/><item jid="crone1@localhost" affiliation="owner"/></x></message>
    <presence from="coven@conference.localhost/firstwitch">...</presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><mav xmlns="urn:xmpp:muc:affiliations:1" until="{v1}"/><status code="100"/><status code="110"/><status code="170"/></x>...</presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>

== §4 A room tells that it has versions

Hag sends:
    <iq type="get" to="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="coven@conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"><feature var="urn:xmpp:muc:affiliations:1"/>...</query></iq>

== §5.2.2 A change of somebody in the room has its versions, as has one of somebody who is not

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag receives:
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="member" role="participant" jid="hag66@localhost/pda"/><mav xmlns="urn:xmpp:muc:affiliations:1" since="{v1}" until="{v2=any}"/><status code="110"/></x>...</presence>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="wiccarocks@localhost"/></query></iq>
Crone1 skips what came
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><mav xmlns="urn:xmpp:muc:affiliations:1" since="{v2}" until="{v3=any}"/><item affiliation="admin" jid="wiccarocks@localhost" role="none"/></x></message>
Wiccarocks skips what came

== §5.2.1 Who comes back gets what is new, and nothing where nothing is

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><mav xmlns="urn:xmpp:muc:affiliations:1" since="{v1}"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch">...</presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><mav xmlns="urn:xmpp:muc:affiliations:1" until="{v1}"/><status code="100"/><status code="110"/><status code="170"/></x>...</presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag skips what came
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="a1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="admin" jid="wiccarocks@localhost"/></query></iq>
    <iq type="set" to="coven@conference.localhost" id="a2"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="malkin@localhost"/></query></iq>
    <iq type="set" to="coven@conference.localhost" id="a3"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="member" jid="wiccarocks@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><mav xmlns="urn:xmpp:muc:affiliations:1" since="{v1}"/></x></presence>
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><mav xmlns="urn:xmpp:muc:affiliations:1" since="{v1}" until="{v4=any}"/><item jid="wiccarocks@localhost" affiliation="member"/><item jid="malkin@localhost" affiliation="none"/></x></message>
    <presence from="coven@conference.localhost/firstwitch">...</presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="hag66@localhost/pda"/><mav xmlns="urn:xmpp:muc:affiliations:1" until="{v4}"/><status code="100"/><status code="110"/><status code="170"/></x>...</presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came
Wiccarocks skips what came

== §5.2.1 A version that the room does not know gets all of it

Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><mav xmlns="urn:xmpp:muc:affiliations:1" since="9pacabr2q1"/></x></presence>
Hag receives:
    <message from="coven@conference.localhost"><x xmlns="http://jabber.org/protocol/muc#user"><mav xmlns="urn:xmpp:muc:affiliations:1" until="{v1}"/><item jid="crone1@localhost" affiliation="owner"/></x></message>
Hag skips what came
Crone1 skips what came

== §5.2.3 Who may not see the lists is told so

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="muc#roomconfig_whois"><value>moderators</value></field></x></query></iq>
Crone1 skips what came
Hag skips what came
Wiccarocks sends:
    <presence to="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc"><mav xmlns="urn:xmpp:muc:affiliations:1"/></x></presence>
Wiccarocks receives:
    <message from="coven@conference.localhost" type="error"><error type="auth"><forbidden/></error></message>
    <presence from="coven@conference.localhost/firstwitch">...</presence>
    <presence from="coven@conference.localhost/thirdwitch">...</presence>
    <presence from="coven@conference.localhost/secondwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="participant" jid="wiccarocks@localhost/laptop"/><status code="110"/><status code="170"/></x>...</presence>
    <message from="coven@conference.localhost" type="groupchat"><subject/></message>
Crone1 skips what came
Hag skips what came
