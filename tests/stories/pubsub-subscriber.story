= XEP-0060 §5, §6: entities and subscribers

Hamlet: hamlet@localhost/elsinore
Francisco: francisco@localhost/barracks
Bernardo: bernardo@localhost/watch

Hamlet comes online
Francisco comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>

== §5.2, §5.5 A node lists its items by their ids

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"/></publish></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><query xmlns="http://jabber.org/protocol/disco#items" node="princely_musings"/></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q3"><query xmlns="http://jabber.org/protocol/disco#items" node="princely_musings"><item jid="pubsub.localhost" name="a"/><item jid="pubsub.localhost" name="b"/></query></iq>

== §5.4 A node tells its metadata

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><query xmlns="http://jabber.org/protocol/disco#info" node="princely_musings"/></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><query xmlns="http://jabber.org/protocol/disco#info" node="princely_musings"><identity category="pubsub" type="leaf"/><feature var="http://jabber.org/protocol/pubsub"/><feature var="http://jabber.org/protocol/disco#info"/><x xmlns="jabber:x:data" type="result"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#meta-data</value></field>...</x></query></iq>

== §5.6 Who is subscribed to nothing gets an empty list, and else all subscriptions, or those of one node

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscriptions/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscriptions/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="another"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="another"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="another" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="another" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscriptions/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscriptions><subscription node="another" jid="francisco@localhost" subscription="subscribed" subid="{any}"/><subscription node="princely_musings" jid="francisco@localhost" subscription="subscribed" subid="{any}"/></subscriptions></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscriptions node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscriptions node="princely_musings"><subscription node="princely_musings" jid="francisco@localhost" subscription="subscribed" subid="{any}"/></subscriptions></pubsub></iq>

== §5.7 Who is affiliated with nothing gets an empty list, and else all affiliations, or the one with a node

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="publisher"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"/>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations><affiliation node="princely_musings" affiliation="publisher"/></affiliations></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations node="princely_musings"><affiliation node="princely_musings" affiliation="publisher"/></affiliations></pubsub></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations><affiliation node="princely_musings" affiliation="owner"/></affiliations></pubsub></iq>

== §6.1.3.2, §6.5.9.6 Presence has to be shared where the node says so

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="p"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>presence</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="p"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="p" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><not-authorized/><presence-subscription-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="p"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="auth"><not-authorized/><presence-subscription-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.1.3.7 Who waits for approval does not ask again

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="a" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="pending"><subscribe-options/></subscription></pubsub></iq>
Hamlet receives:
    <message from="pubsub.localhost" to="hamlet@localhost" id="{any}"><x xmlns="jabber:x:data" type="form">...</x>...</message>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="a" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="auth"><not-authorized/><pending-subscription xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.1.3.8, §6.5.9.10 An outcast neither subscribes nor reads

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="outcast"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"/>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="auth"><forbidden/></error></iq>

== §6.1.3.10 Nobody subscribes where that is turned off

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="off"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#subscribe"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="off"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="off" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><feature-not-implemented/><unsupported xmlns="http://jabber.org/protocol/pubsub#errors" feature="subscribe"/></error></iq>

== §6.1.3.12, §6.2.3.4, §6.3.4.7, §6.5.9.11 What is done with a node that does not exist is refused

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="none" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="cancel"><item-not-found/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="none" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><item-not-found/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="none" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="cancel"><item-not-found/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="none"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="cancel"><item-not-found/></error></iq>

== §6.1.6 Who subscribes again is told how things are

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>

== §6.2.3.2, §6.3.4.2 Who is not subscribed has nothing to end and nothing to configure

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="cancel"><unexpected-request/><not-subscribed xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><unexpected-request/><not-subscribed xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.2.3.3, §6.3.4.1 Nobody ends or configures the subscription of another

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Bernardo connects
Bernardo sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Bernardo receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><forbidden/></error></iq>
Bernardo sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Bernardo receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="auth"><forbidden/></error></iq>
Bernardo sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field></x></options></pubsub></iq>
Bernardo receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="auth"><forbidden/></error></iq>

== §6.2.3.5, §6.3.4.5, §6.5.9.2 A subscription has the id that it has

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost" subid="x"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><not-acceptable/><invalid-subid xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings" subid="x"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><not-acceptable/><invalid-subid xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="princely_musings" jid="francisco@localhost" subid="x"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="modify"><not-acceptable/><invalid-subid xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.3.4.3 Options are those of an address

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/><jid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.3.6.2 Options that mean nothing are refused

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>perhaps</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/><invalid-options xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#show-values"><value>asleep</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><bad-request/><invalid-options xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#expire"><value>tomorrow</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="modify"><bad-request/><invalid-options xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#expire"><value>2001-01-01T00:00:00Z</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q5"><error type="modify"><bad-request/><invalid-options xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q6"><error type="modify"><bad-request/><invalid-options xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.3.7 Options come along with a subscription, and the answer says what they are

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/><options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field><field var="pubsub#expire"><value>presence</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription><options><x xmlns="jabber:x:data" type="result"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver" type="boolean" label="{any}"><value>0</value></field><field var="pubsub#show-values" type="list-multi" label="{any}"/><field var="pubsub#expire" type="text-single" label="{any}"><value>presence</value></field></x></options></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Francisco receives nothing

== §6.3.7 Options that come along follow the subscription, and name neither node nor address

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field></x></options><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/><options node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/><options jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><bad-request/></error></iq>

== §6.4 The options that subscriptions begin with can be asked for

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><default/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><default><x xmlns="jabber:x:data" type="form"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>...</x></default></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><default node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><default node="princely_musings"><x xmlns="jabber:x:data" type="form"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>...</x></default></pubsub></iq>

== §6.5.2, §6.5.3, §6.5.7, §6.5.8 Items are read: all, some by their ids, the latest

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"/></publish></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings" max_items="2"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="c"/><item id="a"/></items></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>

== §6.5.4 Items are read in pages

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"/></publish></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/><set xmlns="http://jabber.org/protocol/rsm"><max>2</max></set></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items><set xmlns="http://jabber.org/protocol/rsm"><first>a</first><last>b</last><count>3</count></set></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/><set xmlns="http://jabber.org/protocol/rsm"><max>2</max><after>b</after></set></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items><set xmlns="http://jabber.org/protocol/rsm"><first>c</first><last>c</last><count>3</count></set></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/><set xmlns="http://jabber.org/protocol/rsm"><max>2</max><before/></set></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items><set xmlns="http://jabber.org/protocol/rsm"><first>b</first><last>c</last><count>3</count></set></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q7"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/><set xmlns="http://jabber.org/protocol/rsm"><after>x</after></set></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q7"><error type="cancel"><item-not-found/></error></iq>

== §6.5.9.3 Who waits for approval, or has not asked for it, reads nothing

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="a"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><not-authorized/><not-subscribed xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.5.9.4, §7.2.3.5, §8.5.3.3 A node that keeps no items has none to read, delete or purge

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="t"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#persist_items"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="t"/></pubsub></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="t"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><feature-not-implemented/><unsupported xmlns="http://jabber.org/protocol/pubsub#errors" feature="persistent-items"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="t"><item id="a"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="cancel"><feature-not-implemented/><unsupported xmlns="http://jabber.org/protocol/pubsub#errors" feature="persistent-items"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><purge node="t"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="cancel"><feature-not-implemented/><unsupported xmlns="http://jabber.org/protocol/pubsub#errors" feature="persistent-items"/></error></iq>

== §6.5.9.12 Where there is no such item the list is empty

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="x"/></items></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
