"""Ad-hoc commands: stages, actions, notes, and every error (XEP-0050)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
from tests.support.commands import NS, Answer, Refused, give, run, submitted
from tests.support.house import Client, House, open_house

from palaver.ext.adhoc.extension import AdHoc
from palaver.kernel.adhoc import Call, Done, Note, Reply, Stage, adhoc
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig
from palaver.kernel.form_fields import ListSingle, Option, TextPrivate, TextSingle
from palaver.kernel.forms import Form, FormError, Problem, Submission, report
from palaver.kernel.roles import Access
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element

SERVICE = ListSingle("service", "Service", required=True, options=(Option("httpd"), Option("db")))
STATE = ListSingle("state", "Run State", options=(Option("on"), Option("off")), default="off")
SECRET = TextPrivate("secret", "Secret")
NAME = TextSingle("name", "Name")
FIRST = Form((SERVICE, SECRET), title="Configure Service")
SECOND = Form((STATE,), title="Configure Service")
WISH = Form((NAME,))


class Services(Extension):
    """Has the commands of the examples of XEP-0050, and some that fail."""

    name: ClassVar = "services"
    requires: ClassVar = ("adhoc",)

    @adhoc("list", "List Service Configurations", access=Access.EVERYBODY)
    async def list_services(self, call: Call) -> Reply:
        rows = [(NAME.filled("httpd"),), (NAME.filled("postgresql"),)]
        return Done(payload=(report((NAME,), rows),))

    @adhoc("config", "Configure Service", access=Access.MEMBERS)
    async def config_service(self, call: Call) -> Reply:
        return Stage(FIRST, next=self._chosen, notes=(Note("Careful!", "warn"),))

    async def _chosen(self, call: Call, answers: Submission) -> Reply:
        service = answers[SERVICE]

        async def finish(call: Call, answers: Submission) -> Reply:
            text = f"Service '{service}' is {answers.get(STATE)}."
            return Done(notes=(Note(text),))

        return Stage(SECOND, complete=finish)

    @adhoc("either", "Go On or End", access=Access.EVERYBODY)
    async def either(self, call: Call) -> Reply:
        return Stage(WISH, next=self._chosen_next, complete=self._done)

    async def _chosen_next(self, call: Call, answers: Submission) -> Reply:
        return Stage(WISH, complete=self._done)

    async def _done(self, call: Call, answers: Submission) -> Reply:
        return Done()

    @adhoc("failing", "Fail", access=Access.EVERYBODY)
    async def fail(self, call: Call) -> Reply:
        return Stage(WISH, complete=self._fail)

    async def _fail(self, call: Call, answers: Submission) -> Reply:
        errors = {
            "exists": CommandError("exists", "there already"),
            "other": CommandError("whatever", "no"),
            "form": FormError([Problem("name", "is wrong")]),
            "storage": StorageUnavailable("away"),
            "bug": RuntimeError("a bug"),
        }
        name = answers.get(NAME, "")
        if name in errors:
            raise errors[name]
        return Done(notes=(Note("It did not work.", "error"),))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "adhoc", "disco", "roster") as opened:
        server = opened.server
        services = Services(server, lambda _: ExtensionConfig())
        server.use([*server.extensions.values(), services])
        yield opened


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client("juliet@capulet.example/balcony")


async def refused(client: Client, node: str, **options: str) -> tuple[str, str | None, str]:
    with pytest.raises(Refused) as caught:
        await give(client, node, **options)
    return caught.value.condition, caught.value.type, caught.value.detail


# -- simple execution ------------------------------------------------------------------------------


async def test_a_command_without_a_form_completes_at_once_as_in_example_8(juliet: Client) -> None:
    answer = await give(juliet, "list", action="execute")
    assert answer.status == "completed"
    assert answer.session
    assert answer.command.get("xml:lang") == "en"
    fields = [field for item in answer.form.find_all("item") for field in item]
    assert [field.text_of("value") for field in fields] == ["httpd", "postgresql"]


async def test_execute_is_implied(juliet: Client) -> None:
    assert (await give(juliet, "list")).status == "completed"


async def test_a_completed_session_has_ended(juliet: Client) -> None:
    answer = await give(juliet, "list")
    assert await refused(juliet, "list", session=answer.session) == (
        "not-allowed",
        "cancel",
        "session-expired",
    )


async def test_whatever_status_the_requester_gives_is_ignored(juliet: Client) -> None:
    answer = await juliet.ask(
        f"<iq type='set' id='c' to='capulet.example'>"
        f"<command xmlns='{NS}' node='list' status='canceled'/></iq>"
    )
    command = answer.find("command", NS)
    assert command is not None
    assert command.get("status") == "completed"


# -- stages ----------------------------------------------------------------------------------------


async def first_stage(client: Client) -> Answer:
    return await give(client, "config")


async def second_stage(client: Client) -> Answer:
    begun = await first_stage(client)
    filled = submitted({"service": "httpd", "secret": "sesame"})
    return await give(client, "config", session=begun.session, inner=filled)


async def test_the_first_stage_shows_its_form_and_the_way_on_as_in_example_10(
    juliet: Client,
) -> None:
    answer = await first_stage(juliet)
    assert answer.status == "executing"
    assert answer.actions == ("next", {"next"})
    assert answer.notes == [("warn", "Careful!")]
    assert answer.form.get("type") == "form"
    assert answer.values == {"service": [], "secret": []}


async def test_the_second_stage_can_be_left_both_ways_as_in_example_12(juliet: Client) -> None:
    answer = await second_stage(juliet)
    assert answer.status == "executing"
    assert answer.actions == ("complete", {"prev", "complete"})
    assert answer.values == {"state": ["off"]}


@pytest.mark.parametrize("action", ["execute", "complete", None])
async def test_the_last_stage_completes_as_in_example_14(
    juliet: Client, action: str | None
) -> None:
    stage = await second_stage(juliet)
    filled = submitted({"state": "on"})
    answer = await give(juliet, "config", session=stage.session, action=action, inner=filled)
    assert answer.status == "completed"
    assert answer.session == stage.session
    assert answer.notes == [("info", "Service 'httpd' is on.")]


async def test_one_goes_back_to_the_first_stage_as_in_example_16(juliet: Client) -> None:
    stage = await second_stage(juliet)
    answer = await give(juliet, "config", session=stage.session, action="prev")
    assert answer.status == "executing"
    assert answer.actions == ("next", {"next"})
    assert answer.values["service"] == ["httpd"]


async def test_a_password_is_not_shown_again(juliet: Client) -> None:
    stage = await second_stage(juliet)
    answer = await give(juliet, "config", session=stage.session, action="prev")
    assert answer.values["secret"] == []


async def test_after_going_back_another_choice_counts(juliet: Client) -> None:
    stage = await second_stage(juliet)
    session = stage.session
    await give(juliet, "config", session=session, action="prev")
    filled = submitted({"service": "db"})
    await give(juliet, "config", session=session, action="next", inner=filled)
    answer = await give(juliet, "config", session=session, inner=submitted({"state": "off"}))
    assert answer.notes == [("info", "Service 'db' is off.")]


async def test_a_stage_can_lead_on_or_end(juliet: Client) -> None:
    begun = await give(juliet, "either")
    assert begun.actions == ("next", {"next", "complete"})
    filled = submitted({"name": "x"})
    onwards = await give(juliet, "either", session=begun.session, inner=filled)
    assert onwards.status == "executing"
    begun = await give(juliet, "either")
    ended = await give(juliet, "either", session=begun.session, action="complete", inner=filled)
    assert ended.status == "completed"


async def test_a_stage_can_be_cancelled_as_in_example_18(juliet: Client) -> None:
    stage = await second_stage(juliet)
    answer = await give(juliet, "config", session=stage.session, action="cancel")
    assert (answer.status, answer.session) == ("canceled", stage.session)
    assert await refused(juliet, "config", session=stage.session) == (
        "not-allowed",
        "cancel",
        "session-expired",
    )


async def test_a_form_of_type_cancel_counts_as_submitted(juliet: Client) -> None:
    begun = await first_stage(juliet)
    filled = submitted({"service": "httpd"}, "cancel")
    answer = await give(juliet, "config", session=begun.session, inner=filled)
    assert answer.status == "executing"


async def test_two_sessions_of_one_command_are_apart(juliet: Client) -> None:
    one, two = await second_stage(juliet), await first_stage(juliet)
    assert one.session != two.session
    filled = submitted({"service": "db"})
    await give(juliet, "config", session=two.session, inner=filled)
    answer = await give(juliet, "config", session=one.session, inner=submitted({"state": "on"}))
    assert answer.notes == [("info", "Service 'httpd' is on.")]


# -- errors (§4.4) ---------------------------------------------------------------------------------


async def test_an_unknown_action_is_malformed(juliet: Client) -> None:
    expected = ("bad-request", "modify", "malformed-action")
    assert await refused(juliet, "list", action="jump") == expected


@pytest.mark.parametrize("action", ["prev", "complete"])
async def test_an_action_that_the_stage_does_not_offer_is_bad(juliet: Client, action: str) -> None:
    begun = await first_stage(juliet)
    filled = submitted({"service": "httpd"})
    expected = ("bad-request", "modify", "bad-action")
    found = await refused(juliet, "config", session=begun.session, action=action, inner=filled)
    assert found == expected
    answer = await give(juliet, "config", session=begun.session, inner=filled)
    assert answer.status == "executing"


@pytest.mark.parametrize("action", ["prev", "next", "complete", "cancel"])
async def test_nothing_but_execution_begins_a_command(juliet: Client, action: str) -> None:
    expected = ("bad-request", "modify", "bad-action")
    assert await refused(juliet, "config", action=action) == expected


async def test_what_is_no_language_is_a_bad_locale(juliet: Client) -> None:
    expected = ("bad-request", "modify", "bad-locale")
    assert await refused(juliet, "list", lang="not a language") == expected
    assert (await give(juliet, "list", lang="fr-ca")).command.get("xml:lang") == "en"


@pytest.mark.parametrize(
    "inner",
    [
        "",
        submitted({"service": "none of them"}),
        submitted({}),
        "<x xmlns='jabber:x:data' type='form'/>",
    ],
)
async def test_what_does_not_fill_the_form_is_a_bad_payload(juliet: Client, inner: str) -> None:
    begun = await first_stage(juliet)
    expected = ("bad-request", "modify", "bad-payload")
    assert await refused(juliet, "config", session=begun.session, inner=inner) == expected
    filled = submitted({"service": "httpd"})
    answer = await give(juliet, "config", session=begun.session, inner=filled)
    assert answer.status == "executing"


@pytest.mark.parametrize("session", ["", "invented", "a.b"])
async def test_an_invented_session_is_a_bad_one(juliet: Client, session: str) -> None:
    expected = ("bad-request", "modify", "bad-sessionid")
    assert await refused(juliet, "config", session=session) == expected


async def test_the_session_of_somebody_else_is_a_bad_one(house: House, juliet: Client) -> None:
    begun = await first_stage(juliet)
    romeo = await house.client("romeo@capulet.example/orchard")
    expected = ("bad-request", "modify", "bad-sessionid")
    assert await refused(romeo, "config", session=begun.session) == expected


async def test_who_may_not_run_a_command_is_forbidden_to(house: House) -> None:
    romeo = await house.client("romeo@montague.example/orchard")
    options = {"to": "capulet.example"}
    assert await refused(romeo, "config", **options) == ("forbidden", "cancel", "")
    assert (await give(romeo, "list", **options)).status == "completed"


async def test_a_command_that_does_not_exist_is_not_found(juliet: Client) -> None:
    assert await refused(juliet, "nothing") == ("item-not-found", "cancel", "")


async def test_a_command_needs_a_node(juliet: Client) -> None:
    assert await refused(juliet, "") == ("bad-request", "modify", "")


async def test_an_account_has_no_commands(juliet: Client) -> None:
    options = {"to": "juliet@capulet.example"}
    assert await refused(juliet, "list", **options) == ("service-unavailable", "cancel", "")


async def test_what_was_filled_in_does_not_come_back_with_an_error(juliet: Client) -> None:
    begun = await first_stage(juliet)
    with pytest.raises(Refused) as caught:
        await give(
            juliet,
            "config",
            session=begun.session,
            inner=submitted({"service": "none", "secret": "sesame"}),
        )
    assert b"sesame" not in caught.value.answer.to_bytes()
    command = caught.value.answer.find("command", NS)
    assert command == Element("command", NS, {"node": "config", "sessionid": begun.session})


@pytest.mark.parametrize(
    ("name", "condition", "detail"),
    [
        ("exists", "conflict", ""),
        ("other", "not-allowed", ""),
        ("form", "bad-request", "bad-payload"),
        ("storage", "resource-constraint", ""),
        ("bug", "internal-server-error", ""),
    ],
)
async def test_a_refusal_of_the_command_is_an_error_and_can_be_tried_again(
    juliet: Client, name: str, condition: str, detail: str
) -> None:
    begun = await give(juliet, "failing")
    with pytest.raises(Refused) as caught:
        await give(juliet, "failing", session=begun.session, inner=submitted({"name": name}))
    assert (caught.value.condition, caught.value.detail) == (condition, detail)
    answer = await give(juliet, "failing", session=begun.session, inner=submitted({}))
    assert answer.status == "completed"


async def test_a_command_that_completes_without_success_says_so(juliet: Client) -> None:
    answer = await run(juliet, "failing", {})
    assert answer.status == "completed"
    assert answer.notes == [("error", "It did not work.")]


# -- service discovery -----------------------------------------------------------------------------


async def disco(client: Client, what: str, node: str | None, to: str) -> Element:
    about = f" node='{node}'" if node else ""
    ns = f"http://jabber.org/protocol/disco#{what}"
    return await client.ask(f"<iq type='get' id='d' to='{to}'><query xmlns='{ns}'{about}/></iq>")


async def listed(client: Client, to: str) -> set[tuple[str | None, str | None]]:
    answer = await disco(client, "items", NS, to)
    query = next(iter(answer))
    return {(item.get("node"), item.get("name")) for item in query}


async def test_everybody_is_shown_the_commands_they_may_run(house: House, juliet: Client) -> None:
    everybody = {
        ("list", "List Service Configurations"),
        ("either", "Go On or End"),
        ("failing", "Fail"),
    }
    member = everybody | {("config", "Configure Service")}
    assert await listed(juliet, "capulet.example") == member
    romeo = await house.client("romeo@montague.example/orchard")
    assert await listed(romeo, "capulet.example") == everybody


async def test_the_list_and_each_command_tell_what_they_are(juliet: Client) -> None:
    answer = await disco(juliet, "info", NS, "capulet.example")
    assert b"category='automation' type='command-list'" in answer.to_bytes()
    answer = await disco(juliet, "info", "config", "capulet.example")
    query = next(iter(answer))
    identities = [dict(each.attrs) for each in query.find_all("identity")]
    assert identities == [
        {"category": "automation", "type": "command-node", "name": "Configure Service"}
    ]
    features = {each.get("var") for each in query.find_all("feature")}
    assert {NS, "jabber:x:data"} <= features


async def test_a_command_tells_nothing_to_whom_it_is_not_for(house: House) -> None:
    romeo = await house.client("romeo@montague.example/orchard")
    answer = await disco(romeo, "info", "config", "capulet.example")
    error = answer.find("error", "jabber:client")
    assert error is not None
    assert next(iter(error)).name == "forbidden"


async def test_a_host_tells_that_it_has_commands(juliet: Client) -> None:
    answer = await disco(juliet, "info", None, "capulet.example")
    features = {each.get("var") for each in next(iter(answer)).find_all("feature")}
    assert NS in features


async def test_commands_leave_with_their_extension(house: House, juliet: Client) -> None:
    server = house.server
    server.use([e for e in server.extensions.values() if e.name != "services"])
    assert not server.extension(AdHoc).offers(server.hosts["capulet.example"])
    assert await refused(juliet, "list") == ("item-not-found", "cancel", "")
