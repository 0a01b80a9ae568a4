"""What a page can wear: theme, size of type, size of window; and which of it a tour shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QSize

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.ui.kit import theme

SCALES = (100, 130)
SIZES = (QSize(1024, 700), QSize(1366, 768), QSize(1920, 1080))
USUAL, WIDE = SIZES[1], SIZES[2]
ALL = "all"


@dataclass(frozen=True)
class Dress:
    """One of the ways in which a page is shown."""

    theme: str = "light"
    scale: int = 100
    size: QSize = USUAL

    @property
    def words(self) -> tuple[str, str, str]:
        """Return by which words it is asked for."""
        return self.theme, str(self.scale), str(self.size.width())

    @property
    def name(self) -> str:
        """Return what stands in the name of its pictures."""
        return f"{self.theme}-{self.scale}-{self.size.width()}x{self.size.height()}"


DAY = Dress()
"""In which the set-up, the refusals and the day's work are shown."""
SHORT = (DAY, Dress("dark"), Dress(size=WIDE))
"""In which every page is shown where nothing else is asked for."""
SAMPLE = (Dress("contrast"), Dress(scale=130))
"""In which a short tour shows a few pages."""
FULL = tuple(Dress(*parts) for parts in product(theme.NAMES, SCALES, SIZES))


def chosen(asked: Sequence[str]) -> tuple[Dress, ...]:
    """Return the dresses that are asked for (``dark-130-1024``, ``contrast``, ``all``): what a word leaves
    open is shown in every way. Refuses a word that names none."""
    wanted = [dress for dress in FULL for words in map(_words, asked) if words <= {ALL, *dress.words}]
    return tuple(dict.fromkeys(wanted)) or SHORT


def _words(asked: str) -> set[str]:
    words = set(asked.split("-"))
    known = [
        ALL,
        *dict.fromkeys(word for part in zip(*(d.words for d in FULL), strict=True) for word in part),
    ]
    if strange := sorted(words - set(known)):
        raise Refused(
            _("“%(word)s” is no dress. The words are: %(known)s; several are joined as dark-130-1024.")
            % {"word": strange[0], "known": ", ".join(known)}
        )
    return words
