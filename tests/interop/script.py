"""A script under Node.js that runs on while a test tells it what to do."""

import asyncio
import json
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Self

from tests.interop.node import begin
from tests.interop.person import soon


class Script:
    """A script that is told what to do in lines of JSON, and says what happens in others.

    An async context manager that starts it, and ends it by closing its input.
    """

    def __init__(self, name: str, *arguments: str, env: Mapping[str, str]) -> None:
        self._call = (name, *arguments)
        self._env = env
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: defaultdict[str, asyncio.Queue[dict[str, Any]]] = defaultdict(asyncio.Queue)
        self._said: list[str] = []
        self._number = 0

    async def do(self, what: str, **arguments: Any) -> Any:
        """Tell it to do something; return what comes of that."""
        self._number += 1
        number = self._number
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"number": number, "what": what, **arguments})
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        try:
            return await soon(answer)
        except TimeoutError:
            raise AssertionError(f"no answer to {line}; {self._tail()}") from None

    async def came(self, event: str) -> dict[str, Any]:
        """Return the next thing of that kind that happened, waiting for it."""
        try:
            return await soon(self._events[event].get())
        except TimeoutError:
            raise AssertionError(f"no {event} came; {self._tail()}") from None

    def happened(self, what: dict[str, Any]) -> None:
        """Keep what happened until the test asks for it; what is more, a subclass says."""
        self._events[what["event"]].put_nowait(what)

    def _tail(self) -> str:
        return "it said:\n" + "\n".join(self._said[-20:])

    async def _read(self, output: asyncio.StreamReader) -> None:
        async for line in output:
            self._said.append(line.decode().strip())
            said = json.loads(line)
            if "event" in said:
                self.happened(said)
            elif "error" in said:
                self._answers.pop(said["number"]).set_exception(AssertionError(said["error"]))
            else:
                self._answers.pop(said["number"]).set_result(said["result"])

    async def __aenter__(self) -> Self:
        name, *arguments = self._call
        self._process = await begin(name, *arguments, env=self._env)
        assert self._process.stdout is not None
        self._reading = asyncio.create_task(self._read(self._process.stdout))
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        assert self._reading is not None
        self._process.stdin.close()
        try:
            errors = (await soon(self._process.stderr.read())).decode()
        except TimeoutError:
            self._process.kill()
            errors = "it does not end"
        await self._reading
        code = await self._process.wait()
        assert code == 0, f"{errors}; {self._tail()}"
