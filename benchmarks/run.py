"""Runs scenarios against servers side by side, in turn, several rounds."""

import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from benchmarks import certificate
from benchmarks.login import LoginError
from benchmarks.measure import Series
from benchmarks.neighbours import Neighbourhoods
from benchmarks.process import ServerError
from benchmarks.scenarios.scenario import Scenario, Take
from benchmarks.servers import Server, Settings

FAILURES = (ServerError, LoginError, OSError, TimeoutError)
QUICK_SECONDS = 0.7


@dataclass(frozen=True)
class Plan:
    """What to run, and how."""

    servers: Sequence[type[Server]]
    scenarios: Sequence[Scenario]
    rounds: int
    quick: bool
    server_core: int | None
    directory: Path


@dataclass
class Results:
    """Values by scenario, measure and server; how busy the generator was; what went wrong."""

    values: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)
    generator: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, scenario: Scenario, server: str, values: dict[str, float], busy: float) -> None:
        for measure, value in values.items():
            self.values.setdefault((scenario.key, measure, server), []).append(value)
        self.generator.setdefault((scenario.key, server), []).append(busy)

    def fail(self, scenario: str, server: str, error: BaseException) -> None:
        text = f"{scenario}, {server}: {type(error).__name__}: {error}"
        self.failures.append(text)
        print(f"  failed: {text}", flush=True)

    def series(self, scenario: str, measure: str) -> dict[str, Series]:
        """Return the values of one row of the table, by server."""
        return {
            server: Series(tuple(values))
            for (key, name, server), values in self.values.items()
            if (key, name) == (scenario, measure)
        }


async def execute(plan: Plan) -> Results:
    """Run everything; a scenario that fails on a server is noted and left out there."""
    results = Results()
    together = [scenario for scenario in plan.scenarios if not scenario.alone]
    for archive, federated in product((False, True), (False, True)):
        variant = (archive, federated)
        scenarios = [each for each in together if (each.archive, each.federated) == variant]
        if scenarios:
            async with started(plan, scenarios, plan.servers, results) as servers:
                for scenario in scenarios:
                    await side_by_side(plan, scenario, servers, results)
    for scenario in plan.scenarios:
        if scenario.alone:
            for kind in plan.servers:
                async with started(plan, [scenario], [kind], results) as servers:
                    await side_by_side(plan, scenario, servers, results)
    return results


@asynccontextmanager
async def started(
    plan: Plan,
    scenarios: Sequence[Scenario],
    kinds: Iterable[type[Server]],
    results: Results,
) -> AsyncIterator[list[Server]]:
    """Start the servers that these scenarios need; stop them afterwards, whatever happens."""
    directory = Path(tempfile.mkdtemp(dir=plan.directory))
    settings = Settings(
        directory,
        certificate.write(directory),
        max(scenario.accounts for scenario in scenarios),
        scenarios[0].archive,
        plan.server_core,
    )
    servers: list[Server] = []
    with ExitStack() as stack:
        federated = scenarios[0].federated
        neighbourhoods = Neighbourhoods(settings, stack)
        for kind in kinds:
            if not kind.speaks_xmpp and all(scenario.needs_xmpp for scenario in scenarios):
                continue
            try:
                server = neighbourhoods.make(kind) if federated else kind(settings)
                server.start()
            except FAILURES as error:
                results.fail("start", kind.name, error)
            else:
                servers.append(server)
                stack.callback(server.stop)
        yield servers


async def side_by_side(
    plan: Plan, scenario: Scenario, servers: Sequence[Server], results: Results
) -> None:
    """Measure one scenario: A B C, A B C, ... so that a change of the machine hits all alike."""
    print(f"{scenario.title} ...", flush=True)
    begin = time.monotonic()
    seconds = QUICK_SECONDS if plan.quick else scenario.seconds
    async with AsyncExitStack() as stack:
        takes: dict[Server, Take] = {}
        for server in servers:
            if scenario.needs_xmpp and not server.speaks_xmpp:
                continue
            try:
                takes[server] = await stack.enter_async_context(
                    scenario.prepared(server, quick=plan.quick)
                )
            except FAILURES as error:
                results.fail(scenario.key, server.name, error)
        for _ in range(1 if scenario.alone else plan.rounds):
            for server, take in list(takes.items()):
                cpu, start = time.process_time(), time.perf_counter()
                try:
                    values = await take(seconds)
                except (*FAILURES, ExceptionGroup) as error:
                    results.fail(scenario.key, server.name, error)
                    del takes[server]
                    continue
                elapsed = time.perf_counter() - start
                results.add(scenario, server.name, values, (time.process_time() - cpu) / elapsed)
    print(f"  {time.monotonic() - begin:.0f} s", flush=True)
