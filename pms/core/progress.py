"""How far long work has come: whoever works tells it, and whoever waits hears it, without the two knowing one
another. Where nobody listens nothing is told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
WHOLE = 1000
"""Parts of the whole in which it is told."""
EVERY = 100
"""So many steps of a loop are told at once."""
_heard: ContextVar[tuple[Callable[[int], None], int, int] | None] = ContextVar("progress", default=None)


@contextmanager
def heard_by(listener: Callable[[int], None]) -> Iterator[None]:
    """Let a listener hear what is told meanwhile, in this thread: from 0 to ``WHOLE``."""
    before = _heard.set((listener, 0, WHOLE))
    try:
        yield
    finally:
        _heard.reset(before)


@contextmanager
def between(first: int, last: int) -> Iterator[None]:
    """Let what is told meanwhile be this part of the whole."""
    known = _heard.get()
    if known is None:
        yield
        return
    listener, start, end = known
    scale = end - start
    before = _heard.set((listener, start + scale * first // WHOLE, start + scale * last // WHOLE))
    try:
        yield
        told(WHOLE)
    finally:
        _heard.reset(before)


def told(share: int) -> None:
    """Tell how far the work has come."""
    known = _heard.get()
    if known is not None:
        listener, start, end = known
        listener(start + (end - start) * share // WHOLE)


def through(steps: Sequence[T]) -> Iterator[T]:
    """Return the steps one by one and tell how many are behind."""
    for n, step in enumerate(steps):
        if not n % EVERY:
            told(n * WHOLE // len(steps))
        yield step
