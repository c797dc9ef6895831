"""What pictures are, told by their first bytes (XEP-0084 §4.2, XEP-0153 §4)."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palaver.ext.profile.picture import Picture, read

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 64, 48) + b"\x08\x02\x00\x00\x00"
GIF = b"GIF89a" + struct.pack("<HH", 32, 96) + b"\x00"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", 40, 30) + b"\x03\x01\x22\x00"
)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (PNG, "image/png", (64, 48)),
        (GIF, "image/gif", (32, 96)),
        (JPEG, "image/jpeg", (30, 40)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", None),
        (b"\x00\x00\x00\x20ftypavif", "image/avif", None),
        (b"BM\x00\x00", "image/bmp", None),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg xmlns='x'/>", "image/svg+xml", None),
        (b"<svg/>", "image/svg+xml", None),
        (b"\x89PNG\r\n\x1a\nno header", "image/png", None),
        (b"\xff\xd8\xff", "image/jpeg", None),
        (b"GIF89a", "image/gif", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(
    data: bytes, kind: str, size: tuple[int, int] | None
) -> None:
    found = read(b64(data))
    assert (found.data, found.type, found.size) == (data, kind, size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "iVBO*w==",
        "iVBOR",
        b64(b""),
        b64(b"MZ\x90"),
        b64(b"<html/>"),
        b64(b"<?xml?><x/>"),
        "é",
    ],
)
def test_what_is_no_picture_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        read(text)


def test_line_feeds_and_blanks_do_not_matter() -> None:
    text = b64(PNG)
    assert read(f"\n  {text[:20]}\r\n\t{text[20:]} ").data == PNG


def test_a_picture_is_named_by_the_hash_of_its_bytes() -> None:
    assert read(b64(b"BM")).id == "377bcd643607c406052375855c4a9a36a305c8ce"


@pytest.mark.parametrize("name", ["image/jpeg", "IMAGE/JPEG ", "image/jpg", "image/pjpeg"])
def test_a_type_goes_by_several_names(name: str) -> None:
    assert read(b64(JPEG)).is_of(name)
    assert not read(b64(PNG)).is_of(name)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff\xe0", b"GIF89a", b"\x89PNG\r\n\x1a\n"):
        try:
            found = read(b64(start + data))
        except ValueError:
            continue
        assert isinstance(found, Picture)
        assert found.size is None or len(found.size) == 2
