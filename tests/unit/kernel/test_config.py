from pathlib import Path

import pytest
from pydantic import Field, ValidationError

from palaver.kernel import config
from palaver.kernel.config_error import ConfigError
from palaver.kernel.endpoint import Endpoint
from palaver.kernel.settings import Section, Settings


class Archive(Section):
    """Settings of an extension, for the tests."""

    days: int = Field(30, ge=1, le=3650)
    path: str = "archive"


def problems(document: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config.parse(document, Path("palaver.toml"), environ)
    return [str(problem) for problem in caught.value.problems]


def test_without_a_file_the_defaults_serve_localhost(tmp_path: Path) -> None:
    settings = config.load(tmp_path, environ={})
    assert list(settings.hosts) == ["localhost"]
    assert settings.listen.starttls == (Endpoint("::", 5222),)
    assert settings.certificate("localhost", tmp_path) == (
        tmp_path / "certificates/localhost.crt",
        tmp_path / "certificates/localhost.key",
    )


def test_the_file_of_the_data_directory_is_read(tmp_path: Path) -> None:
    (tmp_path / "palaver.toml").write_text('[hosts."b.example"]\n[hosts."a.example"]\nkey="/k"\n')
    settings = config.load(tmp_path, environ={})
    assert list(settings.hosts) == ["b.example", "a.example"], "the first host stays first"
    assert settings.certificate("a.example", tmp_path)[1] == Path("/k")


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        config.load(tmp_path, tmp_path / "other.toml", {})


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "palaver.toml").write_bytes(b"[log]\n# caf\xe9\n")
    with pytest.raises(ConfigError, match=r"palaver.toml:2: is not UTF-8"):
        config.load(tmp_path, environ={})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().limits.depth = 3  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("[limits]\ndepht = 5", ":2: limits.depht: unknown key\n    Did you mean “depth”?"),
        ("[limit]\ndepth = 5", ":1: limit: unknown key\n    Did you mean “limits”?"),
        (
            "[limits]\niterations = 5",
            ":2: limits.iterations: unknown key\n    There is sasl.iterations.",
        ),
        (
            "\n\n[limits]\ndepth = 5",
            ":4: limits.depth: 5 is out of range\n    Allowed: 16 to 1,000 levels; default 100.",
        ),
        (
            "[limits]\nlogin_timeout = 0",
            ":2: limits.login_timeout: 0 is out of range\n"
            "    Allowed: above 0, at most 3,600 seconds; default 60.0.",
        ),
        (
            "[hosts.a]\nanonymous = 'yes'",
            ":2: hosts.a.anonymous: must be true or false, not “yes”\n"
            "    Example: anonymous = false",
        ),
        (
            "[log]\nlevel = 'warn'",
            ":2: log.level: “warn” is not one of the choices\n"
            "    Did you mean “warning”? Choices: “debug”, “info”, “warning”, “error”.",
        ),
        ("tls = 1", ":1: tls: is a section, not 1\n    Write [tls] on a line of its own."),
        (
            "[listen]\ntls = [\n '[::1]:1',\n '::1:2',\n]",
            ":2: listen.tls[1]: not an address and port such as 127.0.0.1:5222 or [::]:5222\n"
            "    Example: tls = [“127.0.0.1:5223”]",
        ),
        (
            "[listen]\ntls = ['[::1]:70000']",
            ":2: listen.tls[0]: port 70000 is above 65535\n    Example: tls = [“127.0.0.1:5223”]",
        ),
        (
            '[hosts."a b"]',
            ":1: hosts.“a b”: domainpart contains U+0020, not allowed there (uts46_std3)",
        ),
        (
            "[server]\nadmins = ['joe']",
            ":2: server.admins[0]: not an address such as user@example.org\n"
            "    Example: admins = [“admin@example.org”]",
        ),
        (
            "[metrics]\nlisten = '0.0.0.0:9464'",
            ":1: metrics: 0.0.0.0:9464 can be reached from other machines and metrics have no "
            "password; use 127.0.0.1, or set allow_remote = true",
        ),
        (
            '[hosts."a.example"]\n[certificates."A.example"]',
            ":2: certificates.“a.example”: is a host\n"
            "    Its certificate belongs to [hosts.“a.example”].",
        ),
        (
            '[hosts."a.example"]\n[hosts."A.Example"]',
            ":2: hosts.“A.Example”: is the same host as “a.example”\n"
            "    Put both sections together under one spelling.",
        ),
        (
            '[hosts."bücher.example"]\n[hosts."xn--bcher-kva.example"]',
            ":2: hosts.“xn--bcher-kva.example”: is the same host as “bücher.example”\n"
            "    Put both sections together under one spelling.",
        ),
        ("x = yes", ":1: is not TOML: invalid value\n    Texts need quotes: name = “value”."),
        ("[log]\n[log]", ":2: is not TOML: cannot declare ('log',) twice"),
        ("x = '", ':1: is not TOML: expected "\'"'),
    ],
)
def test_a_wrong_key_or_value_is_told_with_line_reason_and_suggestion(
    document: str, expected: str
) -> None:
    expected = expected.replace("“", '"').replace("”", '"')
    assert [message.removeprefix("palaver.toml") for message in problems(document)] == [expected]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    told = problems('[tls]\nminimum = "1.1"\n[log]\nlevl = 1\n[hosts.x]\nkey = 5\n')
    assert [each.split(": ")[0] for each in told] == [f"palaver.toml:{n}" for n in (2, 4, 6)]


def test_an_address_that_may_be_empty_has_one_problem_told() -> None:
    with pytest.raises(ConfigError) as caught:
        config.parse('[metrics]\nlisten = "127.0.0.1:99999"\n')
    (problem,) = caught.value.problems
    assert problem.reason == "port 99999 is above 65535"


def test_a_secret_is_not_repeated_in_messages() -> None:
    (told,) = problems('[storage]\nurl = "oracle://joe:hunter2@db/x"')
    assert "hunter2" not in told
    assert "storage.url" in told


def test_environment_overrides_the_file() -> None:
    settings = config.parse(
        "[limits]\ndepth = 20\nattributes = 20",
        environ={
            "PALAVER_LIMITS__DEPTH": "30",
            "PALAVER_LISTEN__TLS": '["127.0.0.1:0"]',
            "PALAVER_HOSTS__a.example__ANONYMOUS": "true",
            "PALAVER_LOG__LEVEL": "debug",
            "PALAVER_STORAGE__URL": "sqlite:///x.sqlite3",
            "PALAVER_CONFIG": "is the command line's",
            "PATH": "/bin",
        },
    )
    assert (settings.limits.depth, settings.limits.attributes) == (30, 20)
    assert settings.listen.tls == (Endpoint("127.0.0.1", 0),)
    assert settings.hosts["a.example"].anonymous
    assert settings.log.level == "debug"
    assert settings.storage.url == "sqlite:///x.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PALAVER_LIMITS__DEPHT", "30", 'limits.depht: unknown key\n    Did you mean "depth"?'),
        ("PALAVER_LOGS__LEVEL", "info", 'logs: unknown key\n    Did you mean "log"?'),
        ("PALAVER_TLS", "x", 'tls: is a section, not "x"'),
        ("PALAVER_LIMITS__DEPTH", "x", 'limits.depth: must be a whole number, not "x"'),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(name: str, value: str, expected: str) -> None:
    (told,) = problems("", {name: value})
    assert told.startswith(f"environment variable {name}: {expected}")


def test_text_of_digits_can_be_quoted_in_the_environment() -> None:
    settings = config.parse("", environ={"PALAVER_EXTENSIONS__ARCHIVE__PATH": '"50"'})
    assert config.extension_settings(settings, "archive", Archive).path == "50"


def test_extension_settings_of_a_host_lie_over_those_of_all_hosts() -> None:
    settings = config.parse(
        "[extensions.archive]\nenabled=true\ndays=7\npath='x'\n"
        "[hosts.a.extensions.archive]\ndays=9\n[hosts.b]\n"
    )
    assert config.extension_settings(settings, "archive", Archive, "a") == Archive(days=9, path="x")
    assert config.extension_settings(settings, "archive", Archive, "b") == Archive(days=7, path="x")
    assert config.extension_settings(settings, "archive", Archive) == Archive(days=7, path="x")
    assert config.extension_settings(settings, "other", Archive) == Archive()


@pytest.mark.parametrize(
    ("document", "default", "host", "expected"),
    [
        ("", True, None, True),
        ("", False, None, False),
        ("[extensions.archive]\nenabled=false", True, "localhost", False),
        ("[extensions.archive]\nenabled=true", False, None, True),
        ("[hosts.a]\nwithout=['archive']\n[hosts.b]", True, "a", False),
        ("[hosts.a]\nwithout=['archive']\n[hosts.b]", True, None, True),
        ("[hosts.a]\nwithout=['archive']", True, None, False),
        ("[hosts.a.extensions.archive]\nenabled=true", False, "a", True),
        (
            "[extensions.archive]\nenabled=true\n[hosts.a.extensions.archive]\nenabled=false",
            True,
            "a",
            False,
        ),
    ],
)
def test_an_extension_is_on_where_the_nearest_key_says_so(
    document: str, default: bool, host: str | None, expected: bool
) -> None:
    settings = config.parse(document)
    assert config.extension_enabled(settings, "archive", host, default=default) is expected


def test_extensions_are_checked_all_at_once_with_their_lines() -> None:
    document = (
        "[extensions.archive]\n"
        "days = 0\n"
        "[extensions.archiv]\n"
        "[hosts.a]\n"
        "without = ['archve']\n"
        "[hosts.a.extensions.archive]\n"
        "path = 5\n"
        "[hosts.b.extensions.archive]\n"
        "dais = 5\n"
    )
    settings = config.parse(document, Path("p.toml"))
    with pytest.raises(ConfigError) as caught:
        config.check_extensions(settings, {"archive": Archive})
    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [
        "p.toml:2: extensions.archive.days: 0 is out of range",
        'p.toml:3: extensions.archiv: there is no extension "archiv"',
        'p.toml:5: hosts.a.without[0]: there is no extension "archve"',
        "p.toml:7: hosts.a.extensions.archive.path: must be a text, not 5",
        "p.toml:9: hosts.b.extensions.archive.dais: unknown key",
    ]


def test_windows_line_ends_do_not_shift_lines() -> None:
    assert problems("[log]\r\n\r\nlevl = 1\r\n")[0].startswith("palaver.toml:3:")
