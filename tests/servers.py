"""The servers that the tests can run on."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from pymap.embedded import start_embedded_server

#: For a server that nobody needs after a crash. Making and dropping databases costs a tenth with them.
_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '4GB'")

#: Where files are made and dropped in no time, and the room that the tests of two workers need many times over.
_MEMORY = Path("/dev/shm")
_ROOM = 8 << 30


class NoServer(Exception):
    """The chosen server cannot be had; the message is one line."""


def server_folder() -> Path:
    """Make a folder for a server that is gone when the tests have ended; in memory, if there is enough of it.

    Not below pytest's: the next pytest takes away what rights others have on that, and root's server is somebody else.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix="pymap-test-", dir=_MEMORY if in_memory else None))
    # What is registered first is done last: the server has stopped by then.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def chosen_server() -> str:
    """Return this worker's server from PYMAP_TEST_SERVER: 'embedded', 'embedded-16', 'container', or URIs that run.

    Workers never share a server: the feed waits for the transactions of all its databases, and roles belong to all.
    The second worker takes the second URI.
    """
    choice = os.environ.get("PYMAP_TEST_SERVER", "embedded")
    if not choice.startswith(("postgresql://", "postgres://")):
        return choice
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    uris = choice.split()
    if worker >= len(uris):
        raise LookupError(f"{worker + 1} workers and {len(uris)} servers: PYMAP_TEST_SERVER has to name one for each")
    return uris[worker]


def _make_fast(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for setting in _SETTINGS:
            connection.execute(f"alter system set {setting}".encode())
        connection.execute("select pg_reload_conf()")


@contextmanager
def start_server(choice: str) -> Iterator[str]:
    """Yield the DSN of the chosen server."""
    if choice.startswith("embedded"):
        version = int(choice.partition("-")[2] or 18)
        dsn = start_embedded_server(server_folder() / "data", version=version)
        _make_fast(dsn)
        yield dsn
    elif choice == "container":
        from testcontainers.community.postgres import PostgresContainer

        with PostgresContainer(image_name(), driver=None) as container:
            dsn = container.get_connection_url()
            _make_fast(dsn)
            yield dsn
    else:
        yield choice


def image_name() -> str:
    return os.environ.get("PYMAP_TEST_IMAGE") or "pymap-test"


def provide_image() -> None:
    """Get PYMAP_TEST_IMAGE, or build the image of tests/Dockerfile."""
    from docker.errors import DockerException
    from testcontainers.core.docker_client import DockerClient

    try:
        with closing(DockerClient().client) as client:
            if not os.environ.get("PYMAP_TEST_IMAGE"):
                client.images.build(path=str(Path(__file__).parent), tag=image_name(), rm=True)
            elif not client.images.list(image_name()):
                client.images.pull(image_name())
    except DockerException as error:
        reason = " ".join(str(error).split())
        raise NoServer(f"SERVER=container needs a Docker engine and image {image_name()}: {reason}") from error
