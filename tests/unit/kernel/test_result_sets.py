"""Result sets (XEP-0059)."""

import pytest

from palaver.kernel.result_sets import NS, Page, read, write
from palaver.wire import element
from palaver.wire.errors import StanzaError


def parent(content: str) -> element.Element:
    return element.parse(f"<query xmlns='urn:x'>{content}</query>".encode())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", Page()),
        (f"<set xmlns='{NS}'/>", Page()),
        (f"<set xmlns='{NS}'><max>10</max></set>", Page(10)),
        (f"<set xmlns='{NS}'><max> 0 </max></set>", Page(0)),
        (f"<set xmlns='{NS}'><after>x</after></set>", Page(after="x")),
        (f"<set xmlns='{NS}'><before>x</before></set>", Page(before="x", last=True)),
        (f"<set xmlns='{NS}'><before/></set>", Page(last=True)),
    ],
)
def test_a_wish_is_read(content: str, expected: Page) -> None:
    assert read(parent(content)) == expected


@pytest.mark.parametrize("number", ["", "-1", "ten", "٣", "1" * 10])
def test_a_number_is_a_number(number: str) -> None:
    with pytest.raises(StanzaError) as failure:
        read(parent(f"<set xmlns='{NS}'><max>{number}</max></set>"))
    assert failure.value.condition == "bad-request"


def test_an_answer_has_what_there_is() -> None:
    assert write("a", "b", 7).to_bytes() == (
        f"<set xmlns='{NS}'><first>a</first><last>b</last><count>7</count></set>".encode()
    )
    assert list(write(None, None)) == []
