"""Pairs of media items that may be the same thing, with what a person needs to judge that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from rich.console import Group, RenderableType
from rich.markup import escape

from pymap.cli.media_items import describe, side_by_side
from pymap.helper import ClientMediaItemHelper
from pymap.models import DuplicatePair

_EVIDENCE = {
    "external_ids": "shared external IDs",
    "numbers": "the same numbers in the same parent",
    "title": "the same title",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair as it was found, and its two media items as they were then."""

    found: DuplicatePair
    media_item: dict[str, Any]
    duplicate: dict[str, Any]

    @property
    def key(self) -> tuple[int, int]:
        """The two IDs, the older one first."""
        return self.found.media_item_id, self.found.duplicate_id

    def as_json(self) -> dict[str, Any]:
        """Return all of it for programs."""
        return asdict(self.found) | {"media_item": self.media_item, "duplicate": self.duplicate}

    def shown(self, position: int, total: int) -> RenderableType:
        """Return the two side by side."""
        evidence = _EVIDENCE.get(self.found.evidence, self.found.evidence)
        heading = f"Pair {position:,} of {total:,}, {self.found.media_type}: {evidence}"
        if self.found.contradicting:
            heading += "; but they contradict each other: different IDs of one source"
        return Group(
            f"[bold]{escape(heading)}[/bold]",
            side_by_side([self.media_item, self.duplicate], self.found.shared_external_ids),
        )


@dataclass(frozen=True, slots=True)
class PairFinder:
    """Finds the pairs of a tenant."""

    connection: psycopg.Connection[Any]
    tenant: int
    media_type: str | None
    limit: int | None

    def find(self) -> list[Pair]:
        """Return the pairs, the most certain ones first."""
        helper = ClientMediaItemHelper(self.connection, tenant_id=self.tenant)
        found = helper.find_duplicates(self.media_type, self.limit)
        ids = (id_ for pair in found for id_ in (pair.media_item_id, pair.duplicate_id))
        items = describe(self.connection, ids, self.tenant)
        return [
            Pair(pair, items[pair.media_item_id], items[pair.duplicate_id])
            for pair in found
            if pair.media_item_id in items and pair.duplicate_id in items
        ]

    def is_current(self, pair: Pair) -> bool:
        """Tell whether both media items still are what they were when the pair was found."""
        items = describe(self.connection, pair.key, self.tenant)
        return [items.get(id_) for id_ in pair.key] == [pair.media_item, pair.duplicate]
