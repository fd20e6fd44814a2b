"""The example programs in eight languages: make test-programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.command_line import CLIENTS, LISTINGS, run_pymap
from tests.conftest import Server

pytestmark = pytest.mark.programs

PROGRAMS = Path(__file__).resolve().parents[2] / "examples" / "programs"
DEBIANS_NODE_PACKAGES = Path("/usr/share/nodejs")
ID = "008CD489-05DA-A765-5315-FE380D46A313"

#: Each language's command, and what Debian calls what it needs.
COMMANDS = {
    "python": ([sys.executable, "lookup.py"], "python3"),
    "node": (["node", "lookup.mjs"], "nodejs node-pg"),
    "go": (["go", "run", "lookup.go"], "golang-go golang-github-lib-pq-dev"),
    "java": (
        ["java", "-cp", "/usr/share/java/postgresql.jar", "Lookup.java"],
        "default-jdk-headless libpostgresql-jdbc-java",
    ),
    "php": (["php", "lookup.php"], "php-cli php-pgsql"),
    "ruby": (["ruby", "lookup.rb"], "ruby-pg"),
    "perl": (["perl", "lookup.pl"], "libdbd-pg-perl"),
}


@contextmanager
def on_a_port(unix_socket: str) -> Iterator[int]:
    """Pass what comes on a port of this machine on to a socket in the file system, which Java cannot use."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, unix_socket), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, unix_socket: str) -> None:
    with suppress(OSError):
        while True:
            there = listening.accept()[0]
            server = socket.socket(socket.AF_UNIX)
            server.connect(unix_socket)
            for source, target in ((there, server), (server, there)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), closing(target):
        while chunk := source.recv(65_536):
            target.sendall(chunk)


def _install_node_packages(folder: Path) -> None:
    if DEBIANS_NODE_PACKAGES.joinpath("pg").is_dir():
        (folder / "node_modules").symlink_to(DEBIANS_NODE_PACKAGES)
    else:
        assert shutil.which("npm"), "neither npm nor Debian's node-pg found; on Debian: apt-get install node-pg"
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def variables(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment that names a database with the example listings, on a port."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(PROGRAMS, home, dirs_exist_ok=True)
    _install_node_packages(home)
    with server.database(template) as dsn:
        for client_type, client_id in CLIENTS.items():
            files = sorted(LISTINGS.glob(f"{client_type}*.json"))
            done = run_pymap("sync", *files, "--client", client_id, "--type", client_type, "--dsn", dsn, home=home)
            assert done.returncode == 0, done.stderr
        with psycopg.connect(dsn) as connection:
            info = connection.info
            name, user, path = info.dbname, info.user, f"{info.host}/.s.PGSQL.{info.port}"
        with on_a_port(path) as port:
            query = urlencode({"user": user, "sslmode": "disable"})
            yield {
                "PYMAP_DSN": f"postgresql://127.0.0.1:{port}/{name}?{query}",
                **{"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGDATABASE": name, "PGUSER": user},
                **{"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(home / "go")},
                "HOME": str(home),
                "PATH": os.environ["PATH"],
            }


def run(language: str, variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command, packages = COMMANDS[language]
    assert shutil.which(command[0]), f"{command[0]} not found; on Debian: apt-get install {packages}"
    return subprocess.run(
        [*command, *arguments],
        cwd=variables["HOME"],
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("language", COMMANDS)
def test_a_program_prints_the_media_item_and_the_other_clients_id(language: str, variables: dict[str, str]) -> None:
    done = run(language, variables, "2", ID, "1")
    assert (done.returncode, done.stderr) == (0, "")
    item, other = done.stdout.splitlines()
    assert item.startswith("media item ")
    assert other == "client 1: 101"


@pytest.mark.parametrize("language", COMMANDS)
def test_a_program_says_what_is_not_mapped(language: str, variables: dict[str, str]) -> None:
    done = run(language, variables, "2", "nothing", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("not mapped\n")


@pytest.mark.parametrize("language", COMMANDS)
def test_a_program_says_which_types_an_id_stands_for(language: str, variables: dict[str, str]) -> None:
    done = run(language, variables, "4", "1", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "movie" in done.stderr.splitlines()[0]
    assert "series" in done.stderr.splitlines()[0]


def test_psql_prints_the_media_item_and_the_other_clients_id(variables: dict[str, str]) -> None:
    arguments = ["-At", "-v", "client=2", "-v", f"id={ID}", "-v", "to=1", "-f", "lookup.sql"]
    command = ["psql", variables["PYMAP_DSN"], *arguments]
    assert shutil.which("psql"), "psql not found; on Debian: apt-get install postgresql-client"
    done = subprocess.run(command, cwd=PROGRAMS, env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == ["101"]
