"""The forms of a guest's record."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pms.core.i18n import N_, _
from pms.services.guests import documents
from pms.services.guests.documents import NUMBERED
from pms.services.guests.overseas import birth_fault, nationality_fault
from pms.services.guests.person import FAULTS, LONGEST, Person
from pms.services.guests.queries import GuestRow
from pms.services.stays.printouts import DOCUMENTS, SEXES
from pms.ui.kit.amounts import Day
from pms.ui.kit.country import Country
from pms.ui.kit.finder import Finder
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Remark, Text
from pms.ui.kit.parts import row
from pms.ui.kit.rows import Column

CORRECT, MERGE, REVEAL, ERASE, TAKE_OUT = "correct", "merge", "reveal", "erase", "take_out"
GUESTS = (
    Column(
        N_("Guest"),
        lambda g: g.name,
        sub=lambda g: "  ".join(filter(None, (g.phone, g.document_shown))),
        icon=lambda _g: "user",
        bold=True,
    ),
)
Find = Callable[[str], Sequence[GuestRow]]


class CorrectForm(FormPage):
    """Every fact of a record; an empty number leaves the document as it is."""

    def __init__(self, today: date, do: Callable[[], object], back: Callable[[], object]) -> None:
        self.today = today
        kinds = [(code, _(words)) for code, words in DOCUMENTS.items()]
        sexes = [("", ""), *((code, _(words)) for code, words in SEXES.items())]
        fields: dict[str, Any] = {
            "name": Text(_("Guest"), required=True, longest=LONGEST["name"]),
            "phone": Text(_("Phone"), longest=LONGEST["phone"], plain=True),
            "kind": Choice(_("Document type"), kinds, width=128),
            "number": Text(
                _("New number"), longest=LONGEST["document"], check=self._number_fault, plain=True
            ),
            "state": Country(_("Issued by"), nationality_fault, longest=3),
            "nationality": Country(_("Nationality"), nationality_fault, longest=3),
            "sex": Choice(_("Sex"), sexes, width=88),
            "birth": Day(
                _("Date of birth"), today=today, check=lambda day: birth_fault(day, self.today), width=140
            ),
            "ethnic": Text(_("Ethnic group"), longest=LONGEST["ethnic"], width=112),
            "address": Text(_("Address"), longest=LONGEST["address"]),
        }
        f = fields
        super().__init__(
            _("Correct"),
            _("Save"),
            do,
            back,
            f["name"],
            f["phone"],
            row(f["kind"], (f["number"], 1), gap=8),
            row(f["state"], f["nationality"], f["ethnic"], None, gap=8),
            row(f["sex"], f["birth"], None, gap=8),
            f["address"],
            **fields,
        )
        f["kind"].changed.connect(self._kind_changed)

    def _kind_changed(self) -> None:
        self.form["number"].line.set_plain(self.form["kind"].value() in documents.OF_FIGURES)

    def show(self, g: GuestRow) -> None:
        """Show the record as it stands."""
        self.fill(
            name=g.name,
            phone=g.phone,
            kind=g.document_type or "id_card",
            number="",
            state=g.document_state,
            nationality=g.nationality,
            sex=g.sex,
            birth=g.birth,
            ethnic=g.ethnic,
            address=g.address,
        )
        self._kind_changed()
        self.form["number"].line.setPlaceholderText(g.document_shown)
        self.say(_("An open stay says the same then; stays that are over keep what was registered."))

    def missing(self) -> str:
        """Check the fields, go to the first that is wrong and return what is wrong with it."""
        return self.form.missing()

    def person(self, g: GuestRow) -> Person:
        """Return what was typed."""
        v = self.form.values()
        return Person(
            v["name"],
            g.id,
            v["phone"],
            v["sex"],
            v["birth"],
            v["nationality"],
            v["kind"] if v["number"] else "",
            v["number"],
            v["address"],
            ethnic=v["ethnic"],
            issuer=v["state"] if v["number"] else "",
        )

    def _number_fault(self, number: str) -> str:
        if self.form["kind"].value() not in NUMBERED:
            return ""
        fault = documents.resident_number_fault(number, self.today)
        return _(FAULTS[fault]) if fault else ""


class MergeForm(FormPage):
    """Which other record is the same person."""

    def __init__(self, find: Find, do: Callable[[], object], back: Callable[[], object]) -> None:
        self.other: GuestRow | None = None
        self._keep, self._name = 0, ""
        self.who = Finder(
            _("The other record"),
            lambda text: [g for g in find(text) if g.id != self._keep],
            GUESTS,
            required=True,
        )
        self.who.found.connect(self._take)
        self.who.line.textEdited.connect(lambda _text: self._forget())
        super().__init__(_("Merge two records"), _("Merge"), do, back, who=self.who)

    def begin(self, g: GuestRow) -> None:
        """Begin with the record that stays."""
        self._keep, self._name = g.id, g.name
        self.fill(who=g.name)
        self._forget()
        self.who.line.selectAll()

    def _forget(self) -> None:
        self.other = None
        if not self._keep:
            return
        self.say(
            _("%(name)s stays; the stays of the other record come here and it goes.") % {"name": self._name}
        )

    def _take(self, g: GuestRow) -> None:
        self.other = g
        self.who.set_value(g.name)
        self.say(
            _("%(other)s (%(facts)s) becomes %(name)s.")
            % {
                "other": g.name,
                "facts": "  ".join(filter(None, (g.phone, g.document_shown))) or _("no document"),
                "name": self._name,
            }
        )


class ReasonForm(FormPage):
    """What is done for a reason only."""

    def __init__(self, title: str, verb: str, do: Callable[[], object], back: Callable[[], object]) -> None:
        super().__init__(title, verb, do, back, reason=Remark(_("Reason"), required=True))
