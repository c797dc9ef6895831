"""The command line: `make bench`, or `python -m benchmarks --help`."""

import asyncio
import gc
import os
import resource
import shlex
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from benchmarks import debian, machine, report
from benchmarks.ejabberd import Ejabberd
from benchmarks.palaver import Palaver
from benchmarks.prosody import Prosody
from benchmarks.relay import Relay
from benchmarks.run import Plan, Results, execute
from benchmarks.scenarios import ALL
from benchmarks.scenarios.scenario import Scenario
from benchmarks.servers import Server

SERVERS: dict[str, type[Server]] = {
    kind.name.lower(): kind for kind in (Relay, Palaver, Ejabberd, Prosody)
}
SCENARIOS = {scenario.key: scenario for scenario in ALL}
app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def chosen(text: str, known: dict[str, object], what: str) -> list[str]:
    """Return the names in a comma-separated list, in the order of the known ones."""
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in known]:
        raise typer.BadParameter(f"no such {what}: {', '.join(unknown)}; known: {', '.join(known)}")
    return [name for name in known if name in wanted]


def select(only: str, *, quick: bool) -> list[Scenario]:
    """Return the scenarios to run."""
    if only:
        return [SCENARIOS[name] for name in chosen(only, dict(SCENARIOS), "scenario")]
    return [scenario for scenario in ALL if scenario.in_quick_run or not quick]


@app.command()
def main(
    only: Annotated[str, typer.Option(help=f"Scenarios: {', '.join(SCENARIOS)}.")] = "",
    servers: Annotated[str, typer.Option(help="Servers.")] = ",".join(SERVERS),
    rounds: Annotated[int, typer.Option(min=1, help="Rounds to take the median of.")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="Five minutes instead of thirty.")] = False,
    pin: Annotated[
        bool, typer.Option(help="Bind servers to one core, the load to another.")
    ] = True,
    write: Annotated[bool, typer.Option("--write", help=f"Write docs/{DOCUMENT.name}.")] = False,
    directory: Annotated[
        Path | None, typer.Option(help="Where the servers keep their data while they run.")
    ] = None,
) -> None:
    """Measure Palaver side by side with Prosody, ejabberd and a bare byte relay."""
    kinds = [SERVERS[name] for name in chosen(servers, dict(SERVERS), "server")]
    scenarios = select(only, quick=quick)
    try:
        debian.install([package for kind in kinds for package in kind.packages])
    except debian.PackagesMissingError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.freeze()
    pinned = pin and len(cores := sorted(os.sched_getaffinity(0))) > 1
    if pinned:
        os.sched_setaffinity(0, {cores[-1]})
    with tempfile.TemporaryDirectory(prefix="palaver-bench-", dir=directory) as temporary:
        facts = machine.describe(Path(temporary))
        plan = Plan(kinds, scenarios, rounds, quick, cores[0] if pinned else None, Path(temporary))
        try:
            results = uvloop.run(until_interrupted(plan))
        except (KeyboardInterrupt, asyncio.CancelledError):
            print("Interrupted; all servers are stopped.", file=sys.stderr)
            raise typer.Exit(130) from None
    facts |= {kind.name: kind.version() for kind in kinds}
    text = report.markdown(report.table(scenarios, results))
    remarks = report.notes(scenarios, results)
    print(f"\n{text}\n\n{remarks}\n")
    if write:
        command = shlex.join(["make", "bench", f"ARGS={shlex.join(sys.argv[1:])}"])
        report.write(DOCUMENT, text, remarks, facts, command, pinned=pinned)


async def until_interrupted(plan: Plan) -> Results:
    """Run the plan; SIGTERM ends it as Ctrl-C does, with all servers stopped."""
    task = asyncio.ensure_future(execute(plan))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


if __name__ == "__main__":
    app()
