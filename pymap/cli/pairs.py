"""Pairs of media items that may be the same thing, with what a person needs to judge that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from rich.console import Group, RenderableType
from rich.markup import escape

from pymap.cli.common import comparisons_line
from pymap.cli.media_items import describe, side_by_side
from pymap.helper import ClientMediaItemHelper
from pymap.models import DuplicatePair, ReviewCandidate

_EVIDENCE = {
    "external_ids": "shared external IDs",
    "file": "the same file",
    "numbers": "the same numbers in the same parent",
    "title": "the same title",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair as it was found, and its two media items as they were then: the one to keep, and the other one."""

    found: DuplicatePair | ReviewCandidate
    keep: dict[str, Any]
    other: dict[str, Any]

    @property
    def key(self) -> tuple[int, int]:
        """The two IDs, the one to keep first."""
        return self.keep["media_item_id"], self.other["media_item_id"]

    def as_json(self) -> dict[str, Any]:
        """Return all of it for programs."""
        keep, other = (
            ("media_item", "duplicate") if isinstance(self.found, DuplicatePair) else ("candidate", "media_item")
        )
        return asdict(self.found) | {keep: self.keep, other: self.other}

    def shown(self, position: int, total: int) -> RenderableType:
        """Return the two side by side."""
        evidence = _EVIDENCE.get(self.found.evidence, self.found.evidence)
        heading = f"Pair {position:,} of {total:,}, {self.keep['media_type']}: {evidence}, weight {self.found.weight}"
        if isinstance(self.found, DuplicatePair) and self.found.contradicting:
            heading += "; but they contradict each other by their external IDs or their places"
        return Group(
            f"[bold]{escape(heading)}[/bold]",
            escape(comparisons_line(self.found.comparisons)),
            side_by_side([self.keep, self.other], self._shared_external_ids()),
        )

    def _shared_external_ids(self) -> list[dict[str, str]]:
        if isinstance(self.found, DuplicatePair):
            return self.found.shared_external_ids
        return [one for one in self.keep["external_ids"] if one in self.other["external_ids"]]


@dataclass(frozen=True, slots=True)
class PairFinder(ABC):
    """Finds pairs of a tenant, ``limit`` of them at most."""

    connection: psycopg.Connection[Any]
    tenant: int
    limit: int | None

    @property
    def _helper(self) -> ClientMediaItemHelper:
        return ClientMediaItemHelper(self.connection, tenant_id=self.tenant)

    @abstractmethod
    def _found(self, helper: ClientMediaItemHelper) -> list[tuple[DuplicatePair | ReviewCandidate, int, int]]:
        """Return what was found, each with the IDs of the media item to keep and of the other one."""

    def find(self) -> list[Pair]:
        """Return the pairs, in the order in which to look at them."""
        found = self._found(self._helper)
        items = describe(self._helper, (id_ for _, keep, other in found for id_ in (keep, other)))
        return [
            Pair(pair, items[keep], items[other]) for pair, keep, other in found if keep in items and other in items
        ]

    def is_current(self, pair: Pair) -> bool:
        """Tell whether both media items still are what they were when the pair was found."""
        items = describe(self._helper, pair.key)
        return [items.get(id_) for id_ in pair.key] == [pair.keep, pair.other]


@dataclass(frozen=True, slots=True)
class DuplicateFinder(PairFinder):
    """Finds what ``find_duplicates`` returns, the heaviest first."""

    media_type: str | None

    def _found(self, helper: ClientMediaItemHelper) -> list[tuple[DuplicatePair | ReviewCandidate, int, int]]:
        pairs = helper.find_duplicates(self.media_type, self.limit)
        return [(pair, pair.media_item_id, pair.duplicate_id) for pair in pairs]


@dataclass(frozen=True, slots=True)
class ReviewFinder(PairFinder):
    """Finds what ``get_review_candidates`` returns, the best candidate of each media item first."""

    media_item: int | None

    def _found(self, helper: ClientMediaItemHelper) -> list[tuple[DuplicatePair | ReviewCandidate, int, int]]:
        # The candidate was there first: it is the one to keep.
        candidates = helper.get_review_candidates(self.media_item)[: self.limit]
        return [(candidate, candidate.candidate_id, candidate.media_item_id) for candidate in candidates]
