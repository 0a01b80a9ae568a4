"""What the window has to tell as long as it lasts, by who found it."""

import threading
from collections.abc import Callable


class Troubles:
    """Shows what all of them have to tell as one text: what is over for one leaves the others' standing."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show, self._lock = show, threading.Lock()
        self._told: dict[str, str] = {}

    def of(self, who: str) -> Callable[[str], None]:
        """Return what one of them tells its sentence to; nothing takes it back."""
        self._told.setdefault(who, "")

        def tell(sentence: str) -> None:
            with self._lock:
                self._told[who] = sentence
                self._show(" ".join(filter(None, self._told.values())))

        return tell
