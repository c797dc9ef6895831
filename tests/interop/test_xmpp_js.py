"""xmpp.js, a client library for browsers and Node.js: SASL2, Bind 2, tokens and resumption."""

from pathlib import Path

from tests.interop import node
from tests.interop.conftest import PASSWORD, Fresh
from tests.support.certificates import Authority
from tests.support.server import Server


async def test_it_logs_in_with_a_password_then_with_tokens_and_resumes(
    shared_server: Server, authority: Authority, fresh: Fresh, tmp_path: Path
) -> None:
    node.require()
    local, _, domain = fresh("juliet").partition("@")
    service = f"xmpps://localhost:{shared_server.tls_address[1]}"
    told = await node.run(
        "three_logins.js",
        *(service, domain, local, PASSWORD),
        env=node.environment(authority.publish(tmp_path)),
    )
    assert [each["success"] for each in told if "success" in each] == [
        ["additional-data", "authorization-identifier", "token", "bound"],
        ["additional-data", "authorization-identifier", "bound"],
        ["additional-data", "authorization-identifier", "resumed"],
    ]
    addresses = {each[what] for each in told for what in ("online", "resumed") if what in each}
    assert len(addresses) == 1
    assert addresses.pop().startswith(f"{local}@{domain}/xmpp-js/")
    assert [each for each in told if "error" in each] == []
