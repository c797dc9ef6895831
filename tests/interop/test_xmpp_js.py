"""xmpp.js, a client library for browsers and Node.js: SASL2, Bind 2, tokens and resumption."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.interop.conftest import PASSWORD, Fresh
from tests.support.server import Server

SCRIPT = Path(__file__).parent / "xmpp_js"
DEADLINE = 60.0


async def run(*command: str, directory: Path, **environment: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(DEADLINE):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        output, errors = await process.communicate()
        raise AssertionError(
            f"{command} did not end:\n{output.decode()}{errors.decode()}"
        ) from None
    assert process.returncode == 0, output.decode() + errors.decode()
    return output.decode()


@pytest.fixture
async def library(tmp_path: Path) -> Path:
    """Install the library where the script finds it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no Node.js here")
    place = tmp_path / "xmpp_js"
    await asyncio.to_thread(shutil.copytree, SCRIPT, place)
    options = ("--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
    await run("npm", "install", *options, directory=place)
    return place


async def test_it_logs_in_with_a_password_then_with_tokens_and_resumes(
    shared_server: Server, fresh: Fresh, library: Path
) -> None:
    local, _, domain = fresh("juliet").partition("@")
    service = f"xmpps://127.0.0.1:{shared_server.tls_address[1]}"
    output = await run(
        "node",
        "three_logins.js",
        *(service, domain, local, PASSWORD),
        directory=library,
        NODE_TLS_REJECT_UNAUTHORIZED="0",
    )
    told: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]
    assert [each["success"] for each in told if "success" in each] == [
        ["additional-data", "authorization-identifier", "token", "bound"],
        ["additional-data", "authorization-identifier", "bound"],
        ["additional-data", "authorization-identifier", "resumed"],
    ]
    addresses = {each[what] for each in told for what in ("online", "resumed") if what in each}
    assert len(addresses) == 1
    assert addresses.pop().startswith(f"{local}@{domain}/xmpp-js/")
    assert [each for each in told if "error" in each] == []
