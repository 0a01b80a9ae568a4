"""The one key map: a key means the same thing on every screen."""

from collections.abc import Iterable

from PySide6.QtGui import QKeySequence

from pms.core.i18n import N_

HELP, MORE, SEARCH, FOLIO, CHARGE, EXTEND = "F1", "F2", "F3", "F4", "F5", "F6"
ROOM_CHANGE, CARDS, CHECK_OUT, PAYMENT, CHANGE_USER, PRIMARY = "F7", "F8", "F9", "F10", "F11", "F12"
WAITING = "Alt+W"
PALETTE, NEW_BOOKING, CHECK_IN, PRINT, LOCK, EVACUATE, VOID, BACK = (
    "Ctrl+K",
    "Ctrl+N",
    "Ctrl+I",
    "Ctrl+P",
    "Ctrl+L",
    "Ctrl+Shift+E",
    "Del",
    "Esc",
)

MEANING: dict[str, str] = {
    HELP: N_("Help"),
    MORE: N_("More about this"),
    SEARCH: N_("Search"),
    FOLIO: N_("Folio"),
    CHARGE: N_("Post a charge"),
    EXTEND: N_("Extend"),
    ROOM_CHANGE: N_("Room change"),
    CARDS: N_("Cards"),
    CHECK_OUT: N_("Check out"),
    PAYMENT: N_("Take payment"),
    CHANGE_USER: N_("Change user"),
    PRIMARY: N_("The filled button"),
    PALETTE: N_("Command palette"),
    NEW_BOOKING: N_("New booking"),
    CHECK_IN: N_("Check in"),
    PRINT: N_("Print"),
    LOCK: N_("Lock the screen"),
    EVACUATE: N_("Evacuation list"),
    WAITING: N_("Waiting now"),
    VOID: N_("Void"),
    BACK: N_("Back"),
}
"""What each key of the map means; a screen that needs more takes letters or other Ctrl keys, never another
meaning of these."""

WINDOW = frozenset({HELP, SEARCH, CHANGE_USER, PALETTE, LOCK, EVACUATE, WAITING})
"""Keys that belong to the window; no screen may use them."""


def normal(key: str) -> str:
    """Return a key in the one spelling that can be compared."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def faults(used: Iterable[str]) -> list[str]:
    """Return what is wrong with the keys of one screen: twice used, the window's, or an F-key outside the
    map."""
    seen: set[str] = set()
    wrong = []
    for key in map(normal, filter(None, used)):
        if key in seen:
            wrong.append(f"{key} is used twice")
        if key in WINDOW:
            wrong.append(f"{key} belongs to the window")
        if key.startswith("F") and key[1:].isdigit() and key not in MEANING:
            wrong.append(f"{key} is not in the key map")
        seen.add(key)
    return wrong
