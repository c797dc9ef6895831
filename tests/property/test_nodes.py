"""Nodes against a small model of XEP-0060 §4: affiliations, models, subscriptions, items."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import count
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.house import Client, House, open_house

from palaver.wire.element import Element

NS: Final = "http://jabber.org/protocol/pubsub"
SERVICE: Final = "pubsub.montague.example"
ACTORS: Final = ("owner", "ada", "bob", "cyd")
AFFILIATIONS: Final = ("owner", "publisher", "publish-only", "member", "none", "outcast")
Operation = tuple[str, ...]

_actor = st.sampled_from(ACTORS)
_chief = st.sampled_from(("owner", "owner", "owner", "ada"))
_item = st.sampled_from("xyz")
_kind = st.sampled_from(AFFILIATIONS)
OPERATIONS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("affiliate"), _chief, _actor, _kind),
        st.tuples(
            st.just("configure"),
            _chief,
            st.sampled_from(("open", "whitelist", "authorize")),
            st.sampled_from(("publishers", "subscribers", "open")),
            st.sampled_from(("1", "2", "max")),
        ),
        st.tuples(st.just("approve"), _chief, _actor, st.sampled_from("01")),
        st.tuples(st.just("manage"), _chief, _actor, st.sampled_from(("subscribed", "none"))),
        st.tuples(st.sampled_from(("subscriptions", "affiliations", "relation")), _actor),
        st.tuples(st.sampled_from(("publish", "retract")), _actor, _item),
        st.tuples(st.sampled_from(("subscribe", "unsubscribe", "items", "purge")), _actor),
    ),
    min_size=20,
    max_size=40,
)


class Model:
    """What a node is by the words of the specification; each method says what an answer is.

    An answer is "refused", "done", or what was asked for.
    """

    def __init__(self) -> None:
        self.affiliations = {"owner": "owner"}
        self.subscribed: dict[str, bool] = {}  # False: it waits for approval
        self.items: dict[str, str] = {}  # their publishers, oldest first
        self.access, self.publishing, self.most = "open", "publishers", 20

    def affiliation(self, who: str) -> str:
        return self.affiliations.get(who, "none")

    def _owns(self, who: str) -> bool:
        return self.affiliation(who) == "owner"

    def affiliate(self, by: str, who: str, what: str) -> str:
        owners = {each for each, affiliation in self.affiliations.items() if affiliation == "owner"}
        if not self._owns(by) or (owners == {who} and what != "owner"):
            return "refused"
        self.affiliations[who] = what
        if what in ("outcast", "publish-only"):
            self.subscribed.pop(who, None)
        elif what != "none" and who in self.subscribed:
            self.subscribed[who] = True
        return "done"

    def configure(self, by: str, access: str, publishing: str, most: str) -> str:
        if not self._owns(by):
            return "refused"
        self.access, self.publishing = access, publishing
        self.most = 1000 if most == "max" else int(most)
        self._shorten()
        return "done"

    def _shorten(self) -> None:
        while len(self.items) > self.most:
            del self.items[next(iter(self.items))]

    def approve(self, by: str, who: str, allow: str) -> str:
        if self._owns(by) and self.subscribed.get(who) is False:
            if allow == "1":
                self.subscribed[who] = True
            else:
                del self.subscribed[who]
        return "done"  # a message is not answered

    def manage(self, by: str, who: str, state: str) -> str:
        if not self._owns(by):
            return "refused"
        if state == "none":
            return self.unsubscribe(who)
        if who not in self.subscribed and self.affiliation(who) in ("outcast", "publish-only"):
            return "refused"
        self.subscribed[who] = True
        return "done"

    def subscriptions(self, by: str) -> str:
        found = sorted(who for who, approved in self.subscribed.items() if approved)
        return " ".join(["listed", *found]) if self._owns(by) else "refused"

    def affiliations_of(self, by: str) -> str:
        found = sorted(f"{who}={what}" for who, what in self.affiliations.items() if what != "none")
        return " ".join(["listed", *found]) if self._owns(by) else "refused"

    def relation(self, who: str) -> str:
        """Return what somebody is told of their own subscription and affiliation."""
        states = {True: "subscribed", False: "pending"}
        state = [states[self.subscribed[who]]] if who in self.subscribed else []
        affiliation = self.affiliation(who)
        return " ".join(state + ([affiliation] if affiliation != "none" else []))

    def subscribe(self, who: str) -> str:
        affiliation = self.affiliation(who)
        privileged = affiliation in ("owner", "publisher", "member")
        if affiliation in ("outcast", "publish-only"):
            return "refused"
        if not privileged and self.access == "whitelist":
            return "refused"
        if self.subscribed.get(who) is False:
            return "refused"  # it is pending
        self.subscribed.setdefault(who, privileged or self.access != "authorize")
        return "subscribed" if self.subscribed[who] else "pending"

    def unsubscribe(self, who: str) -> str:
        return "refused" if self.subscribed.pop(who, None) is None else "done"

    def _publishes(self, who: str) -> bool:
        affiliation = self.affiliation(who)
        if affiliation in ("owner", "publisher", "publish-only"):
            return True
        if affiliation == "outcast" or self.publishing == "publishers":
            return False
        return self.publishing == "open" or self.subscribed.get(who) is True

    def _deletes(self, who: str, item: str) -> bool:
        if self.affiliation(who) in ("owner", "publisher"):
            return True
        return self._publishes(who) and self.items.get(item, who) == who

    def publish(self, who: str, item: str) -> str:
        if not self._publishes(who) or not self._deletes(who, item):
            return "refused"
        self.items.pop(item, None)
        self.items[item] = who
        self._shorten()
        return "done"

    def retract(self, who: str, item: str) -> str:
        if item not in self.items or not self._deletes(who, item):
            return "refused"
        del self.items[item]
        return "done"

    def purge(self, who: str) -> str:
        if not self._owns(who):
            return "refused"
        self.items.clear()
        return "done"

    def retrieve(self, who: str) -> str:
        affiliation = self.affiliation(who)
        if affiliation in ("outcast", "publish-only"):
            return "refused"
        privileged = affiliation in ("owner", "publisher", "member")
        if not privileged and self.access == "whitelist":
            return "refused"
        if not privileged and self.access == "authorize" and not self.subscribed.get(who):
            return "refused"
        return " ".join(self.items)

    def hearers(self) -> set[str]:
        """Return who hears of what is published now."""
        return {
            who
            for who, approved in self.subscribed.items()
            if approved and self.retrieve(who) != "refused"
        }

    def play(self, operation: Operation) -> str:
        name, *arguments = operation
        methods = {"items": self.retrieve, "affiliations": self.affiliations_of}
        method = methods.get(name) or getattr(self, name)
        answer: str = method(*arguments)
        return answer


class Stage:
    """A server with the actors, and a new node for each example."""

    def __init__(self, house: House, actors: dict[str, Client]) -> None:
        self.house = house
        self.actors = actors
        self.names = count()
        self.node = ""

    async def begin(self) -> None:
        self.node = f"node {next(self.names)}"
        assert await self._ask("owner", "set", f"<create node='{self.node}'/>") != "refused"
        for client in self.actors.values():
            await client.taken()

    async def _ask(self, who: str, kind: str, content: str, namespace: str = NS) -> str:
        xml = (
            f"<iq type='{kind}' id='q' to='{SERVICE}'>"
            f"<pubsub xmlns='{namespace}'>{content}</pubsub></iq>"
        )
        answer = await self.actors[who].ask(xml)
        if answer.get("type") == "error":
            return "refused"
        pubsub = answer.find("pubsub", namespace)
        child = None if pubsub is None else next(iter(pubsub))
        if child is not None and child.name == "items":
            return " ".join(item.get("id", "") for item in child)
        if child is not None and child.name == "subscription":
            return child.get("subscription", "")
        if child is not None and namespace != NS:
            return " ".join(["listed", *sorted(map(_entry, child))])
        if child is not None and child.name in ("subscriptions", "affiliations"):
            names = (each.get(each.name, "") for each in child)
            return " ".join(names)
        return "done"

    async def play(self, operation: Operation) -> str:
        name, who, *more = operation
        node, owner = f"node='{self.node}'", f"{NS}#owner"
        jid = f"jid='{who}@montague.example'"
        match name:
            case "affiliate":
                change = f"<affiliation jid='{more[0]}@montague.example' affiliation='{more[1]}'/>"
                content = f"<affiliations {node}>{change}</affiliations>"
                return await self._ask(who, "set", content, owner)
            case "configure":
                keys = ("access_model", "publish_model", "max_items")
                x = _form("node_config", dict(zip(keys, more, strict=True)))
                return await self._ask(who, "set", f"<configure {node}>{x}</configure>", owner)
            case "approve":
                fields = {"node": self.node, "subscriber_jid": f"{more[0]}@montague.example"}
                x = _form("subscribe_authorization", {**fields, "allow": more[1]})
                self.actors[who].send(f"<message to='{SERVICE}'>{x}</message>")
                await self.house.settled()
                return "done"
            case "manage":
                change = (
                    f"<subscription jid='{more[0]}@montague.example' subscription='{more[1]}'/>"
                )
                content = f"<subscriptions {node}>{change}</subscriptions>"
                return await self._ask(who, "set", content, owner)
            case "subscriptions" | "affiliations":
                return await self._ask(who, "get", f"<{name} {node}/>", owner)
            case "relation":
                lists = ("subscriptions", "affiliations")
                both = [await self._ask(who, "get", f"<{each} {node}/>") for each in lists]
                return " ".join(filter(None, both))
            case "publish":
                item = f"<item id='{more[0]}'><a xmlns='urn:x'/></item>"
                return await self._ask(who, "set", f"<publish {node}>{item}</publish>")
            case "retract":
                return await self._ask(
                    who, "set", f"<retract {node}><item id='{more[0]}'/></retract>"
                )
            case "purge":
                return await self._ask(who, "set", f"<purge {node}/>", owner)
            case "items":
                return await self._ask(who, "get", f"<items {node}/>")
        return await self._ask(who, "set", f"<{name} {node} {jid}/>")

    async def heard(self) -> set[str]:
        """Return who was told of a published item since the last time."""
        return {
            name
            for name, client in self.actors.items()
            if any("<item id=" in m.to_bytes().decode() for m in await client.messages())
        }


def _entry(element: Element) -> str:
    name = element.get("jid", "").partition("@")[0]
    affiliation = element.get("affiliation")
    return f"{name}={affiliation}" if affiliation else name


def _form(kind: str, fields: dict[str, str]) -> str:
    written = "".join(
        f"<field var='pubsub#{name}'><value>{value}</value></field>"
        for name, value in fields.items()
    )
    return (
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
        f"<value>{NS}#{kind}</value></field>{written}</x>"
    )


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Stage]]:
    limits = "[extensions.pubsub]\nnodes = 100000\n"
    names = ("pubsub", "client_caps", "caps", "disco", "roster", "presence")

    async def open_() -> tuple[AsyncExitStack, Stage]:
        stack = AsyncExitStack()
        directory = tmp_path_factory.mktemp("nodes")
        house = await stack.enter_async_context(open_house(directory, *names, configuration=limits))
        clients = {name: await house.client(f"{name}@montague.example/x") for name in ACTORS}
        return stack, Stage(house, clients)

    with asyncio.Runner() as runner:
        stack, opened = runner.run(open_())
        yield runner, opened
        runner.run(stack.aclose())


@given(first=st.tuples(_kind, _kind, _kind), operations=OPERATIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_node_does_what_the_specification_says(
    stage: tuple[asyncio.Runner, Stage], first: tuple[str, ...], operations: list[Operation]
) -> None:
    runner, theatre = stage
    begin = [("affiliate", "owner", who, kind) for who, kind in zip(ACTORS[1:], first, strict=True)]

    async def play() -> None:
        model = Model()
        await theatre.begin()
        for operation in (*begin, *operations):
            expected = model.play(operation)
            assert await theatre.play(operation) == expected, operation
            heard = await theatre.heard()
            if operation[0] == "publish" and expected == "done":
                assert heard == model.hearers(), operation
        assert await theatre.play(("items", owner_in(model))) == " ".join(model.items)

    runner.run(play())


def owner_in(model: Model) -> str:
    return next(who for who, what in model.affiliations.items() if what == "owner")
