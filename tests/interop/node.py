"""Scripts under Node.js: what they need, and how they are run."""

import asyncio
import json
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

XMPP_JS: Final = Path(__file__).parent / "xmpp_js"
OLDEST: Final = (20, 10)
"""The version of Node.js that xmpp.js asks for."""

DEADLINE: Final = 60.0
_LONGEST_LINE: Final = 1 << 22  # bytes


def require() -> None:
    """Skip the test where no Node.js of this age can be had; fail where only the set-up lacks.

    `scripts/test-requirements`, which `make test` runs, installs both what there is of Node.js in
    Debian, and the packages.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js here; on Debian, scripts/test-requirements installs it")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(map(int, said.strip().removeprefix("v").split(".")))
    if version < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        pytest.skip(f"Node.js is {said.strip()} here, and xmpp.js needs {wanted} or newer")
    if not (XMPP_JS / "node_modules" / ".package-lock.json").exists():
        pytest.fail("xmpp.js is not installed; scripts/test-requirements does that")


def environment(authority: Path) -> dict[str, str]:
    """Let Node.js trust the authority of the tests, and look for localhost where servers listen."""
    return {
        **os.environ,
        "NODE_EXTRA_CA_CERTS": str(authority),
        "NODE_OPTIONS": "--dns-result-order=ipv4first",
    }


async def run(script: str, *arguments: str, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """Run a script to its end; return the lines of JSON that it prints."""
    process = await begin(script, *arguments, env=env)
    try:
        async with asyncio.timeout(DEADLINE):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        output, errors = await process.communicate()
        raise AssertionError(f"{script} does not end:\n{_text(output, errors)}") from None
    assert process.returncode == 0, _text(output, errors)
    return [json.loads(line) for line in output.splitlines()]


async def begin(script: str, *arguments: str, env: Mapping[str, str]) -> Process:
    """Start a script."""
    return await asyncio.create_subprocess_exec(
        *("node", script, *arguments),
        cwd=XMPP_JS,
        env=env,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        limit=_LONGEST_LINE,
    )


def _text(*outputs: bytes) -> str:
    return "".join(output.decode() for output in outputs)
