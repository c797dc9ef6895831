"""Whatever a web server answers is a feed that can be published, or a reason why not."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from palaver.ext.feeds import document, markup, syndication, writing
from palaver.ext.feeds.document import FeedError
from palaver.ext.microblog import atom
from palaver.wire import element

URL = "https://example.org/feed"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
PIECES = (
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "</channel>", "</rss>", "<title>",
    "</title>", "<link>", "</link>", "<guid>", "<guid isPermaLink='false'>", "</guid>", "<pubDate>",
    "</pubDate>", "<description>", "</description>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "</feed>", "<entry>", "</entry>", "<content type='html'>", "<content type='xhtml'>",
    "</content>", "<id>", "</id>", "<updated>", "</updated>", "<link href='/x' rel='enclosure'/>",
    "<author><name>x</name></author>", "&lt;b>", "&lt;/b>", "&lt;a href='javascript:x'>", "&nbsp;",
    "&amp;#1;", "<![CDATA[<p>]]>", "<!DOCTYPE rss SYSTEM 'x'>", "<?x?>", "<!-- x -->", "&#xE000;",
    "Sat, 21 Nov 2026 12:00:00 GMT", "2026-11-21T12:00:00Z", "http://[", "://", "a", "\ufffe",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join)
wholes = st.sampled_from(
    [
        "<rss><channel><item>%s</item></channel></rss>",
        "<rss><channel><item><title>%s</title></item></channel></rss>",
        "<rss><channel><item><guid>%s</guid><link>%s</link></item></channel></rss>",
        "<rss><channel><item><description>%s</description></item></channel></rss>",
        "<rss><channel><item><pubDate>%s</pubDate></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>%s</id></entry></feed>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><updated>%s</updated></entry></feed>",
        "%s",
    ]
)


def import_(data: bytes, charset: str) -> None:
    try:
        feed = syndication.read(document.read(data, charset), URL)
    except FeedError:
        return
    for entry in feed.entries:
        made = writing.entry_element(entry, feed, URL, NOW, 131_072)
        atom.check(element.parse(made.to_bytes()))
        assert writing.item_id(entry)
        assert writing.digest(entry)


@settings(max_examples=400, deadline=None)
@given(wholes, texts, st.sampled_from(["", "utf-8", "iso-8859-1", "utf-16", "utf-7", "zip"]))
def test_what_looks_like_a_feed_is_valid_atom_or_refused(
    whole: str, text: str, charset: str
) -> None:
    import_(whole.replace("%s", text).encode(errors="surrogatepass"), charset)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=10))
def test_what_is_nothing_of_the_kind_is_refused(data: bytes, charset: str) -> None:
    import_(data, charset)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_every_text_is_a_date_or_none(text: str) -> None:
    found = syndication.date(text)
    assert found is None or atom.is_date(writing.stamp(found))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"<>/='\"& ab", "<a", "href=", "<b>", "</b>", "<script", "<!--"])))
def test_html_of_any_kind_becomes_well_formed(pieces: list[str]) -> None:
    made = markup.from_html("".join(pieces), URL)
    assert element.parse(made.to_bytes()) is not None
    assert b"<script" not in made.to_bytes()
