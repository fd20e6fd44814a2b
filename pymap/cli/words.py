"""Puts what the database says into the words of the command line."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from typer.core import TyperCommand, TyperGroup

from pymap.embedded import EmbeddedServerFailed, EmbeddedServerMissing
from pymap.errors import InvalidArgument, PymapError, from_database

#: What commands call the functions' parameters, beside the same name and the name without _id.
_NAMES: dict[str, tuple[str, ...]] = {
    "client_item_id": ("ids",),
    "client_item_ids": ("ids",),
    "client_type": ("type_",),
    "from_client_id": ("from_",),
    "items": ("sources",),
    "max_removed_fraction": ("max_removed",),
    "media_item_id": ("item",),
    "response": ("sources",),
    "to_client_id": ("to",),
}
#: What the functions say of each other, and of what a psql user would type.
_PHRASES = (
    (re.compile(r"pymap_listing\[(\d+)\]\.(\w+)"), r"\2 of entry \1"),
    (re.compile(r"pymap_listing\[(\d+)\]"), r"entry \1"),
    (re.compile(r'\{"itemId": "([^"]*)", "clientId": (\d+)(?:, "clientType": "[^"]*")?\}'), r"\2:\1"),
    (re.compile(r"Look up valid IDs in [^.]*\.media_items[^.]*\."), "Find it with: pymap search TITLE"),
    (re.compile(r"\bhistory\((\d+)\)"), r"pymap history \1"),
    (re.compile(r"\bhistory and changes_since list\b"), "pymap history lists"),
    (re.compile(r"\bcheck_integrity\b"), "pymap doctor"),
    (re.compile(r"\bmark_distinct\b"), "pymap distinct"),
    (re.compile(r"\bmerge_media_items\b"), "pymap merge"),
    (re.compile(r"\brebuild_lookup\b"), "pymap doctor --rebuild"),
    (re.compile(r"\bremove_client\b"), "pymap remove-client"),
    (re.compile(r"\bsplit_media_item\b"), "pymap split"),
)
_PARAMETER = re.compile(r"\bp_(\w+)( => true)?")

_NOT_INSTALLED = (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedTable)
_NOT_INSTALLED_HINT = "Is pymap installed in this database, in this version? Run: pymap migrate"


#: The errors that a user can cause.
USER_ERRORS = (PymapError, psycopg.Error, EmbeddedServerMissing, EmbeddedServerFailed, OSError, UnicodeError)


class CommandError(Exception):
    """Why a command failed, in one line and in the words of the command line."""


class _InOwnWords:
    """What is run with errors that name the options and arguments that the user typed, not functions' parameters."""

    params: list[Any]

    def invoke(self, ctx: Any) -> Any:
        """Run the command; every error that a user can cause is a CommandError."""
        try:
            return super().invoke(ctx)  # type: ignore[misc]
        except USER_ERRORS as error:
            raise CommandError(self.error_line(error)) from error

    def error_line(self, error: Exception) -> str:
        """Return an error that a user can cause as one line."""
        if isinstance(error, PymapError):
            return self.in_own_words(error_line(error))
        if isinstance(error, psycopg.Error):
            return self.in_own_words(_database_error_line(error))
        return self.in_own_words(one_line(str(error)))

    def in_own_words(self, text: str) -> str:
        """Return a message with options and arguments in place of the functions' parameters."""
        for pattern, replacement in _PHRASES:
            text = pattern.sub(replacement, text)
        return _PARAMETER.sub(lambda parameter: self._typed(parameter[1]), text)

    def _typed(self, name: str) -> str:
        parameters = {parameter.name: parameter for parameter in self.params}
        for own in (*_NAMES.get(name, ()), name, name.removesuffix("_id")):
            if parameter := parameters.get(own):
                if parameter.param_type_name == "argument":
                    return str(parameter.metavar or own.upper())
                return str(max(parameter.opts, key=len))
        return name.replace("_", " ")


class Command(_InOwnWords, TyperCommand):
    """A command."""


class Group(_InOwnWords, TyperGroup):
    """A command with commands of its own."""


def error_line(error: PymapError) -> str:
    """Return an error of the database's functions as one line."""
    # The message of a bad argument has its value already.
    detail = None if isinstance(error, InvalidArgument) else error.detail
    return one_line(str(error), detail, error.hint)


def _database_error_line(error: psycopg.Error) -> str:
    if ours := from_database(error):
        return error_line(ours)
    diagnostic = error.diag
    hint = _NOT_INSTALLED_HINT if isinstance(error, _NOT_INSTALLED) else diagnostic.message_hint
    return one_line(diagnostic.message_primary or str(error), diagnostic.message_detail, hint)


def one_line(message: str, detail: str | None = None, hint: str | None = None) -> str:
    """Return a message, its DETAIL and its HINT as one line."""
    line = message + (f" ({detail.rstrip('.')})" if detail else "") + (f". {hint}" if hint else "")
    return " ".join(line.split())
