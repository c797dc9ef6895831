"""Keys that clients add as they log in: XEP-0480 on real connections."""

import base64
from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from tests.support.client import AuthenticationError, Client
from tests.support.sasl2 import (
    BIND,
    FAST,
    NS,
    encoded,
    log_in_fast,
    names,
    request,
    succeed,
    user_agent,
)
from tests.support.scram import plain
from tests.unit.net.serving import HOST, PASSWORD, Serving
from tests.unit.net.test_stream_management import condition

from palaver.kernel.storage import NewAccount
from palaver.net.lookups import credential_of
from palaver.sasl import Hash, ScramKeys

UPGRADE = "urn:xmpp:sasl:upgrade:0"
SCRAM = "urn:xmpp:scram-upgrade:0"
NURSE = f"nurse@{HOST}"
NEXT = f"<next xmlns='{NS}' task='UPGR-SCRAM-SHA-512'/>"


def upgrade(*hashes: str) -> str:
    return "".join(f"<upgrade xmlns='{UPGRADE}'>UPGR-SCRAM-{each}</upgrade>" for each in hashes)


def salted(data: Element, hash_: Hash) -> str:
    """Answer what the server asks for."""
    found = data.find(f"{{{SCRAM}}}salt")
    assert found is not None
    salt = base64.b64decode(found.text or "")
    value = hash_.salted_password(PASSWORD, salt, int(found.get("iterations", "")))
    return task_data(encoded(value))


def task_data(text: str) -> str:
    return f"<task-data xmlns='{NS}'><hash xmlns='{SCRAM}'>{text}</hash></task-data>"


@pytest.fixture
async def nurse(net: Serving) -> Client:
    """Give the client of an account that came from a server with SCRAM-SHA-1 only."""
    keys = [credential_of(ScramKeys.derive(PASSWORD, Hash.SHA_1, iterations=4096))]
    await net.server.store.create(NewAccount(HOST, "nurse", skeleton="nurse", credentials=keys))
    return await net.client(NURSE).open()


async def begin(client: Client, inner: str) -> Element:
    await client.send(request("PLAIN", plain(client.local, client.password or ""), inner))
    return await client.receive()


async def mechanisms(net: Serving, name: str = "nurse") -> list[str]:
    found = await net.server.store.find_with_keys(HOST, name)
    assert found is not None
    return [each.mechanism for each in found[1]]


async def test_the_tasks_are_offered(nurse: Client) -> None:
    assert nurse.features is not None
    offer = nurse.features.findall(f"{{{NS}}}authentication/{{{UPGRADE}}}upgrade")
    assert [each.text for each in offer] == [
        "UPGR-SCRAM-SHA-512",
        "UPGR-SCRAM-SHA-256",
        "UPGR-SCRAM-SHA-1",
    ]


async def test_an_account_gets_the_keys_that_it_lacks(net: Serving, nurse: Client) -> None:
    bind = f"<bind xmlns='{BIND}'/>"
    asked = await begin(nurse, user_agent() + bind + upgrade("SHA-512", "SHA-256", "SHA-1"))
    for hash_ in (Hash.SHA_512, Hash.SHA_256):
        assert asked.tag == f"{{{NS}}}continue"
        assert [each.text for each in asked.iter(f"{{{NS}}}task")] == [f"UPGR-SCRAM-{hash_}"]
        assert net.server.sessions() == []
        await nurse.send(NEXT.replace("SHA-512", hash_))
        await nurse.send(salted(await nurse.receive(), hash_))
        if hash_ is Hash.SHA_512:
            asked = await nurse.receive()
    assert "bound" in names(await succeed(nurse))
    assert await mechanisms(net) == ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"]
    again = net.client(NURSE)
    again.mechanism = "SCRAM-SHA-512"
    await again.connect()


async def test_what_an_account_has_is_not_asked_for(net: Serving) -> None:
    client = await net.client(f"juliet@{HOST}").open()
    answer = await begin(client, upgrade("SHA-512"))
    assert answer.tag == f"{{{NS}}}success"


@pytest.mark.parametrize("task", ["UPGR-X", "", "SCRAM-SHA-512"])
async def test_a_task_that_does_not_exist_is_left_out(nurse: Client, task: str) -> None:
    answer = await begin(nurse, f"<upgrade xmlns='{UPGRADE}'>{task}</upgrade>")
    assert answer.tag == f"{{{NS}}}success"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda: task_data(encoded(b"short")), "malformed-request"),
        (lambda: task_data(""), "malformed-request"),
        (lambda: task_data("*"), "incorrect-encoding"),
        (lambda: f"<task-data xmlns='{NS}'/>", "malformed-request"),
        (lambda: f"<abort xmlns='{NS}'/>", "aborted"),
    ],
)
async def test_a_task_that_fails_fails_the_login(
    net: Serving, nurse: Client, answer: Callable[[], str], expected: str
) -> None:
    await begin(nurse, f"<bind xmlns='{BIND}'/>" + upgrade("SHA-512"))
    await nurse.send(NEXT)
    await nurse.receive()
    await nurse.send(answer())
    with pytest.raises(AuthenticationError, match=expected):
        await succeed(nurse)
    assert net.server.sessions() == []
    assert await mechanisms(net) == ["SCRAM-SHA-1"]
    assert (await begin(nurse, "")).tag == f"{{{NS}}}success"


async def test_another_task_than_the_one_asked_for_is_malformed(nurse: Client) -> None:
    await begin(nurse, upgrade("SHA-512"))
    await nurse.send(NEXT.replace("SHA-512", "SHA-256"))
    with pytest.raises(AuthenticationError, match="malformed-request"):
        await succeed(nurse)


@pytest.mark.parametrize(
    "sent",
    ["<presence/>", f"<response xmlns='{NS}'/>", task_data(encoded(b"x" * 64)), " "],
)
async def test_nothing_else_may_come_while_a_task_is_due(
    net: Serving, nurse: Client, sent: str
) -> None:
    await begin(nurse, upgrade("SHA-512"))
    await nurse.send(sent)
    assert await condition(nurse) is not None
    assert await mechanisms(net) == ["SCRAM-SHA-1"]


async def test_who_logs_in_with_a_token_does_not_choose_a_password(
    net: Serving, nurse: Client
) -> None:
    wish = f"<request-token xmlns='{FAST}' mechanism='HT-SHA-256-NONE'/>"
    success = await begin(nurse, user_agent() + wish)
    token = success.find(f"{{{FAST}}}token")
    assert token is not None
    other = await net.client(NURSE).open()
    await log_in_fast(other, token.get("token", ""), user_agent() + upgrade("SHA-512"))
    assert await mechanisms(net) == ["SCRAM-SHA-1"]
