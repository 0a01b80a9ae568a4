"""One guest on the check-in form: the name finds those known already, the document is checked as soon as it is typed."""
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import _, ngettext
from pms.devices.identity import Identity, understood
from pms.services.guests import documents
from pms.services.guests.documents import NUMBERED
from pms.services.guests.queries import GuestRow
from pms.services.guests.service import FAULTS
from pms.services.stays.printouts import DOCUMENTS, SEXES
from pms.services.stays.service import Person
from pms.ui.kit import formats
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.parts import Button, Item, col, empty_out, label, row, set_tone
from pms.ui.kit.rows import Column

GUESTS = (Column("", lambda g: g.name, sub=lambda g: "  ".join(filter(None, (g.phone, g.document_shown))), icon=lambda _g: "user", bold=True),)
Find = Callable[[str], Sequence[GuestRow]]


class Told(Text):
    """A narrow field whose message is shown elsewhere, where it has room: ``told`` hands it over."""

    told = Signal(str)

    def set_error(self, message: str) -> None:
        """Mark the field and hand the message over."""
        super().set_error(message)
        self._message.hide()
        self.told.emit(message)


class GuestLine(QWidget):
    """``changed`` tells that something was typed, ``unwanted`` that the line may go. The first line is the guest who pays."""

    changed = Signal()
    unwanted = Signal()

    def __init__(self, find: Find, *, first: bool) -> None:
        super().__init__()
        self.known: GuestRow | None = None
        self.found: Identity | None = None
        name, kind, number, phone = (words if first else "" for words in (_("Guest"), _("Document type"), _("Document"), _("Phone")))
        self.name = Finder(name, find, GUESTS, required=True, width=112, longest=80)
        self.kind = Choice(kind, [(code, _(words)) for code, words in DOCUMENTS.items()], width=124)
        self.number = Told(number, width=164, check=self._number_fault, longest=40)
        self.phone = Finder(phone, find, GUESTS, least=3, width=108, longest=40)
        self.about = label("", "meta", wrap=True)
        self.number.told.connect(lambda _message: self.say())
        self._name_fields()
        close = Button("", icon="close", kind="quiet")
        close.setToolTip(_("Remove this guest"))
        close.setAccessibleName(_("Remove this guest"))
        close.clicked.connect(lambda _on=False: self.unwanted.emit())
        tail: list[Item] = [None] if first else [close, None]
        self.setLayout(col(row(self.name, self.kind, self.number, self.phone, *tail, gap=8), self.about, gap=2))
        self.phone.setHidden(not first)
        self.say()

    def _name_fields(self) -> None:
        for field, words in ((self.name, _("Guest")), (self.kind, _("Document type")), (self.number, _("Document")), (self.phone, _("Phone"))):
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

    def read(self, found: Identity) -> str:
        """Take what a reader says; returns how it differs from what stood here, for the clerk to look at."""
        before, self.found = self.name.value(), found
        self.kind.set_value(found.document_type)
        self.name.set_value(found.name)
        self.number.set_value(found.number)
        self.number.validate()
        self.say()
        self.changed.emit()
        if before and before.casefold() != found.name.casefold():
            return _("The document says %(name)s, here stood %(before)s. Make sure it is the same person.") % {"name": found.name, "before": before}
        return ""

    def _typed_by_reader(self, text: str) -> bool:
        """Understand a reader that types like a keyboard."""
        if (found := understood(text)) is None:
            return False
        self.name.set_value("")
        self.read(found)
        return True

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
        said = self.found if self.found and self.found.number == number else Identity(self.name.value(), number)
        return Person(self.name.value(), self.known.id if self.known else None, self.phone.value(), said.sex, None, said.nationality,
                      document_type=kind if number else "", document=number, address=said.address)

    def _number_fault(self, number: str) -> str:
        if self.kind.value() not in NUMBERED:
            return ""
        fault = documents.resident_number_fault(number)
        if fault == "length":
            short = 18 - len(number)
            return _("18 signs, %(n)s missing.") % {"n": short} if short > 0 else _("18 signs, %(n)s too many.") % {"n": -short}
        return _(FAULTS[fault]) if fault else ""

    def _renamed(self, text: str) -> None:
        self.known = None
        if self._typed_by_reader(text):
            return
        self.say()

    def _edited(self) -> None:
        self.say()
        self.changed.emit()

    def say(self) -> None:
        """Say under the fields what the document tells, or that it is still to come."""
        words, tone = self._told()
        self.about.setText(words)
        self.about.setVisible(bool(words))
        set_tone(self.about, tone)

    def _told(self) -> tuple[str, str]:
        number = self.number.value().upper()
        if fault := self.number.shown_error():
            return fault, "bad"
        if number and self.kind.value() in NUMBERED and not self._number_fault(number):
            born = documents.birth_date(number)
            return formats.commas((_(SEXES[documents.sex(number)]), formats.day(born, year=True))), "good"
        if number:
            return "", ""
        if self.known is not None and self.known.identity == "checked":
            kind = _(DOCUMENTS.get(self.known.document_type, DOCUMENTS["other"]))
            return _("Known: %(kind)s %(number)s") % {"kind": kind, "number": self.known.document_shown}, "good"
        return "", ""


class GuestList(QWidget):
    """Everybody who moves in, the payer first; ``changed`` tells that something was typed or a line came or went."""

    changed = Signal()
    stepped = Signal()

    def __init__(self, find: Find) -> None:
        super().__init__()
        self._find = find
        self.lines: list[GuestLine] = []
        self._rows = col(gap=6)
        self.setLayout(self._rows)

    def begin(self, name: str, phone: str) -> None:
        """Begin with one guest."""
        self.lines.clear()
        empty_out(self._rows)
        self.add().fill(name, phone)

    def add(self) -> GuestLine:
        """Add a line and return it."""
        line = GuestLine(self._find, first=not self.lines)
        line.changed.connect(self.changed)
        line.unwanted.connect(lambda: self.remove(line))
        for field in (line.name, line.number, line.phone):
            field.line.returnPressed.connect(self.stepped)
        self.lines.append(line)
        self._rows.addWidget(line)
        return line

    def remove(self, line: GuestLine) -> None:
        """Take a line away; the first one stays."""
        self.lines.remove(line)
        self._rows.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.lines[-1].name.setFocus()
        self.changed.emit()

    def missing(self) -> str:
        """Check every line, go to the first field that is wrong and return what is wrong with it."""
        return next(filter(None, (line.missing() for line in self.lines)), "")

    def state(self) -> tuple[str, str]:
        """Say how far the guests are, and in which tone."""
        faults = sum(line.faults() for line in self.lines)
        if faults:
            return ngettext("%(n)s to complete", "%(n)s to complete", faults) % {"n": faults}, "bad"
        if any(line.pending() for line in self.lines):
            return _("Identity pending"), "warn"
        return ngettext("%(n)s guest", "%(n)s guests", len(self.lines)) % {"n": len(self.lines)}, "good"
