import os
import pty
import signal
import stat
import subprocess
import tomllib
from pathlib import Path

from tests.support.certificates import Authority
from tests.unit.cli.process import COMMAND, Palaver, prepared, started

import palaver as package


def test_setup_makes_all_a_server_needs_and_shows_the_password_once(tmp_path: Path) -> None:
    palaver = Palaver(tmp_path / "data")
    told = palaver.json(
        "setup", "--host", "Example.ORG", "--host", "second.example", "--admin", "root@example.org"
    )
    assert told["admin"] == "root@example.org"
    assert len(told["password"]) == 16
    assert stat.S_IMODE(palaver.data.stat().st_mode) == 0o700
    written = tomllib.loads((palaver.data / "palaver.toml").read_text())
    assert list(written["hosts"]) == ["example.org", "second.example"]
    assert (palaver.data / "certificates/second.example.key").exists()
    assert "example.org: no errors" in palaver("config", "check").replace(
        "palaver.toml", "example.org"
    )

    key = (palaver.data / "certificates/example.org.key").read_bytes()
    assert palaver("setup", "--if-needed") == ""
    assert palaver.json("setup")["password"] is None
    assert (palaver.data / "certificates/example.org.key").read_bytes() == key
    assert [each["jid"] for each in palaver.json("user", "list")] == ["root@example.org"]


def test_accounts_are_made_while_the_server_is_stopped(stopped: Palaver) -> None:
    add = ("user", "add", "new@localhost", "--password-stdin")
    assert stopped.json(*add, stdin="pw\n")["jid"] == "new@localhost"
    error = stopped.json(*add, stdin="pw\n", exit_code=1)
    assert error == {"error": {"code": "exists", "text": "new@localhost exists already."}}


def test_accounts_are_managed_while_the_server_runs(running: Palaver) -> None:
    jid = "ann@localhost"
    running("user", "add", jid, "--password-stdin", stdin="pw\n")
    running("user", "disable", jid, "--reason", "on leave")
    shown = running.json("user", "show", jid)
    assert (shown["disabled"], shown["disabled_reason"]) == (True, "on leave")
    assert set(shown["mechanisms"]) == {"SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"}
    running("user", "enable", jid)
    running("user", "role", jid, "restricted")
    running("user", "passwd", jid, "--password-stdin", stdin="other\n")
    (listed,) = running.json("user", "list", "--prefix", "ann")
    assert (listed["jid"], listed["role"], listed["disabled"]) == (jid, "restricted", False)
    running("user", "delete", jid)
    assert running.json("user", "show", jid, exit_code=1)["error"]["code"] == "not-found"


def test_an_account_lives_and_ends_while_the_server_is_stopped(stopped: Palaver) -> None:
    jid = "beatrice@localhost"
    stopped("user", "add", jid, "--password-stdin", stdin="pw\n")
    until = stopped.json("user", "disable", jid, "--for", "7d", "--reason", "on leave")["until"]
    assert stopped.json("user", "list", "--disabled")[0]["disabled_until"] == until
    assert "?register;preauth=" in stopped.json("user", "reset-password", jid)["uri"]
    stopped("user", "delete", jid)
    again = ("user", "add", jid, "--password-stdin")
    assert stopped.json(*again, stdin="pw\n", exit_code=1)["error"]["code"] == "tombstone"


def test_a_name_that_can_be_taken_for_another_is_refused(stopped: Palaver) -> None:
    stopped("user", "add", "paypal@localhost", "--password-stdin", stdin="pw\n")
    add = ("user", "add", "pаypal@localhost", "--password-stdin")  # with a Cyrillic а
    assert stopped.json(*add, stdin="pw\n", exit_code=1)["error"]["code"] == "look-alike"
    stopped(*add, "--allow-look-alike", stdin="pw\n")


def test_an_import_reports_bad_lines_and_makes_the_others(running: Palaver, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text(
        "jid,password,role\n"
        "in1@localhost,pw1,\n"
        'in2@localhost,"p,w""2",admin\n'
        "in1@localhost,again,\n"
        "\n"
        "nobody@elsewhere.example,pw,\n"
        "in3@localhost,,\n"
        "in4@localhost,pw,boss\n"
        "admin@localhost,pw,\n"
        "not an address,pw\n"
    )
    refused = running("user", "import", file, "--strict", exit_code=1)
    assert "line 4: in1@localhost is on line 2 too." in refused
    assert running.json("user", "list", "--prefix", "in") == []
    told = running.report("user", "import", file)
    assert (told["created"], told["existed"]) == (2, ["admin@localhost"])
    assert [each["line"] for each in told["problems"]] == [4, 6, 7, 8, 10]
    assert running.json("user", "show", "in2@localhost")["role"] == "admin"


def test_a_good_import_is_dry_run_then_made(stopped: Palaver, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("".join(f"bulk{i}@localhost,pw{i}\n" for i in range(25)))
    told = stopped.json("user", "import", file, "--dry-run")
    assert told == {"created": 0, "valid": 25, "existed": [], "problems": []}
    assert stopped.json("user", "list", "--prefix", "bulk") == []
    assert stopped.json("user", "import", file)["created"] == 25
    again = stopped.json("user", "import", file)
    assert (again["created"], len(again["existed"])) == (0, 25)


def test_a_table_may_come_from_standard_input(stopped: Palaver, tmp_path: Path) -> None:
    told = stopped.json("user", "import", "-", stdin="stdin@localhost,pw\n")
    assert told["created"] == 1
    error = stopped.json("user", "import", tmp_path / "none", exit_code=1)["error"]
    assert error == {"code": "file", "text": f"{tmp_path}/none: No such file or directory"}


def test_a_table_with_semicolons_is_refused_as_such(stopped: Palaver, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("jid;password\nsemi@localhost;pw\n")
    error = stopped.json("user", "import", file, exit_code=1)["error"]
    assert error == {"code": "bad-file", "text": "line 1: columns are separated by commas"}


def test_sessions_need_the_server(stopped: Palaver, running: Palaver) -> None:
    assert stopped.json("session", "list", exit_code=4)["error"]["code"] == "not-running"
    assert running.json("session", "list") == []
    error = running.json("session", "kick", "admin@localhost", exit_code=1)
    assert error["error"]["code"] == "not-found"


def test_a_data_directory_serves_one_server(running: Palaver) -> None:
    assert "is in use by process" in running("serve", exit_code=5)
    assert "is in use by process" in running("db", "upgrade", exit_code=5)


def test_a_killed_server_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    data = tmp_path / "data"
    palaver = Palaver(data)
    palaver("setup", "--yes", "--password-stdin", stdin="pw\n")
    (data / "palaver.toml").write_text(
        'listen = {starttls=["127.0.0.1:0"], tls=[]}\nmetrics.listen=""'
    )
    with started(palaver) as first:
        first.kill()
    assert (data / "control.sock").exists()
    palaver("user", "show", "admin@localhost")
    with started(palaver) as second:
        assert palaver.json("session", "list") == []
        second.send_signal(signal.SIGINT)
    assert second.returncode == 0
    assert not (data / "control.sock").exists()


def test_wrong_configuration_stops_every_command_with_its_own_code(tmp_path: Path) -> None:
    palaver = Palaver(tmp_path)
    (tmp_path / "palaver.toml").write_text("[limits]\n\ndepht = 5\n[extensions.acounts]\n")
    for command in (("serve",), ("config", "check"), ("setup", "--yes")):
        told = palaver(*command, exit_code=3)
        assert f"{tmp_path}/palaver.toml:3: limits.depht: unknown key" in told
        assert 'Did you mean "depth"?' in told
    (tmp_path / "palaver.toml").write_text("[extensions.acounts]\n")
    assert 'Did you mean "accounts"?' in palaver("config", "check", exit_code=3)


def test_environment_overrides_are_shown_and_secrets_are_not(tmp_path: Path) -> None:
    palaver = Palaver(tmp_path)
    told = palaver(
        "config",
        "show",
        PALAVER_LISTEN__TLS='["127.0.0.1:5223"]',
        PALAVER_STORAGE__URL="postgresql://joe:hunter2@db.example/x",
    )
    shown = tomllib.loads(told)
    assert shown["listen"]["tls"] == ["127.0.0.1:5223"]
    assert shown["storage"]["url"] == "postgresql://joe:***@db.example/x"


def test_wrong_use_exits_with_2(tmp_path: Path, stopped: Palaver) -> None:
    stopped("user", "add", exit_code=2)
    stopped("usr", "add", exit_code=2)
    assert "--password-stdin" in stopped("user", "add", "a@localhost", exit_code=2)
    told = stopped("user", "role", "admin@localhost", "boss", exit_code=2)
    assert "'boss' is no role; there are member, admin, restricted." in told


def test_wrong_use_is_told_in_json_to_whoever_asked_for_json(stopped: Palaver) -> None:
    for arguments in (("user", "add"), ("user", "bogus"), ("user", "list", "--limit", "x")):
        error = stopped.json(*arguments, exit_code=2)["error"]
        assert error["code"] == "usage"
        assert error["text"]


def test_commands_without_a_data_directory_say_what_to_do(tmp_path: Path) -> None:
    nowhere = Palaver(tmp_path / "none")
    assert "palaver setup" in nowhere("user", "list", exit_code=4)
    assert "palaver setup" in nowhere("config", "check", exit_code=4)
    assert "palaver setup" in nowhere("db", "upgrade", exit_code=4)


def test_setup_does_not_pretend_to_add_a_host(stopped: Palaver) -> None:
    error = stopped.json("setup", "--host", "other.example", exit_code=1)["error"]
    assert error["code"] == "unknown-host"
    assert '[hosts."other.example"]' in error["text"]
    assert stopped.json("setup", "--host", "localhost")["changes"] == []


def test_setup_with_a_wrong_host_makes_nothing(tmp_path: Path) -> None:
    palaver = Palaver(tmp_path / "data")
    palaver("setup", "--yes", "--host", "a b", exit_code=2)
    assert not palaver.data.exists()


def test_checking_the_configuration_reads_the_certificates(tmp_path: Path) -> None:
    palaver = prepared(tmp_path / "data")
    with (palaver.data / "palaver.toml").open("a") as file:
        file.write('[hosts."example.org"]\ncertificate = "missing.pem"\n')
    error = palaver.json("config", "check", exit_code=3)["error"]
    assert error["code"] == "certificate"
    assert "missing.pem: No such file or directory" in error["text"]


def test_checking_the_configuration_tells_which_names_a_certificate_lacks(
    tmp_path: Path, authority: Authority
) -> None:
    palaver = prepared(tmp_path / "data")
    names = ["xmpp.org", "pubsub.xmpp.org"]
    issued = authority.issue(names, palaver.data)
    with (palaver.data / "palaver.toml").open("a") as file:
        file.write(
            f'[hosts."xmpp.org"]\ncertificate = "{issued.certificate}"\nkey = "{issued.key}"\n'
            '[components."irc.xmpp.org"]\nsecret = "a long enough secret"\n'
        )
    (warning,) = palaver.json("config", "check")["warnings"]
    told = "The certificate of xmpp.org does not name conference.xmpp.org, irc.xmpp.org: "
    assert warning.startswith(told)
    assert palaver("config", "check").startswith(told)
    assert '[certificates."conference.xmpp.org"]' in warning
    authority.issue(["xmpp.org", "*.xmpp.org"], palaver.data)
    assert palaver.json("config", "check")["warnings"] == []


def test_checking_the_configuration_looks_at_certificates_of_services_too(
    tmp_path: Path, authority: Authority
) -> None:
    palaver = prepared(tmp_path / "data")
    (palaver.data / "service").mkdir()
    host = authority.issue(["xmpp.org"], palaver.data)
    service = authority.issue(["conference.xmpp.org", "rooms.xmpp.org"], palaver.data / "service")
    with (palaver.data / "palaver.toml").open("a") as file:
        file.write(
            f'[hosts."xmpp.org"]\ncertificate = "{host.certificate}"\nkey = "{host.key}"\n'
            + "".join(
                f'[certificates."{name}.xmpp.org"]\n'
                f'certificate = "{service.certificate}"\nkey = "{service.key}"\n'
                for name in ("conference", "pubsub")
            )
        )
    (warning,) = palaver.json("config", "check")["warnings"]
    assert warning.startswith("The certificate of pubsub.xmpp.org does not name pubsub.xmpp.org: ")
    service.key.unlink()
    error = palaver.json("config", "check", exit_code=3)["error"]
    assert f"{service.key}: No such file or directory" in error["text"]


def test_nobody_is_warned_about_certificates_who_speaks_to_no_other_servers(
    stopped: Palaver,
) -> None:
    assert stopped.json("config", "check")["warnings"] == []


def test_setup_says_what_users_of_other_servers_need(tmp_path: Path) -> None:
    palaver = Palaver(tmp_path / "data")
    (hint,) = palaver.json("setup", "--host", "xmpp.org", "--admin", "root@xmpp.org")["hints"]
    assert "5269 and 5270" in hint
    (warning,) = palaver.json("config", "check")["warnings"]
    assert "xmpp.org has a self-signed certificate" in warning


def test_a_database_that_cannot_be_opened_is_named_without_its_password(tmp_path: Path) -> None:
    palaver = prepared(tmp_path / "data")
    url = "sqlite:////proc/none/palaver.sqlite3"
    told = palaver("user", "list", exit_code=6, PALAVER_STORAGE__URL=url)
    assert f"The database {url} cannot be used: No such file or directory" in told


def test_a_password_is_asked_for_twice_on_a_terminal(stopped: Palaver) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, "user", "add", "typed@localhost", "--data", stopped.data],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = ""
        for prompt, answer in [
            ("Password: ", "first"),
            ("confirmation: ", "second"),
            ("Password: ", "match"),
            ("confirmation: ", "match"),
            ("typed@localhost", ""),
        ]:
            part = ""
            while prompt not in part:
                part += os.read(ours, 1000).decode()
            os.write(ours, answer.encode() + b"\n")
            shown += part
    os.close(ours)
    assert process.returncode == 0
    assert "do not match" in shown
    assert "second" not in shown, "what is typed is not shown"


def test_serve_tells_a_newcomer_how_to_connect(tmp_path: Path) -> None:
    palaver = prepared(tmp_path / "data")
    with started(palaver) as server:
        server.terminate()
        assert server.stdout
        told = server.stdout.read()
    assert "STARTTLS: port 0 on 127.0.0.1" in told
    assert "you@localhost" in told
    assert "self-signed" in told


def test_version_is_the_packages(tmp_path: Path) -> None:
    assert Palaver(tmp_path).json("version") == {"version": package.__version__}
