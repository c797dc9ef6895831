import tomllib
from pathlib import Path

from tests.support.config import HostOptions, Ports, ServerOptions, render

from palaver.kernel.config import parse

PORTS = Ports(5222, 5223, 9464, 5347, 7777)
CERTIFICATE, KEY = Path("/c.crt"), Path("/c.key")


def test_the_configuration_is_one_that_palaver_accepts() -> None:
    options = ServerOptions(
        hosts={"localhost": HostOptions(anonymous=True), "münchen.test": HostOptions()},
        admins=("admin@localhost",),
        database="postgresql://palaver@127.0.0.1/test",
    )
    settings = parse(render(options, PORTS, CERTIFICATE, KEY), environ={})
    assert settings.hosts["localhost"].anonymous
    assert settings.server.admins == ("admin@localhost",)
    assert settings.storage.url == options.database
    assert str(settings.listen.starttls[0]) == "127.0.0.1:5222"


def test_a_tests_settings_go_over_the_rest() -> None:
    options = ServerOptions(
        settings={"limits": {"depth": 20}, "log": {"level": "debug"}, "extensions": {}}
    )
    text = tomllib.loads(render(options, PORTS, CERTIFICATE, KEY))
    assert text["limits"] == {"depth": 20}
    assert text["log"] == {"format": "json", "level": "debug"}
