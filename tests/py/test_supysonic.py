"""A real Subsonic server, Supysonic, fetched and synced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.subsonic_server import supysonic, write_records


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    write_records(folder)
    return folder


@pytest.fixture(scope="module")
def url(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with supysonic(tmp_path_factory.mktemp("supysonic"), music) as url:
        yield url
