"""One guest on the check-in form: the name finds those known already, the document is checked as soon as it
is typed."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pms.core import mrz
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.devices.identity import Identity, understood
from pms.services.guests import documents
from pms.services.guests.documents import NUMBERED
from pms.services.guests.overseas import FOREIGN, nationality_fault
from pms.services.guests.person import FAULTS, LONGEST, Person
from pms.services.guests.queries import GuestRow
from pms.services.stays.printouts import DOCUMENTS, SEXES
from pms.ui.kit import formats
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Choice, Field, Text
from pms.ui.kit.parts import Button, Item, col, empty_out, label, row, set_tone
from pms.ui.kit.rows import Column

from .abroad import Abroad

GUESTS = (
    Column(
        "",
        lambda g: g.name,
        sub=lambda g: "  ".join(filter(None, (g.phone, g.document_shown))),
        icon=lambda _g: "user",
        bold=True,
    ),
)
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
    """``changed`` tells that something was typed, ``unwanted`` that the line may go. The first line is the
    guest who pays."""

    changed = Signal()
    unwanted = Signal()
    stepped = Signal()

    def __init__(self, find: Find, *, first: bool, today: date) -> None:
        super().__init__()
        self.departure: date | None = None
        self._misread, self.issuer = "", ""
        self.until: date | None = None
        self.known: GuestRow | None = None
        self.found: Identity | None = None
        name, kind, number, phone = (
            words if first else "" for words in (_("Guest"), _("Document type"), _("Document"), _("Phone"))
        )
        self.name = Finder(name, find, GUESTS, required=True, width=124, longest=100)
        self.kind = Choice(kind, [(code, _(words)) for code, words in DOCUMENTS.items()], width=124)
        self.number = Told(number, width=168, check=self._number_fault, longest=100, plain=True)
        self.phone = Finder(
            phone, find, GUESTS, least=3, width=120, check=phone_fault, plain=True
        )  # longer than a phone: a zone typed here is recognised
        self.about = label("", "meta", wrap=True)
        self.abroad = Abroad(today)
        self.abroad.changed.connect(self._edited)
        self.number.told.connect(lambda _message: self.say())
        self._name_fields()
        close = Button("", icon="close", kind="quiet")
        close.setToolTip(_("Remove this guest"))
        close.setAccessibleName(_("Remove this guest"))
        close.clicked.connect(lambda _on=False: self.unwanted.emit())
        tail: list[Item] = [None] if first else [close, None]
        self.setLayout(
            col(
                row(self.name, self.kind, self.number, self.phone, *tail, gap=8),
                self.about,
                self.abroad,
                gap=4,
            )
        )
        self.phone.setHidden(not first)
        self.abroad.hide()
        self.say()

    def fields(self) -> list[Field]:
        """Return the fields in the order of the keys."""
        return [self.name, self.kind, self.number, self.phone, *self.abroad.fields()]

    def _name_fields(self) -> None:
        for field, words in (
            (self.name, _("Guest")),
            (self.kind, _("Document type")),
            (self.number, _("Document")),
            (self.phone, _("Phone")),
        ):
            field.title = words
            field.editor.setAccessibleName(words)
            field.changed.connect(self._edited)
        for finder in (self.name, self.phone):
            finder.found.connect(self.take)
        self.name.line.textEdited.connect(self._renamed)
        self.number.line.textEdited.connect(self._typed_by_reader)
        for stray in (self.phone, *(f for f in self.abroad.fields() if isinstance(f, Text))):
            stray.line.textEdited.connect(partial(self._stray, stray))
            stray.line.returnPressed.connect(partial(self._stray_return, stray))
        self.kind.changed.connect(self._kind_changed)
        for field in (self.name, self.number):
            field.line.returnPressed.connect(self._return_pressed)

    def _return_pressed(self) -> None:
        """Go on, unless a reader types the first line of a machine-readable zone: the next one follows."""
        if not (mrz.begun(self.name.line.text()) or mrz.begun(self.number.line.text())):
            self.stepped.emit()

    def _stray(self, field: Text, text: str) -> None:
        """Understand a reader that types where the keys happen to be."""
        if understood(text) is not None:
            field.line.clear()
            self.number.line.setText(text)
            self._typed_by_reader(text)
            self.number.setFocus()

    def _stray_return(self, field: Text) -> None:
        """Go on, unless a reader has typed the first line of a zone here: it belongs to the document."""
        text = field.line.text()
        if not mrz.begun(text):
            self.stepped.emit()
            return
        field.line.clear()
        self.number.line.setText(text)
        self.number.setFocus()

    def _kind_changed(self) -> None:
        self.abroad.setVisible(self.foreign())
        self.number.line.set_plain(self.kind.value() in documents.OF_FIGURES)
        if self.number.value():
            self.number.validate()

    def foreign(self) -> bool:
        """Say whether the document is one that is asked about visa and entry."""
        return self.kind.value() in FOREIGN

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
        self.abroad.clear()
        self.say()

    def read(self, found: Identity) -> str:
        """Take what a reader says; returns how it differs from what stood here, for the clerk to look at."""
        self._misread = ""
        if found.mrz:
            return self._zone(mrz.read(found.mrz, self.abroad.today))
        before, self.found, self.until = self.name.value(), found, found.until
        self.kind.set_value(found.document_type)
        self._kind_changed()
        self.name.set_value(found.name)
        self.number.set_value(found.number)
        self.number.validate()
        self.say()
        self.changed.emit()
        return _differs(before, found.name)

    def _zone(self, zone: mrz.Zone) -> str:
        """Take a machine-readable zone: a visa's adds to the passport, another names the guest."""
        before, visa = self.name.value(), zone.kind.startswith("V")
        if self.kind.value() not in FOREIGN:
            self.kind.set_value("passport" if visa or zone.kind.startswith("P") else "other")
        self._kind_changed()
        self.abroad.fill(zone)
        if not visa:
            self.found = Identity(zone.name, zone.number, self.kind.value(), zone.sex, zone.nationality)
            self.until, self.issuer = zone.expiry, zone.issuer
            self.number.set_value(zone.number)
        if not visa or not before:
            self.name.set_value(zone.name)
        self.say()
        self.changed.emit()
        return _differs(before, zone.name)

    def _typed_by_reader(self, text: str) -> bool:
        """Understand a reader that types like a keyboard."""
        self._misread = ""
        if (found := understood(text)) is None:
            return False
        field = self.name if self.name.line.text() == text else self.number
        field.set_value("")
        try:
            self.read(found)
        except Refused as misread:
            self._misread = str(misread)
            self.say()
        return True

    def missing(self) -> str:
        """Check the fields, go to the first that is wrong and return what is wrong with it."""
        for field in (self.name, self.number, self.phone):
            if not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return field.shown_error()
        return self.abroad.missing() if self.foreign() else ""

    def faults(self) -> int:
        """Return how many fields have to be corrected."""
        own = sum(bool(field.error()) for field in (self.name, self.number, self.phone))
        return own + (self.abroad.faults() if self.foreign() else 0)

    def pending(self) -> bool:
        """Say whether this guest's identity stays open."""
        return not self.number.value() and not (self.known is not None and self.known.identity == "checked")

    def person(self) -> Person:
        """Return the guest for the check-in."""
        number, kind = _plain(self.number.value()), self.kind.value()
        said = (
            self.found if self.found and self.found.number == number else Identity(self.name.value(), number)
        )
        made = Person(
            self.name.value(),
            self.known.id if self.known else None,
            self.phone.value(),
            said.sex,
            None,
            said.nationality,
            document_type=kind if number else "",
            document=number,
            address=said.address,
            ethnic=said.ethnic,
            issuer=self.issuer if said is self.found and nationality_fault(self.issuer) == "" else "",
            document_until=self.until if said is self.found else None,
        )
        return (
            replace(made, **self.abroad.person(), overseas=self.abroad.record() or None)
            if self.foreign()
            else made
        )

    def _number_fault(self, number: str) -> str:
        number = _plain(number)
        if self.kind.value() not in NUMBERED:
            return (
                ""
                if len(number) <= 20
                else _("No document has a number of %(n)s characters.") % {"n": len(number)}
            )
        fault = documents.resident_number_fault(number, self.abroad.today)
        if fault == "length":
            short = 18 - len(number)
            return (
                _("18 characters, %(n)s missing.") % {"n": short}
                if short > 0
                else _("18 characters, %(n)s too many.") % {"n": -short}
            )
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

    def _expired(self, number: str) -> bool:
        read = self.found is not None and self.found.number == number
        return bool(number and read and self.until is not None and self.until < self.abroad.today)

    def _told(self) -> tuple[str, str]:
        number = _plain(self.number.value())
        if fault := self._misread or self.number.shown_error():
            return fault, "bad"
        if self._expired(number):
            return _("The document expired on %(day)s.") % {"day": formats.day(self.until, year=True)}, "warn"
        if number and self.kind.value() in NUMBERED and not self._number_fault(number):
            born = documents.birth_date(number)
            ethnic = self.found.ethnic if self.found and self.found.number == number else ""
            told = (_(SEXES[documents.sex(number)]), formats.day(born, year=True), ethnic)
            return formats.commas(told), "good"
        if self.foreign() and self.abroad.leaves_after(self.departure):
            return _("The stay is allowed until %(day)s only, the departure is later.") % {
                "day": formats.day(self.abroad.stay_until.value())
            }, "warn"
        if number and self.foreign() and (lacking := self.abroad.lacking()):
            return _("Still to be entered: %(fields)s.") % {"fields": formats.commas(lacking)}, "warn"
        if number:
            return "", ""
        if self.known is not None and self.known.identity == "checked":
            kind = _(DOCUMENTS.get(self.known.document_type, DOCUMENTS["other"]))
            return _("Known: %(kind)s %(number)s") % {
                "kind": kind,
                "number": self.known.document_shown,
            }, "good"
        return "", ""


def _plain(number: str) -> str:
    """Return a document's number in half width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def phone_fault(phone: str) -> str:
    """Say what is wrong with a phone number."""
    most = LONGEST["phone"]
    return _("At most %(most)s characters.") % {"most": most} if len(phone) > most else ""


def _differs(before: str, name: str) -> str:
    if before and before.casefold() != name.casefold():
        return _("The document says %(name)s, here stood %(before)s. Make sure it is the same person.") % {
            "name": name,
            "before": before,
        }
    return ""


class GuestList(QWidget):
    """Everybody who moves in, the payer first; ``changed`` tells that something was typed or a line came or
    went."""

    changed = Signal()
    stepped = Signal()

    def __init__(self, find: Find) -> None:
        super().__init__()
        self._find = find
        self.today = date(2000, 1, 1)
        self.departure: date | None = None
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
        line = GuestLine(self._find, first=not self.lines, today=self.today)
        line.departure = self.departure
        line.changed.connect(self.changed)
        line.unwanted.connect(lambda: self.remove(line))
        line.stepped.connect(self.stepped)
        self.lines.append(line)
        self._rows.addWidget(line)
        return line

    def leave_on(self, departure: date | None) -> None:
        """Say when the guests leave, so that a permission to stay that ends before is named."""
        self.departure = departure
        for line in self.lines:
            line.departure = departure
            line.say()

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
        if open_ := sum(len(line.abroad.lacking()) for line in self.lines if line.foreign()):
            return ngettext("%(n)s detail to follow", "%(n)s details to follow", open_) % {"n": open_}, "warn"
        return ngettext("%(n)s guest", "%(n)s guests", len(self.lines)) % {"n": len(self.lines)}, "good"

    def open_things(self) -> list[str]:
        """Name what is still to be entered about the guests."""
        pending = sum(line.pending() for line in self.lines)
        later = sum(len(line.abroad.lacking()) for line in self.lines if line.foreign())
        found = []
        if pending:
            words = ngettext("identity pending", "%(n)s identities pending", pending)
            found.append(words % {"n": pending})
        if later:
            found.append(ngettext("%(n)s detail to follow", "%(n)s details to follow", later) % {"n": later})
        return found
