"""Commands for groups, and what becomes of rosters and presence as they change."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy import Connection

from palaver.ext.accounts import Accounts
from palaver.ext.presence.extension import Presence
from palaver.ext.roster.extension import Rosters
from palaver.ext.roster.roster import roster_of
from palaver.ext.roster.turns import Turns
from palaver.ext.shared_groups.arguments import (
    CreateArguments,
    DisplayArguments,
    EverybodyArguments,
    GroupArguments,
    HostArguments,
    MemberArguments,
    RenameArguments,
)
from palaver.ext.shared_groups.directory import Directory, Group, View, differences
from palaver.ext.shared_groups.storage import NAME_BYTES, TABLES, GroupStorage
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, command, on
from palaver.kernel.roles import Access
from palaver.kernel.session import Session

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_MOST: Final = 10_000  # groups of a host


class SharedGroups(Extension):
    """Lets administrators keep groups whose members are in each other's rosters."""

    name: ClassVar = "shared_groups"
    requires: ClassVar = ("accounts", "roster", "presence")
    tables: ClassVar = TABLES

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with no group."""
        super().__init__(server, settings)
        self._storage = GroupStorage(server.database)
        self._directories: dict[str, Directory] = {}
        self._turns = Turns()

    @on(hooks.server_started)
    async def start(self) -> None:
        """Read the groups; who is loaded already (sessions from before) gets contacts too."""
        for name, host in self.server.hosts.items():
            if self.name in host.extensions:
                directory = self._directories[name] = await self._storage.load(name)
                if directory.wants_everybody:
                    directory.accounts = await self._storage.accounts(name)
        for account in self.server.accounts.all():
            self._share(account)

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Give an account's roster the contacts that it has by groups."""
        self._share(account)

    def _share(self, account: Account) -> None:
        directory = self._directories.get(account.host.name)
        if directory is not None and directory.version and not account.temporary:
            roster_of(account).share(directory.view(account.jid), directory.version)

    @on(hooks.session_bound)
    def catch_up(self, session: Session) -> None:
        """Look again, as groups may have changed while the account was loading."""
        directory = self._directories.get(session.host.name)
        roster = roster_of(session.account)
        if directory is not None and roster.shared_version != directory.version:
            self._share(session.account)

    # -- accounts come and go ----------------------------------------------------------------------

    @on(hooks.account_created)
    async def join(self, account: Account) -> None:
        """Let a new account be in the groups of everybody."""
        directory = self._directories.get(account.host.name)
        if directory is None or not directory.wants_everybody or account.temporary:
            return

        async def change() -> None:
            directory.accounts.add(account.jid)

        await self._change(account.host.name, directory, change)

    @on(hooks.account_deleting)
    async def leave(self, account: Account) -> None:
        """Take an account out of all groups; the rows go with it."""
        directory = self._directories.get(account.host.name)
        if directory is None or account.temporary:
            return
        jid = account.jid
        if not any(jid in directory.members(group) for group in directory.groups.values()):
            return

        async def change() -> None:
            directory.accounts.discard(jid)
            for group in directory.groups.values():
                group.members.discard(jid)

        await self._change(account.host.name, directory, change)

    # -- commands ----------------------------------------------------------------------------------

    @command("group create", CreateArguments, access=Access.ADMINISTRATORS)
    async def create(self, arguments: CreateArguments, _progress: Progress) -> dict[str, object]:
        """Make a group that is in the rosters of its members."""
        directory, name = self._directory(arguments.host), arguments.name

        async def change() -> None:
            _checked(directory, name)
            if len(directory.groups) >= _MOST:
                raise CommandError("too-many", f"A host may have {_MOST} groups.")
            if arguments.everybody and not directory.wants_everybody:
                directory.accounts = await self._storage.accounts(arguments.host)
            group = await self._storage.create(arguments.host, name, everybody=arguments.everybody)
            directory.groups[group.id] = group

        await self._change(arguments.host, directory, change)
        return {"created": name}

    @command("group delete", GroupArguments, access=Access.ADMINISTRATORS)
    async def delete(self, arguments: GroupArguments, _progress: Progress) -> dict[str, object]:
        """Delete a group; its members lose the contacts they had by it."""
        directory = self._directory(arguments.host)
        group = _group(directory, arguments.name)

        async def change() -> None:
            await self._storage.delete(group)
            directory.groups.pop(group.id, None)
            for other in directory.groups.values():
                other.shown_to.discard(group.id)

        await self._change(arguments.host, directory, change, group)
        return {"deleted": group.name}

    @command("group list", HostArguments, access=Access.ADMINISTRATORS)
    async def list(self, arguments: HostArguments, _progress: Progress) -> list[dict[str, object]]:
        """List the groups of a host."""
        directory = self._directory(arguments.host)
        groups = sorted(directory.groups.values(), key=lambda each: each.name)
        return [
            {
                "name": group.name,
                "members": len(directory.members(group)),
                "everybody": group.everybody,
                "shown_to": _names(directory, group),
            }
            for group in groups
        ]

    @command("group show", GroupArguments, access=Access.ADMINISTRATORS)
    async def show(self, arguments: GroupArguments, _progress: Progress) -> dict[str, object]:
        """Show who is in a group, and who sees it."""
        directory = self._directory(arguments.host)
        group = _group(directory, arguments.name)
        return {
            "name": group.name,
            "everybody": group.everybody,
            "shown_to": _names(directory, group),
            "members": sorted(map(str, group.members)),
        }

    @command("group rename", RenameArguments, access=Access.ADMINISTRATORS)
    async def rename(self, arguments: RenameArguments, _progress: Progress) -> dict[str, object]:
        """Give a group another name."""
        directory = self._directory(arguments.host)

        async def change() -> None:
            group = _group(directory, arguments.name)
            _checked(directory, arguments.to)
            await self._storage.rename(group, arguments.to)
            group.name = arguments.to

        await self._change(arguments.host, directory, change)
        return {"renamed": arguments.name, "to": arguments.to}

    @command("group add", MemberArguments, access=Access.ADMINISTRATORS)
    async def add(self, arguments: MemberArguments, _progress: Progress) -> dict[str, object]:
        """Add an account to a group of its host."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        directory = self._directory(jid.domain)
        group = _group(directory, arguments.name)
        if jid in group.members:
            raise CommandError("exists", f"{jid} is in {group.name} already.")

        async def change() -> None:
            if jid not in group.members:
                await self._storage.add(group, [record.id])
                group.members.add(jid)

        await self._change(jid.domain, directory, change, group)
        return {"group": group.name, "added": str(jid)}

    @command("group remove", MemberArguments, access=Access.ADMINISTRATORS)
    async def remove(self, arguments: MemberArguments, _progress: Progress) -> dict[str, object]:
        """Take an account out of a group."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        directory = self._directory(jid.domain)
        group = _group(directory, arguments.name)
        if jid not in group.members:
            raise CommandError("not-found", f"{jid} was not added to {group.name}.")

        async def change() -> None:
            await self._storage.remove(group, record.id)
            group.members.discard(jid)

        await self._change(jid.domain, directory, change, group)
        return {"group": group.name, "removed": str(jid)}

    @command("group everybody", EverybodyArguments, access=Access.ADMINISTRATORS)
    async def everybody(
        self, arguments: EverybodyArguments, _progress: Progress
    ) -> dict[str, object]:
        """Let all accounts of the host be in a group, also those to come, or only its members."""
        directory = self._directory(arguments.host)
        group = _group(directory, arguments.name)

        async def change() -> None:
            if arguments.everybody and not directory.wants_everybody:
                directory.accounts = await self._storage.accounts(arguments.host)
            await self._storage.set_everybody(group, arguments.everybody)
            group.everybody = arguments.everybody

        await self._change(arguments.host, directory, change, group)
        return {"group": group.name, "everybody": group.everybody}

    @command("group show-to", DisplayArguments, access=Access.ADMINISTRATORS)
    async def show_to(self, arguments: DisplayArguments, _progress: Progress) -> dict[str, object]:
        """Put a group into the rosters of another group's members."""
        directory = self._directory(arguments.host)
        group, to = _group(directory, arguments.name), _group(directory, arguments.to)

        async def change() -> None:
            if to.id not in group.shown_to:
                await self._storage.show(group, to)
                group.shown_to.add(to.id)

        await self._change(arguments.host, directory, change, group, to)
        return {"group": group.name, "shown_to": _names(directory, group)}

    @command("group hide-from", DisplayArguments, access=Access.ADMINISTRATORS)
    async def hide_from(
        self, arguments: DisplayArguments, _progress: Progress
    ) -> dict[str, object]:
        """Take a group out of the rosters of a group's members, which may be its own."""
        directory = self._directory(arguments.host)
        group, other = _group(directory, arguments.name), _group(directory, arguments.to)

        async def change() -> None:
            await self._storage.hide(group, other)
            group.shown_to.discard(other.id)

        await self._change(arguments.host, directory, change, group, other)
        return {"group": group.name, "shown_to": _names(directory, group)}

    def _directory(self, host: str) -> Directory:
        found = self._directories.get(host)
        if found is None:
            raise CommandError("unknown-host", f"{host} is not served here, or has no groups.")
        return found

    # -- changes -----------------------------------------------------------------------------------

    async def _change(
        self,
        host: str,
        directory: Directory,
        change: Callable[[], Awaitable[None]],
        *groups: Group,
    ) -> None:
        """Change groups, one after the other, and let rosters and presence follow.

        The version is stored first: a roster that changes must not go by one that clients know.

        Raises:
            CommandError: one of the groups has been deleted meanwhile.
        """
        async with self._turns.of(host):
            for group in groups:
                if directory.groups.get(group.id) is not group:
                    raise CommandError("not-found", f"There is no group {group.name}.")
            version = max(directory.version + 1, int(self.server.clock.now() * 1000))
            await self._storage.set_version(host, version)
            await change()
            directory.version = version
            directory.changed()
            await self._follow(host, directory)

    async def _follow(self, host: str, directory: Directory) -> None:
        """Give those in use their new contacts; others go on between one and the next."""
        changed: dict[tuple[int, int], Sequence[BareJID]] = {}
        kept = []  # so that no two views are at one place in memory, one after the other
        for account in self.server.accounts.all():
            if account.host.name != host or account.temporary:
                continue
            if self.server.accounts.loaded(account.jid) is not account:
                continue
            await asyncio.sleep(0)
            old, new = roster_of(account).shared, directory.view(account.jid)
            pair = (id(old), id(new))  # whoever had the same has the same now
            if pair not in changed:
                changed[pair] = differences(old, new)
                kept += [old, new]
            self._renew(account, new, directory.version, changed[pair])

    def _renew(
        self, account: Account, view: View, version: int, changed: Sequence[BareJID]
    ) -> None:
        """Give a roster other contacts, push those that look different, and show who is there."""
        roster = roster_of(account)
        contacts = [each for each in changed if each != account.jid]
        before = {each: roster.shown(each) for each in contacts}
        roster.share(view, version)
        rosters, presence = self.server.extension(Rosters), self.server.extension(Presence)
        for contact in contacts:
            old, new = before[contact], roster.shown(contact)
            if not new.looks_like(old):
                rosters.push(account, contact)
            if new.state.sees and not old.state.sees:
                presence.sees(account, contact)
            elif old.state.sees and not new.state.sees:
                presence.sees_no_more(account, contact)
            for handle in account.host.dispatch.handlers(hooks.contact_changed):
                self.server.guarded(handle, account, contact, old.state.subscription)


def _names(directory: Directory, group: Group) -> "list[str]":
    shown_to = (directory.groups.get(each) for each in group.shown_to)
    return sorted(each.name for each in shown_to if each is not None)


def _group(directory: Directory, name: str) -> Group:
    found = directory.find(name)
    if found is None:
        raise CommandError("not-found", f"There is no group {name}.")
    return found


def _checked(directory: Directory, name: str) -> None:
    """Check the name of a new group; raises `CommandError`."""
    if not name.strip() or not name.isprintable() or len(name.encode()) > NAME_BYTES:
        raise CommandError(
            "bad-arguments", f"A name has 1 to {NAME_BYTES} bytes, and no control characters."
        )
    if directory.find(name) is not None:
        raise CommandError("exists", f"There is a group {name} already.")
