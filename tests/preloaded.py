"""Imported by the process that run_pymap forks its processes from: all but what reads the environment on import."""

import sys

import pymap.cli  # noqa: F401

for _name in [name for name in sys.modules if name.startswith("pymap.cli")]:
    del sys.modules[_name]
