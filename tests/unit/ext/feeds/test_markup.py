"""HTML of strangers becomes harmless XHTML, and words."""

import time

import pytest

from palaver.ext.feeds.markup import from_html, plain, text_of

BASE = "https://example.org/blog/"


def shown(html: str) -> str:
    written = from_html(html, BASE).to_bytes("http://www.w3.org/1999/xhtml").decode()
    return written.removeprefix("<div>").removesuffix("</div>")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One<p>Two", "<p>One<p>Two</p></p>"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("a<br>b<BR/>c", "a<br/>b<br/>c"),
        ("x &lt;y&gt; &amp; &nbsp;z", "x &lt;y> &amp; \xa0z"),
        ("a < b <c", "a &lt; b &lt;c"),
        ("<script>alert('</p>')</script>x", "x"),
        ("<style>p {}</style><svg><script/></svg>x", "x"),
        ("<iframe src='https://a'>no</iframe>x", "x"),
        ("<p onclick='x()' style='y' class=z>x</p>", "<p>x</p>"),
        ("<a href='/x'>x</a>", "<a href='https://example.org/x'>x</a>"),
        ('<a title="a>b" href=y>x</a>', "<a href='https://example.org/blog/y' title='a>b'>x</a>"),
        ("<a href='JavaScript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href=' java&#10;script:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='data:text/html,x'>x</a>", "<a>x</a>"),
        ("<a href='http://[x'>x</a>", "<a>x</a>"),
        ("<img src='data:image/png;base64,x' alt='y'>", "<img alt='y'/>"),
        ("<img src=z.png onerror=x()>", "<img src='https://example.org/blog/z.png'/>"),
        ("<!-- x -->y<!-- z", "y"),
        ("<![CDATA[x]]>y<?php z ?>", "y"),
        ("<object><object>x</object>y</object>z", "z"),
        ("</p></b>x", "x"),
        ("a\x00b&#1;c&#xFFFF;", "abc"),
        ("<marquee>x</marquee>", "x"),
    ],
)
def test_only_what_is_harmless_is_left(html: str, expected: str) -> None:
    assert shown(html).replace("&gt;", ">") == expected


def test_words_keep_their_lines() -> None:
    assert text_of(from_html("<p>One  two</p>\n\n<ul><li>a<li>b</ul>c<br>d", "")) == (
        "One two\na\nb\nc\nd"
    )
    assert plain("A &amp; <b>B</b>\n C") == "A & B C"


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<a ", "<", "</", "<![", "<?", "&", "<div>", "<b></i>", "<script>", "<a b='\"'",
     "</a ", "<!a", "&#x", "&#9", "<a '", "=a", " \n", "<script></i>", "&#99999999999"],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    begun = time.process_time()
    text_of(from_html(piece * (200_000 // len(piece)), BASE))
    assert time.process_time() - begun < 3


def test_numbers_of_thousands_of_digits_are_left() -> None:
    assert plain(f"&#{'9' * 5000};").startswith("&#9")
