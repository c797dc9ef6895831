= XEP-0060 §7: publishers

Hamlet: hamlet@localhost/elsinore
Francisco: francisco@localhost/barracks
Bernardo: bernardo@localhost/watch

Hamlet comes online
Francisco comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>

== §7.1.2 An item without an id gets one

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="{any}"/></publish></pubsub></iq>

== §7.1.2 An item with the id of another takes its place, at the end

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>

== §7.1.2.2 Subscribers are told without the payload where the node says so

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#deliver_payloads"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="a"/></items></event></message>

== §6.5.6 Who is told without the payload reads it by the id

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#deliver_payloads"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="a"/></items></event></message>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"><item id="a"/></items></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>

== §7.1.2.3 Who published is told where the node says so, by the server alone

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#itemreply"><value>publisher</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a" publisher="bernardo@localhost"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="a" publisher="hamlet@localhost"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event></message>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"><item id="a" publisher="hamlet@localhost"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>

== §7.1.2.5 The oldest item of a full node goes, and subscribers hear of it

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_items"><value>2</value></field><field var="pubsub#send_last_published_item"><value>never</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"/></publish></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="c"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event></message>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><retract id="a"/></items></event></message>

== §7.1.2.5 The oldest item of a full node goes quietly where the node says so

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_items"><value>1</value></field><field var="pubsub#publish_node_full"><value>discard-oldest</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event></message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event></message>
Francisco receives nothing
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>

== §7.1.3.1, §7.2.3.1 Who is no publisher neither publishes nor deletes

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><forbidden/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="princely_musings"><item id="a"/></retract></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="auth"><forbidden/></error></iq>

== §7.1.3.4 A full node rejects what is too much where it says so

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_items"><value>1</value></field><field var="pubsub#publish_node_full"><value>reject</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="cancel"><conflict/><node-full xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>

== §7.1.3.5 A payload has a largest size

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#max_payload_size"><value>20</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><not-acceptable/><payload-too-big xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §7.1.3.6 An item has one payload, and a request one item

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/><invalid-payload xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §7.1.3.7 What is published fits the kind of the node

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="t"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#persist_items"><value>0</value></field><field var="pubsub#deliver_payloads"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="t"/></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/><item-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><bad-request/><payload-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="t"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="modify"><bad-request/><item-forbidden xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="t" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="t" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="t"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="t"/></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="t"/></event></message>

== §7.1.4 Publishing makes the node

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="new"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="new"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations node="new"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><affiliations node="new"><affiliation node="new" affiliation="owner"/></affiliations></pubsub></iq>

== §7.1.5 Publish-options make the node as they say, and later are conditions

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>whitelist</value></field></x></publish-options></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="n"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><not-allowed/><closed-node xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>whitelist</value></field></x></publish-options></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="cancel"><conflict/><precondition-not-met xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §7.1.5 Publish-options that mean nothing are refused, and nothing is published

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#nonsense"><value>1</value></field></x></publish-options></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="cancel"><conflict/><precondition-not-met xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var="pubsub#persist_items"><value>perhaps</value></field></x></publish-options></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><not-acceptable/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>open</value></field></x></publish-options></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><bad-request/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="c"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish><publish-options/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q4"><error type="modify"><bad-request/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>

== §7.2.2 Who published an item deletes it, where everybody may publish

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#publish_model"><value>open</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"/></publish></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="n"><item id="a"/></retract></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q4"/>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="n"><item id="b"/></retract></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q5"><error type="auth"><forbidden/></error></iq>

== §7.2.2.1 Subscribers hear of a deletion because the node says so, or who deletes

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#notify_retract"><value>0</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="n"/></pubsub></iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="n" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="n" jid="francisco@localhost" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="a"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event></message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q4"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"><item id="b"/></publish></pubsub></iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><item id="b"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event></message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q5"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="n"><item id="a"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q5"/>
Francisco receives nothing
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q6"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="n" notify="1"><item id="b"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="q6"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"><retract id="b"/></items></event></message>

== §7.2.3.2 Only what exists is deleted

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="none"><item id="a"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="princely_musings"><item id="a"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="cancel"><item-not-found/></error></iq>

== §7.2.3.3, §7.2.3.4 A request to delete names the node and the item

Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract><item id="a"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="princely_musings"></retract></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="modify"><bad-request/><item-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="princely_musings"><item/></retract></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="q3"><error type="modify"><bad-request/><item-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
