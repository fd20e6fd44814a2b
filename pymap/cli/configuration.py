"""The media servers that have a name: a TOML file in the user's configuration folder."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
import tomlkit
from tomlkit.exceptions import TOMLKitError

from pymap.errors import FetchError, InvalidArgument
from pymap.fetch import Server

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

#: The keys of a server in the file, and what each has to be.
_KEYS: Mapping[str, Callable[[Any], bool]] = {
    "client": lambda value: type(value) is int and value > 0,
    **dict.fromkeys(
        ("type", "url", "user", "api_key", "token", "token_file", "token_env"), lambda value: isinstance(value, str)
    ),
    "libraries": lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
}


class ConfigurationError(OSError):
    """The file of the servers cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class NamedServer:
    """What the file says of a server."""

    name: str
    client: int
    settings: Mapping[str, Any]

    def server(self) -> Server:
        """Return the server with its token. Raises FetchError if the token cannot be had."""
        known = {key: value for key, value in self.settings.items() if key in ("type", "url", "user", "api_key")}
        return Server(**known, token=token(self.settings), libraries=tuple(self.settings.get("libraries", ())))


def token(settings: Mapping[str, Any]) -> str | None:
    """Return the token of a server, itself or from where the settings say that it is; None if they have none."""
    if file := settings.get("token_file"):
        return read_token(file)
    if variable := settings.get("token_env"):
        if not (found := os.environ.get(variable, "").strip()):
            raise FetchError(f"the environment variable {variable}, which should hold the token, is not set")
        return found
    return settings.get("token")


def read_token(file: str) -> str:
    """Return the token in a file; '-' is standard input. Raises FetchError if there is none."""
    try:
        found = (sys.stdin.read() if file == "-" else Path(file).expanduser().read_text()).strip()
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the token file {file} cannot be read: {getattr(error, 'strerror', error)}") from error
    if not found:
        raise FetchError(f"the token file {file} is empty")
    return found


def servers_file() -> Path:
    """Return the path of the file."""
    return platformdirs.user_config_path("pymap") / "servers.toml"


def read_servers() -> dict[str, NamedServer]:
    """Return the servers in the file by name; none if there is no file."""
    return {name: _checked(name, table) for name, table in _read().items()}


def named_server(name: str) -> NamedServer:
    """Return the server of that name. Raises InvalidArgument if there is none."""
    servers = read_servers()
    if name not in servers:
        raise InvalidArgument(f"there is no server {name!r}", hint=_those_there(servers))
    return servers[name]


def require_new_name(name: str) -> None:
    """Raise InvalidArgument for what is no name of a server, or is the name of one."""
    if not _NAME.fullmatch(name):
        raise InvalidArgument(f"invalid name for a server: {name!r}", hint="It has letters, digits, - and _ only.")
    if name in read_servers():
        raise InvalidArgument(f"there is a server {name!r} already", hint=f"Take it out: pymap servers remove {name}")


def add_server(name: str, settings: Mapping[str, Any]) -> None:
    """Write a server into the file; raises InvalidArgument if it cannot have that name."""
    require_new_name(name)
    document = _read()
    document[name] = tomlkit.item(dict(settings))
    _write(document)


def remove_server(name: str) -> None:
    """Take a server out of the file; raises InvalidArgument if there is none of that name."""
    named_server(name)
    document = _read()
    del document[name]
    _write(document)


def _those_there(servers: Mapping[str, NamedServer]) -> str:
    return f"There is {', '.join(servers)}." if servers else "Add it with: pymap servers add NAME"


def _read() -> tomlkit.TOMLDocument:
    file = servers_file()
    try:
        text = file.read_text(encoding="utf-8")
        mode = file.stat().st_mode
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError(f"{file} holds tokens and may be read by others. Run: chmod 600 {file}")
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise ConfigurationError(f"{file} is not TOML: {error}") from error


def _write(document: tomlkit.TOMLDocument) -> None:
    file = servers_file()
    new = file.with_suffix(".new")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(new, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as writing:
        writing.write(tomlkit.dumps(document))
    new.replace(file)


def _checked(name: str, table: Any) -> NamedServer:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{servers_file()}: {name} is no server: write [{name}] and its keys below")
    settings = {key: value.unwrap() if hasattr(value, "unwrap") else value for key, value in table.items()}
    for key, value in settings.items():
        if key not in _KEYS:
            raise ConfigurationError(
                f"{servers_file()}: [{name}] has an unknown key {key}; known are {', '.join(_KEYS)}"
            )
        if not _KEYS[key](value):
            raise ConfigurationError(f"{servers_file()}: {key} of [{name}] is {value!r}")
    for key in ("client", "type"):
        if key not in settings:
            raise ConfigurationError(f"{servers_file()}: [{name}] has no {key}")
    return NamedServer(name, settings.pop("client"), settings)
