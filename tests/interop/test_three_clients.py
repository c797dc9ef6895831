"""A day of an account with three devices: networks change, a phone sleeps, the server restarts.

A desk with slixmpp, a phone with xmpp.js, a laptop with profanity. In the evening they have the
same archive, the same roster and the same read state (XEP-0490). Profanity knows nothing of read
states, so that those are compared on the other two.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.faults.proxy import Link, Proxy
from tests.interop import node
from tests.interop.conftest import PASSWORD
from tests.interop.desk import Desk
from tests.interop.laptop import Laptop
from tests.interop.person import Person
from tests.interop.phone import Phone
from tests.support.certificates import Authority
from tests.support.fixtures import StartServer
from tests.support.server import Server

JULIET, ROMEO, NURSE = "juliet@localhost", "romeo@localhost", "nurse@localhost"

Device = Desk | Phone | Laptop


@dataclass(slots=True)
class Networks:
    """The ways of the devices to the server; those of the phone are two."""

    cable: Proxy
    wifi: Proxy
    cellular: Proxy
    hotel: Proxy


@dataclass(slots=True)
class Day:
    """What Romeo and the devices of Juliet say to each other; no two messages are the same."""

    server: Server
    networks: Networks
    romeo: Person
    desk: Desk
    phone: Phone
    laptop: Laptop
    new_laptop: Laptop
    said: list[str] = field(default_factory=list)

    @property
    def devices(self) -> tuple[Device, ...]:
        return self.desk, self.phone, self.laptop

    def next(self, topic: str) -> str:
        """Write the next message."""
        self.said.append(f"{len(self.said) + 1:02}: {topic} ❤ <&>")
        return self.said[-1]

    async def romeo_says(self, topic: str, *hearing: Device) -> str:
        """Let Romeo write to Juliet; these devices show it."""
        body = self.next(topic)
        self.romeo.xmpp.send_message(JULIET, body, mtype="chat")
        await heard(body, *hearing)
        return body

    async def answers(self, device: Device, topic: str, *hearing: Device) -> None:
        """Let a device write to Romeo, who reads it; these others show it."""
        body = self.next(topic)
        await device.says(body, ROMEO)
        await self.romeo_reads(body)
        await heard(body, *hearing)

    async def romeo_reads(self, body: str) -> None:
        """See that this is the next that Romeo gets."""
        assert (await self.romeo.came("message"))["body"] == body

    async def everybody_talks(self) -> None:
        """Let Romeo and each device say something, which all others show."""
        await self.romeo_says("to everybody", *self.devices)
        for device in self.devices:
            others = [other for other in self.devices if other is not device]
            await self.answers(device, f"from the {type(device).__name__}", *others)


async def heard(body: str, *devices: Device) -> None:
    for device in devices:
        await device.hears(body)


def connection(network: Proxy) -> Link:
    """Return the only connection through this network that is not broken."""
    (link,) = (link for link in network.links if not link.silent)
    return link


async def befriend(desk: Desk, romeo: Person) -> None:
    """Subscribe both to each other."""
    desk.xmpp.send_presence_subscription(ROMEO)
    await romeo.came("presence_subscribe")
    romeo.xmpp.send_presence_subscription(JULIET, ptype="subscribed")
    romeo.xmpp.send_presence_subscription(JULIET)
    await desk.came("presence_subscribe")
    desk.xmpp.send_presence_subscription(ROMEO, ptype="subscribed")
    await romeo.came("presence_subscribed")


@pytest.fixture
async def day(
    start_server: StartServer, authority: Authority, tmp_path: Path
) -> AsyncIterator[Day]:
    """Give a day on which Romeo and all of Juliet's devices are online."""
    node.require()
    server = start_server()
    server.add_accounts((jid, PASSWORD) for jid in (JULIET, ROMEO))
    trust, certificate = authority.trust(), authority.publish(tmp_path)

    def laptop(name: str) -> Laptop:
        home = tmp_path / name
        return Laptop(JULIET, PASSWORD, contact=ROMEO, home=home, network=networks.hotel)

    async with AsyncExitStack() as stack:
        ways = [await stack.enter_async_context(Proxy(server.tls_address)) for _ in range(4)]
        networks = Networks(*ways)
        romeo = Person(server, f"{ROMEO}/orchard", PASSWORD, trust=trust)
        await stack.enter_async_context(romeo)
        await romeo.online()
        desk = Desk(server, f"{JULIET}/desk", PASSWORD, trust=trust, network=networks.cable)
        stack.push_async_callback(desk.quit)
        await desk.log_in()
        await befriend(desk, romeo)
        phone = Phone(JULIET, PASSWORD, authority=certificate, network=networks.wifi)
        await stack.enter_async_context(phone)
        await phone.log_in()
        first = await stack.enter_async_context(laptop("laptop"))
        yield Day(server, networks, romeo, desk, phone, first, laptop("new-laptop"))


async def test_three_devices_have_the_same_archive_roster_and_read_state_in_the_evening(
    day: Day,
) -> None:
    await day.everybody_talks()
    await networks_change(day)
    await day.everybody_talks()
    await the_phone_sleeps(day)
    await the_server_restarts(day)
    await day.everybody_talks()
    await the_server_is_killed(day)
    await day.everybody_talks()
    await the_desk_is_left(day)
    await day.everybody_talks()
    await compare(day)


async def networks_change(day: Day) -> None:
    # The phone's network is gone and nobody is told: what both say goes nowhere.
    connection(day.networks.wifi).go_silent()
    missed = await day.romeo_says("to a phone without a network", day.desk, day.laptop)
    lost = day.next("from a phone without a network")
    await day.phone.says(lost, ROMEO)
    await day.phone.switch(day.networks.cellular)
    await day.phone.resume()
    await heard(missed, day.phone)
    await day.romeo_reads(lost)
    await heard(lost, day.desk, day.laptop)

    # The desk's connection is reset in the middle of a message.
    connection(day.networks.cable).reset_after(100)
    torn = await day.romeo_says(f"to a desk, {'at length ' * 50}", day.phone)
    after = await day.romeo_says("to a desk without a cable", day.phone, day.laptop)
    await day.desk.resume()
    await heard(torn, day.desk)
    await heard(after, day.desk)

    # The laptop's connection is reset, and it comes back by itself.
    connection(day.networks.hotel).reset()
    missed = await day.romeo_says("to a laptop that reconnects", day.desk, day.phone)
    await heard(missed, day.laptop)
    await day.desk.has_read(ROMEO)


async def the_phone_sleeps(day: Day) -> None:
    await day.phone.sleep()
    day.romeo.xmpp.send_presence(pshow="dnd")
    await day.romeo_says("to a phone in a pocket", *day.devices)

    connection(day.networks.cellular).go_silent()
    missed = await day.romeo_says("to a phone in a pocket, in a tunnel", day.desk, day.laptop)
    await day.phone.switch(day.networks.wifi)
    await day.phone.resume()
    await day.phone.wake()
    await day.phone.sees("dnd")
    await heard(missed, day.phone)


async def the_server_restarts(day: Day) -> None:
    day.laptop.forget_screen()
    await asyncio.to_thread(day.server.restart)
    await day.romeo.came("disconnected")
    day.romeo.connect()
    await day.romeo.came("session_resumed")
    await day.desk.resume()
    await day.phone.resume()
    missed = await day.romeo_says("to a laptop that may be late", day.desk, day.phone)
    await day.laptop.come_back()
    await day.laptop.finds(missed)


async def the_server_is_killed(day: Day) -> None:
    connection(day.networks.wifi).go_silent()
    lost = day.next("from a phone, to a server that is killed")
    await day.phone.says(lost, ROMEO)
    day.laptop.forget_screen()
    day.server.kill()
    await asyncio.to_thread(day.server.start)
    await day.romeo.came("disconnected")
    await day.romeo.come_back()
    await day.romeo.online()
    await day.desk.begin_again()
    await day.phone.switch(day.networks.cellular)
    await day.phone.begin_again()
    await day.romeo_reads(lost)
    await heard(lost, day.desk)
    await day.laptop.come_back()
    await day.laptop.finds(lost)


async def the_desk_is_left(day: Day) -> None:
    await day.desk.quit()
    for number in range(4):
        await day.romeo_says(f"to an empty desk, {number}", day.phone, day.laptop)
        await day.answers(day.phone, f"from a phone far away, {number}", day.laptop)
        await day.answers(day.laptop, f"from a laptop far away, {number}", day.phone)
    latest = await day.phone.has_read(ROMEO)
    await day.phone.names(NURSE, "Nurse")
    await day.phone.names(ROMEO, "Romeo of Verona")
    await day.desk.log_in()
    assert await day.desk.read_state() == {ROMEO: latest}


async def compare(day: Day) -> None:
    archive = await day.desk.archive(backwards=False)
    assert [line.body for line in archive] == day.said
    assert len({line.id for line in archive}) == len(archive)
    assert await day.desk.archive(backwards=True) == archive
    assert await day.phone.archive(backwards=False) == archive
    assert await day.phone.archive(backwards=True) == archive
    async with day.new_laptop:
        await day.new_laptop.finds(day.said[-1])
        assert day.new_laptop.kept() == archive
    # What they showed in the course of the day is the same, each message once.
    assert sorted(day.desk.history.bodies) == day.said
    assert sorted(day.phone.history.bodies) == day.said
    assert sorted({line.body for line in day.laptop.kept()}) == day.said

    roster = {ROMEO: "both Romeo of Verona", NURSE: "none Nurse"}
    assert [await device.roster() for device in day.devices] == [roster] * 3

    latest = await day.phone.has_read(ROMEO)
    await day.desk.hears_of_reading(latest)
    assert await day.desk.read_state() == {ROMEO: latest}
    assert await day.phone.read_state() == {ROMEO: latest}
