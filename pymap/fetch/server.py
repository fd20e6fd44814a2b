"""What has to be known of a media server to fetch its listing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pymap.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of server: the module that asks it, what it cannot be asked without, and its address if there is one."""

    module: str
    needed: tuple[str, ...] = ()
    url: str = ""


KINDS = {
    "plex": Kind("plex"),
    "jellyfin": Kind("media_browser", ("token",)),
    "emby": Kind("media_browser", ("token",)),
    "kodi": Kind("kodi"),
    "subsonic": Kind("subsonic", ("token",)),
    "trakt": Kind("trakt", ("token", "api_key"), "https://api.trakt.tv"),
}
TYPES = tuple(KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A media server: its type, its address and its credentials.

    ``type`` is one of ``TYPES``, in any case; ``url`` is its address, such as http://nas:32400, and may be left out
    for Trakt alone. ``token`` is Plex's token, an API key of Jellyfin or Emby, the password of ``user`` on Subsonic
    and Kodi (without a user: Subsonic's API key), or Trakt's access token, which goes with the ``api_key`` of its
    application. On Jellyfin and Emby ``user`` is the user whose view is listed, by default the first administrator.
    ``libraries`` are the names of the libraries to list, by default all. ``timeout`` is in seconds, for each answer.
    Raises InvalidArgument for an invalid field.
    """

    type: str
    url: str = ""
    token: str | None = field(default=None, repr=False)
    user: str | None = None
    api_key: str | None = field(default=None, repr=False)
    libraries: tuple[str, ...] = ()
    timeout: float = 30

    def __post_init__(self) -> None:
        type_ = self.type.lower()
        kind = KINDS.get(type_)
        if kind is None:
            raise _invalid("type", self.type, f"Give one of {', '.join(TYPES)}.")
        url = (self.url or kind.url).rstrip("/")
        _check_url(url)
        if self.timeout <= 0:
            raise _invalid("timeout", self.timeout, "Give a number of seconds above 0.")
        object.__setattr__(self, "type", type_)
        object.__setattr__(self, "url", url)
        object.__setattr__(self, "libraries", tuple(self.libraries))
        for name in kind.needed:
            if not getattr(self, name):
                raise _invalid(name, getattr(self, name), f"A server of type {type_} cannot be asked without it.")

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
