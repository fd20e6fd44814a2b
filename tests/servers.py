"""The servers that the tests can run on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pymap.embedded import start_embedded_server


@contextmanager
def start_server(choice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the DSN of the chosen server: 'embedded', 'embedded-16', 'container', or a DSN of one that runs."""
    if choice.startswith("embedded"):
        version = int(choice.partition("-")[2] or 18)
        yield start_embedded_server(tmp_path_factory.mktemp("pg") / "data", version=version)
    elif choice == "container":
        from testcontainers.community.postgres import PostgresContainer

        with PostgresContainer("postgres:17", driver=None) as container:
            yield container.get_connection_url()
    else:
        yield choice
