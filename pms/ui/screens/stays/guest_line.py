"""One guest on the check-in form: the name finds those known already, the document is checked as soon as it is typed."""
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import N_, _
from pms.services.guests import documents
from pms.services.guests.documents import NUMBERED
from pms.services.guests.queries import GuestRow
from pms.services.guests.service import FAULTS
from pms.services.stays.service import Person
from pms.ui.kit import formats
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.parts import Button, col, label, row, set_tone
from pms.ui.kit.rows import Column

DOCUMENTS = {"id_card": N_("Identity card"), "residence": N_("Residence permit"), "passport": N_("Passport"), "other": N_("Other document")}
SEXES = {"M": N_("male"), "F": N_("female")}
GUESTS = (Column("", lambda g: g.name, sub=lambda g: "  ".join(filter(None, (g.phone, g.document_shown))), icon=lambda _g: "user", bold=True),)
Find = Callable[[str], Sequence[GuestRow]]


class GuestLine(QWidget):
    """``changed`` tells that something was typed, ``unwanted`` that the line may go. The first line is the guest who pays."""

    changed = Signal()
    unwanted = Signal()

    def __init__(self, find: Find, *, first: bool) -> None:
        super().__init__()
        self.known: GuestRow | None = None
        name, kind, number, phone = (words if first else "" for words in (_("Guest"), _("Document"), _("Number"), _("Phone")))
        self.name = Finder(name, find, GUESTS, required=True, width=132, longest=80)
        self.kind = Choice(kind, [(code, _(words)) for code, words in DOCUMENTS.items()], width=120)
        self.number = Text(number, width=178, check=self._number_fault, longest=40)
        self.phone = Finder(phone, find, GUESTS, least=3, width=122, longest=40)
        self.about = label("", "meta")
        self._name_fields()
        close = Button("", icon="close", kind="quiet")
        close.setAccessibleName(_("Remove this guest"))
        close.setToolTip(_("Remove this guest"))
        close.clicked.connect(lambda _on=False: self.unwanted.emit())
        close.setVisible(not first)
        self.phone.setVisible(first)
        tail = [None] if first else [close, None]
        self.setLayout(col(row(self.name, self.kind, self.number, self.phone, *tail, gap=8), self.about, gap=2))
        self.say()

    def _name_fields(self) -> None:
        for field, words in ((self.name, _("Guest")), (self.kind, _("Document")), (self.number, _("Number")), (self.phone, _("Phone"))):
            field.title = words
            field.editor.setAccessibleName(words)
            field.changed.connect(self._edited)
        for finder in (self.name, self.phone):
            finder.found.connect(self.take)
        self.name.line.textEdited.connect(self._renamed)
        self.kind.changed.connect(lambda: self.number.validate() if self.number.value() else None)

    def take(self, guest: GuestRow) -> None:
        """Take a guest that is known already."""
        self.known = guest
        self.name.set_value(guest.name)
        self.phone.set_value(guest.phone or self.phone.value())
        self.number.set_value("")
        self.say()
        self.number.setFocus()
        self.changed.emit()

    def fill(self, name: str, phone: str = "") -> None:
        """Begin with the name that the booking gives."""
        self.known = None
        self.name.set_value(name)
        self.phone.set_value(phone)
        self.number.set_value("")
        self.say()

    def missing(self) -> str:
        """Check the fields, go to the first that is wrong and return what is wrong with it."""
        for field in (self.name, self.number, self.phone):
            if not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return field.shown_error()
        return ""

    def faults(self) -> int:
        """Return how many fields have to be corrected."""
        return sum(bool(field.error()) for field in (self.name, self.number, self.phone))

    def pending(self) -> bool:
        """Say whether this guest's identity stays open."""
        return not self.number.value() and not (self.known is not None and self.known.identity == "checked")

    def person(self) -> Person:
        """Return the guest for the check-in."""
        number, kind = self.number.value().upper(), self.kind.value()
        return Person(self.name.value(), self.known.id if self.known else None, self.phone.value(),
                      document_type=kind if number else "", document=number)

    def _number_fault(self, number: str) -> str:
        if self.kind.value() not in NUMBERED:
            return ""
        fault = documents.resident_number_fault(number)
        if fault == "length":
            short = 18 - len(number)
            return _("18 signs, %(n)s missing.") % {"n": short} if short > 0 else _("18 signs, %(n)s too many.") % {"n": -short}
        return _(FAULTS[fault]) if fault else ""

    def _renamed(self) -> None:
        self.known = None
        self.say()

    def _edited(self) -> None:
        self.say()
        self.changed.emit()

    def say(self) -> None:
        """Say under the fields what the document tells, or that it is still to come."""
        words, tone = self._told()
        self.about.setText(words)
        set_tone(self.about, tone)

    def _told(self) -> tuple[str, str]:
        number = self.number.value().upper()
        if number and self.kind.value() in NUMBERED and not self._number_fault(number):
            born = documents.birth_date(number)
            return ", ".join((_(SEXES[documents.sex(number)]), formats.day(born, year=True) if born else "")), "good"
        if number:
            return "", ""
        if self.known is not None and self.known.identity == "checked":
            kind = _(DOCUMENTS.get(self.known.document_type, DOCUMENTS["other"]))
            return _("Known: %(kind)s %(number)s") % {"kind": kind, "number": self.known.document_shown}, "good"
        return _("Identity pending until a document is entered"), "warn"
