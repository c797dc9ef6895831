"""The commands that the loaded extensions declare: one registry for shell, REST and ad-hoc."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError

from palaver.kernel import permissions
from palaver.kernel.config_error import Origin, diagnose, suggest
from palaver.kernel.errors import CommandError, LoadError
from palaver.kernel.extension import Command, Extension, Progress, declarations
from palaver.kernel.permissions import Caller
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.errors import StanzaError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that can be run now, with the method behind it."""

    command: Command
    call: Callable[[BaseModel, Progress], Awaitable[object]]


def subject(arguments: Mapping[str, object]) -> dict[str, str]:
    """Say what a command is about; all else in its arguments is private (passwords, texts)."""
    told = ((name, arguments.get(name)) for name in ("jid", "host"))
    return {name: value for name, value in told if isinstance(value, str)}


def nobody_watches(done: int, total: int) -> None:
    """Ignore progress."""


class Commands:
    """Finds and runs commands by name."""

    __slots__ = ("_offers",)

    def __init__(self, extensions: Iterable[Extension[Any]]) -> None:
        """Collect what the extensions declare.

        Raises:
            LoadError: two declare a command of the same name.
        """
        self._offers: dict[str, Offer] = {}
        owners: dict[str, str] = {}
        for extension in extensions:
            for method, mark in declarations(type(extension)):
                if not isinstance(mark, Command):
                    continue
                other = owners.setdefault(mark.name, extension.name)
                if mark.name in self._offers:
                    both = f"the extensions {other} and {extension.name}"
                    raise LoadError(f"{both} both declare the command {mark.name}")
                self._offers[mark.name] = Offer(mark, getattr(extension, method))

    def __iter__(self) -> Iterator[Command]:
        return (offer.command for offer in self._offers.values())

    async def run(
        self,
        name: str,
        arguments: Mapping[str, object],
        progress: Progress = nobody_watches,
        *,
        caller: Caller | None = None,
    ) -> object:
        """Run a command and return its result, which can be written as JSON.

        ``caller`` is who runs it by chat; None for the owner of the server, who may do everything.

        Raises:
            CommandError: there is no such command, its arguments are wrong, or it refuses.
        """
        offer = self._offers.get(name)
        if offer is None:
            hint = suggest(name, self._offers)
            raise CommandError("unknown-command", f"There is no command {name!r}. {hint}")
        model = offer.command.parameters
        try:
            checked = model.model_validate(arguments)
        except ValidationError as error:
            told = "\n".join(str(problem) for problem in diagnose(error, model, Origin()))
            raise CommandError("bad-arguments", told) from None
        try:
            if caller is not None:
                checked = await permissions.check(caller, offer.command, checked)
                log.info("command", command=name, by=str(caller.jid), **subject(arguments))
            return await offer.call(checked, progress)
        except StorageUnavailable as error:
            raise CommandError(
                "storage-unavailable", f"The database cannot be used: {error}"
            ) from error
        except StanzaError as error:
            raise CommandError(error.condition, error.text or error.condition) from error
