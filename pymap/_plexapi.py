"""Reads objects of the package plexapi, which need not be installed."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

#: What Plex calls the media types.
_TYPES = {
    "movie": "movie",
    "show": "series",
    "season": "season",
    "episode": "episode",
    "artist": "artist",
    "album": "album",
    "track": "track",
    "photo": "photo",
    "playlist": "playlist",
    "collection": "collection",
}
#: The ancestor that is the parent: an episode's is its series.
_PARENTS = {"season": "parent", "episode": "grandparent", "album": "parent", "track": "parent"}
#: Which attribute is which number.
_NUMBERS = {
    "season": {"season_number": "index"},
    "episode": {"season_number": "parentIndex", "episode_number": "index"},
    "track": {"disc_number": "parentIndex", "track_number": "index"},
}


def item_fields(entry: Any) -> dict[str, Any]:
    """Return the fields of the item for an entry of a library.

    The XML element is read that plexapi keeps in ``_data``: to ask the object for an attribute that is empty makes
    plexapi reload it from the server. What an external ID in it stands for, SQL knows.
    """
    element = getattr(entry, "_data", None)
    if not isinstance(element, Element) or "ratingKey" not in element.attrib:
        raise TypeError(f"expected an entry of a library, as plexapi returns it, found {type(entry).__name__}")
    plex_type = element.get("type", "")
    if plex_type not in _TYPES:
        raise ValueError(f"Plex's type {plex_type!r} of item {element.get('ratingKey')} has no pymap media type")
    fields = {
        "item_id": element.get("ratingKey"),
        "type": _TYPES[plex_type],
        "title": element.get("title"),
        "year": _number(element.get("year")) or None,
        "external_ids": _external_ids(element),
        "parent_item_id": _parent_item_id(element, plex_type),
        "artist": _artist(element, plex_type),
        "path": _path(element),
    }
    for name, key in _NUMBERS.get(plex_type, {}).items():
        fields[name] = _number(element.get(key))
        # Season 0 holds the specials; a disc or track 0 only means that the file has no tag.
        if plex_type == "track":
            fields[name] = fields[name] or None
    return fields


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _external_ids(element: Element) -> list[str]:
    addresses = [guid.get("id") for guid in element.iterfind("Guid")]
    return [address for address in (*addresses, element.get("guid")) if address and "://" in address]


def _parent_item_id(element: Element, plex_type: str) -> str | None:
    if not (parent := _PARENTS.get(plex_type)):
        return None
    # The play history names parents by their address, /library/metadata/200, alone.
    address = element.get(f"{parent}Key", "")
    return element.get(f"{parent}RatingKey") or address.removeprefix("/library/metadata/").partition("/")[0] or None


def _artist(element: Element, plex_type: str) -> str | None:
    if plex_type == "track":
        return element.get("originalTitle") or element.get("grandparentTitle")
    return element.get("parentTitle") if plex_type == "album" else None


def _path(element: Element) -> str | None:
    media = element.find("Media")
    part = None if media is None else media.find("Part")
    folder = element.find("Location")
    file = None if part is None else part.get("file")
    return file or (None if folder is None else folder.get("path"))
