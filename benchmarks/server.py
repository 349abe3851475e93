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
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from benchmarks.database import environment

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
        return max(self.memory_of_each().values())

    def memory_of_each(self) -> dict[int, float]:
        """Return the resident memory of each worker (by its process), in MB."""
        return {pid: _resident(pid) / 2**20 for pid in _children(self.pid)}

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
    with TemporaryDirectory() as folder:
        settings = {**environment(address), "SITE_URL": url, "BENCHMARK_STATIC": folder}
        _run(["manage.py", "collectstatic", "--no-input", "--verbosity=0"], settings)
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}"]
        command += [f"--workers={WORKERS}", "--timeout=600", "--log-level=warning"]
        process = subprocess.Popen(command, env=settings)  # noqa: S603  # our own command
        try:
            _wait(f"{url}/sign-in/")
            yield Server(url, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def database_cpu_seconds() -> float:
    """Return the CPU seconds of PostgreSQL on this machine: whatever else it does counts too.

    Of processes that have ended, as those that help with one query, their parent knows.
    """
    servers = [pid for pid in _processes() if _name(pid) == "postgres"]
    return sum(_cpu(pid) + _cpu_of_ended(pid) for pid in servers)


def _run(words: list[str], settings: dict[str, str]) -> None:
    subprocess.run([sys.executable, *words], check=True, env=settings)  # noqa: S603  # our own


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


def _cpu_of_ended(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) / _TICK if fields else 0.0


def _resident(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[21]) * _PAGE if fields else 0
