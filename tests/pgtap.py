"""Gets pgTAP into a test database, also on servers that do not offer it as an extension."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import psycopg

CACHE = Path(__file__).resolve().parents[1] / ".cache" / "pgtap.sql"
HELPERS = Path(__file__).resolve().parent / "sql" / "helpers.sql"


def install_pgtap(connection: psycopg.Connection[Any]) -> None:
    """Put pgTAP into schema tap and every later connection's search_path, and what our tests share beside it."""
    connection.execute("create schema tap")
    connection.execute(
        "do $$ begin execute format('alter database %I set search_path = public, tap', current_database()); end $$"
    )
    connection.execute("set search_path = tap")
    offered = connection.execute("select 1 from pg_available_extensions where name = 'pgtap'").fetchone()
    if offered:
        connection.execute("create extension pgtap schema tap")
    else:
        connection.execute(_source().encode())
    connection.execute("reset search_path")
    connection.execute(HELPERS.read_bytes())


def _source() -> str:
    if not CACHE.exists():
        CACHE.parent.mkdir(exist_ok=True)
        problems = []
        for download in (_from_debian, _from_npm):
            try:
                script = download()
            except (OSError, subprocess.CalledProcessError, LookupError) as error:
                output = getattr(error, "stderr", None) or str(error)
                problems.append(f"{download.__name__.removeprefix('_from_')}: {output.strip()}")
            else:
                CACHE.write_text(script, encoding="utf-8")
                break
        else:
            raise RuntimeError(
                "the server does not offer the extension pgtap and its SQL file cannot be had:\n" + "\n".join(problems)
            )
    return CACHE.read_text(encoding="utf-8")


def _run(*command: str, cwd: str) -> None:
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)


def _from_debian() -> str:
    """From Debian's package. apt gets folders of its own, so that neither root nor fresh lists are needed."""
    if shutil.which("apt-get") is None:
        raise LookupError("no apt-get here")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("lists/partial", "archives/partial"):
            (Path(folder) / name).mkdir(parents=True)
        options = (
            f"-oDir::State::lists={folder}/lists",
            f"-oDir::Cache={folder}",
            f"-oDir::Cache::archives={folder}/archives",
            "-oAPT::Sandbox::User=",
        )
        _run("apt-get", *options, "update", cwd=folder)
        _run("apt-get", *options, "download", "postgresql-15-pgtap", cwd=folder)
        package = next(Path(folder).glob("*.deb"))
        _run("dpkg", "-x", str(package), "unpacked", cwd=folder)
        return _first(Path(folder).glob("unpacked/**/pgtap--1.2.0.sql"))


def _from_npm() -> str:
    if shutil.which("npm") is None:
        raise LookupError("no npm here")
    with tempfile.TemporaryDirectory() as folder:
        _run("npm", "pack", "--silent", "@electric-sql/pglite-pgtap@0.0.15", cwd=folder)
        for archive in ("*.tgz", "package/dist/pgtap.tar.gz"):
            with tarfile.open(next(Path(folder).glob(archive))) as tar:
                tar.extractall(folder, filter="data")
        return _first(Path(folder).glob("**/pgtap--1.3.5.sql"))


def _first(files: Any) -> str:
    file = next(files, None)
    if file is None:
        raise LookupError("the package does not hold pgTAP's SQL file")
    return Path(file).read_text(encoding="utf-8")
