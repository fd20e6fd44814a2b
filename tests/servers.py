"""The servers that the tests can run on."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pymap.embedded import start_embedded_server


def server_folder() -> Path:
    """Make a folder for a server that is gone when the tests have ended.

    Not below pytest's: the next pytest takes away what rights others have on that, and root's server is somebody else.
    """
    folder = Path(tempfile.mkdtemp(prefix="pymap-test-"))
    # What is registered first is done last: the server has stopped by then.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def start_server(choice: str) -> Iterator[str]:
    """Yield the DSN of the chosen server: 'embedded', 'embedded-16', 'container', or a DSN of one that runs."""
    if choice.startswith("embedded"):
        version = int(choice.partition("-")[2] or 18)
        yield start_embedded_server(server_folder() / "data", version=version)
    elif choice == "container":
        from testcontainers.community.postgres import PostgresContainer

        with PostgresContainer("postgres:17", driver=None) as container:
            yield container.get_connection_url()
    else:
        yield choice
