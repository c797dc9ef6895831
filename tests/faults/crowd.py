"""Senders and receivers at full speed, and the account of what became of every message."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Self

from tests.faults.device import PATIENCE, Device
from tests.support.client import Client
from tests.support.server import Server

PASSWORD: Final = "secret-of-the-crowd"
SETTLE: Final = 120.0
"""Seconds for everything to arrive once nothing breaks any more."""


@dataclass(slots=True)
class Account:
    """What became of the messages: counts, and what is wrong in words.

    ``again``   messages that came once more
    ``copies``  those of them that came under another id, which a client cannot tell from new ones
                but by their origin-id
    """

    sent: int = 0
    acknowledged: int = 0
    bounced: int = 0
    received: int = 0
    again: int = 0
    copies: int = 0
    sessions: int = 0
    resumptions: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"sent {self.sent}, acknowledged {self.acknowledged}, bounced {self.bounced}, "
            f"received {self.received} and again {self.again} "
            f"({self.copies} under another id); "
            f"sessions {self.sessions}, resumptions {self.resumptions}"
        )


class Pair:
    """One sender, one receiver, and what was sent."""

    def __init__(self, sender: Device, receiver: Device, to: str, name: str) -> None:
        self.sender = sender
        self.receiver = receiver
        self.name = name
        self._to = to
        self.sent = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connect both, and send as fast as the server acknowledges."""
        self.sender.start()
        self.receiver.start()
        self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while True:
            await self.sender.send_message(self._to, f"{self.name}-{self.sent}")
            self.sent += 1

    async def stop_sending(self) -> None:
        """Send nothing new."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def finish(self) -> None:
        """Send nothing new, and wait until all that was sent is acknowledged."""
        await self.stop_sending()
        await self.sender.settle()

    @property
    def missing(self) -> set[str]:
        """The acknowledged messages that neither arrived nor came back."""
        came = {message.name for message in self.receiver.received}
        return self.sender.acknowledged - came - self.sender.bounced

    def judge(self, account: Account) -> None:
        """Add up what became of this pair's messages."""
        names = [message.name for message in self.receiver.received]
        firsts = list(dict.fromkeys(names))
        account.sent += self.sent
        account.acknowledged += len(self.sender.acknowledged)
        account.bounced += len(self.sender.bounced)
        account.received += len(firsts)
        account.again += len(names) - len(firsts)
        for device in (self.sender, self.receiver):
            account.sessions += device.sessions
            account.resumptions += device.resumptions
            account.wrong += device.violations
        account.wrong += [f"{name} is lost" for name in sorted(self.missing)]
        both = self.sender.bounced & set(names)
        account.wrong += [f"{name} came back and arrived as well" for name in sorted(both)]
        numbers = [int(name.rpartition("-")[2]) for name in firsts]
        if numbers != sorted(numbers):
            late = next(b for a, b in pairwise(numbers) if b < a)
            account.wrong.append(f"{self.name}-{late} arrived out of order")
        rows: dict[str, set[str | None]] = {}
        for message in self.receiver.received:
            rows.setdefault(message.name, set()).add(message.stanza_id)
        account.copies += sum(len(ids) > 1 for ids in rows.values())


class Crowd:
    """Pairs of accounts on one server; every other receiver never resumes a session."""

    def __init__(
        self,
        server: Server,
        count: int,
        *,
        address: tuple[str, int],
        patience: float | None = None,
    ) -> None:
        self._server = server
        self._address = address
        self._patience = patience or PATIENCE
        self.pairs = [self._pair(number) for number in range(count)]

    @staticmethod
    def accounts(count: int) -> list[tuple[str, str]]:
        """Give the accounts that a crowd of ``count`` pairs needs."""
        names = [f"{role}{number}" for role in ("sender", "receiver") for number in range(count)]
        return [(f"{name}@localhost", PASSWORD) for name in names]

    def _pair(self, number: int) -> Pair:
        patience = self._patience
        sender = Device(self._client(f"sender{number}"), patience=patience)
        receiver = Device(
            self._client(f"receiver{number}"), resumes=number % 2 == 0, patience=patience
        )
        return Pair(sender, receiver, f"receiver{number}@localhost", f"m{number}")

    def _client(self, name: str) -> Callable[[], Client]:
        def make() -> Client:
            return Client(
                f"{name}@localhost/device",
                PASSWORD,
                address=self._address,
                security="plain",
                mechanism="PLAIN",
            )

        return make

    @property
    def devices(self) -> Sequence[Device]:
        """All senders and receivers."""
        return [device for pair in self.pairs for device in (pair.sender, pair.receiver)]

    @property
    def receivers(self) -> list[Device]:
        """All receivers."""
        return [pair.receiver for pair in self.pairs]

    async def __aenter__(self) -> Self:
        for pair in self.pairs:
            pair.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(pair.stop_sending() for pair in self.pairs))
        await asyncio.gather(*(device.stop() for device in self.devices))

    @property
    def acknowledged(self) -> int:
        """Messages acknowledged to all senders so far."""
        return sum(len(pair.sender.acknowledged) for pair in self.pairs)

    async def progress(self, messages: int) -> None:
        """Wait until so many messages more are acknowledged."""
        goal = self.acknowledged + messages
        async with asyncio.timeout(SETTLE):
            while self.acknowledged < goal:  # noqa: ASYNC110 - devices count, and tell nobody
                await asyncio.sleep(0.01)

    async def settled(self) -> Account:
        """Stop sending, wait until everything has arrived, and give the account."""
        trouble: Counter[str | None] = Counter()
        try:
            async with asyncio.timeout(SETTLE):
                await asyncio.gather(*(pair.finish() for pair in self.pairs))
                await asyncio.gather(*(device.online.wait() for device in self.devices))
                while any(pair.missing for pair in self.pairs):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
        except TimeoutError:  # what is missing is named below
            offline = [device for device in self.devices if not device.online.is_set()]
            trouble.update(device.trouble for device in offline)
        account = Account()
        for pair in self.pairs:
            pair.judge(account)
        account.wrong += [f"trouble: {each} ({count} devices)" for each, count in trouble.items()]
        return account
