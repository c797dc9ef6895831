= XEP-0402: rooms that clients enter by themselves

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda
Laptop: hag66@localhost/laptop

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="create"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="muc#roomconfig_passwordprotectedroom"><value>1</value></field><field var="muc#roomconfig_roomsecret"><value>cauldronburn</value></field></x></query></iq>
    <message to="coven@conference.localhost" type="groupchat" id="m1"><body>Double, double</body></message>
    <message to="coven@conference.localhost" type="groupchat" id="m2"><body>Toil and trouble</body></message>
Crone1 skips what came

== §3.3, §4, §3.4 Devices enter as the bookmark says, get the history they lack, and leave together

Laptop connects
Laptop sends:
    <presence><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:example:client" ver="yblWxJuFVtnR55B6N/hhyWPwr4I="/></presence>
Laptop receives in any order:
    <presence from="{Laptop}" ...>...</presence>
    <iq type="get" from="localhost" id="{asked=any}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#yblWxJuFVtnR55B6N/hhyWPwr4I="/></iq>
Laptop sends:
    <iq type="result" to="localhost" id="{asked}"><query xmlns="http://jabber.org/protocol/disco#info" node="urn:example:client#yblWxJuFVtnR55B6N/hhyWPwr4I="><identity category="client" type="phone"/><feature var="http://jabber.org/protocol/disco#info"/><feature var="urn:xmpp:bookmarks:1+notify"/><feature var="urn:example:story:rooms"/></query></iq>
Hag connects
Hag sends:
    <iq type="set" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="urn:xmpp:bookmarks:1"><item id="coven@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="The Coven" autojoin="true"><nick>thirdwitch</nick><password>cauldronburn</password></conference></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#persist_items"><value>true</value></field><field var="pubsub#max_items"><value>max</value></field><field var="pubsub#send_last_published_item"><value>never</value></field><field var="pubsub#access_model"><value>whitelist</value></field></x></publish-options></pubsub></iq>
Hag receives:
    <iq type="result" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub">...</pubsub></iq>
Laptop receives:
    <message from="hag66@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="urn:xmpp:bookmarks:1"><item id="coven@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="The Coven" autojoin="true"><nick>thirdwitch</nick><password>cauldronburn</password></conference></item></items></event></message>
Laptop sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><password>cauldronburn</password><history maxstanzas="1"/></x></presence>
Laptop receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" jid="{Laptop}" role="participant"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="m2"><body>Toil and trouble</body><delay xmlns="urn:xmpp:delay" from="coven@conference.localhost" stamp="{stamp}"/>...</message>
    <message from="coven@conference.localhost" type="groupchat" ...><subject/>...</message>
Hag sends:
    <iq type="get" id="all1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:bookmarks:1"/></pubsub></iq>
Hag receives:
    <iq type="result" id="all1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:xmpp:bookmarks:1"><item id="coven@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="The Coven" autojoin="true"><nick>thirdwitch</nick><password>cauldronburn</password></conference></item></items></pubsub></iq>
Crone1 skips what came
Hag sends:
    <presence to="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc"><password>cauldronburn</password><history maxstanzas="0"/></x></presence>
Hag receives:
    <presence from="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <presence from="coven@conference.localhost/thirdwitch"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" jid="{Hag}" role="participant"/><status code="110"/><status code="170"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
    <message from="coven@conference.localhost" type="groupchat" ...><subject/>...</message>
Laptop skips what came
Crone1 skips what came
Crone1 sends:
    <message to="coven@conference.localhost" type="groupchat" id="m3"><body>Cool it with a baboon's blood</body></message>
Hag receives:
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="m3"><body>Cool it with a baboon's blood</body>...</message>
Laptop receives:
    <message from="coven@conference.localhost/firstwitch" type="groupchat" id="m3"><body>Cool it with a baboon's blood</body>...</message>
Crone1 skips what came
Hag sends:
    <iq type="set" id="pub2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="urn:xmpp:bookmarks:1"><item id="coven@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="The Coven" autojoin="false"><nick>thirdwitch</nick><password>cauldronburn</password></conference></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#persist_items"><value>true</value></field><field var="pubsub#max_items"><value>max</value></field><field var="pubsub#send_last_published_item"><value>never</value></field><field var="pubsub#access_model"><value>whitelist</value></field></x></publish-options></pubsub></iq>
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Hag skips what came
Laptop receives in any order:
    <presence from="coven@conference.localhost/thirdwitch" ...>...</presence>
    <message from="hag66@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="urn:xmpp:bookmarks:1"><item id="coven@conference.localhost"><conference xmlns="urn:xmpp:bookmarks:1" name="The Coven" autojoin="false"><nick>thirdwitch</nick><password>cauldronburn</password></conference></item></items></event></message>
Crone1 skips what came
Laptop sends:
    <presence to="coven@conference.localhost/thirdwitch" type="unavailable"/>
Laptop skips what came
Crone1 receives:
    <presence from="coven@conference.localhost/thirdwitch" type="unavailable"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" jid="{any}" role="none"/></x><occupant-id xmlns="urn:xmpp:occupant-id:0" id="{any}"/></presence>
