"""Tell open screens which kinds of record a committed operation touched."""

from collections.abc import Callable, Iterable

Listener = Callable[[frozenset[str]], None]


class Changes:
    """One per running program, handed to those who need it; never a module global."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each set of topics; returns a function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def announce(self, topics: Iterable[str]) -> None:
        """Tell every listener, in the order they came."""
        if changed := frozenset(topics):
            for listener in tuple(self._listeners):
                listener(changed)
