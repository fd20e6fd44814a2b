"""pymap merge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from rich.table import Table

from pymap.cli.common import (
    AsJson,
    Dsn,
    Quiet,
    Tenant,
    Yes,
    ask,
    can_ask,
    connect,
    console,
    id_argument,
    print_how_to_undo,
    print_json,
)
from pymap.cli.media_items import describe, side_by_side
from pymap.errors import PymapError
from pymap.helper import ClientMediaItemHelper
from pymap.models import MediaItemComparison


def merge(
    keep: Annotated[int, id_argument("KEEP", "The media item that is kept.")],
    duplicate: Annotated[int, id_argument("DUPLICATE", "The media item to merge into it; its ID stays valid.")],
    yes: Yes = False,
    quiet: Quiet = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Make one media item of two.

    It asks first if their external IDs or places contradict each other.
    """
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        is_told = not (as_json or quiet)
        before = _compare(helper, keep, duplicate)
        if before and before.contradictions and not yes and not _is_wanted(before, is_told):
            console.print("Nothing was merged.")
            return
        event_id = helper.merge_media_items(keep, duplicate)
        kept = helper.resolve_media_item(keep)
        items = describe(helper, [kept])
    if as_json:
        print_json({"event_id": event_id, "media_item": items.get(kept)})
    elif quiet:
        return
    elif event_id is None:
        console.print(f"Media items {keep} and {duplicate} are one already: media item {kept}.")
    else:
        if before:
            console.print(before.shown())
        console.print(f"Media item {duplicate} was merged into media item {kept}:")
        console.print(side_by_side(items.values()))
        print_how_to_undo(event_id, tenant)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two media items of one type, as they are before they are merged."""

    keep: dict[str, Any]
    duplicate: dict[str, Any]
    comparisons: list[MediaItemComparison]

    @property
    def contradictions(self) -> str:
        return "; ".join(
            f"{one.field} {one.media_item_says} and {one.other_says}" for one in self.comparisons if one.contradicting
        )

    def shown(self) -> Table:
        shared = [one for one in self.keep["external_ids"] if one in self.duplicate["external_ids"]]
        differing = [one.field for one in self.comparisons if one.outcome == "differs"]
        return side_by_side([self.keep, self.duplicate], shared, differing)


def _compare(helper: ClientMediaItemHelper, keep: int, duplicate: int) -> _Pair | None:
    """Return the two, or None if there is something wrong with them, of which the database knows more."""
    found = helper.get_media_items((keep, duplicate))
    live = {one.media_item_id: one.merged_into or one.media_item_id for one in found}
    items = describe(helper, live.values())
    if len(items) < 2 or len({one["media_type"] for one in items.values()}) > 1:
        return None
    return _Pair(items[live[keep]], items[live[duplicate]], helper.compare_media_items(keep, duplicate))


def _is_wanted(pair: _Pair, may_ask: bool) -> bool:
    keep, duplicate = pair.keep["media_item_id"], pair.duplicate["media_item_id"]
    if not (may_ask and can_ask()):
        raise PymapError(
            f"media items {keep} and {duplicate} contradict each other: {pair.contradictions}",
            hint="If they are one nevertheless, give --yes.",
        )
    console.print(pair.shown())
    console.print(f"They contradict each other: {pair.contradictions}.", markup=False)
    return ask(f"Merge {duplicate} into {keep} all the same?")
