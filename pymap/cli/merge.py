"""pymap merge."""

from __future__ import annotations

from typing import Annotated

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
    duplicate: Annotated[int, id_argument("DUPLICATE", "The media item that goes into it; its ID stays valid.")],
    yes: Yes = False,
    quiet: Quiet = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Make one media item of two; if they contradict each other, it asks first."""
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        is_shown = not (as_json or quiet)
        if not _is_wanted(helper, keep, duplicate, is_shown, yes):
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
        console.print(f"Media item {duplicate} was merged into media item {kept}:")
        console.print(side_by_side(items.values()))
        print_how_to_undo(event_id, tenant)


def _is_wanted(helper: ClientMediaItemHelper, keep: int, duplicate: int, is_shown: bool, yes: bool) -> bool:
    """Show the two, and ask if they contradict each other."""
    live = {
        one.media_item_id: one.merged_into or one.media_item_id for one in helper.get_media_items((keep, duplicate))
    }
    items = describe(helper, live.values())
    if len(items) < 2 or len({one["media_type"] for one in items.values()}) > 1:
        return True  # What cannot be merged, or is one already, is for the database to say.
    left, right = items[live[keep]], items[live[duplicate]]
    comparisons = helper.compare_media_items(keep, duplicate)
    contradictions = [one for one in comparisons if one.contradicting]
    said = "; ".join(map(_said, contradictions))
    if said and not yes and not (is_shown and can_ask()):
        raise PymapError(
            f"media items {keep} and {duplicate} contradict each other: {said}",
            hint="If they are one all the same, say --yes.",
        )
    if is_shown:
        shared = [one for one in left["external_ids"] if one in right["external_ids"]]
        differing = [one.field for one in comparisons if one.outcome == "differs"]
        console.print(side_by_side([left, right], shared, differing))
    if not said or yes:
        return True
    console.print(f"They contradict each other: {said}.", markup=False)
    return ask(f"Merge {duplicate} into {keep} all the same?")


def _said(one: MediaItemComparison) -> str:
    return f"{one.field} {one.media_item_says} and {one.other_says}"
