"""Two people with slixmpp exchange files: in the stream, through a proxy, by SI and by Jingle."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

from slixmpp import Iq
from tests.interop.person import Person, soon
from tests.interop.requests import asked, requests_to, same
from tests.support.jingle import NS

BLOCK = 65_535
"""Bytes of a block in the stream: the most there may be (XEP-0047 §2.1)."""

SI = "http://jabber.org/protocol/si"
BESIDE = "http://jabber.org/protocol/bytestreams"
IN_BAND = "http://jabber.org/protocol/ibb"
S5B = "urn:xmpp:jingle:transports:s5b:1"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def in_the_stream(
    sender: Person, receiver: Person, file: bytes, *, sid: str | None = None
) -> None:
    """Send a file by XEP-0047, and check that it comes as it was."""
    for each in (sender, receiver):
        settings = {"auto_accept": True, "max_block_size": BLOCK}
        each.xmpp.register_plugin("xep_0047", settings)
    opened: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    receiver.xmpp.add_event_handler("ibb_stream_start", opened.set_result, disposable=True)
    plugin = sender.xmpp.plugin["xep_0047"]
    stream = await plugin.open_stream(receiver.xmpp.boundjid, sid=sid, block_size=BLOCK)
    coming = asyncio.ensure_future((await opened).gather())
    await asyncio.sleep(0)  # until it listens
    await stream.sendall(file)
    await stream.close()
    assert digest(await coming) == digest(file)


async def through_the_proxy(requester: Person, target: Person, file: bytes) -> None:
    """Open a stream through the requester's proxy (XEP-0065), and send a file each way."""
    sid = uuid4().hex
    for each in (requester, target):
        each.xmpp.register_plugin("xep_0065", {"auto_accept": True})
    near = await requester.xmpp.plugin["xep_0065"].handshake(target.xmpp.boundjid, sid=sid)
    far = target.xmpp.plugin["xep_0065"].get_socket(sid)
    await both_ways((requester, near), (target, far), file)


async def both_ways(one: tuple[Person, Any], other: tuple[Person, Any], file: bytes) -> None:
    """Send a file each way between two people, each at one end of a stream; close it."""
    try:
        for (_, end), (receiver, _) in ((one, other), (other, one)):
            async with taking(receiver, len(file)) as came:
                for start in range(0, len(file), BLOCK):
                    await end.write(file[start : start + BLOCK])
            assert digest(bytes(came)) == digest(file)
    finally:
        for _, end in (one, other):
            end.transport.close()


@asynccontextmanager
async def taking(receiver: Person, size: int) -> AsyncIterator[bytearray]:
    """Collect what comes beside the stream; at the end of the context all of it is there."""
    came = bytearray()
    whole = asyncio.Event()

    def take(data: bytes) -> None:
        came.extend(data)
        if len(came) >= size:
            whole.set()

    receiver.xmpp.add_event_handler("socks5_data", take)
    try:
        yield came
        await whole.wait()
    finally:
        receiver.xmpp.del_event_handler("socks5_data", take)


# -- stream initiation -----------------------------------------------------------------------------


def offer(sid: str, size: int) -> str:
    """Return the offer of a file, in the stream or beside it (XEP-0095, XEP-0096)."""
    return (
        f"<si xmlns='{SI}' id='{sid}' mime-type='text/plain' profile='{SI}/profile/file-transfer'>"
        f"<file xmlns='{SI}/profile/file-transfer' name='test.txt' size='{size}'>"
        "<desc>Ünïcode &amp; &lt;markup/&gt;</desc><range/></file>"
        "<feature xmlns='http://jabber.org/protocol/feature-neg'>"
        "<x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>"
        f"<option><value>{BESIDE}</value></option><option><value>{IN_BAND}</value></option>"
        "</field></x></feature></si>"
    )


ACCEPTED = (
    f"<si xmlns='{SI}'><feature xmlns='http://jabber.org/protocol/feature-neg'>"
    "<x xmlns='jabber:x:data' type='submit'><field var='stream-method'>"
    f"<value>{IN_BAND}</value></field></x></feature></si>"
)


async def by_stream_initiation(sender: Person, receiver: Person, file: bytes) -> None:
    """Offer a file, which is accepted, and send it in the stream."""
    queue = requests_to(receiver, "si", SI)
    sid = uuid4().hex
    answer = asked(sender, str(receiver.xmpp.boundjid), offer(sid, len(file)))
    came = await soon(queue.get())
    assert same(came.xml[0], offer(sid, len(file)))
    reply = came.reply()
    reply.append(ET.fromstring(ACCEPTED))
    reply.send()
    assert same((await soon(answer)).xml[0], ACCEPTED)
    await in_the_stream(sender, receiver, file, sid=sid)


# -- Jingle ----------------------------------------------------------------------------------------


class FileSession:
    """A Jingle session for one file (XEP-0234), from `sender` to `receiver`."""

    def __init__(self, sender: Person, receiver: Person, file: bytes) -> None:
        self.sender, self.receiver, self.file = sender, receiver, file
        self.addresses = {id(each): str(each.xmpp.boundjid) for each in (sender, receiver)}
        self.sid = uuid4().hex
        self._came = {id(each): requests_to(each) for each in (sender, receiver)}

    async def says(self, by: Person, action: str, payload: str) -> Iq:
        """Send a request of the session to the other side, which confirms it; return it."""
        other = self.receiver if by is self.sender else self.sender
        role = "initiator" if by is self.sender else "responder"
        answer = asked(
            by,
            self.addresses[id(other)],
            f"<jingle xmlns='{NS}' action='{action}' {role}='{self.addresses[id(by)]}'"
            f" sid='{self.sid}'>{payload}</jingle>",
        )
        came = await soon(self._came[id(other)].get())
        came.reply().send()
        assert (await soon(answer))["type"] == "result"
        return came

    async def agree(self, offered: str, accepted: str) -> Iq:
        """Offer the file by a transport, and accept it; return the offer as it came."""
        offer = await self.says(self.sender, "session-initiate", self._content(offered))
        await self.says(self.receiver, "session-accept", self._content(accepted))
        return offer

    async def end(self) -> None:
        """Say that the file is there."""
        reason = "<reason><success/></reason>"
        await self.says(self.receiver, "session-terminate", reason)

    async def about_transport(self, by: Person, sid: str, payload: str) -> None:
        """Tell the other side something about the bytestream (XEP-0260)."""
        await self.says(
            by,
            "transport-info",
            "<content creator='initiator' name='file'>"
            f"<transport xmlns='{S5B}' sid='{sid}'>{payload}</transport></content>",
        )

    def _content(self, transport: str) -> str:
        hash_ = b64encode(hashlib.sha256(self.file).digest()).decode()
        return (
            "<content creator='initiator' name='file' senders='initiator'>"
            "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>a.bin</name>"
            f"<size>{len(self.file)}</size>"
            f"<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>{hash_}</hash></file></description>"
            f"{transport}</content>"
        )


async def by_jingle_in_the_stream(sender: Person, receiver: Person, file: bytes) -> None:
    """XEP-0261: what is negotiated is then used."""
    session = FileSession(sender, receiver, file)
    sid = uuid4().hex
    transport = (
        f"<transport xmlns='urn:xmpp:jingle:transports:ibb:1' block-size='{BLOCK}' sid='{sid}'/>"
    )
    await session.agree(transport, transport)
    await in_the_stream(sender, receiver, file, sid=sid)
    await session.end()


async def by_jingle_through_the_proxy(sender: Person, receiver: Person, file: bytes) -> None:
    """XEP-0260: the sender offers its server's proxy, and both connect to it."""
    for each in (sender, receiver):
        each.xmpp.register_plugin("xep_0065", {"auto_accept": False})
    plugin = sender.xmpp.plugin["xep_0065"]
    ((proxy, (host, port)),) = (await plugin.discover_proxies()).items()
    session = FileSession(sender, receiver, file)
    sid = uuid4().hex
    target = receiver.xmpp.boundjid
    name = plugin._get_dest_sha1(sid, sender.xmpp.boundjid, target)
    candidate = (
        f"<candidate cid='c1' host='{host}' jid='{proxy}' port='{port}' priority='655360'"
        " type='proxy'/>"
    )
    offer = await session.agree(
        f"<transport xmlns='{S5B}' dstaddr='{name}' mode='tcp' sid='{sid}'>{candidate}</transport>",
        f"<transport xmlns='{S5B}' sid='{sid}'/>",
    )
    told = offer.xml.find(f".//{{{S5B}}}candidate")
    assert told is not None
    far = await connected(receiver, name, told.get("host"), told.get("port"))
    await session.about_transport(receiver, sid, "<candidate-used cid='c1'/>")
    await session.about_transport(sender, sid, "<candidate-error/>")
    near = await connected(sender, name, host, port)
    await soon(plugin.activate(proxy, sid, target))
    await session.about_transport(sender, sid, "<activated cid='c1'/>")
    await both_ways((sender, near), (receiver, far), file)
    await session.end()


async def connected(person: Person, name: str, host: str | None, port: object) -> Any:
    """Connect to a proxy, and ask it for a stream."""
    plugin = person.xmpp.plugin["xep_0065"]
    _, end = await soon(plugin._connect_proxy(name, host, int(str(port))))
    await soon(end.connected)
    return end
