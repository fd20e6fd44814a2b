"""The whole pgTAP suite, in a cell: ``make test-cell``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pymap import citus
from tests.citus.cluster import HERE, PGTAP_TESTS, coordinator, in_the_cell, pgtap
from tests.conftest import Server
from tests.pgtap import install_pgtap


@pytest.fixture(scope="module")
def cell_dsn(server: Server, template: str) -> Iterator[str]:
    with coordinator(server, template) as dsn:
        citus.convert(dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            install_pgtap(connection)
            # The suite also tests the key and the foreign key that the conversion drops.
            connection.execute("create unique index media_items_id_key on pymap.media_items_102008 (id)")
            connection.execute(
                "alter table pymap.media_items_102008 add foreign key (type) references pymap.media_types_102008 (name)"
            )
            # Citus gives a row its ID before it reaches its shard.
            connection.execute("grant usage on all sequences in schema pymap to pymap_writer")
            connection.execute((HERE / "without_tables.sql").read_bytes())
        yield dsn


@pytest.fixture
def connection(cell_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(cell_dsn, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("file", PGTAP_TESTS, ids=[file.stem for file in PGTAP_TESTS])
def test_pgtap(connection: psycopg.Connection[Any], file: Path) -> None:
    assert pgtap(connection, in_the_cell(file.read_text(encoding="utf-8"), connection)) == []
