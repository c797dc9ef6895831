"""The numbers of a server, in Prometheus' form.

Nothing is counted here. The parts of the server keep plain integers, and a *source* reads them
when somebody asks; so counting costs the hot path an addition, and a server nobody watches
pays nothing.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Is one metric with its present values.

    ``name`` has the unit at its end and no ``_total`` (``palaver_stanzas``,
    ``palaver_sent_bytes``); ``values`` is one number, or one for each tuple of label values.
    """

    name: str
    help: str
    kind: Literal["gauge", "counter"]
    values: float | Mapping[Labels, float]
    labels: Labels = ()


Source = Callable[[], Iterable[Reading]]


class Metrics:
    """Collects the readings of all sources when asked."""

    __slots__ = ("registry",)

    def __init__(self, *sources: Source) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        for source in sources:
            self.add(source)

    def add(self, source: Source) -> None:
        """Read from one more source from now on."""
        self.registry.register(_Collector(source))


class _Collector(Collector):
    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        self._source = source

    def describe(self) -> Iterable[Metric]:
        return ()  # Names are known only once the server runs.

    def collect(self) -> Iterator[Metric]:
        for reading in self._source():
            family = GaugeMetricFamily if reading.kind == "gauge" else CounterMetricFamily
            metric = family(reading.name, reading.help, labels=reading.labels)
            values = reading.values
            for labels, value in values.items() if isinstance(values, Mapping) else [((), values)]:
                metric.add_metric(labels, value)
            yield metric


class LoopLag:
    """Measures how late the event loop runs what is due: the delay every user feels.

    Works as a source. ``interval`` is the time between measurements, in seconds.
    """

    __slots__ = ("_due", "_handle", "_interval", "_loop", "_sum", "_worst")

    def __init__(self, loop: asyncio.AbstractEventLoop, interval: float = 0.5) -> None:
        self._loop = loop
        self._interval = interval
        self._sum = self._worst = 0.0
        self._due = 0.0
        self._handle = self._wait()

    def _wait(self) -> asyncio.TimerHandle:
        self._due = self._loop.time() + self._interval
        return self._loop.call_at(self._due, self._measure)

    def _measure(self) -> None:
        lag = max(0.0, self._loop.time() - self._due)
        self._sum += lag
        self._worst = max(self._worst, lag)
        self._handle = self._wait()

    def __call__(self) -> Iterator[Reading]:
        """Read the lag; the worst is forgotten once read."""
        yield Reading(
            "palaver_loop_lag_worst_seconds",
            "Longest delay of the event loop since the last scrape.",
            "gauge",
            self._worst,
        )
        yield Reading(
            "palaver_loop_lag_seconds",
            f"Sum of the event loop's delays, measured every {self._interval} seconds.",
            "counter",
            self._sum,
        )
        self._worst = 0.0

    def stop(self) -> None:
        """Stop measuring."""
        self._handle.cancel()
