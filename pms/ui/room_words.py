"""F3 takes a room and a verb: ``705 f`` opens its folio, ``705 xz`` extends its stay."""

import re
from dataclasses import dataclass
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.offers import Hit

_ROOM_AND_WORD = re.compile(r"\s*([0-9A-Za-z-]*[0-9][0-9A-Za-z-]*)\s+([A-Za-z]*)\s*")


@dataclass(frozen=True)
class RoomWord:
    """What is done with a room's guest: the English letter, the initials of the Chinese word, what it is
    called, and the page that does it."""

    letter: str
    initials: str
    words: str
    icon: str
    page: str
    show: str = ""

    def called(self) -> str:
        """Return the letters as they are shown."""
        return f"{self.letter} · {self.initials}"


WORDS = (
    RoomWord("f", "zd", N_("Folio"), "receipt", "folios"),
    RoomWord("x", "xz", N_("Extend"), "calendar", "extend"),
    RoomWord("m", "hf", N_("Room change"), "room-change", "room_change"),
    RoomWord("o", "tf", N_("Check out"), "check-out", "check_out"),
    RoomWord("c", "rz", N_("Post a charge"), "receipt", "folios", "charge"),
    RoomWord("p", "sk", N_("Take payment"), "cash", "folios", "payment"),
    RoomWord("d", "yj", N_("Deposit"), "cash", "folios", "deposit"),
    RoomWord("k", "fk", N_("Cards"), "key-card", "folios", "cards"),
    RoomWord("n", "ly", N_("Handover book"), "handover", "messages"),
    RoomWord("w", "jx", N_("Wake-up calls"), "clock", "wake_ups"),
)


def parted(typed: str) -> tuple[str, str] | None:
    """Return room and verb of what was typed (``705 xz``, ``705 `` with an empty verb), None for anything
    else."""
    found = _ROOM_AND_WORD.fullmatch(typed)
    return (found[1], found[2].lower()) if found else None


def fitting(typed: str) -> tuple[RoomWord, ...]:
    """Return what a verb means: the one that is called just that, else all that begin so."""
    if exact := tuple(word for word in WORDS if typed in (word.letter, word.initials)):
        return exact
    return tuple(w for w in WORDS if w.letter.startswith(typed) or w.initials.startswith(typed))


def hits(words: tuple[RoomWord, ...], stay_id: int, room: str, guest: str) -> list[Hit]:
    """Return a line for each verb, with its letters."""
    found = []
    for word in words:
        what: dict[str, Any] = {"stay_id": stay_id} | ({"show": word.show} if word.show else {})
        found.append(
            Hit(f"{room} {_(word.words)}", f"{word.called()}    {guest}", word.icon, word.page, what)
        )
    return found


def unknown(room: str, verb: str) -> Refused:
    """Return what is said of a verb that there is not."""
    return Refused(
        _("%(room)s: nothing is called %(verb)s. Delete it to see all.") % {"room": room, "verb": verb}
    )
