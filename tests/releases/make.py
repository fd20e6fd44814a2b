"""Keeps what this version leaves in a database, for the tests of the versions to come.

python -m tests.releases.make, in an environment with pymap-media[test]; on the embedded PostgreSQL 16, whose dumps
every supported version restores.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import psycopg

import pymap
from tests.conftest import Server
from tests.databases import dump
from tests.releases import Release
from tests.releases.answers import answers
from tests.releases.libraries import fill
from tests.servers import start_server


def main() -> None:
    """Write the files of this version."""
    release = Release(pymap.__version__)
    with start_server("embedded-16") as dsn:
        server = Server(dsn)
        with server.database() as database:
            pymap.migrate(database)
            listings, merged = fill(database)
            with psycopg.connect(database) as connection:
                # Nobody needs to know where it was made.
                connection.execute("update _yoyo_log set username = 'example', hostname = 'example'")
                record = {
                    "answers": answers(connection),
                    "listings": [[*client, items] for client, items in listings.items()],
                    "merged": merged,
                }
            _write(release.dump, dump(server, database, "--no-owner", "--inserts", "--rows-per-insert", "100"))
    _write(release.record, json.dumps(record, ensure_ascii=False, indent=0))


def _write(file: Path, text: str) -> None:
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
