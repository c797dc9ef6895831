"""Requests of publish-subscribe as tests write them, and what they get."""

from tests.support.house import Client

from palaver.ext.pubsub.names import NS, NS_ERRORS, NS_EVENT
from palaver.wire.element import Element

ENTRY = "<entry xmlns='urn:example:entry'>Lo</entry>"


async def ask(
    client: Client, kind: str, content: str, to: str = "", namespace: str = NS
) -> Element:
    """Ask for something and return the whole answer."""
    address = f" to='{to}'" if to else ""
    query = f"<pubsub xmlns='{namespace}'>{content}</pubsub>"
    return await client.ask(f"<iq type='{kind}' id='q'{address}>{query}</iq>")


async def done(
    client: Client, kind: str, content: str, to: str = "", namespace: str = NS
) -> Element | None:
    """Ask for something that works; return what is in the ``<pubsub/>`` of the result."""
    answer = await ask(client, kind, content, to, namespace)
    assert answer.get("type") == "result", refusal(answer)
    pubsub = answer.find("pubsub", namespace)
    return None if pubsub is None else next(iter(pubsub))


def refusal(answer: Element) -> str:
    """Return type, condition and pubsub's own condition of an error, with blanks between."""
    error = answer.find("error", "jabber:client")
    assert error is not None, answer
    own = [child.name for child in error if child.ns == NS_ERRORS]
    return " ".join([error.get("type", ""), next(iter(error)).name, *own])


async def refused(
    client: Client, kind: str, content: str, to: str = "", namespace: str = NS
) -> str:
    """Ask for something that is refused; return how."""
    return refusal(await ask(client, kind, content, to, namespace))


def options(**fields: str) -> str:
    """Write publish-options; two underscores for what an argument cannot have."""
    return f"<publish-options>{form('publish-options', **fields)}</publish-options>"


def form(kind: str, **fields: str) -> str:
    """Write a form of some fields of pubsub."""
    written = "".join(
        f"<field var='pubsub#{name}'><value>{value}</value></field>"
        for name, value in fields.items()
    )
    return (
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
        f"<value>{NS}#{kind}</value></field>{written}</x>"
    )


def publish(node: str, id_: str = "", payload: str = ENTRY, more: str = "") -> str:
    """Write a request to publish an item."""
    named = f" id='{id_}'" if id_ else ""
    return f"<publish node='{node}'><item{named}>{payload}</item></publish>{more}"


async def items(client: Client, node: str, to: str = "", more: str = "") -> list[str | None]:
    """Return the ids of a node's items."""
    found = await done(client, "get", f"<items node='{node}'/>{more}", to)
    assert found is not None
    return [item.get("id") for item in found]


async def heard(client: Client) -> list[str]:
    """Return in words what a client was told of since the last time."""
    told = []
    for message in await client.messages():
        event = message.find("event", NS_EVENT)
        assert event is not None, message
        child = next(iter(event))
        ids = [f"{'-' if x.name == 'retract' else ''}{x.get('id')}" for x in child]
        if child.name == "subscription":
            ids = [child.get("subscription", "")]
        told.append(" ".join([child.name, child.get("node", ""), *ids]))
    return told
