"""What the calls take: IDs that are text or whole numbers, lists that are no str, JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any

from psycopg.types.json import Jsonb

from pymap.models import ClientItemId, as_text

ITEMS = "a list or another iterable of Item objects or dicts"


def client_item_id(argument: str, value: ClientItemId) -> str:
    """Return a client item ID as text; the database judges the text."""
    # None is for the database to refuse.
    if value is None or isinstance(text := as_text(value), str):
        return None if value is None else text
    raise TypeError(f"{argument} has to be a client item ID, a str or an int, not {_described(value)}")


def client_item_ids(argument: str, values: Iterable[ClientItemId]) -> list[str]:
    """Return client item IDs as text."""
    given = elements(argument, values, "a list or another iterable of client item IDs")
    return [client_item_id(f"{argument}[{position}]", value) for position, value in enumerate(given)]


def media_types(argument: str, values: Iterable[str] | None) -> list[str] | None:
    """Return media types as a list."""
    if values is None:
        return None
    return list(elements(argument, values, "a list or another iterable of media types"))


def items(argument: str, values: Any) -> Any:
    """Return the items as they are, if they are something to iterate over and not one item."""
    if isinstance(values, AsyncIterable):
        return values
    if isinstance(values, Mapping):
        raise TypeError(f"{argument} has to be {ITEMS}, not {_described(values)}: one item goes into a list")
    return elements(argument, values, ITEMS)


def external_ids(argument: str, values: Any) -> Jsonb:
    """Return external IDs as JSON; the database judges them."""
    if isinstance(values, Mapping):
        return jsonb(values)
    return jsonb(list(elements(argument, values, 'a dict such as {"imdb": "tt0133093"} or a list of external IDs')))


def elements(argument: str, values: Iterable[Any], expected: str) -> Iterable[Any]:
    """Return the values as they are, unless they are a str or nothing to iterate over."""
    if isinstance(values, str | bytes | bytearray) or not isinstance(values, Iterable):
        raise TypeError(f"{argument} has to be {expected}, not {_described(values)}")
    return values


def jsonb(value: Any) -> Jsonb:
    """Return a value to send as JSON, whatever set_json_dumps was called with."""
    return Jsonb(value, dumps=json.dumps)


def _described(value: object) -> str:
    shown = repr(value)
    return f"{type(value).__name__} {shown if len(shown) <= 60 else shown[:60] + '…'}"
