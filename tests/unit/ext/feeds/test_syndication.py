"""Entries of every format of feeds."""

from datetime import UTC, datetime

import pytest

from palaver.ext.feeds import document, markup
from palaver.ext.feeds.document import FeedError
from palaver.ext.feeds.syndication import Enclosure, Entry, Feed, date, read

URL = "https://example.org/feed"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def feed(text: str) -> Feed:
    return read(document.read(text.encode()), URL)


def one(text: str) -> Entry:
    (entry,) = feed(text).entries
    return entry


def rss(item: str) -> str:
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>News</title>"
        f"<link>https://example.org/</link><item>{item}</item></channel></rss>"
    )


def atom(entry: str, ns: str = "http://www.w3.org/2005/Atom") -> str:
    author = "<author><name>Mercutio</name></author>"
    return f"<feed xmlns='{ns}'><title>News</title>{author}<entry>{entry}</entry></feed>"


def words(entry: Entry) -> str:
    return "" if entry.content is None else markup.text_of(entry.content)


def test_rss_2() -> None:
    entry = one(
        rss(
            "<guid isPermaLink='false'>n1</guid><title>A &amp;amp; B</title><link>/1</link>"
            "<description>short</description><content:encoded>&lt;p>long&lt;/p></content:encoded>"
            "<pubDate>Sat, 21 Nov 2026 13:00:00 +0100</pubDate><dc:creator>Romeo</dc:creator>"
            "<category>love</category><enclosure url='/a.mp3' type='audio/mpeg' length='1'/>"
        )
    )
    assert (entry.id, entry.title, entry.url) == ("n1", "A & B", "https://example.org/1")
    assert (words(entry), entry.published, entry.authors) == ("long", NOON, ("Romeo",))
    assert entry.categories == ("love",)
    assert entry.enclosures == (Enclosure("https://example.org/a.mp3", "audio/mpeg"),)


def test_a_guid_of_rss_is_a_link_unless_it_says_otherwise() -> None:
    entry = one(rss("<guid>https://example.org/2</guid>"))
    assert entry.url == "https://example.org/2"
    assert one(rss("<guid>2</guid>")).url == ""


def test_rss_1() -> None:
    entry = one(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><title>News</title></channel><item rdf:about='https://example.org/1'>"
        "<title>One</title><link>https://example.org/1</link>"
        "<dc:date>2026-11-21T12:00:00Z</dc:date></item></rdf:RDF>"
    )
    assert (entry.id, entry.title, entry.published) == ("https://example.org/1", "One", NOON)


def test_atom() -> None:
    entry = one(
        atom(
            "<id>urn:x:1</id><title type='html'>&lt;b>One&lt;/b></title><link href='1'/>"
            "<link rel='enclosure' href='a.png' type='image/png'/><category term='love'/>"
            "<updated>2026-11-21T12:00:00Z</updated><published>2026-11-21T11:00:00Z</published>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Two</p>"
            "<script>x</script></div></content>"
        )
    )
    assert (entry.id, entry.title, entry.url) == ("urn:x:1", "One", "https://example.org/1")
    assert (entry.updated, words(entry), entry.authors) == (NOON, "Two", ("Mercutio",))
    assert entry.enclosures == (Enclosure("https://example.org/a.png", "image/png"),)
    assert entry.categories == ("love",)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<content>a &lt;b&gt;</content>", "a <b>"),
        ("<content type='html'>a &lt;b>c&lt;/b></content>", "a c"),
        ("<summary type='html'>s</summary>", "s"),
        ("<content type='image/png'>aGk=</content>", ""),
        ("<content/>", ""),
    ],
)
def test_content_of_atom_is_read_as_its_type_says(content: str, expected: str) -> None:
    assert words(one(atom(content))) == expected


def test_atom_0_3() -> None:
    entry = one(atom("<modified>2026-11-21T12:00:00Z</modified>", "http://purl.org/atom/ns#"))
    assert entry.updated == NOON


@pytest.mark.parametrize("text", ["<html/>", "<rss/>", "<feed/>", "<feed xmlns='urn:x'/>"])
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(FeedError, match="neither RSS nor Atom"):
        feed(text)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "Sat, 99 Nov 2026 10:00:00 GMT", "2026-02-30T00:00:00Z", "0000-00-00",
     "1969-01-01T00:00:00Z", "9999-12-31T23:59:59-23:00", "Sat, 21 Nov 99999 10:00:00 GMT",
     "0001-01-01T00:00:00+23:00", "x" * 10_000],
)  # fmt: skip
def test_broken_dates_are_none(text: str) -> None:
    assert date(text) is None


@pytest.mark.parametrize(
    "text",
    ["Sat, 21 Nov 2026 12:00:00 GMT", "21 Nov 2026 12:00 UT", "2026-11-21T12:00:00.123Z",
     "2026-11-21T14:00:00+02:00", "2026-11-21 12:00:00", " Sat, 21 Nov 2026 07:00:00 EST "],
)  # fmt: skip
def test_dates_are_read_as_they_are_written(text: str) -> None:
    assert date(text) == NOON
