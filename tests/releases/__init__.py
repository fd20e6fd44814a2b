"""What each release left in a database: a dump, and what its functions answered then.

Until a version is released its files may be made anew; afterwards they stay: databases like it are out there.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

FOLDER = Path(__file__).resolve().parent
VERSIONS = sorted(file.name.removesuffix(".sql.gz") for file in FOLDER.glob("*.sql.gz"))


@dataclass(frozen=True)
class Release:
    """A version whose database is kept in two files."""

    version: str

    @property
    def dump(self) -> Path:
        """SQL for any client: INSERT in place of COPY. The roles of pymap have to exist."""
        return FOLDER / f"{self.version}.sql.gz"

    @property
    def record(self) -> Path:
        """What the database answered, the listings that its clients have, and the merge that can be undone."""
        return FOLDER / f"{self.version}.json.gz"

    def read_record(self) -> dict[str, Any]:
        return json.loads(gzip.decompress(self.record.read_bytes()))

    def restore(self, dsn: str) -> None:
        with psycopg.connect(dsn) as connection:
            connection.execute(gzip.decompress(self.dump.read_bytes()))
