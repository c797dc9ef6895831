"""Requests with a payload of the tests' own, between people with slixmpp."""

import asyncio
from typing import Any
from xml.etree import ElementTree as ET

from slixmpp import Iq
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from tests.interop.person import Person
from tests.support.jingle import NS


def requests_to(person: Person, name: str = "jingle", namespace: str = NS) -> "asyncio.Queue[Iq]":
    """Let the requests with a payload that come to somebody wait in a queue."""
    came: asyncio.Queue[Iq] = asyncio.Queue()

    def take(iq: Iq) -> None:
        if iq["type"] == "set":  # and no answer that repeats the request
            came.put_nowait(iq)

    match = MatchXPath(f"{{jabber:client}}iq/{{{namespace}}}{name}")
    person.xmpp.register_handler(Callback(name, match, take))
    return came


def asked(sender: Person, to: str, payload: str) -> "asyncio.Future[Any]":
    """Send a request."""
    iq = sender.xmpp.make_iq_set(ito=to)
    iq.append(ET.fromstring(payload))
    future: asyncio.Future[Any] = iq.send()
    return future


def same(element: ET.Element, text: str) -> bool:
    """Tell whether an element is what was written."""
    found, expected = (
        ET.canonicalize(each, rewrite_prefixes=True) for each in (ET.tostring(element), text)
    )
    return found == expected
