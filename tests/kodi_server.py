"""A real Kodi on a screen that nobody sees, with films and music that are made here."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import httpx

from tests.subsonic_server import write_records

USER, PASSWORD = "alice", "geheim-7f3a"

#: Title, year, IMDb, TMDB.
FILMS = (
    ("The Matrix", 1999, "tt0133093", "603"),
    ("Alien", 1979, "tt0078748", "348"),
    ("Léon: The Professional", 1994, "tt0110413", "101"),
)

_SETTINGS = """<settings version="2">
<setting id="services.webserver">true</setting>
<setting id="services.webserverport">{port}</setting>
<setting id="services.webserverauthentication">true</setting>
<setting id="services.webserverusername">{user}</setting>
<setting id="services.webserverpassword">{password}</setting>
<setting id="services.zeroconf">false</setting>
</settings>
"""
_SOURCES = """<sources>
<video><source><name>films</name><path pathversion="1">{home}/films/</path></source></video>
<music><source><name>music</name><path pathversion="1">{home}/music/</path></source></music>
</sources>
"""


@contextmanager
def kodi(home: Path) -> Iterator[str]:
    """Run Kodi with its library in ``home``, scanned, and yield its address."""
    missing = [program for program in ("kodi", "Xvfb") if not shutil.which(program)]
    assert not missing, f"{' and '.join(missing)} not found; on Debian: apt-get install kodi xvfb"
    port = _free_port()
    userdata = home / ".kodi" / "userdata"
    userdata.mkdir(parents=True)
    (userdata / "guisettings.xml").write_text(_SETTINGS.format(port=port, user=USER, password=PASSWORD))
    (userdata / "sources.xml").write_text(_SOURCES.format(home=home))
    _write_films(home / "films")
    write_records(home / "music")
    with ExitStack() as stack:
        display = stack.enter_context(_screen())
        environment = os.environ | {"HOME": str(home), "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        process = subprocess.Popen(
            ["kodi", "--standalone"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        stack.callback(_end, process)
        url = f"http://127.0.0.1:{port}"
        _wait_for(lambda: _call(url, "JSONRPC.Ping"), "Kodi's web server")
        _scan(url, home)
        yield url


def _write_films(folder: Path) -> None:
    for title, year, imdb, tmdb in FILMS:
        film = folder / f"{title.replace(':', '')} ({year})"
        film.mkdir(parents=True)
        (film / f"{film.name}.mkv").write_bytes(bytes(2000))
        (film / f"{film.name}.nfo").write_text(
            f"<movie><title>{escape(title)}</title><year>{year}</year>"
            f'<uniqueid type="imdb" default="true">{imdb}</uniqueid><uniqueid type="tmdb">{tmdb}</uniqueid></movie>'
        )


def _scan(url: str, home: Path) -> None:
    """Let Kodi read the films' .nfo files and the music's tags."""
    (database,) = (home / ".kodi" / "userdata" / "Database").glob("MyVideos*.db")
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute(
            "insert into path (strPath, strContent, strScraper, scanRecursive, useFolderNames, noUpdate, exclude)"
            " values (?, 'movies', 'metadata.local', 2147483647, 1, 0, 0)",
            (f"{home}/films/",),
        )
    connection.close()
    _call(url, "VideoLibrary.Scan")
    _wait_for(lambda: _total(url, "VideoLibrary.GetMovies") == len(FILMS), "Kodi's films")
    _call(url, "AudioLibrary.Scan", directory=f"{home}/music/")
    _wait_for(lambda: _total(url, "AudioLibrary.GetSongs") == 7, "Kodi's songs")


def _total(url: str, method: str) -> int:
    return int(_call(url, method)["limits"]["total"])


def _call(url: str, method: str, **params: Any) -> Any:
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return httpx.post(f"{url}/jsonrpc", json=call, auth=(USER, PASSWORD), timeout=30).json()["result"]


def _wait_for(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"{what}: waited in vain")


@contextmanager
def _screen() -> Iterator[str]:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        try:
            with open(reading) as pipe:
                yield f":{pipe.readline().strip()}"
        finally:
            process.terminate()


def _end(process: subprocess.Popen[bytes]) -> None:
    # Debian's kodi is a shell script around the program.
    os.killpg(process.pid, 9)
    process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
