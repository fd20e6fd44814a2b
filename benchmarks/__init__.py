"""Benchmarks: pymap's functions beside the queries that a program would send by itself."""
