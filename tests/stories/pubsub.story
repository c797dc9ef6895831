= XEP-0060: Publish-Subscribe

Hamlet: hamlet@localhost/elsinore
Francisco: francisco@localhost/barracks
Bernardo: bernardo@localhost/watch

== §5.1 The service is listed, and tells what it can do

Francisco connects
Francisco sends:
    <iq type="get" to="localhost" id="items1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="get" to="pubsub.localhost" id="feature1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Francisco receives:
    <iq type="result" from="localhost" id="items1">
      <query xmlns="http://jabber.org/protocol/disco#items"><item jid="pubsub.localhost" name="{any}"/>...</query>
    </iq>
    <iq type="result" from="pubsub.localhost" id="feature1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <identity category="pubsub" type="service" name="{any}"/>
        <feature var="http://jabber.org/protocol/pubsub"/>
        <feature var="http://jabber.org/protocol/pubsub#publish"/>
        <feature var="http://jabber.org/protocol/pubsub#rsm"/>
        ...
      </query>
    </iq>

== §5.2, §5.3 Nodes are listed, and tell what they are

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>Princely Musings</value></field></x></configure></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco connects
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="nodes1"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
    <iq type="get" to="pubsub.localhost" id="info1"><query xmlns="http://jabber.org/protocol/disco#info" node="princely_musings"/></iq>
    <iq type="get" to="pubsub.localhost" id="info2"><query xmlns="http://jabber.org/protocol/disco#info" node="no_such_node"/></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="nodes1">
      <query xmlns="http://jabber.org/protocol/disco#items"><item jid="pubsub.localhost" node="princely_musings" name="Princely Musings"/></query>
    </iq>
    <iq type="result" from="pubsub.localhost" id="info1">
      <query xmlns="http://jabber.org/protocol/disco#info" node="princely_musings">
        <identity category="pubsub" type="leaf" ...>...</identity>
        <feature var="http://jabber.org/protocol/pubsub"/>
        ...
      </query>
    </iq>
    <iq type="error" from="pubsub.localhost" id="info2"><error type="cancel"><item-not-found/></error></iq>

== §6.1, §7.1 Subscribers hear of what is published, and read it later

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"/></publish></pubsub>
    </iq>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event>
    </message>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="items1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="items1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></pubsub></iq>

== §6.1.7 A new subscriber gets the last item, with the time it is from

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"/></publish></pubsub>
    </iq>
Francisco connects
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost/barracks"/></pubsub></iq>
Francisco receives in any order:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscription node="princely_musings" jid="francisco@localhost/barracks" subid="{any}" subscription="subscribed"><subscribe-options/></subscription></pubsub>
    </iq>
    <message from="pubsub.localhost" to="francisco@localhost/barracks" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></items></event>
      <delay xmlns="urn:xmpp:delay" from="pubsub.localhost" stamp="{stamp}"/>
    </message>

== §6.1.3.1 Nobody subscribes somebody else

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco connects
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="bernardo@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="sub1"><error type="modify"><bad-request/><invalid-jid xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.1.3.3, §6.5.9.7 Only certain groups of the owner's roster have access where the node says so

Hamlet and Francisco are contacts
Hamlet connects
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="g"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>roster</value></field><field var="pubsub#roster_groups_allowed"><value>Guards</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="g"/></pubsub></iq>
Francisco connects
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="q1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="g" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q1"><error type="auth"><not-authorized/><not-in-roster-group xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="g"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="q2"><error type="auth"><not-authorized/><not-in-roster-group xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" id="r1"><query xmlns="jabber:iq:roster"><item jid="francisco@localhost"><group>Guards</group></item></query></iq>
Hamlet receives:
    <iq type="result" id="r1"/>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="g"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="q3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="g"/></pubsub></iq>

== §6.1.3.4, §6.5.9.8 Who is not on the list of a closed node neither subscribes nor reads

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>whitelist</value></field></x></configure></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco connects
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="sub1"><error type="cancel"><not-allowed/><closed-node xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="items1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="items1"><error type="cancel"><not-allowed/><closed-node xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="ent2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="francisco@localhost" affiliation="member"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="ent2"/>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="items2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="items2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="princely_musings"/></pubsub></iq>

== §6.1.4, §8.6 An owner approves a subscription, and the subscriber hears of it

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#access_model"><value>authorize</value></field></x></configure></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="pending"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Hamlet receives:
    <message from="pubsub.localhost" to="hamlet@localhost" id="{ask=any}">
      <x xmlns="jabber:x:data" type="form">
        <title>{any}</title><instructions>{any}</instructions>
        <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field>
        <field var="pubsub#subid" type="hidden"><value>{subid}</value></field>
        <field var="pubsub#node" type="text-single" label="{any}"><required/><value>princely_musings</value></field>
        <field var="pubsub#subscriber_jid" type="jid-single" label="{any}"><required/><value>francisco@localhost</value></field>
        <field var="pubsub#allow" type="boolean" label="{any}"><required/><value>0</value></field>
      </x>
      ...
    </message>
Hamlet sends:
    <message to="pubsub.localhost" id="{ask}"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field><field var="pubsub#subid"><value>{subid}</value></field><field var="pubsub#node"><value>princely_musings</value></field><field var="pubsub#subscriber_jid"><value>francisco@localhost</value></field><field var="pubsub#allow"><value>true</value></field></x></message>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="princely_musings" jid="francisco@localhost" subid="{subid}" subscription="subscribed"/></event>
    </message>

== §6.2 Who unsubscribes hears no more; who is not subscribed cannot

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="unsub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="unsub1"/>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"/></publish></pubsub>
    </iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="unsub2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="unsub2"><error type="cancel"><unexpected-request/><not-subscribed xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §6.3 A subscriber asks for the options of a subscription and changes them

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="options1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field><field var="pubsub#deliver"><value>0</value></field></x></options></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="options1"/>
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="options2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><options node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="options2">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <options node="princely_musings" jid="francisco@localhost" subid="{subid}">
          <x xmlns="jabber:x:data" type="form">
            <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>
            <field var="pubsub#deliver" type="boolean" label="{any}"><value>0</value></field>
            ...
          </x>
        </options>
      </pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"/></publish></pubsub>
    </iq>
Francisco receives nothing

== §7.1.3.1 Who is no publisher does not publish

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco connects
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="pub1"><error type="auth"><forbidden/></error></iq>

== §7.2 Subscribers hear of items that are deleted

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="pub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="ae890ac5"/></publish></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub></iq>
Francisco receives in any order:
    <iq type="result" from="pubsub.localhost" id="sub1">...</iq>
    <message from="pubsub.localhost" ...>...</message>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="retract1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="princely_musings"><item id="ae890ac5"/></retract></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="retract1"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><items node="princely_musings"><retract id="ae890ac5"/></items></event>
    </message>

== §8.1.1 A node is there once, and one without a name gets one

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create2"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="create2"><error type="cancel"><conflict/></error></iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create3"><pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="{any}"/></pubsub></iq>

== §8.2.5.3 Subscribers hear of a new configuration where that is wanted

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/><configure><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#notify_config"><value>1</value></field><field var="pubsub#deliver_payloads"><value>0</value></field></x></configure></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="config2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var="pubsub#title"><value>Musings</value></field></x></configure></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="config2"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><configuration node="princely_musings"/></event>
    </message>

== §8.2.3 Only an owner configures a node

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco connects
Francisco sends:
    <iq type="get" to="pubsub.localhost" id="config1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="princely_musings"/></pubsub></iq>
Francisco receives:
    <iq type="error" from="pubsub.localhost" id="config1"><error type="auth"><forbidden/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="config3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="no_such_node"/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="config3"><error type="cancel"><item-not-found/></error></iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="config4"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure/></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="config4"><error type="modify"><bad-request/><nodeid-required xmlns="http://jabber.org/protocol/pubsub#errors"/></error></iq>

== §8.4 Subscribers hear of the end of a node, and where it went

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="delete1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><delete node="princely_musings"><redirect uri="xmpp:hamlet@localhost?;node=blog"/></delete></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="delete1"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><delete node="princely_musings"><redirect uri="xmpp:hamlet@localhost?;node=blog"/></delete></event>
    </message>

== §8.5 Subscribers hear once that a node was purged

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="purge1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><purge node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="purge1"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><purge node="princely_musings"/></event>
    </message>

== §8.8 An owner lists the subscriptions and ends one

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Francisco comes online
Francisco sends:
    <iq type="set" to="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><subscribe node="princely_musings" jid="francisco@localhost"/></pubsub>
    </iq>
Francisco receives:
    <iq type="result" from="pubsub.localhost" id="sub1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub">
        <subscription node="princely_musings" jid="francisco@localhost" subid="{subid=any}" subscription="subscribed"><subscribe-options/></subscription>
      </pubsub>
    </iq>
Hamlet sends:
    <iq type="get" to="pubsub.localhost" id="subman1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"/></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="subman1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"><subscription jid="francisco@localhost" subscription="subscribed" subid="{subid}"/></subscriptions></pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="subman2"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><subscriptions node="princely_musings"><subscription jid="francisco@localhost" subscription="none"/></subscriptions></pubsub></iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="subman2"/>
Francisco receives:
    <message from="pubsub.localhost" to="francisco@localhost" type="headline" id="{any}">
      <event xmlns="http://jabber.org/protocol/pubsub#event"><subscription node="princely_musings" jid="francisco@localhost" subid="{subid}" subscription="none"/></event>
    </message>

== §8.9.2.4 A node keeps an owner

Hamlet comes online
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet receives:
    <iq type="result" from="pubsub.localhost" id="create1">
      <pubsub xmlns="http://jabber.org/protocol/pubsub"><create node="princely_musings"/></pubsub>
    </iq>
Hamlet sends:
    <iq type="set" to="pubsub.localhost" id="ent3"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="hamlet@localhost" affiliation="none"/><affiliation jid="bernardo@localhost" affiliation="publisher"/></affiliations></pubsub></iq>
Hamlet receives:
    <iq type="error" from="pubsub.localhost" id="ent3">
      <pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><affiliations node="princely_musings"><affiliation jid="hamlet@localhost" affiliation="owner"/></affiliations></pubsub>
      <error type="modify"><not-acceptable/></error>
    </iq>
Bernardo connects
Bernardo sends:
    <iq type="set" to="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"><entry xmlns="http://www.w3.org/2005/Atom"><title>Soliloquy</title></entry></item></publish></pubsub></iq>
Bernardo receives:
    <iq type="result" from="pubsub.localhost" id="pub1"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="princely_musings"><item id="a"/></publish></pubsub></iq>
