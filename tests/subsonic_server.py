"""A real Subsonic server: Supysonic, with music files that are made here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mutagen.flac

USER, PASSWORD = "alice", "geheim-7f3a"
_BIN = Path(sys.executable).parent

#: Album, artist, year, tracks.
RECORDS = (
    ("The Dark Side of the Moon", "Pink Floyd", 1973, ("Speak to Me", "Breathe", "On the Run", "Time")),
    ("Kind of Blue", "Miles Davis", 1959, ("So What", "Freddie Freeloader", "Blue in Green")),
)


def write_records(folder: Path) -> int:
    """Write a file for each track of the records; return how many artists, albums and tracks they are."""
    tracks = 0
    for album, artist, year, titles in RECORDS:
        for number, title in enumerate(titles, 1):
            path = folder / artist / album / f"{number:02} {title}.flac"
            _write_silence(path)
            tags = mutagen.flac.FLAC(path)
            tags.update(title=title, artist=artist, album=album, date=str(year), tracknumber=str(number))
            tags.save()
            tracks += 1
    return 2 * len(RECORDS) + tracks


def _write_silence(path: Path) -> None:
    """Write a FLAC file of no sound: its header says 44,100 Hz, two channels, 16 bits, one second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    block_sizes, frame_sizes, checksum = (4096).to_bytes(2, "big") * 2, bytes(6), bytes(16)
    format_ = ((44_100 << 44) | (1 << 41) | (15 << 36) | 44_100).to_bytes(8, "big")
    header = block_sizes + frame_sizes + format_ + checksum
    path.write_bytes(b"fLaC" + b"\x80" + len(header).to_bytes(3, "big") + header)


@contextmanager
def supysonic(folder: Path, music: Path) -> Iterator[str]:
    """Run Supysonic on the files of a folder and yield its address."""
    (folder / ".supysonic").write_text(
        f"[base]\ndatabase_uri = sqlite:///{folder}/supysonic.db\n"
        f"[webapp]\ncache_dir = {folder}/cache\n[daemon]\nsocket = {folder}/daemon\n"
    )
    environment = os.environ | {"HOME": str(folder)}

    def run(*arguments: object) -> None:
        subprocess.run([_BIN / "supysonic-cli", *map(str, arguments)], env=environment, check=True, capture_output=True)

    run("user", "add", USER, "-p", PASSWORD)
    run("folder", "add", "Music", music)
    run("folder", "scan", "Music")
    command = [_BIN / "flask", "--app", "supysonic.web:create_application", "run", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            yield _address(server)
        finally:
            server.kill()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout
    for line in server.stdout:
        if found := re.search(r"Running on (http://\S+)", line):
            return found[1]
    raise AssertionError("Supysonic did not start")
