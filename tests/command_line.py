"""Runs pymap as its users do: in a process of its own, also on a terminal."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
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
    """Run pymap in a process of its own.

    Most of what a short command costs is to start Python and to import libraries. So the process is forked from one
    that has done so; it imports pymap and reads its environment anew.
    """
    with tempfile.TemporaryDirectory() as folder:
        streams = Path(folder)
        (streams / "stdin").write_bytes(stdin or b"")
        words = [str(PYMAP), *map(str, arguments)]
        process = _FORKS.Process(target=_run_main, args=(words, environment(home, **(variables or {})), streams))
        process.start()
        process.join(60)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, 60)
        stdout, stderr = ((streams / name).read_bytes().decode() for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(words, process.exitcode, stdout, stderr)


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preloaded"])


def _run_main(words: list[str], variables: dict[str, str], streams: Path) -> None:
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.dup2(os.open(streams / name, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.stdin = os.fdopen(0, closefd=False)  # multiprocessing has opened /dev/null
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

    def __init__(self, *arguments: object, home: Path, variables: dict[str, str], timeout: float = 60) -> None:
        self._terminal, process_end = pty.openpty()
        self._timeout = timeout
        self._unread = b""
        self.process = subprocess.Popen(
            [PYMAP, *map(str, arguments)],
            env=environment(home, TERM="dumb", **variables),
            stdin=process_end,
            stdout=process_end,
            stderr=process_end,
            # A test run in the background of a shell script passes SIGINT on as ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(process_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
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
        self.process.wait(self._timeout)
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
        self.process.send_signal(signal.SIGINT)

    def _read(self) -> bytes:
        readable, _, _ = select.select([self._terminal], [], [], self._timeout)
        assert readable, f"nothing was shown for {self._timeout} s after: {self._unread.decode()}"
        try:
            return os.read(self._terminal, 65_536)
        except OSError:  # Linux says so when the process has ended.
            return b""
