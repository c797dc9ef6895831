= XEP-0055: Jabber Search

Host localhost: user search

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost/balcony
Tybalt: tybalt@localhost/pda

Juliet connects
Juliet sends:
    <iq type="set" id="s1"><vCard xmlns="vcard-temp">
      <FN>Juliet Capulet</FN><N><FAMILY>Capulet</FAMILY><GIVEN>Juliet</GIVEN></N><NICKNAME>JuliC</NICKNAME>
      <EMAIL><INTERNET/><USERID>juliet@shakespeare.example</USERID></EMAIL>
    </vCard></iq>
Juliet receives:
    <iq type="result" id="s1"/>
Tybalt connects
Tybalt sends:
    <iq type="set" id="s2"><vCard xmlns="vcard-temp"><N><FAMILY>Càpulet</FAMILY><GIVEN>Tybalt</GIVEN></N></vCard></iq>
Tybalt receives:
    <iq type="result" id="s2"/>
Romeo connects

== §2.1 The service tells what can be searched for

Romeo sends:
    <iq type="get" id="f1" to="localhost"><query xmlns="jabber:iq:search"/></iq>
Romeo receives:
    <iq type="result" id="f1" from="localhost"><query xmlns="jabber:iq:search">
      <instructions>{any}</instructions><first/><last/><nick/><email/>
      <x xmlns="jabber:x:data" type="form">
        <title>{any}</title><instructions>{any}</instructions>
        <field var="FORM_TYPE" type="hidden"><value>jabber:iq:search</value></field>
        <field var="first" type="text-single" label="{any}"/>
        <field var="last" type="text-single" label="{any}"/>
        <field var="nick" type="text-single" label="{any}"/>
        <field var="email" type="text-single" label="{any}"/>
        <field var="x-name" type="text-single" label="{any}"/>
      </x>
    </query></iq>

== §2.1 People are found by what their vCards say, whatever the case and the accents

Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"><last>capulet</last></query></iq>
Romeo receives:
    <iq type="result" id="q1" from="localhost"><query xmlns="jabber:iq:search">
      <item jid="juliet@localhost"><first>Juliet</first><last>Capulet</last><nick>JuliC</nick><email>juliet@shakespeare.example</email></item>
      <item jid="tybalt@localhost"><first>Tybalt</first><last>Càpulet</last><nick/><email/></item>
    </query></iq>

== §2.1 All fields have to fit, and the beginnings of words are enough

Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"><last>cap</last><first>JUL</first></query></iq>
    <iq type="set" id="q2" to="localhost"><query xmlns="jabber:iq:search"><last>cap</last><first>romeo</first></query></iq>
Romeo receives in any order:
    <iq type="result" id="q1" from="localhost"><query xmlns="jabber:iq:search">
      <item jid="juliet@localhost"><first>Juliet</first><last>Capulet</last><nick>JuliC</nick><email>juliet@shakespeare.example</email></item>
    </query></iq>
    <iq type="result" id="q2" from="localhost"><query xmlns="jabber:iq:search"/></iq>

== §3 A form is answered by a form

Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"><x xmlns="jabber:x:data" type="submit">
      <field var="FORM_TYPE" type="hidden"><value>jabber:iq:search</value></field>
      <field var="x-name"><value>juliet cap</value></field>
    </x></query></iq>
Romeo receives:
    <iq type="result" id="q1" from="localhost"><query xmlns="jabber:iq:search"><x xmlns="jabber:x:data" type="result">
      <field var="FORM_TYPE" type="hidden"><value>jabber:iq:search</value></field>
      <reported>
        <field var="jid" type="jid-single" label="{any}"/><field var="first" type="text-single" label="{any}"/>
        <field var="last" type="text-single" label="{any}"/><field var="nick" type="text-single" label="{any}"/>
        <field var="email" type="text-single" label="{any}"/><field var="x-name" type="text-single" label="{any}"/>
      </reported>
      <item>
        <field var="jid"><value>juliet@localhost</value></field><field var="first"><value>Juliet</value></field>
        <field var="last"><value>Capulet</value></field><field var="nick"><value>JuliC</value></field>
        <field var="email"><value>juliet@shakespeare.example</value></field><field var="x-name"><value>Juliet Capulet</value></field>
      </item>
    </x></query></iq>

== XEP-0059 §2 Results come in pages

Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"><last>capulet</last><set xmlns="http://jabber.org/protocol/rsm"><max>1</max></set></query></iq>
    <iq type="set" id="q2" to="localhost"><query xmlns="jabber:iq:search"><last>capulet</last><set xmlns="http://jabber.org/protocol/rsm"><max>1</max><after>juliet</after></set></query></iq>
    <iq type="set" id="q3" to="localhost"><query xmlns="jabber:iq:search"><last>capulet</last><set xmlns="http://jabber.org/protocol/rsm"><max>1</max><before>tybalt</before></set></query></iq>
Romeo receives in any order:
    <iq type="result" id="q1" from="localhost"><query xmlns="jabber:iq:search">
      <item jid="juliet@localhost">...</item><set xmlns="http://jabber.org/protocol/rsm"><first>juliet</first><last>juliet</last></set>
    </query></iq>
    <iq type="result" id="q2" from="localhost"><query xmlns="jabber:iq:search">
      <item jid="tybalt@localhost">...</item><set xmlns="http://jabber.org/protocol/rsm"><first>tybalt</first><last>tybalt</last></set>
    </query></iq>
    <iq type="result" id="q3" from="localhost"><query xmlns="jabber:iq:search">
      <item jid="juliet@localhost">...</item><set xmlns="http://jabber.org/protocol/rsm"><first>juliet</first><last>juliet</last></set>
    </query></iq>

== §2.1 Who does not want to be found is not

Juliet sends:
    <iq type="set" id="s3"><vCard xmlns="vcard-temp"><N><FAMILY>Capulet</FAMILY></N><CLASS><PRIVATE/></CLASS></vCard></iq>
Juliet receives:
    <iq type="result" id="s3"/>
Tybalt sends:
    <iq type="set" id="c1"><pubsub xmlns="http://jabber.org/protocol/pubsub#owner"><configure node="urn:xmpp:vcard4">
      <x xmlns="jabber:x:data" type="submit">
        <field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/pubsub#node_config</value></field>
        <field var="pubsub#access_model"><value>presence</value></field>
      </x>
    </configure></pubsub></iq>
Tybalt receives:
    <iq type="result" id="c1"/>
Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"><last>capulet</last></query></iq>
Romeo receives:
    <iq type="result" id="q1" from="localhost"><query xmlns="jabber:iq:search"/></iq>

== §3 A form with wrong fields, and a search for nothing or for one letter, are refused

Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"/></iq>
    <iq type="set" id="q2" to="localhost"><query xmlns="jabber:iq:search"><last>c</last></query></iq>
    <iq type="set" id="q3" to="localhost"><query xmlns="jabber:iq:search"><x xmlns="jabber:x:data" type="submit">
      <field var="FORM_TYPE" type="hidden"><value>jabber:iq:register</value></field><field var="last"><value>capulet</value></field>
    </x></query></iq>
    <iq type="set" id="q4" to="localhost"><query xmlns="jabber:iq:search"><x xmlns="jabber:x:data" type="submit">
      <field var="last"><value>capulet</value><value>montague</value></field>
    </x></query></iq>
    <iq type="set" id="q5" to="localhost"><query xmlns="jabber:iq:search"><x xmlns="jabber:x:data" type="submit">
      <field var="x-gender"><value>male</value></field>
    </x></query></iq>
    <iq type="set" id="q6" to="localhost"><query xmlns="jabber:iq:search"><last>capulet</last><set xmlns="http://jabber.org/protocol/rsm"><max>many</max></set></query></iq>
Romeo receives in any order:
    <iq type="error" id="q1" from="localhost"><error type="modify"><not-acceptable/></error></iq>
    <iq type="error" id="q2" from="localhost"><error type="modify"><not-acceptable/></error></iq>
    <iq type="error" id="q3" from="localhost"><error type="modify"><not-acceptable/></error></iq>
    <iq type="error" id="q4" from="localhost"><error type="modify"><not-acceptable/></error></iq>
    <iq type="error" id="q5" from="localhost"><error type="modify"><not-acceptable/></error></iq>
    <iq type="error" id="q6" from="localhost"><error type="modify"><bad-request/></error></iq>

== §2.1 A search goes through what people write, and through nothing else

Romeo sends:
    <iq type="set" id="q1" to="localhost"><query xmlns="jabber:iq:search"><last>%' OR 1=1 --</last></query></iq>
    <iq type="set" id="q2" to="localhost"><query xmlns="jabber:iq:search"><last>ca_ulet</last></query></iq>
Romeo receives in any order:
    <iq type="{result|error}" id="q1" from="localhost">...</iq>
    <iq type="result" id="q2" from="localhost"><query xmlns="jabber:iq:search"/></iq>
