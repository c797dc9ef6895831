= XEP-0060 §8: owners

Hamlet: hamlet@localhost/elsinore
Francisco: francisco@localhost/barracks
Bernardo: bernardo@localhost/watch

Hamlet comes online
Francisco comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>

== §8.1.1 A node that exists is not made again, and one without a name gets one

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="cancel"><conflict/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="{any}"/></pubsub></iq>

== §8.1.2 An access model, or a kind of node, that does not exist is refused

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>nonsense</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><not-acceptable/><unsupported-access-model xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#node_type"><value>collection</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><feature-not-implemented/><unsupported xmlns="http://jabber.org/protocol/pubsub#errors" feature="collections"/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="cancel"><item-not-found/></error></iq>

== §8.1.3 The configuration follows the creation, and names no node

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>x</value></field></x></configure><create node="n"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure node="n"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>x</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/></error></iq>

== §8.2.1 An owner asks for the configuration, changes it, or leaves it as it is

Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title" type="text-single" label="{any}"></field>...</x></configure></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>Musings</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"/>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title" type="text-single" label="{any}"><value>Musings</value></field>...</x></configure></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="cancel"/></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"/>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title" type="text-single" label="{any}"><value>Musings</value></field>...</x></configure></pubsub></iq>

== §8.2.3, §8.4.3, §8.5.3, §8.8, §8.9 What is for owners is for nobody else

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>x</value></field></x></configure></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><delete node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><purge node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q5"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"><subscription jid="francisco@localhost" subscription="subscribed"/></subscriptions></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q6"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q7"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q7"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q8"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="owner"/></affiliations></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q8"><error type="auth"><forbidden/></error></iq>

== §8.2.3, §8.4.3, §8.5.3, §8.8, §8.9 Nothing is done with a node that does not exist

Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="none"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><delete node="none"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><purge node="none"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="none"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="none"><subscription jid="francisco@localhost" subscription="subscribed"/></subscriptions></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q5"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="none"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q6"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q7"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="none"><affiliation jid="francisco@localhost" affiliation="owner"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q7"><error type="cancel"><item-not-found/></error></iq>

== §8.2.3.3 A request of an owner names the node

Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><delete/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><purge/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q5"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §8.2.5.2 A configuration that cannot be is refused, and nothing changes

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_items"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_items"><value>many</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_items"><value>999999999</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#persist_items"><value>perhaps</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#publish_model"><value>nobody</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q5"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#contact"><value>@</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q6"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q7"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q7"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q8"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q8"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q9"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q9"><error type="modify"><bad-request/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q10"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q10"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title" type="text-single" label="{any}"></field>...</x></configure></pubsub></iq>

== §8.2.5.3 Of a new configuration only the fact is told where payloads are not

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#notify_config"><value>1</value></field><field var="pubsub#deliver_payloads"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="n"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>x</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><configuration node="n"/></event></message>

== §8.3 The configuration that nodes begin with can be asked for

Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><default/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><default><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field>...</x></default></pubsub></iq>

== §8.4.2 A deleted node is gone, and who waited for approval hears of it

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
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><delete node="a"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><delete node="a"/></event></message>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="a"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="cancel"><item-not-found/></error></iq>

== §8.5.2 A purge is not told where deletions are not

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#notify_retract"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><purge node="n"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"/>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"/></pubsub></iq>

== §8.6 An owner denies a subscription, and the subscriber hears of it; who cancels the form decides nothing

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="a" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="pending"><subscribe-options/></subscription></pubsub></iq>
Hamlet receives:
    <message from="pubsub.localhost" to="{any}" id="{any}"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#subid" type="hidden"><value>{any}</value></field><field var="pubsub#node" type="text-single" label="{any}"><required/><value>a</value></field><field var="pubsub#subscriber_jid" type="jid-single" label="{any}"><required/><value>francisco@localhost</value></field>...</x>...</message>
Hamlet sends:
    <message to="pubsub.localhost" id="x"><x xmlns="jabber:x:data" type="cancel"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#node"><value>a</value></field><field var="pubsub#subscriber_jid"><value>francisco@localhost</value></field><field var="pubsub#allow"><value>false</value></field></x></message>
Francisco receives nothing
Hamlet sends:
    <message to="pubsub.localhost" id="x"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#node"><value>a</value></field><field var="pubsub#subscriber_jid"><value>francisco@localhost</value></field><field var="pubsub#allow"><value>false</value></field></x></message>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="none"/></event></message>

== §8.7 An owner asks for the requests that wait, and is asked again

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="a" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="pending"><subscribe-options/></subscription></pubsub></iq>
Hamlet receives:
    <message from="pubsub.localhost" to="{any}" id="{any}"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#subid" type="hidden"><value>{any}</value></field><field var="pubsub#node" type="text-single" label="{any}"><required/><value>a</value></field><field var="pubsub#subscriber_jid" type="jid-single" label="{any}"><required/><value>francisco@localhost</value></field>...</x>...</message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" action="execute"/></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" sessionid="{session=any}" status="executing"><actions execute="complete"><complete/></actions><x xmlns="jabber:x:data" type="form"><title>{any}</title><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#node" type="list-single" label="{any}"><required/><option><value>a</value></option></field></x></command></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" sessionid="{session}" action="execute"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#node"><value>a</value></field></x></command></iq>
Hamlet receives in any order:
    <iq type="result" from="pubsub.localhost" id="q4"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" sessionid="{session}" status="completed" .../></iq>
    <message from="pubsub.localhost" to="{any}" id="{any}"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#subid" type="hidden"><value>{any}</value></field><field var="pubsub#node" type="text-single" label="{any}"><required/><value>a</value></field><field var="pubsub#subscriber_jid" type="jid-single" label="{any}"><required/><value>francisco@localhost</value></field>...</x>...</message>

== §8.7.3 Only owners ask for the requests that wait, and of nodes that exist

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" action="execute"/></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" sessionid="x"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#node"><value>princely_musings</value></field></x></command></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><forbidden/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><command xmlns="http://jabber.org/protocol/commands" node="http://jabber.org/protocol/pubsub#get-pending" sessionid="x"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#node"><value>none</value></field></x></command></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="cancel"><item-not-found/></error></iq>

== §8.8.1.2 Who waits for approval is not in the list of subscriptions

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="a" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="pending"><subscribe-options/></subscription></pubsub></iq>
Hamlet receives:
    <message from="pubsub.localhost" to="{any}" id="{any}"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#subid" type="hidden"><value>{any}</value></field><field var="pubsub#node" type="text-single" label="{any}"><required/><value>a</value></field><field var="pubsub#subscriber_jid" type="jid-single" label="{any}"><required/><value>francisco@localhost</value></field>...</x>...</message>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="a"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="a"/></pubsub></iq>

== §8.8.2 An owner subscribes somebody, who hears of it

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"><subscription jid="francisco@localhost" subscription="subscribed"/></subscriptions></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"/></event></message>

== §8.8.2.4 What cannot be changed comes back as it is, and the rest is changed

Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="m"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"><subscription jid="francisco@localhost" subscription="none"/><subscription jid="bernardo@localhost" subscription="nonsense"/><subscription jid="hamlet@localhost"/></subscriptions></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="m"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"><subscription jid="bernardo@localhost" subscription="none"/></subscriptions></pubsub><error type="modify"><not-acceptable/></error></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="princely_musings" jid="francisco@localhost" subid="{any}" subscription="none"/></event></message>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"/></pubsub></iq>

== §8.9.1 Affiliations are listed, and none that is none

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="member"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"/>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="hamlet@localhost" affiliation="owner"/><affiliation jid="francisco@localhost" affiliation="member"/></affiliations></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="none"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"/>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="hamlet@localhost" affiliation="owner"/></affiliations></pubsub></iq>

== §8.9.2.4 Nobody is in one request twice

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="member"/><affiliation jid="francisco@localhost" affiliation="member"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/></error></iq>

== §8.9.2 An affiliation that is not there is not made up, and what says none leaves it as it is

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="publisher"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"/>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"/>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="m"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="king"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="m"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="publisher"/></affiliations></pubsub><error type="modify"><not-acceptable/></error></iq>

== §8.7.4 An approval follows from an affiliation, and a denial as well

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="a"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="a" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="pending"><subscribe-options/></subscription></pubsub></iq>
Hamlet receives:
    <message from="pubsub.localhost" to="{any}" id="{any}"><x xmlns="jabber:x:data" type="form"><title>{any}</title><instructions>{any}</instructions><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#subid" type="hidden"><value>{any}</value></field><field var="pubsub#node" type="text-single" label="{any}"><required/><value>a</value></field><field var="pubsub#subscriber_jid" type="jid-single" label="{any}"><required/><value>francisco@localhost</value></field>...</x>...</message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="a"><affiliation jid="francisco@localhost" affiliation="publisher"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="subscribed"/></event></message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="a"><affiliation jid="francisco@localhost" affiliation="outcast"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="a" jid="francisco@localhost" subid="{any}" subscription="none"/></event></message>
