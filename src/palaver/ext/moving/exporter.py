"""Writes accounts as XEP-0227 has them, a little at a time."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Final

from palaver import jid as addresses
from palaver.ext.moving.keys import write_key
from palaver.ext.moving.names import NS
from palaver.ext.portable import Portable
from palaver.kernel.account import Account
from palaver.wire import escape

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_PAGE: Final = 500  # accounts
HEAD: Final = f"<?xml version='1.0' encoding='UTF-8'?>\n<server-data xmlns='{NS}'>\n".encode()
TAIL: Final = b"</server-data>\n"


async def host(server: "Server", name: str, done: Callable[[], None]) -> AsyncIterator[bytes]:
    """Iterate over the XML of a host with all its accounts; ``done`` is called after each."""
    yield _opening("host", "jid", name)
    after = ""
    while page := await server.store.page(name, after=after, limit=_PAGE):
        for record in page:
            found = await server.accounts.get(addresses.make(record.localpart, name).bare)
            if found is not None:
                async for part in user(server, found):
                    yield part
            done()
        after = page[-1].localpart
    yield b"</host>\n"


async def single(server: "Server", account: Account) -> AsyncIterator[bytes]:
    """Iterate over the XML of a host with one account."""
    yield _opening("host", "jid", account.host.name)
    async for part in user(server, account):
        yield part
    yield b"</host>\n"


async def user(server: "Server", account: Account) -> AsyncIterator[bytes]:
    """Iterate over the XML of an account with all its data (XEP-0227 §4.2)."""
    yield _opening("user", "name", account.jid.local)
    for key in await server.store.keys(account.id):
        yield write_key(key).to_bytes(NS) + b"\n"
    for name, extension in server.extensions.items():
        if isinstance(extension, Portable) and name in account.host.extensions:
            async for part in extension.exported(account):
                yield part
            yield b"\n"
    yield b"</user>\n"


def _opening(name: str, attribute: str, value: str) -> bytes:
    return f"<{name} {attribute}='{escape.attribute(value)}'>\n".encode()
