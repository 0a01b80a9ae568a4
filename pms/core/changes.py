"""Tell open screens which kinds of record a committed operation touched."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import local

Listener = Callable[[frozenset[str]], None]


class Changes:
    """One per running program, handed to those who need it; never a module global."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._here = local()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each set of topics; returns a function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def announce(self, topics: Iterable[str]) -> None:
        """Tell every listener, in the order they came."""
        changed = frozenset(topics)
        held: set[str] | None = getattr(self._here, "held", None)
        if held is not None:
            held |= changed
        elif changed:
            for listener in tuple(self._listeners):
                listener(changed)

    @contextmanager
    def held(self) -> Iterator[set[str]]:
        """Collect what this thread announces instead of telling the listeners, so that the thread that waits
        for it may announce it in its own time."""
        self._here.held = collected = set[str]()
        try:
            yield collected
        finally:
            self._here.held = None
