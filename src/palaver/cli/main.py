"""The console command ``palaver``."""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Annotated, cast

import typer

import palaver
from palaver.cli import (
    certified,
    configuration,
    data_directory,
    invocation,
    output,
    reference,
    restoring,
    serving,
    setting_up,
)
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.command_line import (
    DATA,
    Common,
    ConfigOption,
    DataOption,
    JsonOption,
    function_of,
)
from palaver.kernel import config_schema
from palaver.kernel.extension import Command, declarations
from palaver.kernel.settings import Settings

_EPILOG = "Exit codes: " + "; ".join(f"{each.value} {each.meaning}" for each in Exit) + "."
# The base of all that typer raises about the command line, which it does not export.
_WrongUse = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
_STATIC = frozenset({"serve", "setup", "version", "config", "db", "backup", "restore"})


def run() -> None:
    """Run the command of this process's arguments, and exit."""
    as_json = "--json" in sys.argv
    app = build(sys.argv[1:])
    try:
        if as_json:
            _run_for_script(app)
        else:
            app()
    except CliError as error:
        output.show_failure(error, as_json=as_json)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)


def _run_for_script(app: typer.Typer) -> None:
    """Run the command as for people, but raise `CliError` for wrong use, and exit.

    Elsewhere typer itself prints it, with a hint on how to get help.
    """
    try:
        sys.exit(app(standalone_mode=False))  # an exit code, or None after a command that ended
    except _WrongUse as error:
        raise CliError(Exit.USAGE, "usage", error.format_message()) from None


def build(arguments: list[str]) -> typer.Typer:
    """Make the command line; extensions are loaded only when the arguments may need them."""
    app = _group("palaver", "An XMPP server: chat for a small team or a company.", epilog=_EPILOG)
    app.command()(serve)
    app.command()(setup)
    app.command()(version)
    app.command()(backup)
    app.command()(restore)
    config_group = _group("config", "Check, show and explain the configuration.")
    config_group.command()(check)
    config_group.command("show")(show_settings)
    config_group.command("reference")(show_reference)
    app.add_typer(config_group)
    database = _group("db", "Look after the database.")
    database.command()(upgrade)
    app.add_typer(database)
    if not arguments or arguments[0] not in _STATIC:
        _add_declared(app)
    return app


def _group(name: str, text: str, epilog: str | None = None) -> typer.Typer:
    return typer.Typer(
        name=name,
        help=text,
        epilog=epilog,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _add_declared(app: typer.Typer) -> None:
    """Add what extensions declare, one group for each first word."""
    groups: dict[str, list[Command]] = defaultdict(list)
    for extension in configuration.extensions().values():
        for _, mark in declarations(extension):
            if isinstance(mark, Command):
                groups[mark.name.partition(" ")[0]].append(mark)
    for name, commands in groups.items():
        group = _group(name, _about(commands))
        for command in sorted(commands, key=lambda each: each.name):
            group.command(_verb(command))(function_of(command, invocation.run))
        app.add_typer(group)


def _verb(command: Command) -> str:
    return command.name.partition(" ")[2]


def _about(commands: list[Command]) -> str:
    """Describe a group by what its only command does, or by the names of its commands."""
    if len(commands) == 1:
        return commands[0].summary
    return f"Commands: {', '.join(sorted(map(_verb, commands)))}."


def serve(data: DataOption = DATA, config: ConfigOption = None) -> None:
    """Run the server until it is stopped (Ctrl-C, SIGTERM)."""
    serving.serve(data, config)


def setup(
    data: DataOption = DATA,
    config: ConfigOption = None,
    host: Annotated[
        list[str] | None,
        typer.Option(
            help="Host to serve, such as example.org; may be given again.", metavar="NAME"
        ),
    ] = None,
    admin: Annotated[
        str | None, typer.Option(help="Address of the first administrator.", metavar="JID")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read that password from standard input.")
    ] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Ask nothing; say nothing if all is set up.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Prepare a server: data directory, configuration, certificates, database, administrator."""
    wanted = setting_up.Wanted(tuple(host or ()), admin, password_stdin)
    done = setting_up.set_up(data, config, wanted, interactive=not (if_needed or yes or as_json))
    if as_json:
        output.show(done.as_dict(), as_json=True)
    elif not if_needed or done.changes:
        output.show(done.as_text(), as_json=False)


def backup(
    file: Annotated[Path, typer.Argument(help="File to make.", show_default=False)],
    data: DataOption = DATA,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a backup of the database and the data directory; the server may run."""
    from palaver.ext.backup.extension import COMMAND  # here, as few commands need it

    invocation.run(COMMAND, {"file": str(file.absolute())}, Common(data, config, as_json))


def restore(
    file: Annotated[Path, typer.Argument(help="Backup to restore.", show_default=False)],
    data: DataOption = DATA,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into a new data directory and an empty database."""
    output.show(restoring.restore(file, data, config), as_json=as_json)


def version(as_json: JsonOption = False) -> None:
    """Show the version."""
    if as_json:
        output.show({"version": palaver.__version__}, as_json=True)
    else:
        output.show(f"Palaver {palaver.__version__}", as_json=False)


def check(
    data: DataOption = DATA, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Check the configuration and its certificates, and exit with 3 if they have errors."""
    if config is None:
        data_directory.require(data)
    settings = configuration.check(data, config)
    configuration.check_certificates(settings, data)
    file = settings.origin.file
    warnings = list(certified.warnings(settings, data, configuration.extensions()))
    if as_json:
        told = {"file": str(file) if file else None, "problems": [], "warnings": warnings}
        output.show(told, as_json=True)
    else:
        lines = [*warnings, f"{file or 'The default configuration'}: no errors."]
        output.show("\n".join(lines), as_json=False)


def show_settings(
    data: DataOption = DATA, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Show all settings as they are in effect, without secrets."""
    values = configuration.shown(configuration.check(data, config))
    output.show(values if as_json else configuration.as_toml(values), as_json=as_json)


def show_reference(as_json: JsonOption = False) -> None:
    """Explain every key of the configuration (Markdown, or JSON Schema with --json)."""
    found = configuration.extensions()
    if as_json:
        schemas = {name: config_schema.schema_of(each.Config) for name, each in found.items()}
        output.show({**config_schema.schema_of(Settings), "extensions": schemas}, as_json=True)
    else:
        typer.echo(reference.configuration(found), nl=False)


def upgrade(
    data: DataOption = DATA, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Bring the database's schema up to date; starting the server does the same."""
    invocation.upgrade(data, config)
    output.show({"upgraded": True} if as_json else "The schema is up to date.", as_json=as_json)
