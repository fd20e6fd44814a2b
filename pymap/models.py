"""What goes in and what comes back: one frozen dataclass for each kind of row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: External IDs as {"imdb": "tt0133093", "tvdb": ["1", "2"]} or [{"source": "imdb", "id": "tt0133093"}].
ExternalIds = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a client's listing; only ``item_id`` and ``type`` are required."""

    item_id: str
    type: str
    title: str | None = None
    year: int | None = None
    external_ids: ExternalIds = field(default_factory=dict)
    parent_item_id: str | None = None
    season_number: int | None = None
    episode_number: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the item under the keys that the SQL functions read."""
        return {
            "itemId": self.item_id,
            "type": self.type,
            "title": self.title,
            "year": self.year,
            "externalIds": self.external_ids,
            "parentItemId": self.parent_item_id,
            "seasonNumber": self.season_number,
            "episodeNumber": self.episode_number,
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class ClientItem:
    """A client item ID that stands for a media item."""

    client_id: int
    client_type: str
    client_item_id: str


@dataclass(frozen=True, slots=True)
class ListedMapping:
    """A mapping of a client: its item ID, the media type, the media item."""

    client_item_id: str
    media_type: str
    media_item_id: int


@dataclass(frozen=True, slots=True)
class Translation:
    """An item ID of one client and what another client calls it; ``to_item_id`` is None where it has none."""

    from_item_id: str
    media_type: str
    media_item_id: int
    to_item_id: str | None


@dataclass(frozen=True, slots=True)
class MappedItem:
    """What became of an entry: ``action`` is kept, matched, created or unusable (then all else is None)."""

    client_item_id: str | None
    media_type: str | None
    media_item_id: int | None
    action: str
