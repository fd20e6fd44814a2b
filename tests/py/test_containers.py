"""Containers: the compose file and what its image runs at its first start; no engine is needed for either."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

import pymap
from pymap.migrations import bundle
from tests.clusters import Programs, program
from tests.conftest import Server

ROOT = Path(__file__).resolve().parents[2]


def test_without_an_engine_the_tests_end_with_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/py/test_normalize.py", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=os.environ | {"PYMAP_TEST_SERVER": "container", "DOCKER_HOST": "unix:///nonexistent"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, (done.stdout + done.stderr).splitlines())
    assert line.startswith("ERROR: SERVER=container needs a Docker engine")


def compose(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run docker compose, or the docker-compose that Debian has."""
    has_plugin = (
        shutil.which("docker") and not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    )
    command = ["docker", "compose"] if has_plugin else [program("docker-compose", "docker-compose")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTGRES_")}
    return subprocess.run(
        [*command, "--file", str(ROOT / "compose.yaml"), *arguments],
        env=environment | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.servers
def test_the_compose_file_is_valid() -> None:
    done = compose("config", POSTGRES_PASSWORD="secret", POSTGRES_PORT="5433")

    assert done.returncode == 0, done.stderr
    assert str(ROOT) in done.stdout
    assert "secret" in done.stdout
    assert "5433" in done.stdout


@pytest.mark.servers
def test_the_compose_file_wants_a_password() -> None:
    done = compose("config")

    assert done.returncode != 0
    assert "choose a password" in done.stderr


@pytest.mark.servers
def test_the_first_start_installs_the_bundle(server: Server, tmp_path: Path) -> None:
    """The script of the image, with its variables, its bundle and a real psql."""
    script, place = installation()
    (tmp_path / "pymap.sql").write_text(bundle(), encoding="utf-8")
    with server.database() as dsn:
        with psycopg.connect(dsn) as connection:
            info = connection.info
            variables = {
                "PGHOST": info.host, "PGPORT": str(info.port), "PGPASSWORD": info.password,
                "POSTGRES_USER": info.user, "POSTGRES_DB": info.dbname,
            }  # fmt: skip
        done = subprocess.run(
            ["sh", "-c", script.replace(place, str(tmp_path / "pymap.sql"))],
            env=variables | {"PATH": f"{Programs.of(server).directory}:{os.environ['PATH']}"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        with psycopg.connect(dsn) as connection:
            assert pymap.ClientMediaItemHelper(connection).version() == pymap.__version__
            assert pymap.ClientMediaItemHelper(connection).check_integrity() == []


def installation() -> tuple[str, str]:
    """Return the script that the image runs, and the place of the bundle, which is the one where the image has it."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = dict(re.findall(r"^COPY (?:--from=\S+ )?(\S+) (\S+)$", dockerfile, re.MULTILINE))
    (script,) = (ROOT / file for file, place in copied.items() if place == "/docker-entrypoint-initdb.d/")
    assert os.access(script, os.X_OK)
    return script.read_text(encoding="utf-8"), copied["/pymap.sql"]


@pytest.mark.servers
def test_the_image_gets_everything_that_makes_the_bundle(tmp_path: Path) -> None:
    """Its first stage: what .dockerignore lets through is enough to install pymap."""
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in (rule.removeprefix("!") for rule in rules if rule.startswith("!")):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--target", tmp_path / "installed", tmp_path],
        check=True, capture_output=True,
    )  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-m", "pymap", "bundle"],
        cwd=tmp_path / "installed", env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == bundle()
