"""What goes in and what comes back: one frozen dataclass for each kind of row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from typing import Any

from pymap._plexapi import item_fields

#: External IDs as {"imdb": "tt0133093", "tvdb": ["1", "2"]}, [{"source": "imdb", "id": "tt0133093"}] or
#: ["imdb://tt0133093"].
ExternalIds = Mapping[str, Any] | Sequence[Mapping[str, Any] | str]

#: A client item ID; the database keeps it as text.
ClientItemId = str | int

#: What a sync does with an entry of a listing, or with a mapping that is no longer listed.
ACTIONS = ("kept", "created", "matched", "rekeyed", "reassigned", "removed")


def as_text(value: Any) -> Any:
    """Return a whole number as text, anything else as it is."""
    return str(int(value)) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a client's listing; only ``item_id`` and ``type`` are required.

    ``release_year`` is another name for ``year``, and only for the constructor.
    ``path`` is the file, or the folder of a series, an artist or an album, as the server names it: two servers that
    read the same disk are matched by its last components. ``data`` is the application's own, for a new media item.
    """

    item_id: ClientItemId
    type: str
    title: str | None = None
    year: int | None = None
    release_year: InitVar[int | None] = None
    external_ids: ExternalIds = field(default_factory=dict)
    parent_item_id: ClientItemId | None = None
    season_number: int | None = None
    episode_number: int | None = None
    disc_number: int | None = None
    track_number: int | None = None
    artist: str | None = None
    path: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self, release_year: int | None) -> None:
        if release_year:
            if self.year and self.year != release_year:
                raise ValueError(f"year {self.year} and release_year {release_year} contradict each other: give one")
            object.__setattr__(self, "year", release_year)

    @classmethod
    def from_plexapi(cls, entry: Any) -> Item:
        """Return the item for a film, series, season, episode, artist, album, track, … of the package plexapi.

        It reads only the data that the object already holds; plexapi does not reload it from the server. External IDs
        are included if the listing was requested with ``includeGuids``, as plexapi does. Raises TypeError for an object
        that is not plexapi's or no entry of a library, ValueError for one that has no pymap media type, such as a clip.
        """
        return cls(**item_fields(entry))

    def as_json(self) -> dict[str, Any]:
        """Return the item under the keys that the SQL functions read."""
        return {
            "itemId": as_text(self.item_id),
            "type": self.type,
            "title": self.title,
            "year": self.year,
            "externalIds": self.external_ids,
            "parentItemId": as_text(self.parent_item_id),
            "seasonNumber": self.season_number,
            "episodeNumber": self.episode_number,
            "discNumber": self.disc_number,
            "trackNumber": self.track_number,
            "artist": self.artist,
            "path": self.path,
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class ClientItem:
    """A client item ID that stands for a media item."""

    client_id: int
    client_type: str
    client_item_id: str


@dataclass(frozen=True, slots=True)
class MediaItem:
    """What is known of a media item.

    ``parent_id`` and ``parent_title`` are what it is part of, ``parent_number`` and ``number`` its place there;
    ``children`` is the number of media items that are part of it. ``merged_into`` is None unless it was merged.
    """

    media_item_id: int
    media_type: str
    title: str | None
    release_year: int | None
    parent_id: int | None
    parent_title: str | None
    parent_number: int | None
    number: int | None
    external_ids: list[dict[str, str]]
    children: int
    merged_into: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ToldItem:
    """A client item ID that stands for a media item, what its client last reported of it, and why it was matched.

    ``is_told`` is False if an application wrote the mapping and the client has not reported the item yet. ``path_key``
    is the end of the file's path, the last component first. ``evidence``, ``weight`` and ``comparisons`` are those of
    MappingEvidence.
    """

    media_item_id: int
    client_id: int
    client_type: str
    client_item_id: str
    is_told: bool
    title: str | None
    release_year: int | None
    parent_item_id: str | None
    parent_number: int | None
    number: int | None
    external_ids: dict[str, list[str]]
    path_key: str | None
    evidence: str | None
    weight: int | None
    comparisons: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class FoundMediaItem:
    """A media item that a search found.

    ``found_title`` is the title that was found, which may be one that a client reported. ``agreement`` is equal, begins
    or contains.
    """

    media_item_id: int
    media_type: str
    title: str | None
    release_year: int | None
    parent_id: int | None
    parent_title: str | None
    found_title: str
    agreement: str


@dataclass(frozen=True, slots=True)
class Client:
    """A client that has, or had, mappings: how many by media type, and when a sync last changed something of it."""

    client_id: int
    client_type: str
    mappings: dict[str, int]
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedMapping:
    """A mapping of a client: its item ID, the media type, the media item."""

    client_item_id: str
    media_type: str
    media_item_id: int


@dataclass(frozen=True, slots=True)
class Translation:
    """An item ID of one client and that of another client; ``to_item_id`` is None if the other client has none."""

    from_item_id: str
    media_type: str
    media_item_id: int
    to_item_id: str | None


@dataclass(frozen=True, slots=True)
class MappedItem:
    """The result of an entry: ``action`` is one of ACTIONS, or unusable (then all else is None).

    ``media_item_id`` is None for a media item that a dry run would create.
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
class MappingEvidence:
    """Why a mapping was made.

    ``evidence`` is the strongest: external_ids, file, numbers, title, or merge, split, undo. ``weight`` is that of all
    evidence together, ``comparisons`` that of each field: {"imdb": 12, "title": 6}. All three are None if the mapping
    came with a new media item, or if an application wrote it.
    """

    client_item_id: str
    media_type: str
    media_item_id: int
    evidence: str | None
    weight: int | None
    comparisons: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field that a client reported, compared with what is known of a media item.

    ``field`` is title, year, place, file, mapping, or the source of an external ID. ``client_says`` and
    ``media_item_says`` are for people to read. ``weight`` is that of the ``outcome``: positive for a match, negative
    against it. The weights add up.
    """

    field: str
    client_says: str | None
    media_item_says: str | None
    outcome: str
    weight: int


@dataclass(frozen=True, slots=True)
class MediaItemComparison:
    """One field in which two media items are compared.

    ``weight`` is that of the ``outcome``: positive if it suggests that they are one. ``contradicting`` means that this
    external ID or this place shows that they are two and nothing outweighs it.
    """

    field: str
    media_item_says: str | None
    other_says: str | None
    outcome: str
    weight: int
    contradicting: bool


@dataclass(frozen=True, slots=True)
class ReviewCandidate:
    """A media item that was created because a match was ambiguous, and one that it may be.

    ``evidence`` is the strongest that they have in common, ``weight`` that of all evidence together, ``comparisons``
    that of each field: {"title": 6, "year": -1}.
    """

    media_item_id: int
    candidate_id: int
    evidence: str
    weight: int
    comparisons: dict[str, int]
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two media items that may be the same thing: the older one, the other one, and what they have in common.

    ``evidence`` is the strongest: external_ids, file, numbers or title. ``weight`` is that of all evidence together,
    ``comparisons`` that of each field: {"imdb": 12, "title": -3}. ``contradicting`` means that their external IDs or
    their places show that they are two.
    """

    media_item_id: int
    duplicate_id: int
    media_type: str
    evidence: str
    weight: int
    comparisons: dict[str, int]
    shared_external_ids: list[dict[str, str]]
    contradicting: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a mapping, or of the identity of media items: who made it, when, and on which evidence.

    ``kind`` is mapped, unmapped, moved, merged, split, distinct or undone. ``evidence`` is the strongest: external_ids,
    file, numbers, title, or manual, merge, split, undo. ``weight`` is that of all evidence together, ``comparisons``
    that of each field: {"imdb": 12, "title": 6}. All three are None if nothing was weighed. Only ``history`` has
    ``undone_by``.
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
    weight: int | None
    comparisons: dict[str, int] | None
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
    """A count; columns by which it is not divided are None."""

    statistic: str
    client_id: int | None
    client_type: str | None
    media_type: str | None
    count: int
