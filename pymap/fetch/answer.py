"""An answer of a server, and how to look into one whose form is not certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymap.errors import FetchError
from pymap.fetch.server import Server


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to a path: as it came, decoded, and its headers."""

    server: Server
    path: str
    raw: bytes
    content: Any
    headers: Mapping[str, str]

    def object(self, key: str) -> dict[str, Any]:
        """Return the object under a key. Raises FetchError if there is none."""
        found = nested(self.content, key)
        if not isinstance(found, dict):
            raise self._not_ours(f"JSON that has no {key}")
        return found

    def objects(self, *keys: str) -> list[dict[str, Any]]:
        """Return the list of objects under these keys, one below the other. Raises FetchError if there is none."""
        found = nested(self.content, *keys)
        if not isinstance(found, list) or len(objects(found)) < len(found):
            raise self._not_ours("JSON that has no list of objects" + (f" {'.'.join(keys)}" if keys else ""))
        return found

    def _not_ours(self, what: str) -> FetchError:
        return FetchError(
            f"{self.server} answered {self.path} with {what}",
            hint=f"Is this the address of a {self.server.type} server?",
        )


def nested(value: Any, *keys: str) -> Any:
    """Return what stands under these keys, one below the other; None if something else does."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list; none if it is no list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def number(value: Any) -> int | None:
    """Return a whole number, also if it came as text; None if it is none."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None


def text(value: Any) -> str | None:
    """Return an ID as text; None if there is none."""
    return str(value) if isinstance(value, int | str) else None
