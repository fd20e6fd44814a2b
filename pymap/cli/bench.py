"""pymap bench."""

try:
    from pymap.benchmarks.bench import bench  # as the wheel carries it
except ModuleNotFoundError:
    from benchmarks.bench import bench  # in a checkout

__all__ = ["bench"]
