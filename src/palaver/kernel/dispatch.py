"""The dispatch tables of a host, built from what its extensions declare, replaced as a whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from palaver.kernel import hooks
from palaver.kernel.errors import LoadError
from palaver.kernel.extension import (
    Extension,
    HookHandler,
    IqHandler,
    Target,
    declarations,
)
from palaver.kernel.hooks import Hook
from palaver.wire.stanza import KINDS

Handler = Callable[..., Any]
_REMEMBERED: Final = 1_024  # combinations of child names per kind
_REMEMBERED_NAMES: Final = 16  # names in one of them
_OF_SERVICES: Final = frozenset({Target.SERVICE, Target.SERVED})


@dataclass(frozen=True, slots=True)
class Attached:
    """A handler with its declaration and the name of its extension."""

    extension: str
    mark: HookHandler
    call: Handler


class Chains(dict[tuple[str, ...], tuple[Handler, ...]]):
    """The handlers for stanzas of one kind, by the names of their children.

    Worked out when a combination is first seen, so that the hot path is one subscription; bounded,
    since peers choose the names.
    """

    __slots__ = ("_kind", "_pipeline")

    def __init__(self, pipeline: "Pipeline", kind: str) -> None:
        super().__init__()
        self._pipeline = pipeline
        self._kind = kind

    def __missing__(self, names: tuple[str, ...]) -> tuple[Handler, ...]:
        chain = self._pipeline.chain(self._kind, names)
        if len(names) <= _REMEMBERED_NAMES:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[names] = chain
        return chain


class Pipeline(dict[str, Chains]):
    """The handlers of one hook of stanzas: ``pipeline[kind][names of the children]``, in order."""

    __slots__ = ("_attached",)

    def __init__(self, attached: Sequence[Attached]) -> None:
        super().__init__((kind, Chains(self, kind)) for kind in KINDS)
        self._attached = attached

    def chain(self, kind: str, names: tuple[str, ...]) -> tuple[Handler, ...]:
        """Work out the handlers for a stanza of that kind with those children."""
        return tuple(a.call for a in self._concerned(kind, names))

    def guards(self, kind: str, names: tuple[str, ...]) -> tuple[Handler, ...]:
        """Return those of the `chain` that may stop the stanza, for who asks them ahead of time."""
        return tuple(
            a.call for a in self._concerned(kind, names) if a.mark.phase is hooks.Phase.GUARD
        )

    def _concerned(self, kind: str, names: tuple[str, ...]) -> Iterator[Attached]:
        return (
            a
            for a in self._attached
            if (not a.mark.kinds or kind in a.mark.kinds)
            and (a.mark.payload is None or a.mark.payload in names)
        )


class Dispatch:
    """All handlers of one host."""

    __slots__ = (
        "_hooks",
        "delivered",
        "host_message",
        "incoming",
        "iq",
        "outgoing",
        "sent",
        "unreachable",
    )

    def __init__(self, extensions: Iterable[Extension[Any]], *, of_service: bool = False) -> None:
        """Build the tables; ``extensions`` come in the order in which they were loaded.

        Requests to services are for the tables of services alone: each has its own.

        Raises:
            LoadError: two extensions answer the same request, or ``after``/``before`` contradict.
        """
        attached: dict[Hook[..., object], list[Attached]] = {}
        self.iq: dict[tuple[Target, str, str], Handler] = {}
        owners: dict[tuple[Target, str, str], str] = {}
        for extension in extensions:
            for method, mark in declarations(type(extension)):
                call = getattr(extension, method)
                if isinstance(mark, HookHandler):
                    entry = Attached(extension.name, mark, call)
                    attached.setdefault(mark.hook, []).append(entry)
                elif isinstance(mark, IqHandler):
                    targets = [t for t in mark.targets if (t in _OF_SERVICES) is of_service]
                    self._attach_iq(extension.name, mark, targets, call, owners)
        self._hooks = {hook: _ordered(entries) for hook, entries in attached.items()}
        self.outgoing = self._pipeline(hooks.outgoing)
        self.incoming = self._pipeline(hooks.incoming)
        self.unreachable = self._pipeline(hooks.unreachable)
        self.sent = self._pipeline(hooks.sent)
        self.delivered = self._pipeline(hooks.delivered)
        self.host_message = self._pipeline(hooks.host_message)

    def handlers(self, hook: Hook[..., object]) -> tuple[Handler, ...]:
        """Return the handlers of a hook, in order."""
        return tuple(entry.call for entry in self._hooks.get(hook, ()))

    def _pipeline(self, hook: Hook[..., Any]) -> Pipeline:
        return Pipeline(self._hooks.get(hook, []))

    def _attach_iq(
        self,
        extension: str,
        mark: IqHandler,
        targets: Sequence[Target],
        call: Handler,
        owners: dict[tuple[Target, str, str], str],
    ) -> None:
        for target in targets:
            for kind in mark.types:
                key = (target, kind, mark.payload)
                other = owners.setdefault(key, extension)
                if key in self.iq:
                    raise LoadError(
                        f"the extensions {other} and {extension} both answer {kind} of "
                        f"{mark.payload} to {target.value}"
                    )
                self.iq[key] = call


class Dispatches:
    """Builds tables, and the same ones once: most hosts have the same extensions."""

    __slots__ = ("_built",)

    def __init__(self) -> None:
        """Begin without any."""
        self._built: dict[tuple[bool, tuple[Extension[Any], ...]], Dispatch] = {}

    def of(self, extensions: Iterable[Extension[Any]], *, of_service: bool = False) -> Dispatch:
        """Return the tables of these extensions, in this order; raises as `Dispatch` does."""
        key = (of_service, tuple(extensions))
        found = self._built.get(key)
        if found is None:
            found = self._built[key] = Dispatch(key[1], of_service=of_service)
        return found


def _ordered(entries: list[Attached]) -> list[Attached]:
    """Sort by phase, then by ``after`` and ``before``, else in the order of loading."""
    by_phase: dict[int, list[Attached]] = {}
    for entry in entries:
        by_phase.setdefault(entry.mark.phase or 0, []).append(entry)
    return [entry for phase in sorted(by_phase) for entry in _within_phase(by_phase[phase])]


def _within_phase(entries: list[Attached]) -> list[Attached]:
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for number, entry in enumerate(entries):
        sorter.add(number)
        for other, candidate in enumerate(entries):
            if candidate.extension in entry.mark.after:
                sorter.add(number, other)
            if _is_before(entry, candidate):
                sorter.add(other, number)
    try:
        return [entries[number] for number in sorter.static_order()]
    except CycleError as error:
        names = sorted({entries[number].extension for number in error.args[1]})
        raise LoadError(f"after and before contradict each other: {', '.join(names)}") from error


def _is_before(entry: Attached, other: Attached) -> bool:
    """Tell whether a handler wants to run before another.

    "*" stands for all that do not want that too, nor name its extension.
    """
    if "*" not in entry.mark.before:
        return other.extension in entry.mark.before
    first = {"*", entry.extension}
    return other.extension != entry.extension and first.isdisjoint(other.mark.before)
