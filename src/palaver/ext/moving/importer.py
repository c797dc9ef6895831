"""Stores what a reader finds: account after account, whatever format it came from."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from palaver import jid as addresses
from palaver.ext.accounts import Accounts, credentials_of, new_account
from palaver.ext.moving.names import FormatError, Found, Key, Misfit, UserBegins, UserEnds
from palaver.ext.portable import Piece, Portable
from palaver.jid import BareJID, JIDError
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Progress
from palaver.kernel.storage import Credential, StorageUnavailable
from palaver.wire.errors import StanzaError, WireError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_AT_ONCE: Final = 200  # pieces read, and stored, in one go
_MOST_PROBLEMS: Final = 1_000  # told one by one


def parts(server: "Server", host: str | None = None) -> dict[str, Portable]:
    """Return who takes care of which child of ``<user/>``; of one host or of any."""
    enabled = server.hosts[host].extensions if host is not None else server.extensions.keys()
    return {
        key: extension
        for name, extension in server.extensions.items()
        if isinstance(extension, Portable) and name in enabled
        for key in extension.portable
    }


def depths(server: "Server") -> dict[str, int]:
    """Return how deep the pieces are in each child of ``<user/>``."""
    return {key: part.portable[key] for key, part in parts(server).items()}


class Importer:
    """Imports accounts; whatever is there already stays as it is.

    An account is made without keys, so that nobody can log in before all is there; that is also
    how one is known on which the work was interrupted.
    """

    def __init__(self, server: "Server", progress: Progress, total: int, *, dry_run: bool) -> None:
        self._server = server
        self._accounts = server.extension(Accounts)
        self._progress = progress
        self._total = total
        self._dry_run = dry_run
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._mechanisms: Counter[str] = Counter()
        self._problems: list[dict[str, object]] = []
        self._unfit: Counter[str] = Counter()
        self._done = 0
        self._jid: BareJID | None = None
        self._account: Account | None = None
        self._new = False
        self._known_keys = False
        self._password: str | None = None
        self._keys: dict[str, Credential] = {}
        self._pieces: list[Piece] = []

    async def run(self, found: Iterator[Found]) -> dict[str, object]:
        """Import all and tell what became of it.

        Raises:
            CommandError: the file is not what it should be; what came before it is imported.
        """
        try:
            trouble = await self._run(found)
        finally:
            self._let_go()
        if isinstance(trouble, OSError):
            name = f"{trouble.filename}: " if trouble.filename else ""
            raise CommandError("bad-file", f"{name}{trouble.strerror}. {self._so_far()}")
        if trouble is not None:
            raise CommandError("bad-file", f"{trouble}. {self._so_far()}")
        return self._report()

    async def _run(self, found: Iterator[Found]) -> Exception | None:
        """Import until the end, or until something is wrong, which is returned."""
        while True:
            some, trouble = await asyncio.to_thread(_some, found)
            for each in some:
                await self._take(each)
            await self._store()
            if trouble is not None or not some:
                return trouble

    def _let_go(self) -> None:
        """Take note that nothing more is imported of the account."""
        account, self._account = self._account, None
        if account is not None and not account.sessions:
            self._server.accounts.idle(account)

    def _so_far(self) -> str:
        return f"{self._counts['created']} accounts were imported before that."

    def _report(self) -> dict[str, object]:
        names = ("created", "completed", "existed", "skipped")
        told = {name: self._counts[name] for name in names}
        unfit = [{"problem": text, "times": times} for text, times in self._unfit.items()]
        return {
            **told,
            "keys": dict(self._mechanisms),
            "pieces": dict(self._kinds),
            "problems": self._problems,
            "unfit": unfit,
        }

    async def _take(self, found: Found) -> None:
        if isinstance(found, Piece):
            await self._piece(found)
        elif isinstance(found, Key):
            self._keys[found.credential.mechanism] = found.credential
        elif isinstance(found, UserBegins):
            await self._begin(found)
        elif isinstance(found, UserEnds):
            await self._end()
        else:
            self._misfit(found)

    def _misfit(self, found: Misfit) -> None:
        """Count what fits nowhere: the same thing is usually there for every account."""
        if found.text in self._unfit or len(self._unfit) < _MOST_PROBLEMS:
            self._unfit[found.text] += 1

    def _note(self, text: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append({"jid": str(self._jid), "problem": text})

    # -- an account --------------------------------------------------------------------------------

    async def _begin(self, user: UserBegins) -> None:
        self._let_go()
        self._jid = None
        self._keys, self._password = {}, user.password
        self._new = self._known_keys = False
        try:
            jid = addresses.make(user.name, user.host).bare
        except JIDError as error:
            self._skip(f"{user.name!r} at {user.host!r} is no address: {error}")
            return
        if not jid.local:
            self._skip(f"an account of {user.host!r} has no name")
            return
        if jid.domain not in self._server.hosts:
            self._counts["skipped"] += 1
            self._misfit(Misfit(f"{jid.domain} is not served here"))
            return
        self._jid = jid
        await self._find(jid)

    def _skip(self, why: str) -> None:
        self._counts["skipped"] += 1
        self._problems.append({"jid": "", "problem": why})

    async def _find(self, jid: BareJID) -> None:
        found = await self._server.store.find_with_keys(jid.domain, jid.local)
        self._new = found is None
        self._known_keys = found is not None and bool(found[1])
        if found is None and not await self._may_be_made(jid):
            self._jid = None
            return
        if self._dry_run:
            return
        if found is None:
            await self._server.store.create_many([new_account(jid, (), "member")])
            self._server.accounts.created(jid)
        self._account = await self._server.accounts.get(jid)
        if self._account is not None:
            self._server.accounts.in_use(self._account)  # and stay so until all is there
            for part in parts(self._server, jid.domain).values():
                part.importing(self._account)

    async def _may_be_made(self, jid: BareJID) -> bool:
        try:
            await self._server.extension(Accounts).check_name(jid)
        except CommandError as error:
            self._counts["skipped"] += 1
            self._problems.append({"jid": str(jid), "problem": error.text})
            return False
        return True

    async def _end(self) -> None:
        await self._store()
        jid, account = self._jid, self._account
        self._done += 1
        self._progress(self._done, max(self._total, self._done))
        if jid is None:
            return
        self._counts[self._outcome()] += 1
        if account is not None and not self._known_keys:
            await self._give_keys(jid, account)
        self._let_go()
        self._jid = None

    def _outcome(self) -> str:
        if self._new:
            return "created"
        return "existed" if self._known_keys else "completed"

    async def _give_keys(self, jid: BareJID, account: Account) -> None:
        keys: Sequence[Credential] = tuple(self._keys.values())
        if self._password is not None:
            iterations = self._server.settings.sasl.iterations
            try:
                keys = await asyncio.to_thread(credentials_of, self._password, iterations)
            except ValueError as error:
                self._note(f"the password cannot be used: {error}")
        if not keys:
            self._note("there is no password; set one with `palaver user passwd`")
            return
        await self._server.store.set_keys(account.id, keys)
        self._mechanisms.update(key.mechanism for key in keys)
        await self._accounts.announce(jid)

    # -- its data ----------------------------------------------------------------------------------

    async def _piece(self, piece: Piece) -> None:
        if self._jid is None:
            return
        key = _key(piece)
        self._kinds[key] += 1
        if self._pieces and _key(self._pieces[0]) != key:
            await self._store()
        self._pieces.append(piece)

    async def _store(self) -> None:
        """Hand the pieces that came to whom they belong."""
        pieces, self._pieces = self._pieces, []
        account = self._account
        if not pieces or account is None:
            return
        key = _key(pieces[0])
        part = parts(self._server, account.host.name).get(key)
        if part is None:
            self._note(f"<{key}/> is not kept on this host")
            return
        try:
            await part.imported(account, pieces, self._note)
        except (StanzaError, WireError) as error:
            self._note(f"<{key}/>: {error}")


def _key(piece: Piece) -> str:
    return piece.within[0].key if piece.within else piece.element.key


def _some(found: Iterator[Found]) -> tuple[list[Found], Exception | None]:
    """Read on, until something is wrong; runs in a thread."""
    some: list[Found] = []
    try:
        some.extend(islice(found, _AT_ONCE))
    except (FormatError, StorageUnavailable, OSError) as error:
        return some, error
    return some, None
