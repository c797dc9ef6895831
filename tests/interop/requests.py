"""Requests with a payload of the tests' own, between people with slixmpp."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from slixmpp import Iq
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from tests.interop.person import Person, soon
from tests.support.jingle import NS, Step


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


async def negotiate(one: Person, other: Person, sessions: Mapping[str, Sequence[Step]]) -> None:
    """Carry Jingle sessions through, by their ids; each step comes as its sender wrote it."""
    pair = one, other
    addresses = str(one.xmpp.boundjid), str(other.xmpp.boundjid)
    queues = {id(each): requests_to(each) for each in pair}
    for sid, step in [(sid, step) for sid, steps in sessions.items() for step in steps]:
        sender, receiver = pair if step.by_initiator else pair[::-1]
        payload = step.payload(*addresses, sid=sid)
        answer = asked(sender, str(receiver.xmpp.boundjid), payload)
        came = await soon(queues[id(receiver)].get())
        assert came["from"] == sender.xmpp.boundjid
        assert same(came.xml[0], payload)
        came.reply().send()
        assert (await soon(answer))["type"] == "result"
