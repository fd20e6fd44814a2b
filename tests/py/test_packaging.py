"""The wheel and the sdist: what is in them, and that they work away from the checkout.

They are built here, or make dist has built them: it names their folder in PYMAP_TEST_DIST.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import psycopg
import pytest

import pymap
import pymap.migrations
from tests.conftest import Server
from tests.servers import server_folder

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and with the wheel that was built from the sdist."""
    if built := os.environ.get("PYMAP_TEST_DIST"):
        return Path(built).resolve()
    folder = tmp_path_factory.mktemp("dist")
    python_module("build", "--outdir", folder, CHECKOUT)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (file,) = distributions.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def sdist(distributions: Path) -> Path:
    (file,) = distributions.glob("*.tar.gz")
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


def python_module(*arguments: object) -> None:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def pip(*arguments: object) -> None:
    python_module("pip", "--quiet", "--disable-pip-version-check", *arguments)


def run(program: Path, *arguments: str, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PYTHON", "PYMAP_"))}
    done = subprocess.run(
        [program, *arguments], cwd=cwd, env=environment | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shipped_listing(installed: Path) -> str:
    (listing,) = installed.parent.glob("lib/python3.*/site-packages/pymap/listings/emby.json")
    return str(listing)


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


def test_the_distributions_are_named_pymap_media_and_have_the_version_of_the_code(wheel: Path, sdist: Path) -> None:
    assert wheel.name == f"pymap_media-{pymap.__version__}-py3-none-any.whl"
    assert sdist.name == f"pymap_media-{pymap.__version__}.tar.gz"
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_changelog_has_a_dated_section_of_the_version() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"(?m)^## \[{re.escape(pymap.__version__)}\] - \d{{4}}-\d\d-\d\d$", changelog)


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_checkout(wheel: Path, tmp_path: Path) -> None:
    python_module("build", "--wheel", "--outdir", tmp_path, CHECKOUT)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_sdist_holds_the_project_with_its_tests_and_nothing_that_git_ignores(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        files = {Path(*Path(member.name).parts[1:]) for member in archive if member.isfile()}
    folders = [CHECKOUT / name for name in ("pymap", "sql", "tests", "docs", "examples", "benchmarks")]
    assert files >= {Path(folder.name, name) for folder in folders for name in tree(folder)}
    assert files >= set(map(Path, ("LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", ".ci/run")))
    ignored = [line.rstrip("/") for line in (CHECKOUT / ".gitignore").read_text().splitlines()]
    assert [file for file in files for part in file.parts if any(fnmatch(part, line) for line in ignored)] == []


def test_an_index_accepts_the_metadata(wheel: Path, sdist: Path) -> None:
    python_module("twine", "check", "--strict", wheel, sdist)


def test_the_installed_wheel_prints_the_same_bundle(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import pymap; print(pymap.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    assert run(installed / "pymap", "bundle", cwd=tmp_path) == pymap.migrations.bundle()


def test_the_installed_wheel_migrates_and_syncs_a_listing_that_it_carries(
    installed: Path, server: Server, tmp_path: Path
) -> None:
    listing = shipped_listing(installed)
    with server.database() as dsn:
        run(installed / "pymap", "migrate", "--dsn", dsn, cwd=tmp_path)
        run(installed / "pymap", "sync", listing, "--client", "3", "--type", "emby", "--dsn", dsn, cwd=tmp_path)
        with psycopg.connect(dsn) as connection:
            assert "4102" in pymap.ClientMediaItemHelper(connection).sync_clients_list(3)


def test_the_installed_wheel_measures(installed: Path, server: Server, tmp_path: Path) -> None:
    size = ("--items", "2000", "--repeat", "1", "--sync-items", "100")
    printed = run(installed / "pymap", "bench", *size, "--dsn", server.dsn, cwd=tmp_path)
    for contest in ("Look up one client item ID", "INSERT 2,000 items", "rescan, all IDs new"):
        assert contest in printed


@pytest.mark.dist
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_fresh_venv_needs_nothing_but_the_distribution(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    file = request.getfixturevalue(kind)
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    bin_folder = tmp_path / "venv" / "bin"
    pip("--python", bin_folder / "python", "install", f"{file}[embedded]")
    # The embedded server's data lie below the home folder.
    home = server_folder()
    variables = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}

    def run_pymap(*arguments: str) -> str:
        return run(bin_folder / "pymap", *arguments, cwd=tmp_path, **variables)

    assert run_pymap("--version") == f"pymap {pymap.__version__}\n"
    run_pymap("migrate")
    run_pymap("sync", shipped_listing(bin_folder), "--client", "3", "--type", "emby")
    assert "4102" in run_pymap("lookup", "--client", "3", "4102")
    assert run_pymap("bundle") == pymap.migrations.bundle()
