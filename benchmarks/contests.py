"""Contests: several ways to do the same work, in turn, in one session."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import psycopg
from psycopg import sql

from .data import Sample
from .figures import Figure
from .plan import progress
from .session import Session

Contender = Callable[[Session, Sample], object]


@dataclass(frozen=True)
class Contest:
    """Contenders that do the same work; ``things`` is how many look-ups, mappings or rows that is.

    The first contender is what a program would send without pymap. The targets are the most that others may take, as
    multiples of it.
    """

    title: str
    things: int
    contenders: dict[str, Contender]
    targets: dict[str, float] = field(default_factory=dict)
    role: str | None = None


def measure(dsn: str, group: str, contests: list[Contest], items: int, repeat: int) -> list[Figure]:
    """Return the figures of contests.

    A ratio is the median of the ratios of all repetitions, so that other work on the machine hardly changes it.
    """
    figures = []
    for contest in progress(contests, group):
        times = _times(dsn, contest, items, repeat)
        first = next(iter(times.values()))
        for name, seconds in times.items():
            ratio = median(one / other for one, other in zip(seconds, first, strict=True))
            figures += [
                Figure(group, contest.title, name, "per second", contest.things / median(seconds)),
                Figure(group, contest.title, name, "median ms", median(seconds) * 1000),
                Figure(group, contest.title, name, "ratio", ratio, contest.targets.get(name)),
            ]
    return figures


def _times(dsn: str, contest: Contest, items: int, repeat: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in contest.contenders}
    with psycopg.connect(dsn) as connection:
        if contest.role:
            connection.execute(sql.SQL("set session role {}").format(sql.Identifier(contest.role)))
            connection.commit()
        session = Session(connection, items)
        for round_ in range(repeat + 1):
            sample = Sample(items, min(1000, contest.things))
            for name, contend in random.sample(list(contest.contenders.items()), len(contest.contenders)):
                connection.execute("select")
                start = time.perf_counter()
                contend(session, sample)
                seconds = time.perf_counter() - start
                connection.rollback()
                # The first round warms caches and plans up.
                if round_:
                    times[name].append(seconds)
    return times
