"""The commands that extensions declare: one registry behind the CLI, and later REST and ad-hoc."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from palaver.kernel.errors import CommandError, LoadError
from palaver.kernel.extension import Command, Extension, Progress, declarations

Run = Callable[[BaseModel, Progress], Awaitable[object]]


class Commands:
    """Runs commands by name."""

    def __init__(self, extensions: Iterable[Extension[Any]]) -> None:
        """Collect the commands of the extensions in use.

        Raises:
            LoadError: two extensions declare the same command.
        """
        self._commands: dict[str, tuple[Command, Run]] = {}
        for extension in extensions:
            for method, mark in declarations(type(extension)):
                if isinstance(mark, Command):
                    if mark.name in self._commands:
                        raise LoadError(f"two extensions declare the command {mark.name!r}")
                    self._commands[mark.name] = (mark, getattr(extension, method))

    def all(self) -> list[Command]:
        """Return every command, by name."""
        return [self._commands[name][0] for name in sorted(self._commands)]

    async def run(self, name: str, arguments: Mapping[str, object], progress: Progress) -> object:
        """Run a command and return its result, which can be written as JSON.

        Raises:
            CommandError: there is no such command, an argument is wrong, or it was refused.
        """
        found = self._commands.get(name)
        if found is None:
            raise CommandError("unknown-command", f"there is no command {name!r} here")
        command, run = found
        try:
            parameters = command.parameters.model_validate(arguments)
        except ValidationError as error:
            raise CommandError("bad-arguments", _problems(error)) from None
        return await run(parameters, progress)


def declared(extensions: Iterable[type[Extension[Any]]]) -> list[Command]:
    """Return the commands that extension classes declare, by name, without loading them."""
    found = [mark for e in extensions for _, mark in declarations(e) if isinstance(mark, Command)]
    return sorted(found, key=lambda command: command.name)


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)
    )
