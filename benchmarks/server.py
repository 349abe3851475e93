"""The server that is measured: gunicorn with two workers, and what it and the database consume."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

WORKERS = 2
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Return the resident memory of the greatest worker, in MB."""
        return max(_resident(pid) for pid in _children(self.pid)) / 2**20

    def cpu_seconds(self) -> float:
        """Return the CPU seconds all workers have taken so far."""
        return sum(_cpu(pid) for pid in _children(self.pid))


@contextmanager
def served(address: str) -> Iterator[Server]:
    """Serve the application on a free port with the database of this address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "SITE_URL": url,
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}"]
    command += [f"--workers={WORKERS}", "--timeout=300", "--log-level=warning"]
    process = subprocess.Popen(command, env=environment)  # noqa: S603  # our own command
    try:
        _wait(f"{url}/sign-in/")
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def database_cpu_seconds() -> float:
    """Return the CPU seconds of all PostgreSQL processes of this machine that live now."""
    return sum(_cpu(pid) for pid in _processes() if _name(pid) == "postgres")


def _wait(url: str) -> None:
    for _attempt in range(200):
        try:
            with urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server does not answer at {url}.")


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]


def _children(parent: int) -> list[int]:
    return [pid for pid in _processes() if (fields := _stat(pid)) and int(fields[1]) == parent]


def _stat(pid: int) -> list[str]:
    # What stands behind the name in brackets: state, parent, … (proc(5)).
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICK if fields else 0.0


def _resident(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[21]) * _PAGE if fields else 0
