= XEP-0433 Extended Channel Search; XEP-0045 §6.3 with XEP-0059

Crone1: crone1@localhost/desktop
Hag: hag66@localhost/pda

Crone1 comes online
Crone1 sends:
    <presence to="coven@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="coven@conference.localhost" id="c1"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="muc#roomconfig_roomname"><value>A Dark Cave</value></field><field var="muc#roomconfig_roomdesc"><value>The place for all good witches!</value></field><field var="muc#roomconfig_lang"><value>en</value></field></x></query></iq>
    <presence to="heath@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="heath@conference.localhost" id="c2"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="muc#roomconfig_roomname"><value>A Lonely Heath</value></field><field var="muc#roomconfig_membersonly"><value>1</value></field></x></query></iq>
    <presence to="forres@conference.localhost/firstwitch"><x xmlns="http://jabber.org/protocol/muc"/></presence>
    <iq type="set" to="forres@conference.localhost" id="c3"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="muc#roomconfig_roomname"><value>The Palace for Witches</value></field><field var="muc#roomconfig_publicroom"><value>0</value></field></x></query></iq>
Crone1 skips what came

== §4.1 The service says that it can be searched, and lists its rooms in pages

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="i1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="i1">
      <query xmlns="http://jabber.org/protocol/disco#info">
        <feature var="http://jabber.org/protocol/rsm"/>
        <feature var="urn:xmpp:channel-search:0:search"/>
        ...
      </query>
    </iq>

== §4.2.1 Who asks without a form gets it, with the defaults

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="id2"><search xmlns="urn:xmpp:channel-search:0:search"/></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="id2">
      <search xmlns="urn:xmpp:channel-search:0:search">
        <x xmlns="jabber:x:data" type="form">
          <field type="hidden" var="FORM_TYPE"><value>urn:xmpp:channel-search:0:search-params</value></field>
          <field type="text-single" var="q" label="{any}"/>
          <field type="boolean" var="all" label="{any}"><value>0</value></field>
          <field type="boolean" var="sinname" label="{any}"><value>1</value></field>
          <field type="boolean" var="sindescription" label="{any}"><value>1</value></field>
          <field type="boolean" var="sinaddress" label="{any}"><value>1</value></field>
          <field type="text-single" var="min_users" label="{any}"><value>0</value></field>
          <field type="list-multi" var="types" label="{any}"><value>xep-0045</value><option label="{any}"><value>xep-0045</value></option></field>
          <field type="list-single" var="key" label="{any}"><value>{any}</value>...</field>
          ...
        </x>
      </search>
    </iq>

== §4.2.2.1 A search finds public rooms by their words

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="id3"><search xmlns="urn:xmpp:channel-search:0:search"><set xmlns="http://jabber.org/protocol/rsm"><max>5</max></set><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:channel-search:0:search-params</value></field><field var="q"><value>WITCHES</value></field></x></search></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="id3">
      <result xmlns="urn:xmpp:channel-search:0:search">
        <item address="coven@conference.localhost"><name>A Dark Cave</name><description>The place for all good witches!</description><language>en</language><nusers>1</nusers><service-type>xep-0045</service-type><is-open>true</is-open><anonymity-mode>muc_semianonymous</anonymity-mode></item>
        <set xmlns="http://jabber.org/protocol/rsm"><first>{one=any}</first><last>{one}</last><count>1</count></set>
      </result>
    </iq>

== §4.2.2.1 Further results come when the same form is sent with where to go on

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="p1"><search xmlns="urn:xmpp:channel-search:0:search"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max></set><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:channel-search:0:search-params</value></field><field var="all"><value>true</value></field><field var="key"><value>&#123;urn:xmpp:channel-search:0:order&#125;address</value></field></x></search></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="p1"><result xmlns="urn:xmpp:channel-search:0:search"><item address="coven@conference.localhost">...</item><set xmlns="http://jabber.org/protocol/rsm"><first>{one=any}</first><last>{one}</last><count>2</count></set></result></iq>
Hag sends:
    <iq type="get" to="conference.localhost" id="p2"><search xmlns="urn:xmpp:channel-search:0:search"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max><after>{one}</after></set><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:channel-search:0:search-params</value></field><field var="all"><value>true</value></field><field var="key"><value>&#123;urn:xmpp:channel-search:0:order&#125;address</value></field></x></search></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="p2"><result xmlns="urn:xmpp:channel-search:0:search"><item address="heath@conference.localhost"><name>A Lonely Heath</name><nusers>1</nusers><service-type>xep-0045</service-type><anonymity-mode>muc_semianonymous</anonymity-mode></item><set xmlns="http://jabber.org/protocol/rsm"><first>{two=any}</first><last>{two}</last><count>2</count></set></result></iq>
Hag sends:
    <iq type="get" to="conference.localhost" id="p3"><search xmlns="urn:xmpp:channel-search:0:search"><x xmlns="jabber:x:data" type="submit"><field var="q"><value>nothing of that kind</value></field></x></search></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="p3"><result xmlns="urn:xmpp:channel-search:0:search"><set xmlns="http://jabber.org/protocol/rsm"><count>0</count></set></result></iq>

== §4.2.2.2 - §4.2.2.7 What cannot be searched for is refused

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="e1"><search xmlns="urn:xmpp:channel-search:0:search"><x xmlns="jabber:x:data" type="submit"><field var="q"><value>witches</value></field><field var="key"><value>&#123;urn:example&#125;colour</value></field></x></search></iq>
    <iq type="get" to="conference.localhost" id="e2"><search xmlns="urn:xmpp:channel-search:0:search"><x xmlns="jabber:x:data" type="submit"><field var="q"><value>x</value></field></x></search></iq>
    <iq type="get" to="conference.localhost" id="e3"><search xmlns="urn:xmpp:channel-search:0:search"><x xmlns="jabber:x:data" type="submit"><field var="q"><value>witches</value></field><field var="all"><value>1</value></field></x></search></iq>
    <iq type="get" to="conference.localhost" id="e4"><search xmlns="urn:xmpp:channel-search:0:search"><x xmlns="jabber:x:data" type="submit"><field var="min_users"><value>2</value></field></x></search></iq>
Hag receives:
    <iq type="error" from="conference.localhost" id="e1"><error type="modify"><feature-not-implemented/><invalid-sort-key xmlns="urn:xmpp:channel-search:0:error"/></error></iq>
    <iq type="error" from="conference.localhost" id="e2"><error type="modify"><bad-request/><invalid-search-terms xmlns="urn:xmpp:channel-search:0:error"/></error></iq>
    <iq type="error" from="conference.localhost" id="e3"><error type="modify"><bad-request/><conflicting-fields xmlns="urn:xmpp:channel-search:0:error"><var>all</var><var>q</var></conflicting-fields></error></iq>
    <iq type="error" from="conference.localhost" id="e4"><error type="cancel"><bad-request/><no-search-conditions xmlns="urn:xmpp:channel-search:0:error"/></error></iq>

== XEP-0045 §6.3, XEP-0059 The list of rooms comes in pages to who wants pages

Hag connects
Hag sends:
    <iq type="get" to="conference.localhost" id="d1"><query xmlns="http://jabber.org/protocol/disco#items"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max></set></query></iq>
    <iq type="get" to="conference.localhost" id="d2"><query xmlns="http://jabber.org/protocol/disco#items"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max><after>coven@conference.localhost</after></set></query></iq>
    <iq type="get" to="conference.localhost" id="d3"><query xmlns="http://jabber.org/protocol/disco#items"><set xmlns="http://jabber.org/protocol/rsm"><max>1</max><before>heath@conference.localhost</before></set></query></iq>
    <iq type="get" to="conference.localhost" id="d4"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>
Hag receives:
    <iq type="result" from="conference.localhost" id="d1"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="coven@conference.localhost" name="A Dark Cave"/><set xmlns="http://jabber.org/protocol/rsm"><first>coven@conference.localhost</first><last>coven@conference.localhost</last><count>2</count></set></query></iq>
    <iq type="result" from="conference.localhost" id="d2"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="heath@conference.localhost" name="A Lonely Heath"/><set xmlns="http://jabber.org/protocol/rsm"><first>heath@conference.localhost</first><last>heath@conference.localhost</last><count>2</count></set></query></iq>
    <iq type="result" from="conference.localhost" id="d3"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="coven@conference.localhost" name="A Dark Cave"/><set xmlns="http://jabber.org/protocol/rsm"><first>coven@conference.localhost</first><last>coven@conference.localhost</last><count>2</count></set></query></iq>
    <iq type="result" from="conference.localhost" id="d4"><query xmlns="http://jabber.org/protocol/disco#items"><item jid="coven@conference.localhost" name="A Dark Cave"/><item jid="heath@conference.localhost" name="A Lonely Heath"/></query></iq>
