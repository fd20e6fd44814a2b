"""The wheel: what is in it, and that it works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import psycopg
import pytest

import pymap
import pymap.migrations
from tests.conftest import Server

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, CHECKOUT)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh venv that has the wheel; its dependencies are those of the running Python."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    (site_packages,) = folder.glob("lib/python3.*/site-packages")
    # A path in a .pth file comes last, and the .pth files behind it, such as the checkout's, do not count.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def run(program: Path, *arguments: str, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PYTHON", "PYMAP_"))}
    done = subprocess.run([program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tree(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_holds_the_code_the_sql_the_listings_and_the_benchmarks_and_nothing_else(wheel: Path) -> None:
    files = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert files == {
        *(f"pymap/{name}" for name in tree(CHECKOUT / "pymap")),
        *(f"pymap/sql/{name}" for name in tree(CHECKOUT / "sql")),
        *(f"pymap/listings/{name}" for name in tree(CHECKOUT / "examples" / "listings")),
        *(f"pymap/benchmarks/{name}" for name in tree(CHECKOUT / "benchmarks")),
    }
    assert "pymap/py.typed" in files


def test_the_wheel_is_named_pymap_media_and_has_the_version_of_the_code(wheel: Path) -> None:
    assert wheel.name == f"pymap_media-{pymap.__version__}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_wheel_prints_the_same_bundle(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import pymap; print(pymap.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    assert run(installed / "pymap", "bundle", cwd=tmp_path) == pymap.migrations.bundle()


def test_the_installed_wheel_migrates_and_syncs_a_listing_that_it_carries(
    installed: Path, server: Server, tmp_path: Path
) -> None:
    (listing,) = installed.parent.glob("lib/python3.*/site-packages/pymap/listings/emby.json")
    with server.database() as dsn:
        run(installed / "pymap", "migrate", "--dsn", dsn, cwd=tmp_path)
        run(installed / "pymap", "sync", str(listing), "--client", "3", "--type", "emby", "--dsn", dsn, cwd=tmp_path)
        with psycopg.connect(dsn) as connection:
            assert "4102" in pymap.ClientMediaItemHelper(connection).sync_clients_list(3)


def test_the_installed_wheel_measures(installed: Path, server: Server, tmp_path: Path) -> None:
    size = ("--items", "2000", "--repeat", "1", "--sync-items", "100")
    printed = run(installed / "pymap", "bench", *size, "--dsn", server.dsn, cwd=tmp_path)
    for contest in ("Look up one client item ID", "INSERT 10,000 items", "rescan, all IDs new"):
        assert contest in printed
