"""Pictures as they are: what kind they are, how large, and the hash that names them.

Nothing is decoded but a few bytes at the beginning, so that a picture made to attack decoders
reaches none here.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from typing import Final

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
)
_BRANDS: Final = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic"}
_MARKUP: Final = (b"<svg", b"<?xml")
_MARKUP_LOOKED_AT: Final = 1_024  # bytes
_FRAME: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # markers of JPEG frames
_ALIASES: Final = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
}


@dataclass(frozen=True)
class Picture:
    """A picture: its bytes, and the media type that these show, whatever others say of it."""

    data: bytes
    type: str

    @cached_property
    def id(self) -> str:
        """The SHA-1 hash that names it, in hexadecimal (XEP-0084 §4.2.1)."""
        return sha1(self.data, usedforsecurity=False).hexdigest()

    @property
    def base64(self) -> str:
        """The bytes as text (RFC 4648 §4)."""
        return base64.b64encode(self.data).decode()

    @property
    def size(self) -> tuple[int, int] | None:
        """Its width and height in pixels, where they are easily told."""
        measure = {"image/png": _of_png, "image/gif": _of_gif, "image/jpeg": _of_jpeg}.get(
            self.type
        )
        return None if measure is None else measure(self.data)

    def is_of(self, declared: str) -> bool:
        """Tell whether it is of a media type, by any of its names."""
        name = declared.strip().lower()
        return _ALIASES.get(name, name) == self.type


def read(text: str) -> Picture:
    """Read a picture from base64; line feeds and blanks do not matter.

    Raises:
        ValueError: it is no base64, or no picture; the text is for a person.
    """
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("the picture is not written in base64") from error
    kind = _kind_of(data)
    if kind is None:
        raise ValueError("the data are of no kind of picture that is known")
    return Picture(data, kind)


def _kind_of(data: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12])
    beginning = data[:_MARKUP_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(_MARKUP) and b"<svg" in beginning:
        return "image/svg+xml"
    return None


def _of_png(data: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", data[16:24]) if data[12:16] == b"IHDR" and len(data) >= 24 else None


def _of_gif(data: bytes) -> tuple[int, int] | None:
    return struct.unpack("<HH", data[6:10]) if len(data) >= 10 else None


def _of_jpeg(data: bytes) -> tuple[int, int] | None:
    """Find the frame: segments follow each other, each with its length (ITU-T T.81 §B.1.1)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in _FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, length)
    return None
