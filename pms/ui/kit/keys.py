"""The one key map: a key means the same thing on every screen."""

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QKeySequence

from pms.core.i18n import N_
from pms.core.places import PLACES

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
NEW, CHANGE, EXPORT, FIND, PDF, TAKE_BACK = "Ins", "Alt+E", "Ctrl+E", "Ctrl+F", "Ctrl+Shift+P", "Ctrl+Z"
NEXT_TAB = "Ctrl+Tab"

MEANING: dict[str, str] = {
    HELP: N_("Help"),
    MORE: N_("Details of this"),
    SEARCH: N_("Search"),
    FOLIO: N_("Folio"),
    CHARGE: N_("Post a charge"),
    EXTEND: N_("Extend"),
    ROOM_CHANGE: N_("Room change"),
    CARDS: N_("Cards"),
    CHECK_OUT: N_("Check out"),
    PAYMENT: N_("Take payment"),
    CHANGE_USER: N_("Change user"),
    PRIMARY: N_("Main button"),
    PALETTE: N_("Find anything"),
    NEW_BOOKING: N_("New booking"),
    CHECK_IN: N_("Check in"),
    PRINT: N_("Print"),
    LOCK: N_("Lock the screen"),
    EVACUATE: N_("Evacuation list"),
    WAITING: N_("Waiting now"),
    NEXT_TAB: N_("The next tab of the place"),
    VOID: N_("Void"),
    NEW: N_("New"),
    CHANGE: N_("Change"),
    EXPORT: N_("Save as spreadsheet"),
    FIND: N_("Find in the list"),
    PDF: N_("Save as PDF"),
    TAKE_BACK: N_("Undo"),
    BACK: N_("Back"),
}
"""What each key of the map means; a screen that needs more takes other Ctrl keys, never another meaning of
these."""

SAID: dict[str, frozenset[str]] = {
    MORE: frozenset({"Guest record", "Every line", "Price by night", "The day's reports"}),
    CHARGE: frozenset({"Charge"}),
    PAYMENT: frozenset({"Payment"}),
    PRINT: frozenset(
        {
            "Print all",
            "Print the bill",
            "Print the list",
            "Print notice",
            "Print the statement",
            "Print the register",
            "Print the rehearsal",
            "Print the use",
            "Print this list",
            "Print a duplicate",
            "Count sheet",
        }
    ),
    VOID: frozenset({"Cancel the call", "Do not print", "Withdraw"}),
    NEW: frozenset(
        {
            "Add",
            "Add a finding",
            "A book came",
            "Charge a damage",
            "Add a plan",
            "Add a printer",
            "Hold an amount",
            "Join a room",
            "Add a rule",
            "Lend",
            "New article",
            "New request",
            "New member",
            "Note result",
            "Open an account",
            "New channel",
            "New company",
            "Register a find",
            "Store bags",
            "Add person",
        }
    ),
    CHANGE: frozenset(
        {"Complete", "Change item", "Change the budget", "Change the booking", "Correct", "Open the booking"}
    ),
    EXPORT: frozenset({"Save the list as a spreadsheet", "Spreadsheet"}),
    FIND: frozenset({"Find a room"}),
    PDF: frozenset({"PDF"}),
    TAKE_BACK: frozenset({"Undo", "Undo entry", "Did not leave"}),
}
"""What a key of the map is called on a page where its own word says more; it is the same thing done."""

LETTERS: dict[str, frozenset[str]] = {
    "A": frozenset({"Answered", "Approve it"}),
    "B": frozenset({"Block", "Take out of sale"}),
    "C": frozenset({"Clean", "Clear the finding"}),
    "D": frozenset({"Dirty"}),
    "G": frozenset({"Escalate"}),
    "I": frozenset({"Inspected"}),
    "L": frozenset({"Report lost"}),
    "N": frozenset({"Do not disturb"}),
    "Q": frozenset({"Query"}),
    "R": frozenset({"Back on sale", "Take the card back"}),
    "W": frozenset({"Printed completely"}),
    "X": frozenset({"No answer", "Clear a difference"}),
    "Space": frozenset({"Accept", "Open or accept", "Tick"}),
}
"""Letters set a state (a room's, a card's, a call's, a paper's) or a mark of the audit, and nothing else."""

ACTS: dict[str, frozenset[str]] = {
    "Ctrl+A": frozenset({"Choose the kind"}),
    "Ctrl+B": frozenset({"Reinstate", "Open again", "Return", "Back to the chart", "Findings"}),
    "Ctrl+D": frozenset({"Deposit"}),
    "Ctrl+Del": frozenset(
        {
            "Cancel booking",
            "Cancel request",
            "Cancel the close",
            "Cancel this room",
            "Disable",
            "Dispose of",
            "Retire room",
            "Suspend",
        }
    ),
    "Ctrl+G": frozenset({"Access log", "Sharers", "Show"}),
    "Ctrl+H": frozenset({"Release bags", "Return item"}),
    "Ctrl+J": frozenset({"Clear the line", "Close the entry", "Close the finding", "Close the report"}),
    "Ctrl+Shift+G": frozenset({"Chart or list"}),
    "Ctrl+M": frozenset({"Match", "Merge"}),
    "Ctrl+O": frozenset({"Loss, gift, own use", "Pay out", "Read in"}),
    "Ctrl+R": frozenset({"Pay back", "Refund"}),
    "Ctrl+S": frozenset({"Save draft"}),
    "Ctrl+T": frozenset(
        {"Another guest", "Another room", "Another type", "New folio for another payer", "New item"}
    ),
    "Ctrl+U": frozenset({"Read document"}),
    "Ctrl+V": frozenset({"Paste an order"}),
    "Ctrl+W": frozenset({"Walk-in"}),
    "Ctrl+Y": frozenset({"Price"}),
    "Ctrl+Shift+A": frozenset({"Assign"}),
    "Ctrl+Shift+B": frozenset({"One guest leaves"}),
    "Ctrl+Shift+J": frozenset({"Count everything", "Count the shop"}),
    "Ctrl+Shift+C": frozenset({"Card hold"}),
    "Ctrl+Shift+D": frozenset({"Enter a document"}),
    "Ctrl+Shift+F": frozenset({"Forward"}),
    "Ctrl+Shift+H": frozenset({"Release nights"}),
    "Ctrl+Shift+I": frozenset({"Goods received"}),
    "Ctrl+Shift+K": frozenset({"Cut again"}),
    "Ctrl+Shift+L": frozenset({"Report a loss"}),
    "Ctrl+Shift+M": frozenset({"Next measure"}),
    "Ctrl+Shift+O": frozenset({"Move to the next folio"}),
    "Ctrl+Shift+Q": frozenset({"Proof and last audits"}),
    "Ctrl+Shift+R": frozenset({"Rebate"}),
    "Ctrl+Shift+S": frozenset({"Drop"}),
    "Ctrl+Shift+T": frozenset({"From a folio", "Transfer"}),
    "Ctrl+Shift+U": frozenset({"Reports of the closed day"}),
    "Ctrl+Shift+V": frozenset({"Show number"}),
    "Ctrl+Shift+W": frozenset({"Settle one folio"}),
    "Ctrl+Shift+X": frozenset({"Three-way check"}),
    "Ctrl+Shift+Y": frozenset({"Split"}),
    "Ctrl+Shift+Z": frozenset({"Undo check-in"}),
}
"""The one act of each other Ctrl key, by the words the pages have for it: B brings back, D takes a deposit,
Del ends for good, G shows what belongs to it, H hands out, J closes, M puts two together, O takes out of the
drawer or the stock, R gives money back, S saves a draft, T is one more, U reads a document, V pastes, W walks
in, Y is the price. What is done seldom has no key: Ctrl+K finds it."""

WINDOW = frozenset({HELP, SEARCH, CHANGE_USER, PALETTE, LOCK, EVACUATE, WAITING, NEXT_TAB})
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
        if key in WINDOW or key in {place.key for place in PLACES}:
            wrong.append(f"{key} belongs to the window")
        if key.startswith("F") and key[1:].isdigit() and key not in MEANING:
            wrong.append(f"{key} is not in the key map")
        seen.add(key)
    return wrong


def clashes(pages: Mapping[str, Iterable[tuple[str, str]]]) -> list[str]:
    """Return which keys of pages, each as key and label, mean something else than everywhere else: another
    act than the map or ``ACTS`` say, or letters that set no state."""
    wrong = []
    meaning = {normal(key): (words, SAID.get(key, frozenset())) for key, words in MEANING.items()}
    for page, used in pages.items():
        for key, label in ((normal(key), label) for key, label in used if key):
            if key != PRIMARY and key in meaning:
                words, other = meaning[key]
                if label != words and label not in other:
                    wrong.append(f"{key} on {page}: {label!r}, everywhere else {words!r}")
            elif (len(key) == 1 or key == "Space") and label not in LETTERS.get(key, ()):
                wrong.append(f"{key} on {page}: {label!r} is neither a state nor a mark of the audit")
            elif key.startswith("Ctrl+") and label not in ACTS.get(key, ()):
                wrong.append(f"{key} on {page}: {label!r} is not what this key does elsewhere")
    return wrong
