"""Describes the machine a run was made on."""

import os
import platform
import statistics
import sys
import time
from pathlib import Path

import psutil


def describe(directory: Path) -> dict[str, str]:
    """Return name and value of everything a reader needs to judge the numbers."""
    return {
        "CPU": f"{_field('/proc/cpuinfo', 'model name', ':')}, {os.cpu_count()} cores",
        "Memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "Disk": f"{_file_system(directory)}, {_sync_milliseconds(directory):.2f} ms to write 4 KiB"
        " and fsync",
        "System": f"{_field('/etc/os-release', 'PRETTY_NAME', '=')}, Linux {platform.release()}",
        "Python": sys.version.split()[0],
        "Load average": f"{os.getloadavg()[0]:.2f} before the run (other programs' work)",
        "Date": time.strftime("%Y-%m-%d"),
    }


def _field(path: str, name: str, separator: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, found, value = line.partition(separator)
        if found and key.strip() == name:
            return value.strip().strip('"')
    return "?"


def _file_system(directory: Path) -> str:
    inside = [
        partition
        for partition in psutil.disk_partitions(all=True)
        if directory.resolve().is_relative_to(partition.mountpoint)
    ]
    return max(inside, key=lambda partition: len(partition.mountpoint)).fstype


def _sync_milliseconds(directory: Path) -> float:
    """Return the median time of a small durable write: what each commit to SQLite waits for."""
    times = []
    with (directory / "sync").open("wb") as file:
        for _ in range(50):
            start = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3
