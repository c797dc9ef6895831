"""Installs the peers from Debian's packages, without starting their services."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

STOP = "systemctl disable --now prosody ejabberd epmd.socket"
POLICY = Path("/usr/sbin/policy-rc.d")


class PackagesMissingError(Exception):
    """Packages are missing and cannot be installed here; the text says what to do."""


def version(package: str) -> str | None:
    """Return the installed version of a package, or None."""
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    status, _, number = found.stdout.partition(" ")
    return number if status == "installed" else None


def install(packages: Sequence[str]) -> None:
    """Install what is missing; raise PackagesMissingError where that takes a person."""
    if shutil.which("dpkg-query") is None:
        raise PackagesMissingError(f"This is not Debian; install by hand: {' '.join(packages)}")
    missing = [package for package in packages if version(package) is None]
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        raise PackagesMissingError(
            "The peers to compare with are missing. Install them as root, and stop the services\n"
            f"that this starts:  {' '.join(command)}\n{STOP}"
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(missing)} ...", flush=True)
    print(f"Their services are not started now; so that the next boot does not either:  {STOP}")
    with services_stay_down():
        for step in (["apt-get", "update"], command):
            done = subprocess.run(step, capture_output=True, text=True, env=environment)
            if done.returncode:
                raise PackagesMissingError(
                    f"`{' '.join(step)}` failed:\n{done.stdout}{done.stderr}"
                )


@contextmanager
def services_stay_down() -> Iterator[None]:
    """Keep packages from starting their services while they are installed."""
    if POLICY.exists():  # The machine has a policy already; it is not ours to change.
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
