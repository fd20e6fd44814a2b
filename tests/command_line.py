"""Runs pymap as its users do: in a process of its own, also on a terminal."""

from __future__ import annotations

import atexit
import fcntl
import multiprocessing
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

PYMAP = Path(sys.executable).with_name("pymap")
LISTINGS = Path(__file__).resolve().parents[1] / "examples" / "listings"
CLIENTS = {"plex": 1, "jellyfin": 2, "emby": 3, "kodi": 4, "subsonic": 5, "trakt": 6}

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path, **variables: str) -> dict[str, str]:
    """The environment without any database, and with a home of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PYMAP_"))}
    return (
        inherited
        | {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "COLUMNS": "200",
        }
        | variables
    )


def run_pymap(
    *arguments: object, home: Path, variables: dict[str, str] | None = None, stdin: bytes | None = None
) -> subprocess.CompletedProcess[str]:
    """Run pymap in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("stdin", "stdout", "stderr")]
        streams[0].write_bytes(stdin or b"")
        process = _start(arguments, environment(home, **(variables or {})), streams)
        process.join(60)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired([PYMAP, *arguments], 60)
        stdout, stderr = (stream.read_bytes().decode() for stream in streams[1:])
        return subprocess.CompletedProcess(arguments, process.exitcode, stdout, stderr)


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preloaded"])


def _start(
    arguments: Sequence[object], variables: dict[str, str], streams: Sequence[Path], folder: Path | None = None
) -> ForkServerProcess:
    """Start pymap in a folder; what are its standard streams is opened by name.

    Most of what a short command costs is to start Python and to import libraries. So the process is forked from one
    that has done so; it imports the command line and reads its environment anew.
    """
    words = [str(PYMAP), *map(str, arguments)]
    process = _FORKS.Process(target=_run_main, args=(words, variables, list(map(str, streams)), folder))
    process.start()
    return process


def _run_main(words: list[str], variables: dict[str, str], streams: list[str], folder: Path | None) -> None:
    for number, name in enumerate(streams):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOCTTY, 0o600), number)
    sys.stdin = os.fdopen(0, closefd=False)  # multiprocessing has opened /dev/null
    # A test run in the background of a shell script passes SIGINT on as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if folder:
        os.chdir(folder)
    sys.argv = words
    os.environ.clear()
    os.environ.update(variables)
    from pymap.cli import main

    try:
        main()
    finally:
        # A process of multiprocessing ends without these: the embedded server would run on.
        atexit._run_exitfuncs()


def assert_one_line_of_error(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("pymap: error: ")
    for word in words:
        assert word in done.stderr


def read_to_the_end(terminal: int) -> str:
    """Return all that processes write to a terminal; they wait once it holds some pages that nobody reads."""
    shown = b""
    # Linux answers EIO when the last process has ended.
    with suppress(OSError):
        while chunk := os.read(terminal, 65_536):
            shown += chunk
    return shown.decode()


class Terminal:
    """A pseudo terminal on which pymap runs, and somebody who reads and types."""

    def __init__(
        self,
        *arguments: object,
        home: Path,
        variables: dict[str, str],
        width: int = 200,
        height: int = 40,
        timeout: float = 60,
        folder: Path | None = None,
    ) -> None:
        # The process opens its end by name, so that end stays open: nobody there would be an error of read().
        self._terminal, self._process_end = pty.openpty()
        fcntl.ioctl(self._process_end, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._timeout = timeout
        self._unread = b""
        shown = environment(home, **{"TERM": "dumb", **variables})
        for name in {"COLUMNS", "NO_COLOR"} - variables.keys():
            shown.pop(name, None)
        self.process = _start(arguments, shown, [Path(os.ttyname(self._process_end))] * 3, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.join()
        os.close(self._process_end)
        os.close(self._terminal)

    def read_to(self, text: str) -> str:
        """Return what is shown, up to and with the text."""
        while (end := self._unread.find(text.encode())) < 0:
            chunk = self._read()
            assert chunk, f"{text!r} was never shown: {self._unread.decode()}"
            self._unread += chunk
        end += len(text.encode())
        shown, self._unread = self._unread[:end], self._unread[end:]
        return shown.decode().replace("\r\n", "\n")

    def read_rest(self) -> str:
        """Return what is shown until the process ends."""
        while chunk := self._read():
            self._unread += chunk
        self.process.join(self._timeout)
        return self._unread.decode().replace("\r\n", "\n")

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def interrupt(self) -> None:
        """Send SIGINT once the process waits for keys; what comes just before its read would wait for the next key."""
        state = Path(f"/proc/{self.process.pid}/stat")
        end = time.monotonic() + self._timeout
        while state.read_text().rpartition(")")[2].split()[0] != "S":
            assert time.monotonic() < end, f"no question was asked within {self._timeout} s"
            time.sleep(0.01)
        assert self.process.pid
        os.kill(self.process.pid, signal.SIGINT)

    def _read(self) -> bytes:
        """Return what comes next, or nothing if the process has ended."""
        readable, _, _ = select.select([self._terminal, self.process.sentinel], [], [], self._timeout)
        assert readable, f"nothing was shown for {self._timeout} s after: {self._unread.decode()}"
        return os.read(self._terminal, 65_536) if self._terminal in readable else b""
