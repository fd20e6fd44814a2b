"""What goes in and what comes back: one frozen dataclass for each kind of row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: External IDs as {"imdb": "tt0133093", "tvdb": ["1", "2"]} or [{"source": "imdb", "id": "tt0133093"}].
ExternalIds = Mapping[str, Any] | Sequence[Mapping[str, Any]]

#: What a sync does with an entry of a listing, or with a mapping that is no longer listed.
ACTIONS = ("kept", "created", "matched", "rekeyed", "reassigned", "removed")


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
    disc_number: int | None = None
    track_number: int | None = None
    artist: str | None = None
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
            "discNumber": self.disc_number,
            "trackNumber": self.track_number,
            "artist": self.artist,
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
    """What became of an entry: ``action`` is one of ACTIONS, or unusable (then all else is None).

    ``media_item_id`` is None for what a dry run would create.
    """

    client_item_id: str | None
    media_type: str | None
    media_item_id: int | None
    action: str


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """What a sync did: ``counts[media_type][action]``, with every action, and how many entries were unusable."""

    counts: Mapping[str, Mapping[str, int]]
    unusable: int

    def total(self, action: str) -> int:
        """Return how often an action was taken, over all media types."""
        return sum(actions.get(action, 0) for actions in self.counts.values())


@dataclass(frozen=True, slots=True)
class ReviewCandidate:
    """A media item that was made because a match was ambiguous, one that it may be, and what they have in common."""

    media_item_id: int
    candidate_id: int
    evidence: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two media items that may be the same thing: the older one, the other one, and what they have in common.

    ``contradicting`` means that they also have different IDs of one source.
    """

    media_item_id: int
    duplicate_id: int
    media_type: str
    evidence: str
    shared_external_ids: list[dict[str, str]]
    contradicting: bool


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a mapping, or to the identity of media items: who, when, what, by which evidence.

    ``kind`` is mapped, unmapped, moved, merged, split, distinct or undone. Only ``history`` tells ``undone_by``.
    """

    event_id: int
    happened_at: datetime
    actor: str
    kind: str
    client_id: int | None
    client_item_id: str | None
    media_type: str
    media_item_before: int | None
    media_item_after: int | None
    evidence: str | None
    undoes: int | None
    undone_by: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something damaged (``severity`` error) or suspicious (warning) about a media item."""

    severity: str
    kind: str
    tenant_id: int
    media_item_id: int
    detail: str


@dataclass(frozen=True, slots=True)
class Statistic:
    """How much there is of something; what it is not divided by is None."""

    statistic: str
    client_id: int | None
    client_type: str | None
    media_type: str | None
    count: int
