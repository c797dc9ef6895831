"""Dispatch tables: which handlers see a stanza, and in which order."""

import sys
from typing import Any, cast

import pytest

from palaver.kernel import hooks
from palaver.kernel.dispatch import Dispatch
from palaver.kernel.errors import LoadError
from palaver.kernel.extension import Answer, Extension, Request, Target, iq, on
from palaver.kernel.hooks import Phase, Verdict
from palaver.kernel.server import Server
from palaver.wire.stanza import KINDS

NOTHING = cast("Server", None)
BODY = "jabber:client body"


def made(kind: type[Extension[Any]]) -> Extension[Any]:
    return kind(NOTHING, lambda _host: kind.Config())


def extension(label: str, *marks: Any) -> Extension[Any]:
    """Make an extension with a handler for each mark."""

    def handler(number: int) -> Any:
        def handle(self: Extension[Any], *_: object) -> Verdict:
            return None

        handle.__name__ = handle.__qualname__ = f"{label}{number}"
        return handle

    handlers = {f"h{number}": mark(handler(number)) for number, mark in enumerate(marks)}
    return made(type(label, (Extension,), {"name": label, **handlers}))


def names(chain: tuple[Any, ...]) -> list[str]:
    return [call.__func__.__name__ for call in chain]


def outgoing(phase: Phase = Phase.GUARD, **narrow: Any) -> Any:
    return on(hooks.outgoing, phase=phase, **narrow)


def test_a_handler_sees_the_kinds_and_payloads_it_asked_for() -> None:
    dispatch = Dispatch(
        [
            extension(
                "x",
                outgoing(),
                outgoing(kind="message"),
                outgoing(kind=("message", "iq")),
                outgoing(payload=("jabber:client", "body")),
                outgoing(kind="presence", payload=("urn:x", "x")),
            )
        ]
    )
    table = dispatch.outgoing
    assert names(table["message"][(BODY,)]) == ["x0", "x1", "x2", "x3"]
    assert names(table["message"][()]) == ["x0", "x1", "x2"]
    assert names(table["iq"][("urn:x x",)]) == ["x0", "x2"]
    assert names(table["presence"]["urn:y y", "urn:x x"]) == ["x0", "x4"]
    assert set(table) == KINDS


def test_phases_order_handlers_whatever_the_order_of_loading() -> None:
    dispatch = Dispatch(
        [
            extension("a", outgoing(Phase.ROUTE)),
            extension("b", outgoing(Phase.REWRITE)),
            extension("c", outgoing(Phase.GUARD)),
            extension("d", outgoing(Phase.REWRITE)),
        ]
    )
    assert names(dispatch.outgoing["iq"][()]) == ["c0", "b0", "d0", "a0"]
    assert names(dispatch.outgoing.guards("iq", ())) == ["c0"]


def test_after_and_before_order_handlers_of_one_phase() -> None:
    dispatch = Dispatch(
        [
            extension("a", outgoing(after=("b", "not-loaded"))),
            extension("b", outgoing()),
            extension("c", outgoing(before=("b",))),
        ]
    )
    assert names(dispatch.outgoing["iq"][()]) == ["c0", "b0", "a0"]


def test_a_handler_can_run_before_all_others() -> None:
    dispatch = Dispatch(
        [
            extension("a", outgoing(before=("b",))),
            extension("b", outgoing()),
            extension("c", outgoing(before=("*",))),
        ]
    )
    assert names(dispatch.outgoing["message"][()])[0] == "c0"
    assert names(dispatch.outgoing["message"][()])[1:] == ["a0", "b0"]


def test_contradictions_are_named() -> None:
    with pytest.raises(LoadError, match="contradict each other: a, b"):
        Dispatch([extension("a", outgoing(after=("b",))), extension("b", outgoing(after=("a",)))])


def test_handlers_of_other_hooks_are_kept_apart() -> None:
    dispatch = Dispatch([extension("a", on(hooks.session_bound), on(hooks.session_closed))])
    assert names(dispatch.handlers(hooks.session_bound)) == ["a0"]
    assert names(dispatch.handlers(hooks.session_closed)) == ["a1"]
    assert dispatch.handlers(hooks.session_available) == ()
    assert dispatch.incoming["message"][()] == ()


@pytest.mark.parametrize(
    ("hook", "phase"), [(hooks.outgoing, None), (hooks.session_bound, Phase.GUARD)]
)
def test_a_phase_belongs_to_hooks_of_stanzas(hook: Any, phase: Phase | None) -> None:
    with pytest.raises(TypeError, match="phase"):
        on(hook, phase=phase)


class Answers(Extension):
    name = "answers"

    @iq(("get", "set"), "urn:x", "x", to=(Target.ACCOUNT, Target.HOST))
    def x(self, _request: Request) -> Answer:
        return None


def test_requests_are_found_by_target_type_and_payload() -> None:
    table = Dispatch([made(Answers)]).iq
    assert set(table) == {
        (target, kind, "urn:x x")
        for target in (Target.ACCOUNT, Target.HOST)
        for kind in ("get", "set")
    }


def test_what_is_remembered_is_bounded_in_number() -> None:
    chains = Dispatch([extension("a", outgoing())]).outgoing["message"]
    for number in range(5_000):
        assert names(chains[(f"urn:x a{number}",)]) == ["a0"]
    assert len(chains) <= 1_024


def test_what_is_remembered_is_bounded_in_size() -> None:
    chains = Dispatch([extension("a", outgoing())]).outgoing["message"]
    for number in range(100):
        assert names(chains[tuple(f"urn:{number} a{child}" for child in range(1_000))]) == ["a0"]
    assert sum(sys.getsizeof(key) for key in chains) < 100_000


def test_what_was_remembered_is_the_same_object() -> None:
    chains = Dispatch([extension("a", outgoing())]).outgoing["message"]
    assert chains[(BODY,)] is chains[(BODY,)]
