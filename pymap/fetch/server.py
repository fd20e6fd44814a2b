"""What has to be known of a media server to fetch its listing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pymap.errors import InvalidArgument

_TRAKT = "https://api.trakt.tv"

#: What a server of each type cannot be asked without.
_NEEDED: dict[str, tuple[str, ...]] = {
    "plex": (),
    "jellyfin": ("token",),
    "emby": ("token",),
    "kodi": (),
    "subsonic": ("token",),
    "trakt": ("token", "api_key"),
}
TYPES = tuple(_NEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A media server: its type, its address and its credentials.

    ``type`` is plex, jellyfin, emby, kodi, subsonic or trakt, in any case; ``url`` is its address, such as
    http://nas:32400, and may be left out for Trakt alone. ``token`` is Plex's token, an API key of Jellyfin or Emby,
    the password of ``user`` on Subsonic and Kodi (without a user: Subsonic's API key), or Trakt's access token, which
    goes with the ``api_key`` of its application. On Jellyfin and Emby ``user`` is the user whose view is listed, by
    default the first administrator. ``libraries`` are the names of the libraries to list, by default all. ``timeout``
    is in seconds, for each answer. Raises InvalidArgument for an invalid field.
    """

    type: str
    url: str = ""
    token: str | None = field(default=None, repr=False)
    user: str | None = None
    api_key: str | None = field(default=None, repr=False)
    libraries: tuple[str, ...] = ()
    timeout: float = 30

    def __post_init__(self) -> None:
        kind = self.type.lower()
        if kind not in _NEEDED:
            raise _invalid("type", self.type, f"Give one of {', '.join(TYPES)}.")
        url = (self.url or (_TRAKT if kind == "trakt" else "")).rstrip("/")
        _check_url(url)
        if self.timeout <= 0:
            raise _invalid("timeout", self.timeout, "Give a number of seconds above 0.")
        object.__setattr__(self, "type", kind)
        object.__setattr__(self, "url", url)
        object.__setattr__(self, "libraries", tuple(self.libraries))
        for name in _NEEDED[kind]:
            if not getattr(self, name):
                raise _invalid(name, getattr(self, name), f"A server of type {kind} cannot be asked without it.")

    def __str__(self) -> str:
        return f"{self.type} at {self.url}"


def _check_url(value: str) -> None:
    import httpx

    try:
        url = httpx.URL(value)
    except httpx.InvalidURL as error:
        raise _invalid("url", value, f"This is no address: {error}.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise _invalid("url", value, "Give an address such as http://nas:32400.")
    if url.userinfo or url.query or url.fragment:
        # What stands in an address is shown in messages.
        shown = str(url.copy_with(username=None, password=None, query=None, fragment=None))
        raise _invalid("url", shown, "Give it without user, password, query or token, which have fields of their own.")


def _invalid(name: str, value: Any, hint: str) -> InvalidArgument:
    return InvalidArgument(f"invalid value for {name}: {value!r}", detail=f"{name} is {value!r}.", hint=hint)
