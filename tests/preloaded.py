"""Imported by the process that run_pymap forks its processes from: all but what reads the environment on import."""

import sys

from typer.testing import CliRunner

import pymap.cli

# Much is imported only by a command that runs. This one finds no server.
CliRunner().invoke(pymap.cli.app, ["status", "--dsn", "host=/nowhere"])

for _name in [name for name in sys.modules if name.startswith("pymap.cli")]:
    del sys.modules[_name]
