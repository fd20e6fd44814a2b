"""Picks the libraries that are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pymap.errors import FetchError
from pymap.fetch.server import Server


def chosen(server: Server, libraries: Mapping[str, str]) -> list[str]:
    """Return the keys of the libraries to list; ``libraries`` has the name of each.

    A library may be wanted by name, in any case, or by key. Raises FetchError for one that the server does not have.
    """
    if not server.libraries:
        return list(libraries)
    return [_key(server, wanted, libraries) for wanted in dict.fromkeys(server.libraries)]


def _key(server: Server, wanted: str, libraries: Mapping[str, str]) -> str:
    for key, name in libraries.items():
        if wanted == key or wanted.casefold() == name.casefold():
            return key
    raise FetchError(f"{server} has no library {wanted!r}", hint=f"It has {_list(libraries.values())}.")


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none that pymap reads"
