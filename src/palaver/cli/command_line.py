"""Makes a command-line command from what an extension declares with ``@command``."""

import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from palaver.cli.cli_error import CliError, Exit
from palaver.kernel.config_error import Origin, diagnose
from palaver.kernel.extension import Command

Run = Callable[[Command, Mapping[str, object], "Common"], None]

DataOption = Annotated[
    Path, typer.Option("--data", envvar="PALAVER_DATA", help="Data directory of the server.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar="PALAVER_CONFIG",
        help="Configuration file; palaver.toml in the data directory if not given.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")]
DATA = Path("data")


class Common:
    """The options that every command has."""

    __slots__ = ("as_json", "config", "data")

    def __init__(self, data: Path, config: Path | None, as_json: bool) -> None:
        self.data = data
        self.config = config
        self.as_json = as_json


def function_of(command: Command, run: Run) -> Callable[..., None]:
    """Make the function that typer turns into a command.

    Required parameters become arguments, the others options. A parameter marked ``secret`` is
    never on the command line, where others could read it: it comes from standard input or is
    asked for. One marked ``file`` is the path of a file whose text is sent; of one marked ``path``
    the server itself reads or writes the file.
    """
    fields = command.parameters.model_fields

    def call(**given: Any) -> None:
        common = Common(given.pop("data_"), given.pop("config_"), given.pop("json_"))
        arguments = {
            name: value
            for name, field in fields.items()
            if (value := _value(name, field, given)) is not None
        }
        run(command, _checked(command.parameters, arguments), common)

    parameters = [_parameter(name, field) for name, field in fields.items()]
    parameters += [
        _keyword("data_", DataOption, DATA),
        _keyword("config_", ConfigOption, None),
        _keyword("json_", JsonOption, False),
    ]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # for typer
    call.__annotations__ = {each.name: each.annotation for each in parameters}
    call.__doc__ = command.summary
    call.__name__ = command.name.replace(" ", "_")
    return call


def _parameter(name: str, field: FieldInfo) -> inspect.Parameter:
    text = field.description or ""
    dashed = name.rstrip("_").replace("_", "-")  # "for_" is "--for"
    if _marked(field, "secret"):
        help_ = f"Read the {dashed} from standard input (one line)."
        return _keyword(
            _from_stdin(name), Annotated[bool, typer.Option(f"--{dashed}-stdin", help=help_)], False
        )
    if _marked(field, "file"):
        kind: Any = Path if field.is_required() else Path | None
        how: Any = {"help": f"{text.removesuffix('.')}; - for standard input."}
    else:
        kind = _plain(field.annotation)
        how = {"help": text}
    if field.is_required():
        return _keyword(
            name, Annotated[kind, typer.Argument(metavar=dashed.upper(), show_default=False, **how)]
        )
    if kind is bool:
        flag = f"--{dashed}" if field.default is False else f"--{dashed}/--no-{dashed}"
        return _keyword(name, Annotated[bool, typer.Option(flag, **how)], field.default)
    option = typer.Option(f"--{dashed}", **how)
    return _keyword(name, Annotated[kind | None, option], None)


def _keyword(
    name: str, annotation: object, default: object = inspect.Parameter.empty
) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _plain(annotation: object) -> Any:
    """Choose what typer reads for a type; pydantic makes the rest of it."""
    members = [each for each in get_args(annotation) if each is not type(None)]
    if type(None) in get_args(annotation) and len(members) == 1:
        return _plain(members[0])
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return list[str]
    return annotation if annotation in (bool, int, float) else str


def _marked(field: FieldInfo, mark: str) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get(mark))


def _from_stdin(name: str) -> str:
    return f"{name}_stdin"


def _value(name: str, field: FieldInfo, given: dict[str, Any]) -> object:
    if _marked(field, "secret"):
        return _secret(name, field, from_stdin=given.pop(_from_stdin(name)))
    value = given.pop(name)
    if _marked(field, "file") and value is not None:
        return _text_of(value)
    if _marked(field, "path") and value is not None and "://" not in str(value):
        return str(Path(str(value)).absolute())  # the server has another working directory
    return None if value == [] and not field.is_required() else value


def _secret(name: str, field: FieldInfo, *, from_stdin: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty() and field.is_required():
        text: str = typer.prompt(name.capitalize(), hide_input=True, confirmation_prompt=True)
        return text
    if field.is_required():
        raise CliError(
            Exit.USAGE, "usage", f"Give the {name} with --{name.replace('_', '-')}-stdin."
        )
    return None


def _text_of(path: Path) -> str:
    try:
        if str(path) == "-":
            return sys.stdin.read()
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CliError(Exit.FAILED, "file", f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CliError(Exit.FAILED, "file", f"{path} is not UTF-8 text.") from None


def _checked(model: type[BaseModel], arguments: dict[str, object]) -> Mapping[str, object]:
    try:
        return model.model_validate(arguments).model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        told = "\n".join(str(problem) for problem in diagnose(error, model, Origin()))
        raise CliError(Exit.USAGE, "usage", told) from None
