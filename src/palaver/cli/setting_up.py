"""``palaver setup``: everything a new server needs, made once and left alone after."""

import asyncio
import datetime
import secrets
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import typer

from palaver import jid
from palaver.cli import certificates, configuration, data_directory, offline, program, sample
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.data_directory import DataLock
from palaver.jid import JIDError
from palaver.kernel.commands import Commands
from palaver.kernel.config import FILE_NAME
from palaver.kernel.errors import CommandError
from palaver.kernel.settings import Settings

# No 0/O, 1/l/I: people copy it by hand.
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the administrator asked for on the command line."""

    hosts: tuple[str, ...] = ()
    admin: str | None = None
    password_stdin: bool = False


@dataclass(slots=True)
class Done:
    """What setting up did, for the report.

    ``hints`` say what is left to do. ``password`` is set only when it was generated just now; it is
    kept nowhere.
    """

    data: Path
    changes: list[str] = field(default_factory=list)
    admin: str = ""
    password: str = ""
    hints: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Give the report for JSON."""
        return {
            "data": str(self.data),
            "changes": self.changes,
            "admin": self.admin,
            "password": self.password or None,
            "hints": self.hints,
        }

    def as_text(self) -> str:
        """Give the report for people."""
        lines = self.changes or [f"{self.data} is set up already."]
        if self.password:
            lines = [
                *lines,
                "",
                f"  Administrator:  {self.admin}",
                f"  Password:       {self.password}",
                "",
                "The password is shown this once. Change it with",
                f"  {program.call(f'user passwd {self.admin}', self.data)}",
                "",
            ]
        lines = [*lines, *self.hints]
        return "\n".join(lines)


def _hosts(wanted: Wanted) -> list[str]:
    try:
        return [jid.prepare_domain(host) for host in wanted.hosts]
    except JIDError as error:
        raise CliError(Exit.USAGE, "usage", f"--host: {error}") from None


def set_up(data: Path, config: Path | None, wanted: Wanted, *, interactive: bool) -> Done:
    """Make what is missing; raises `CliError`."""
    done = Done(data)
    hosts = _hosts(wanted)
    if not data.is_dir():
        data_directory.create(data)
        done.changes.append(f"Made the data directory {data}.")
    with DataLock(data):
        if interactive and sys.stdin.isatty() and not _is_configured(data, config):
            wanted = _asked(wanted)
        new = not _is_configured(data, config)
        _configure(data, config, wanted, done)
        settings = configuration.check(data, config)
        _refuse_unknown(hosts, settings)
        _certify(settings, data, done)
        asyncio.run(_administrator(settings, data, wanted, done))
        if new:
            done.hints += _hints(settings)
    return done


def _is_configured(data: Path, config: Path | None) -> bool:
    return config is not None or (data / FILE_NAME).exists()


def _asked(wanted: Wanted) -> Wanted:
    hosts = wanted.hosts
    if not hosts:
        answer = typer.prompt("Host to serve, the part after the @ in addresses", "localhost")
        hosts = tuple(answer.replace(",", " ").split())
    admin = wanted.admin or typer.prompt("Address of the first administrator", f"admin@{hosts[0]}")
    return Wanted(hosts, admin, wanted.password_stdin)


def _configure(data: Path, config: Path | None, wanted: Wanted, done: Done) -> None:
    if _is_configured(data, config):
        return
    hosts = _hosts(wanted) or ["localhost"]
    file = data / FILE_NAME
    file.write_text(sample.configuration(hosts, ()), encoding="utf-8")
    file.chmod(0o600)  # It may come to hold the database's password.
    done.changes.append(f"Wrote {file}; every key is explained in it.")


def _refuse_unknown(hosts: list[str], settings: Settings) -> None:
    """Tell whoever names a host that is not in a configuration which is there already."""
    for host in hosts:
        if host not in settings.hosts:
            file = settings.origin.file
            raise CliError(
                Exit.FAILED,
                "unknown-host",
                f'{file} is there already, without {host}: add [hosts."{host}"] to it, and run '
                "`palaver setup` again without --host.",
            )


def _certify(settings: Settings, data: Path, done: Done) -> None:
    now = datetime.datetime.now(datetime.UTC)
    for name, host in settings.hosts.items():
        certificate, key = settings.certificate(name, data)
        if host.certificate or host.key or not certificates.is_due(certificate, now):
            continue
        try:
            certificates.create(name, certificate, key, now)
        except OSError as error:
            raise CliError(Exit.FAILED, "certificate", f"{certificate}: {error}") from None
        done.changes.append(
            f"Made a self-signed certificate for {name}; SHA-256 fingerprint "
            f"{certificates.fingerprint(certificate)}"
        )


def _hints(settings: Settings) -> Iterator[str]:
    """Tell what users of other servers need, where they are wanted."""
    if settings.federates:
        listen = settings.listen
        ports = sorted({each.port for each in (*listen.servers, *listen.servers_tls)})
        yield (
            f"Users of other servers reach {', '.join(settings.hosts)} when ports "
            f"{' and '.join(map(str, ports))} are open to them, DNS leads here, and the "
            "certificate is from an authority that others trust: `palaver config check` says which "
            "names it lacks. To speak to nobody, write `enabled = false` under [federation]."
        )


async def _administrator(settings: Settings, data: Path, wanted: Wanted, done: Done) -> None:
    async with offline.opened(settings, data) as commands:
        if not wanted.admin and await _has_admin(commands, settings):
            return
        done.admin = wanted.admin or _first_admin(settings)
        password = sys.stdin.readline().rstrip("\r\n") if wanted.password_stdin else ""
        if not password:
            password = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        arguments = {"jid": done.admin, "password": password, "role": "admin"}
        try:
            await commands.run("user add", arguments)
        except CommandError as error:
            if error.code != "exists":
                raise
            return
        done.password = "" if wanted.password_stdin else password
        done.changes.append(f"Made the administrator {done.admin}.")


async def _has_admin(commands: Commands, settings: Settings) -> bool:
    accounts = await commands.run("user list", {"role": "admin", "limit": 1})
    if accounts:
        return True
    for admin in settings.server.admins:
        with suppress(CommandError):
            await commands.run("user show", {"jid": admin})
            return True
    return False


def _first_admin(settings: Settings) -> str:
    for admin in settings.server.admins:
        if admin.partition("@")[2] in settings.hosts:
            return admin
    return f"admin@{next(iter(settings.hosts))}"
