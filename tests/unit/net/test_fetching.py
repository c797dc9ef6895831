"""What is fetched from the web, and above all what is not."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest
from tests.support.site import Site, answer, site

from palaver.kernel.web import Ask, Fetched, FetchError
from palaver.net.fetching import Fetcher, is_public

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def there() -> AsyncIterator[Site]:
    async with site() as opened:
        yield opened


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    made = Fetcher()
    yield made
    made.close()


async def fetch(fetcher: Fetcher, url: str, **changes: object) -> Fetched:
    given: dict[str, object] = {"headers": {}, "most": 10_000, "seconds": 10.0, "private": LOOPBACK}
    return await fetcher.fetch(Ask(url, **{**given, **changes}))  # type: ignore[arg-type]  # by name


async def refused(fetcher: Fetcher, url: str, **changes: object) -> str:
    with pytest.raises(FetchError) as error:
        await fetch(fetcher, url, **changes)
    return str(error.value)


async def test_a_document_comes_with_its_headers(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a?b=%20"] = answer("Lo", ETag='"1"')
    found = await fetch(fetcher, there.url("/a?b= "), headers={"If-None-Match": '"0"'})
    assert (found.status, found.body, found.headers["etag"]) == (200, b"Lo", '"1"')
    assert there.asked[0]["if-none-match"] == '"0"'
    assert there.asked[0]["user-agent"].startswith("Palaver/")


async def test_a_document_may_be_packed(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a"] = answer(gzip.compress(b"Lo" * 100), Content_Encoding="gzip")
    assert (await fetch(fetcher, there.url("/a"))).body == b"Lo" * 100


async def test_a_packed_bomb_is_not_unpacked(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a"] = answer(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
    assert "larger than 10000 bytes" in await refused(fetcher, there.url("/a"))


@pytest.mark.parametrize("coding", ["br", "compress", "gzip, gzip"])
async def test_what_is_packed_otherwise_is_refused(
    there: Site, fetcher: Fetcher, coding: str
) -> None:
    there.pages["/a"] = answer("Lo", Content_Encoding=coding)
    assert "not asked for" in await refused(fetcher, there.url("/a"))


async def test_what_is_cut_off_is_refused(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a"] = answer(gzip.compress(b"Lo" * 100)[:-10], Content_Encoding="gzip")
    assert "cut off" in await refused(fetcher, there.url("/a"))
    there.pages["/b"] = answer("Lo")[:-1]
    assert "cut off" in await refused(fetcher, there.url("/b"))


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 1000)
        await writer.drain()


async def test_an_endless_document_ends(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a"] = endless
    assert "larger" in await refused(fetcher, there.url("/a"))


async def dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"x-y: z\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silent(writer: asyncio.StreamWriter) -> None:
    await writer.wait_closed()


@pytest.mark.parametrize("page", [dripping, silent])
async def test_a_slow_document_is_given_up(there: Site, fetcher: Fetcher, page: object) -> None:
    there.pages["/a"] = page  # type: ignore[assignment]  # one of the above
    assert "longer than 0.3 seconds" in await refused(fetcher, there.url("/a"), seconds=0.3)


async def test_slow_documents_take_no_time_from_others(there: Site, fetcher: Fetcher) -> None:
    there.pages |= {"/slow": silent, "/a": answer("Lo")}
    slow = [fetch(fetcher, there.url("/slow"), seconds=0.5) for _ in range(4)]
    waiting = [asyncio.ensure_future(each) for each in slow]
    await asyncio.sleep(0)  # they begin
    assert (await fetch(fetcher, there.url("/a"), seconds=0.5)).body == b"Lo"
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(each, FetchError) for each in found)


async def test_names_of_other_alphabets_are_looked_up(fetcher: Fetcher) -> None:
    assert "no name of a host" in await refused(fetcher, "http://\N{SNOWMAN}\u200d.example/")
    assert await refused(fetcher, "http://bücher.invalid/")


@pytest.mark.parametrize(
    "garbage",
    [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"HTTP/1.1 200 OK\r\na: " + b"b" * 100_000 + b"\r\n\r\n"],
)  # fmt: skip
async def test_what_is_not_http_is_refused(there: Site, fetcher: Fetcher, garbage: bytes) -> None:
    there.pages["/a"] = garbage
    assert await refused(fetcher, there.url("/a"))


async def test_redirections_are_followed_and_counted(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a"] = answer("", "301 Moved", Location="b")
    there.pages["/b"] = answer("Lo")
    found = await fetch(fetcher, there.url("/a"))
    assert (found.url, found.body) == (there.url("/b"), b"Lo")
    there.pages["/loop"] = answer("", "302 Found", Location="/loop")
    assert "more than 5 times" in await refused(fetcher, there.url("/loop"))
    assert len([each for each in there.asked if each["path"] == "/loop"]) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://127.0.0.1/", "only http and https"),
        ("http://127.0.0.2:1/", "not on the internet"),
        ("http://[::1]:1/", "not on the internet"),
        ("http://a:b@127.0.0.1/", "no address"),
        ("http://127.0.0.1:99999/", "ort"),
        ("http://[x/", "nvalid"),
    ],
)
async def test_where_a_redirection_leads_is_checked(
    there: Site, fetcher: Fetcher, location: str, reason: str
) -> None:
    there.pages["/a"] = answer("", "302 Found", Location=location)
    only = (ip_network("127.0.0.1/32"),)
    assert reason in await refused(fetcher, there.url("/a"), private=only)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0"])
async def test_this_machine_is_not_asked(there: Site, fetcher: Fetcher, host: str) -> None:
    there.pages["/a"] = answer("Lo")
    assert "not on the internet" in await refused(fetcher, there.url("/a", host), private=())
    assert there.asked == []


async def test_a_certificate_of_nobody_is_refused(there: Site, fetcher: Fetcher) -> None:
    there.pages["/a"] = answer("Lo")
    assert await refused(fetcher, there.url("/a").replace("http:", "https:"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%lo", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
    assert is_public("127.0.0.1", LOOPBACK)
