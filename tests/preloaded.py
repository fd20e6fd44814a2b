"""Imported by the process that run_pymap forks its processes from: all that pymap imports, but none of pymap itself."""

import sys

import pymap.cli  # noqa: F401

for _name in [name for name in sys.modules if name.partition(".")[0] in ("pymap", "benchmarks")]:
    del sys.modules[_name]
