import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from palaver.kernel.endpoint import Endpoint
from palaver.kernel.settings import MetricsSettings
from palaver.obs.metrics import LoopLag, Metrics, Reading
from palaver.obs.metrics_server import MetricsServer, start


class Numbers:
    """Plain integers, as the parts of the server keep them."""

    def __init__(self) -> None:
        self.sessions = 3
        self.received: dict[tuple[str, ...], float] = {("message",): 5, ("iq",): 7}

    def __call__(self) -> Iterator[Reading]:
        yield Reading("palaver_sessions", "Sessions.", "gauge", self.sessions)
        yield Reading("palaver_stanzas", "Stanzas.", "counter", self.received, ("kind",))


@pytest.fixture
async def numbers() -> Numbers:
    return Numbers()


@pytest.fixture
async def server(numbers: Numbers) -> AsyncIterator[MetricsServer]:
    settings = MetricsSettings(listen=Endpoint("127.0.0.1", 0))
    server = await start(settings, Metrics(numbers).registry)
    assert server is not None
    yield server
    await server.close()


async def asked(server: MetricsServer, request: bytes) -> tuple[str, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.endpoint.port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head.split("\r\n")[0], body


async def scraped(server: MetricsServer) -> dict[tuple[str, str], float]:
    status, body = await asked(server, b"GET /metrics HTTP/1.1\r\nHost: localhost:9464\r\n\r\n")
    assert status == "HTTP/1.1 200 OK"
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


async def test_a_scrape_reads_the_present_values(numbers: Numbers, server: MetricsServer) -> None:
    values = await scraped(server)
    assert values["palaver_sessions", ""] == 3
    assert values["palaver_stanzas_total", "iq"] == 7
    numbers.sessions = 4
    assert (await scraped(server))["palaver_sessions", ""] == 4


async def test_the_process_is_measured(server: MetricsServer) -> None:
    values = await scraped(server)
    assert values["process_resident_memory_bytes", ""] > 1_000_000
    assert values["process_open_fds", ""] > 3


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "404 Not Found"),
        (b"POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        (b"HEAD /metrics HTTP/1.0\r\n\r\n", "200 OK"),
        (b"GET /metrics?x=1 HTTP/1.1\r\nHost: [::1]:9464\r\n\r\n", "200 OK"),
        (b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421 Misdirected Request"),
        (b"\r\n\r\n", "405 Method Not Allowed"),
        (b"\xff\x00\r\n\r\n", "405 Method Not Allowed"),
    ],
)
async def test_other_requests_are_refused(
    server: MetricsServer, request_: bytes, status: str
) -> None:
    assert (await asked(server, request_))[0] == f"HTTP/1.1 {status}"


async def test_an_endless_request_is_cut_off(server: MetricsServer) -> None:
    assert (await asked(server, b"GET /metrics HTTP/1.1\r\nX: " + b"y" * 20_000))[1] == ""
    assert (await scraped(server))["palaver_sessions", ""] == 3


async def test_a_taken_default_port_does_not_stop_the_start(server: MetricsServer) -> None:
    taken = server.endpoint
    registry = Metrics().registry
    with pytest.raises(OSError, match=r"for metrics: Address already in use\. Set another listen"):
        await start(MetricsSettings(listen=taken), registry)
    assert await start(MetricsSettings.model_construct(set(), listen=taken), registry) is None
    assert await start(MetricsSettings(listen=""), registry) is None


async def test_loop_lag_shows_what_blocked_the_loop() -> None:
    lag = LoopLag(asyncio.get_running_loop(), interval=0.01)
    reached = asyncio.Event()
    asyncio.get_running_loop().call_later(0.02, reached.set)
    time.sleep(0.1)  # noqa: ASYNC251 - blocks the loop, which is what is measured
    await reached.wait()
    worst, total = (reading.values for reading in lag())
    assert isinstance(worst, float)
    assert isinstance(total, float)
    assert 0.05 < worst <= total
    assert next(iter(lag())).values == 0.0, "the worst is forgotten once read"
    lag.stop()
