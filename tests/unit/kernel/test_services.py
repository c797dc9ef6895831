"""Services inside the process: who takes what comes to their domain."""

from pathlib import Path
from typing import ClassVar

from tests.support.house import open_house
from tests.unit.kernel.house import bare_house, use

from palaver.kernel.extension import Answer, Extension, Request, Target, iq
from palaver.kernel.host import Host
from palaver.wire.element import Element

ROMEO = "romeo@montague.example/orchard"
ASK = "<iq type='get' id='1' to='%s'><a xmlns='urn:x'/></iq>"


class Echo(Extension):
    """Has a service."""

    name: ClassVar = "echo"

    def service_address(self, host: Host) -> str:
        return f"echo.{host.name}"

    @iq("get", "urn:x", "a", to=Target.SERVICE)
    def ask(self, request: Request) -> Answer:
        assert request.service is not None
        return Element("a", "urn:x", {"by": str(request.service.address)})


class Other(Extension):
    """Has another, which takes the same requests."""

    name: ClassVar = "other"

    def service_address(self, host: Host) -> str:
        return f"other.{host.name}"

    @iq("get", "urn:x", "a", to=Target.SERVICE)
    def ask(self, _request: Request) -> Answer:
        return Element("other", "urn:x")


async def test_each_service_answers_by_its_own_handlers(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        use(house, Echo, Other)
        romeo = await house.client(ROMEO)
        for to, name in (("echo.montague.example", "a"), ("other.capulet.example", "other")):
            answer = await romeo.ask(ASK % to)
            assert answer.get("from") == to
            assert next(iter(answer)).name == name


async def test_nobody_is_at_a_service_but_itself(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        use(house, Echo)
        romeo = await house.client(ROMEO)
        for to in ("x@echo.montague.example", "echo.montague.example/x", "none.montague.example"):
            assert (await romeo.ask(ASK % to)).get("type") == "error"
        romeo.send("<message to='echo.montague.example'><body>x</body></message>")
        romeo.send("<message to='echo.montague.example' type='headline'><body>x</body></message>")
        romeo.send("<presence to='echo.montague.example'/>")
        assert [each.get("type") for each in await romeo.messages()] == ["error"]


async def test_a_service_goes_with_its_extension(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        before = list(house.server.extensions.values())
        use(house, Echo)
        house.server.use(before)
        romeo = await house.client(ROMEO)
        assert (await romeo.ask(ASK % "echo.montague.example")).get("type") == "error"


async def test_a_component_or_host_of_the_same_name_comes_first(tmp_path: Path) -> None:
    more = '[components."echo.montague.example"]\nsecret = "x"\n[hosts."echo.capulet.example"]\n'
    async with open_house(tmp_path, "ping", configuration=more) as house:
        use(house, Echo)
        assert set(house.server.services) == {"echo.echo.capulet.example"}
