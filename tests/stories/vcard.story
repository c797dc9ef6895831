= XEP-0054: vcard-temp

Peter: stpeter@localhost/roundabout
Jer: jer@localhost/work

== §3.1 Without a vCard there is an error or an empty one

Peter connects
Peter sends:
    <iq id="v1" type="get"><vCard xmlns="vcard-temp"/></iq>
Peter receives:
    <iq id="v1" type="{result|error}">...</iq>

== §3.2 A published vCard comes back whole

Peter connects
Peter sends:
    <iq id="v2" type="set">
      <vCard xmlns="vcard-temp">
        <FN>Peter Saint-Andre</FN>
        <N><FAMILY>Saint-Andre</FAMILY><GIVEN>Peter</GIVEN><MIDDLE/></N>
        <NICKNAME>stpeter</NICKNAME>
        <TEL><WORK/><VOICE/><NUMBER>303-308-3282</NUMBER></TEL>
        <TEL><WORK/><FAX/><NUMBER/></TEL>
      </vCard>
    </iq>
Peter receives:
    <iq id="v2" type="result"/>
Peter sends:
    <iq id="v3" type="get"><vCard xmlns="vcard-temp"/></iq>
Peter receives:
    <iq id="v3" type="result">
      <vCard xmlns="vcard-temp">
        <FN>Peter Saint-Andre</FN>
        <N><FAMILY>Saint-Andre</FAMILY><GIVEN>Peter</GIVEN><MIDDLE/></N>
        <NICKNAME>stpeter</NICKNAME>
        <TEL><WORK/><VOICE/><NUMBER>303-308-3282</NUMBER></TEL>
        <TEL><WORK/><FAX/><NUMBER/></TEL>
      </vCard>
    </iq>

== §3.2 A new vCard replaces the old one

Peter connects
Peter sends:
    <iq id="v4" type="set"><vCard xmlns="vcard-temp"><FN>Peter</FN><TITLE>Director</TITLE></vCard></iq>
    <iq id="v5" type="set"><vCard xmlns="vcard-temp"><FN>Pierre</FN></vCard></iq>
    <iq id="v6" type="get"><vCard xmlns="vcard-temp"/></iq>
Peter receives in any order:
    <iq id="v4" type="result"/>
    <iq id="v5" type="result"/>
    <iq id="v6" type="result"><vCard xmlns="vcard-temp"><FN>Pierre</FN></vCard></iq>

== §3.3 Anybody may see it, and the server answers for its owner

Jer connects
Jer sends:
    <iq id="j1" type="set"><vCard xmlns="vcard-temp"><FN>JeremieMiller</FN></vCard></iq>
Jer receives:
    <iq id="j1" type="result"/>
Peter connects
Peter sends:
    <iq id="v7" type="get" to="jer@localhost"><vCard xmlns="vcard-temp"/></iq>
Peter receives:
    <iq id="v7" type="result" from="jer@localhost"><vCard xmlns="vcard-temp"><FN>JeremieMiller</FN></vCard></iq>
Jer receives nothing

== §3.3 Who has no vCard and who does not exist look alike

Peter connects
Peter sends:
    <iq id="v8" type="get" to="jer@localhost"><vCard xmlns="vcard-temp"/></iq>
    <iq id="v9" type="get" to="nobody@localhost"><vCard xmlns="vcard-temp"/></iq>
Peter receives in any order:
    <iq id="v8" type="error" from="jer@localhost"><error type="cancel"><service-unavailable/></error></iq>
    <iq id="v9" type="error" from="nobody@localhost"><error type="cancel"><service-unavailable/></error></iq>

== §3.2 Nobody changes somebody else's vCard

Peter connects
Peter sends:
    <iq id="v10" type="set" to="jer@localhost"><vCard xmlns="vcard-temp"><FN>Knave</FN></vCard></iq>
Peter receives:
    <iq id="v10" type="error" from="jer@localhost"><error type="{any}"><{forbidden|not-allowed}/></error></iq>

== §3.1 Without a vCard one is told that there is none

Peter connects
Peter sends:
    <iq id="v11" type="get"><vCard xmlns="vcard-temp"/></iq>
Peter receives:
    <iq id="v11" type="error"><error type="cancel"><item-not-found/></error></iq>

== §3.3 A vCard can be seen while its owner is away

Jer connects
Jer sends:
    <iq id="j2" type="set"><vCard xmlns="vcard-temp"><FN>JeremieMiller</FN></vCard></iq>
Jer receives:
    <iq id="j2" type="result"/>
Jer disconnects
Peter connects
Peter sends:
    <iq id="v12" type="get" to="jer@localhost"><vCard xmlns="vcard-temp"/></iq>
Peter receives:
    <iq id="v12" type="result" from="jer@localhost"><vCard xmlns="vcard-temp"><FN>JeremieMiller</FN></vCard></iq>
