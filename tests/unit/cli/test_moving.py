"""Export, import, backup and restore from the shell, with the server running."""

import json
from pathlib import Path

from tests.unit.cli.process import Palaver, prepared


def test_a_backup_of_a_running_server_is_restored_from_the_shell(
    running: Palaver, tmp_path: Path
) -> None:
    running("user", "add", "moved@localhost", "--password-stdin", stdin="secret\n")
    file = tmp_path / "backup.zip"
    report = running.json("backup", file)
    assert report["file"] == str(file)
    assert "exists already" in running("backup", file, exit_code=1)
    restored = Palaver(tmp_path / "restored")
    told = restored.json("restore", file)
    assert told["rows"] == report["rows"]
    assert (restored.data / "secret.key").exists()
    listed = {each["jid"] for each in restored.json("user", "list")}
    assert listed == {each["jid"] for each in running.json("user", "list")}
    assert "is not empty" in restored("restore", file, exit_code=1)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("no")
    assert "is no backup" in Palaver(tmp_path / "new")("restore", file, exit_code=1)
    assert not (tmp_path / "new").exists()


def test_an_account_is_exported_and_imported_from_the_shell(
    running: Palaver, tmp_path: Path
) -> None:
    running("user", "add", "mover@localhost", "--password-stdin", stdin="secret\n")
    for verb in ("export-data", "export"):
        file = tmp_path / f"{verb}.xml"
        group = ("user", verb) if verb == "export-data" else (verb, "account")
        assert running.json(*group, "mover@localhost", file)["bytes"] == file.stat().st_size
    other = prepared(tmp_path / "other")
    report = other.json("import", "xep0227", tmp_path / "export.xml")
    assert report["created"] == 1
    assert set(report["keys"]) == {"SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"}
    assert other.json("import", "xep0227", tmp_path / "export.xml", "--dry-run")["existed"] == 1


def test_paths_are_those_of_the_shell(running: Palaver, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<server-data xmlns='urn:xmpp:pie:0'><host jid='localhost'/></server-data>")
    report = json.loads(running("import", "xep0227", file, "--json"))
    assert report["created"] == 0
