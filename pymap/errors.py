"""One exception for each SQLSTATE that pymap's functions raise."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.errors import Diagnostic

#: From warnings.warn to whoever called the method of the helper: what stands in between is pymap's and contextlib's.
_STACK_LEVEL = 6


class PymapError(Exception):
    """Base of pymap's exceptions. ``str()`` is the message; the server's DETAIL and HINT stand beside it."""

    sqlstate: str | None = None

    def __init__(self, message: str, *, detail: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.detail = detail
        self.hint = hint


class InvalidArgument(PymapError):
    """22023: the value of an argument is not valid; the message names both."""

    sqlstate = "22023"


class MediaItemNotFound(PymapError):
    """P0002: the media item does not exist."""

    sqlstate = "P0002"


class MappingConflict(PymapError):
    """PM001: the client item ID is mapped to another media item."""

    sqlstate = "PM001"


class AmbiguousClientItemId(PymapError):
    """PM002: the client item ID stands for several media types; name one."""

    sqlstate = "PM002"


class ClientTypeMismatch(PymapError):
    """PM003: the client is known with another client type."""

    sqlstate = "PM003"


class SyncRefused(PymapError):
    """PM004: the sync would remove too many mappings, or its listing is incomplete; nothing was written."""

    sqlstate = "PM004"


class IdentityConflict(PymapError):
    """PM005: the media items are marked as distinct, or a later change prevents the undo; nothing was written."""

    sqlstate = "PM005"


class TenantElsewhere(PymapError):
    """PM010: Citus serves the tenant on another node, or its cell is missing there; nothing was written."""

    sqlstate = "PM010"


class RetryTransaction(PymapError):
    """40001: a concurrent transaction got in between; try the whole transaction again."""

    sqlstate = "40001"


class FetchError(PymapError):
    """A media server could not be asked, or did not answer with its whole listing."""


class CitusError(PymapError):
    """A database cannot be converted for Citus, or was not converted."""


class MigrationLocked(PymapError):
    """A migration runs elsewhere, or was killed and left yoyo's lock behind."""


class UnknownKeyWarning(UserWarning):
    """01PM1: items have a key that pymap does not know and has ignored; there is one for each such key."""

    sqlstate = "01PM1"


_BY_SQLSTATE: dict[str | None, type[PymapError]] = {
    error.sqlstate: error
    for error in (
        InvalidArgument,
        MediaItemNotFound,
        MappingConflict,
        AmbiguousClientItemId,
        ClientTypeMismatch,
        SyncRefused,
        IdentityConflict,
        TenantElsewhere,
        RetryTransaction,
    )
}


def from_database(error: psycopg.Error) -> PymapError | None:
    """Return pymap's exception for a database error, or None if the error is not one of pymap's."""
    exception = _BY_SQLSTATE.get(error.sqlstate)
    if exception is None:
        return None
    diagnostic = error.diag
    return exception(
        diagnostic.message_primary or str(error), detail=diagnostic.message_detail, hint=diagnostic.message_hint
    )


@contextmanager
def translated() -> Iterator[None]:
    """Raise pymap's exception where the database raises one of pymap's errors."""
    try:
        yield
    except psycopg.Error as error:
        if (ours := from_database(error)) is None:
            raise
        raise ours from error


@contextmanager
def warned(connection: psycopg.BaseConnection[Any]) -> Iterator[None]:
    """Pass the database's warnings of unknown keys on as Python's."""
    found: list[str] = []

    def note(diagnostic: Diagnostic) -> None:
        # Warned of later: what a notice handler raises, if warnings are errors, psycopg only logs.
        if diagnostic.sqlstate == UnknownKeyWarning.sqlstate:
            found.append(". ".join(filter(None, (diagnostic.message_primary, diagnostic.message_detail))))

    connection.add_notice_handler(note)
    try:
        yield
    finally:
        connection.remove_notice_handler(note)
    for message in found:
        warnings.warn(message, UnknownKeyWarning, stacklevel=_STACK_LEVEL)
