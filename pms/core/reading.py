"""The right that a query asks for: reading has rights as writing has."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from pms.core.permissions import Right

Q = TypeVar("Q", bound=Callable[..., Any])


def query(*rights: Right) -> Callable[[Q], Q]:
    """Mark a function as a query that a screen may ask for who holds one of ``rights``; without any, for
    whoever sits there, even nobody."""

    def marked(function: Q) -> Q:
        function.rights = frozenset(rights)  # type: ignore[attr-defined]
        return function

    return marked


def rights_of(question: Callable[..., Any]) -> frozenset[Right]:
    """Return the rights of which a question needs one, empty where it needs none; a function that is no query
    cannot be asked."""
    while isinstance(question, partial):
        question = question.func
    try:
        found: frozenset[Right] = question.rights  # type: ignore[attr-defined]
    except AttributeError:
        raise TypeError(f"{question.__qualname__} is no query: give it a right") from None
    return found
