"""Clients that want to hear of nodes, by their capabilities (XEP-0115)."""

from tests.support import rosters
from tests.support.house import Client, House

from palaver.ext.caps import verification_string
from palaver.ext.disco import NS_INFO, Identity, Info
from palaver.wire import element


def told(*nodes: str) -> Info:
    """Return what a client tells that wants to hear of these nodes."""
    features = tuple(f"{node}+notify" for node in nodes)
    return Info((Identity("client", "phone", "Test"),), (NS_INFO, *features))


async def wanting(house: House, address: str, *nodes: str) -> Client:
    """Connect a client that wants to hear of these nodes."""
    client = await house.client(address, available=False)
    await come(client, *nodes)
    return client


async def come(client: Client, *nodes: str, show: str = "", ver: str = "") -> None:
    """Send presence with the hash of what a client wants, and answer when asked about it."""
    info = told(*nodes)
    ver = ver or verification_string(info)
    caps = (
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
        f"node='urn:example:client' ver='{ver}'/>"
    )
    client.send(f"<presence>{f'<show>{show}</show>' if show else ''}{caps}</presence>")
    await answer(client, info)


async def answer(client: Client, info: Info) -> int:
    """Answer the requests for what a client can do; return how many came."""
    house = client.house
    asked: list[bytes] = []

    def came() -> bool:
        found = [data for data in client.wire.written if NS_INFO.encode() in data]
        asked.extend(found)
        client.wire.written = [data for data in client.wire.written if data not in found]
        return bool(found) or not house.server._tasks

    await house.until(came)
    for data in asked:
        request = element.parse(data)
        query = request.find("query", NS_INFO)
        assert query is not None
        told = info.element(query.get("node")).to_bytes().decode()
        client.send(
            f"<iq type='result' id='{request.get('id')}' to='{request.get('from')}'>{told}</iq>"
        )
    await house.settled()
    return len(asked)


async def befriend(house: House, one: str, other: str) -> None:
    """Let two accounts share presence."""
    clients = [await house.client(f"{address}/befriending") for address in (one, other)]
    await rosters.befriend(*clients)
    for client in clients:
        client.close()
    await house.settled()
