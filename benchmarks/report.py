"""Prints the table, and writes it to docs/benchmarks.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import OURS, PEERS, Measure, Series
from benchmarks.run import Results
from benchmarks.scenarios.scenario import Scenario

COLUMNS = ("relay", OURS, *PEERS)
BY_HAND = "<!-- Written by hand from here on; `make bench ARGS=--write` keeps it. -->"
BUSY = 0.9

METHOD = """\
## How it is measured

All servers run at once on this machine, on loopback, with the same accounts and the same
certificate (ECDSA P-256); the load goes to one of them at a time, in turn, several rounds. The
table shows the median and, in brackets, the smallest and largest round. {pinning} CPU time is
user and system time of the server and its children, from `/proc`. *relay* is a bare uvloop server
that joins connections in pairs and forwards bytes as it reads them: the ceiling for a server in
Python.

The load generator writes prepared bytes and counts closing tags; it parses no XML. Every session
logs in by SCRAM-SHA-1, with or without TLS as the scenario says, binds a resource and sends
initial presence. Messages have 80-byte bodies and go to full JIDs. *Archived* time runs until the
rows of both sides are committed in the SQLite file, which a second process counts. Prosody and
ejabberd run with the module lists of their Debian packages, all storage on SQLite with the
settings they choose for it, without their rate limits, shapers and HTTP, MQTT and STUN listeners.
Palaver has all its features loaded.
"""


def table(scenarios: Sequence[Scenario], results: Results) -> list[list[str]]:
    """Return the rows of the table, the heading first."""
    ratios = [f"{OURS} ÷ {other}" for other in ("relay", *PEERS)]
    rows = [["scenario", "measure", *COLUMNS, *ratios, "to reach", "reached"]]
    for scenario in scenarios:
        title = scenario.title
        for measure in scenario.measures:
            if series := results.series(scenario.key, measure.key):
                rows.append([title, *_row(measure, series)])
                title = ""
    return rows


def _row(measure: Measure, series: Mapping[str, Series]) -> list[str]:
    medians = {server: values.median for server, values in series.items()}
    return [
        measure.label,
        *(series[name].print(measure) if name in series else "-" for name in COLUMNS),
        *(_ratio(medians, other) for other in ("relay", *PEERS)),
        "; ".join(measure.describe(target) for target in measure.targets) or "",
        "; ".join(_verdict(measure.met(target, medians)) for target in measure.targets),
    ]


def _ratio(medians: Mapping[str, float], other: str) -> str:
    if OURS not in medians or not medians.get(other):
        return "-"
    return f"{medians[OURS] / medians[other]:.2f}"


def _verdict(met: bool | None) -> str:
    return {True: "yes", False: "**no**", None: "-"}[met]


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns also line up as plain text."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def notes(scenarios: Sequence[Scenario], results: Results) -> str:
    """Return what a reader has to know beside the table."""
    titles = {scenario.key: scenario.title for scenario in scenarios}
    busy = [
        f"{titles[key]}: {server} ({median(values):.0%})"
        for (key, server), values in results.generator.items()
        if median(values) > BUSY
    ]
    lines = []
    if busy:
        lines.append(
            f"The load generator used over {BUSY:.0%} of its core here, so that the server could"
            f" have done more: {'; '.join(busy)}."
        )
    lines += [f"Failed: {failure}" for failure in results.failures]
    return "\n\n".join(lines)


def write(
    path: Path, text: str, remarks: str, facts: Mapping[str, str], command: str, *, pinned: bool
) -> None:
    """Write the document, and keep its part that is written by hand."""
    old = path.read_text() if path.exists() else ""
    by_hand = old.partition(BY_HAND)[2].strip()
    pinning = (
        "Each server is bound to one core and the load generator to another, so that numbers are"
        " per core; ejabberd then runs one scheduler."
        if pinned
        else "Servers and load generator share all cores."
    )
    parts = [
        "# Benchmarks",
        f"Measured by `{command}`.",
        text,
        remarks,
        "## The machine",
        markdown([["", ""], *([name, value] for name, value in facts.items())]),
        METHOD.format(pinning=pinning).strip(),
        BY_HAND,
        by_hand,
    ]
    path.write_text("\n\n".join(part for part in parts if part) + "\n")
