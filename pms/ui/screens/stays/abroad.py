"""What is asked of a guest from abroad: the fields that open when the document is not a domestic one; one
zone read fills most of them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.mrz import Zone
from pms.services.guests.overseas import VISAS, Overseas, birth_fault, entry_fault, nationality_fault
from pms.services.stays.printouts import SEXES
from pms.ui.kit.amounts import Day
from pms.ui.kit.country import Country
from pms.ui.kit.forms import Choice, Field, Text
from pms.ui.kit.parts import col
from pms.ui.kit.wrap import Wrap


def _at_most(most: int) -> Callable[[str], str]:
    """Return the check of a text's length; the field itself takes more, so that a zone typed into it is
    recognised whole."""
    return lambda text: _("At most %(most)s characters.") % {"most": most} if len(text) > most else ""


class Abroad(QWidget):
    """``changed`` tells that something was typed; what Return does in a field is the guest line's to say."""

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.surname, self.given_name = (
            Text(_("Surname"), width=108, check=_at_most(60)),
            Text(_("Given name"), width=108, check=_at_most(60)),
        )
        self.chinese_name = Text(_("Chinese name"), width=88, check=_at_most(40))
        self.sex = Choice(
            _("Sex"), [("", ""), *((code, _(words)) for code, words in SEXES.items())], width=76
        )
        self.nationality = Country(_("Nationality"), nationality_fault)
        self.birth = Day(
            _("Date of birth"), today=today, check=lambda day: birth_fault(day, self.today), width=112
        )
        self.visa_type = Choice(_("Visa"), [(code, _(words)) for code, words in VISAS.items()], width=100)
        self.visa_number = Text(_("Visa number"), width=104, check=_at_most(20), plain=True)
        self.stay_until = Day(_("Stay allowed until"), today=today, check=self._until_fault, width=116)
        self.entry_date = Day(
            _("Entry date"), today=today, check=lambda day: entry_fault(day, self.today), width=112
        )
        self.entry_port = Text(_("Entry port"), width=108, check=_at_most(40))
        for field in self.fields():
            field.changed.connect(self.changed)
        layout = col(gap=0)
        layout.addLayout(Wrap(*self.fields()))
        self.setLayout(layout)

    def fields(self) -> list[Field]:
        """Return the fields in the order of the keys."""
        return [
            self.surname,
            self.given_name,
            self.chinese_name,
            self.sex,
            self.nationality,
            self.birth,
            self.visa_type,
            self.visa_number,
            self.stay_until,
            self.entry_date,
            self.entry_port,
        ]

    def clear(self) -> None:
        """Forget what was typed."""
        for field in self.fields():
            field.set_value(None if isinstance(field, Day) else "")

    def fill(self, zone: Zone) -> None:
        """Take what a machine-readable zone says; a visa's number is the visa's."""
        shown: dict[Field, Any] = {
            self.surname: zone.surname,
            self.given_name: zone.given_name,
            self.sex: zone.sex,
            self.nationality: zone.nationality,
            self.birth: zone.birth,
        }
        if zone.kind.startswith("V"):
            shown |= {self.visa_number: zone.number, self.stay_until: zone.expiry}
        for field, value in shown.items():
            field.set_value(value)
            field.validate()

    def missing(self) -> str:
        """Check the fields, go to the first that is wrong and return what is wrong with it."""
        for field in self.fields():
            if not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return field.shown_error()
        return ""

    def faults(self) -> int:
        """Return how many fields have to be corrected."""
        return sum(bool(field.error()) for field in self.fields())

    def lacking(self) -> list[str]:
        """Name what every report on a guest from abroad asks for and is not there yet; a check-in does not
        wait for it."""
        wanted = (self.surname, self.nationality, self.birth, self.sex, self.entry_date)
        return [field.title for field in wanted if field.blank_quietly()]

    def record(self) -> Overseas:
        """Return what was typed, as it is sealed."""
        return Overseas(**{f.name: getattr(self, f.name).value() for f in fields(Overseas)})

    def person(self) -> dict[str, Any]:
        """Return what stands with the guest in the open: sex, birth, nationality."""
        return {
            "sex": self.sex.value(),
            "birth": self.birth.value(),
            "nationality": self.nationality.value().upper(),
        }

    def leaves_after(self, departure: date | None) -> bool:
        """Say whether the booked stay ends after the permission to stay."""
        with suppress(Refused):
            until: date | None = self.stay_until.value()
            return until is not None and departure is not None and departure > until
        return False

    def _until_fault(self, day: date) -> str:
        with suppress(Refused):
            entry: date | None = self.entry_date.value()
            if entry is not None and day < entry:
                return _("Before the entry.")
        return ""
