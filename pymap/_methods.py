"""Gives a method the name, the docstring and the signature of the call that it makes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def as_method(method: F, call: Callable[..., Any], returns: str | None = None) -> F:
    """Dress ``method``, which takes self before the parameters of ``call``, as the method named like ``call``.

    It returns what is named, otherwise what the ``Call`` makes of its rows.
    """
    signature = inspect.signature(call)
    self = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    method.__name__ = call.__name__
    method.__qualname__ = call.__qualname__
    method.__doc__ = call.__doc__
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[self, *signature.parameters.values()],
        return_annotation=returns or signature.return_annotation.removeprefix("Call[").removesuffix("]"),
    )
    return method
