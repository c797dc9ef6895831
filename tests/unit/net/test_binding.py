"""Binding a resource: who may, under which address, and what a refusal leaves behind."""

import asyncio
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client, StreamEndedError
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server
from tests.unit.net.serving import HOST, Serving, serving

from palaver.ext.accounts import Accounts

BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{}</bind>"
STANZAS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"


async def authenticated(net: Serving, jid: str) -> Client:
    """Log in and stop before a resource is bound."""
    client = net.client(jid)
    await client.open()
    await client.authenticate()
    return client


async def bind(client: Client, resource: str) -> Element:
    return await client.iq("set", BIND.format(f"<resource>{resource}</resource>"))


async def gauge(server: Server, name: str) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.ports.metrics)
    writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
    lines = (await reader.read()).decode().splitlines()
    writer.close()
    await writer.wait_closed()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def condition(answer: Element) -> str | None:
    error = answer.find("{jabber:client}error")
    return None if error is None else error[0].tag.removeprefix(STANZAS)


async def test_account_disabled_since_the_login_binds_nothing(net: Serving) -> None:
    juliet = await authenticated(net, f"juliet@{HOST}")
    record = await net.server.store.find(HOST, "juliet")
    assert record is not None
    await net.server.store.set_disabled(record.id, "left Verona")

    assert condition(await bind(juliet, "balcony")) == "not-allowed"
    assert not net.server.sessions()


async def test_account_being_deleted_binds_nothing(net: Serving) -> None:
    juliet = await authenticated(net, f"juliet@{HOST}")
    record = await net.server.store.find(HOST, "juliet")
    assert record is not None
    ended = []

    async def while_rows_go(account_id: int) -> None:
        try:
            await bind(juliet, "balcony")
        except StreamEndedError:
            ended.append(juliet)
        await forget(account_id)

    forget = net.server.log.forget
    net.server.log.forget = while_rows_go  # type: ignore[method-assign]  # the moment in question
    await net.server.extension(Accounts).delete(record)

    assert ended == [juliet]
    assert not net.server.accounts.all()


async def test_refused_anonymous_client_leaves_no_account(start_server: StartServer) -> None:
    server = start_server(ServerOptions(hosts={"localhost": HostOptions(anonymous=True)}))
    guest = server.client("localhost")
    await guest.open()
    await guest.authenticate()

    assert condition(await bind(guest, "&#x200b;")) == "bad-request"
    assert await gauge(server, "palaver_accounts_loaded") == 0
    assert condition(await bind(guest, "balcony")) is None
    assert await gauge(server, "palaver_accounts_loaded") == 1
    await guest.close()


@pytest.mark.parametrize("length", [10, 1023])
async def test_rename_new_finds_a_name_for_a_resource_of_any_length(
    tmp_path: Path, authority: Authority, length: int
) -> None:
    more = '[sessions]\nconflict = "rename-new"\n'
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        first = await authenticated(net, f"juliet@{HOST}")
        second = await authenticated(net, f"juliet@{HOST}")

        assert condition(await bind(first, "b" * length)) is None
        assert condition(await bind(second, "b" * length)) is None
        assert len(net.server.sessions()) == 2
