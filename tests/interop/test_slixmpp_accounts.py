"""slixmpp makes an account, changes its password, removes it, and comes as a guest."""

from collections.abc import Callable

import pytest
from tests.interop.conftest import PASSWORD
from tests.interop.person import Person, soon
from tests.support.certificates import Authority
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

JULIET = "juliet@localhost"

Somebody = Callable[..., Person]


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """Give a server on which everybody may have an account, and a host for guests."""
    open_to_all = {
        "localhost": HostOptions(registration=True),
        "guests.test": HostOptions(anonymous=True),
    }
    return start_server(ServerOptions(hosts=open_to_all))


@pytest.fixture
def somebody(server: Server, authority: Authority) -> Somebody:
    """Give a function that makes a person with slixmpp, who does not connect yet."""
    return lambda jid, password=PASSWORD, **how: Person(
        server, jid, password, trust=authority.trust(), **how
    )


async def refused(person: Person) -> str:
    """Return why the person cannot log in."""
    person.connect()
    reason: str = (await person.came("failed_auth"))["condition"]
    await person.came("disconnected")
    return reason


async def test_an_account_is_registered_gets_another_password_and_is_removed(
    somebody: Somebody,
) -> None:
    async with somebody(JULIET, registering=True) as juliet:
        assert (await juliet.came("registered"))["type"] == "result"
        await juliet.online()
        account = juliet.xmpp.plugin["xep_0077"]
        form = (await soon(account.get_registration()))["register"]
        assert form["registered"]
        assert form["username"] == "juliet"
        await soon(account.change_password("parting is such sweet sorrow"))
    assert await refused(somebody(JULIET, mechanism="SCRAM-SHA-256")) == "not-authorized"
    async with somebody(JULIET, "parting is such sweet sorrow") as juliet:
        removal = juliet.xmpp.plugin["xep_0077"].cancel_registration()
        assert (await soon(removal))["type"] == "result"
        await juliet.came("disconnected")
    gone = somebody(JULIET, "parting is such sweet sorrow", mechanism="SCRAM-SHA-256")
    assert await refused(gone) == "not-authorized"


async def test_a_name_that_is_taken_is_refused(server: Server, somebody: Somebody) -> None:
    server.add_account(JULIET, PASSWORD)
    other = somebody(JULIET, "another password", registering=True, mechanism="SCRAM-SHA-256")
    assert await refused(other) == "not-authorized"
    assert (await other.came("registered"))["error"]["condition"] == "conflict"


async def test_a_guest_gets_an_address(somebody: Somebody) -> None:
    async with somebody("guests.test", "") as guest:
        assert guest.mechanism == "ANONYMOUS"
        assert guest.xmpp.boundjid.domain == "guests.test"
        assert guest.xmpp.boundjid.user
        await guest.online()
