= XEP-0313 in rooms

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Wiccarocks: wiccarocks@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>
Crone1 skips what came
Hag comes online
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"></x></presence>
Hag skips what came
Crone1 skips what came

== §5.1.2 The archive has what all could read, and real addresses for moderators

Hag sends:
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Harpier cries</body></message>
    <message to="coven@conference.localhost/firstwitch" type="chat" id="m2"><body>In secret</body></message>
Hag skips what came
Crone1 skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="q1"><query xmlns="urn:xmpp:mam:2" queryid="f27"/></iq>
Hag receives:
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" queryid="f27" id="{idHag=any}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><body>Harpier cries</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></message></forwarded></result></message>
    <iq type="result" from="coven@conference.localhost" id="q1"><fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{idHag}</first><last>{idHag}</last></set></fin></iq>
Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="q1"><query xmlns="urn:xmpp:mam:2" queryid="f27"/></iq>
Crone1 receives:
    <message from="coven@conference.localhost"><result xmlns="urn:xmpp:mam:2" queryid="f27" id="{idCrone1=any}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/><message xmlns="jabber:client" from="coven@conference.localhost/thirdwitch" type="groupchat" id="m1"><body>Harpier cries</body><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/><x xmlns="http://jabber.org/protocol/muc#user"><item jid="hag66@localhost/pda"/></x></message></forwarded></result></message>
    <iq type="result" from="coven@conference.localhost" id="q1"><fin xmlns="urn:xmpp:mam:2" complete="true"><set xmlns="http://jabber.org/protocol/rsm"><first>{idCrone1}</first><last>{idCrone1}</last></set></fin></iq>

== §5.1.2 Who could not enter does not read the archive

Crone1 sends:
    <iq type="set" to="coven@conference.localhost" id="b1"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="hag66@localhost"/></query></iq>
Crone1 skips what came
Hag skips what came
Hag sends:
    <iq type="set" to="coven@conference.localhost" id="q1"><query xmlns="urn:xmpp:mam:2"/></iq>
Hag receives:
    <iq type="error" from="coven@conference.localhost" id="q1"><error type="auth"><forbidden/></error></iq>
