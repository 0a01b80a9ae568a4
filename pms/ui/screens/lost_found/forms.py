"""The forms of lost and found: a find, a loss, a call, and the ways in which an item leaves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.services.lost_found import queries
from pms.services.lost_found.queries import KINDS, WAYS, Entry, Lodger
from pms.services.stays.printouts import DOCUMENTS
from pms.ui.kit import formats
from pms.ui.kit.amounts import Day
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Code, Field, Flag, Remark, Text
from pms.ui.kit.parts import Item, row
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]
NOBODY = None


def kind_choice() -> Choice:
    """Make the field for the kind of thing."""
    return Choice(_("Kind"), [(code, _(words)) for code, words in KINDS.items()], value="other")


def lodger_words(lodger: Lodger) -> str:
    """Say who a lodger is and when they had the room."""
    dates = f"{formats.day(lodger.start)} \u2013 {formats.day(lodger.end)}"
    return formats.commas((lodger.guest, dates))


class ThingForm(FormPage):
    """What both forms share: the thing, where, when, and whose stay it most likely was."""

    def __init__(
        self,
        office: Office,
        today: date,
        title: str,
        verb: str,
        do: Do,
        back: Do,
        thing: str,
        day: str,
        *more: Item,
        **extra: Field | Flag,
    ) -> None:
        self.office, self.today = office, today
        what, kind = Text(thing, required=True, longest=80), kind_choice()
        room, place = Code(_("Room"), width=72, longest=10), Text(_("Place"), longest=80)
        when, stay = (
            Day(day, today=today, value=today, required=True),
            Choice(_("Whose stay"), [(NOBODY, _("not known"))]),
        )
        marks = Text(_("Marks"), longest=120)
        super().__init__(
            title,
            verb,
            do,
            back,
            what,
            row((kind, 1), when),
            row(room, (place, 1)),
            stay,
            marks,
            *more,
            icon="plus",
            what=what,
            kind=kind,
            day=when,
            room=room,
            place=place,
            stay_id=stay,
            marks=marks,
            **extra,
        )
        for field in (room, when):
            field.left.connect(self.propose)

    def open(self) -> None:
        """Begin afresh, on the business date."""
        self.intent = self.office.new_intent()
        likely: dict[str, Any] = {"kind": "other", "day": self.today, "stay_id": NOBODY}
        for name, field in self.form.fields.items():
            field.set_value(likely.get(name, ""))
        self["stay_id"].set_options([(NOBODY, _("not known"))])
        self.form.clear_errors()

    def propose(self) -> None:
        """Offer the stays that had the room at that time, the likeliest chosen."""
        try:
            room, day = self["room"].value(), self["day"].value()
        except Refused:
            return
        found: list[Lodger] = self.office.ask(queries.lodgers, room=room, day=day) if room and day else []
        before = self["stay_id"].value()
        self["stay_id"].set_options(
            [*((x.stay_id, lodger_words(x)) for x in found), (NOBODY, _("not known"))]
        )
        if before not in {x.stay_id for x in found}:
            self["stay_id"].set_value(found[0].stay_id if found else NOBODY)
        self.proposed(found)

    def proposed(self, found: list[Lodger]) -> None:
        """Take notice of the stays that are offered."""


class FoundForm(ThingForm):
    """A thing was found."""

    def __init__(self, office: Office, today: date, do: Do, back: Do) -> None:
        finder, kept_in = (
            Text(_("Found by"), required=True, longest=40),
            Text(_("Kept in"), required=True, longest=40),
        )
        super().__init__(
            office,
            today,
            _("Register a find"),
            _("Register"),
            do,
            back,
            _("What was found"),
            _("Found on"),
            row(finder, kept_in),
            finder=finder,
            kept_in=kept_in,
        )

    def fields(self) -> dict[str, Any]:
        """Return what is to be written down."""
        values = self.form.values()
        day = values.pop("day")
        return {**values, "found_on": day}


class LossForm(ThingForm):
    """A guest misses something."""

    def __init__(self, office: Office, today: date, do: Do, back: Do) -> None:
        name, phone = (
            Text(_("Reported by"), longest=40, required=True),
            Text(_("Phone"), longest=30, width=140, plain=True),
        )
        super().__init__(
            office,
            today,
            _("Report a loss"),
            _("Note it"),
            do,
            back,
            _("Lost item"),
            _("Lost on"),
            row((name, 1), phone),
            name=name,
            phone=phone,
        )
        self["stay_id"].changed.connect(self._named)
        self._lodgers: dict[int, Lodger] = {}

    def proposed(self, found: list[Lodger]) -> None:
        """Take name and phone from the stay."""
        self._lodgers = {x.stay_id: x for x in found}
        self._named()

    def _named(self) -> None:
        if (lodger := self._lodgers.get(self["stay_id"].value())) is not None:
            self["name"].set_value("" if lodger.private else lodger.guest)
            self["phone"].set_value(lodger.phone)

    def fields(self) -> dict[str, Any]:
        """Return what is to be written down."""
        values = self.form.values()
        day = values.pop("day")
        return {**values, "lost_on": day}


class AboutForm(RowForm):
    """A form about the item or report in hand."""

    def begin(self, row: Entry) -> None:
        """Begin afresh for one entry."""
        self.say(" ".join(filter(None, (row.shown, row.what, row.marks, row.guest, row.phone))))
        likely: dict[str, Any] = {
            "way": "phone",
            "document_type": "id_card",
            "name": "" if row.private else row.guest,
            "reached": False,
        }
        self.fill(**{name: likely.get(name, "") for name in self.form.fields})


def contact_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form for a call."""
    way = Choice(_("How"), [(code, _(words)) for code, words in WAYS.items()])
    return AboutForm(
        _("Call the guest"),
        _("Note it"),
        do,
        back,
        way=way,
        reached=Flag(_("The guest was reached")),
        told=Remark(_("What was said"), required=True),
    )


def elsewhere_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form for another place of keeping."""
    return AboutForm(
        _("New place of keeping"),
        _("Note the place"),
        do,
        back,
        kept_in=Text(_("Kept in"), required=True, longest=40),
    )


def give_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form for giving an item back."""
    documents = Choice(_("Document type"), [(code, _(words)) for code, words in DOCUMENTS.items()])
    return AboutForm(
        _("Return item"),
        _("Return item"),
        do,
        back,
        icon="check",
        name=Text(_("Collected by"), required=True, longest=80),
        document_type=documents,
        document=Text(_("Document"), required=True, longest=40),
        remark=Text(_("Remark"), longest=120),
    )


def send_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form for sending an item on."""
    return AboutForm(
        _("Forward"),
        _("Forward"),
        do,
        back,
        icon="check-out",
        name=Text(_("Collected by"), required=True, longest=80),
        address=Remark(_("Address"), required=True, lines=2),
        carrier=Text(_("Carrier"), required=True, longest=40),
        tracking=Text(_("Carrier's number"), longest=40, plain=True),
    )


def police_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form for handing an item to the police."""
    return AboutForm(
        _("Hand to the police"),
        _("Hand over"),
        do,
        back,
        icon="shield",
        station=Text(_("Police station"), required=True, longest=60),
        officer=Text(_("Officer"), required=True, longest=40),
        receipt=Text(_("Police receipt"), longest=40),
    )


def dispose_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form for disposing of an item."""
    return AboutForm(
        _("Dispose of"),
        _("Dispose of"),
        do,
        back,
        how=Text(_("How"), required=True, longest=80),
        witness=Text(_("Witness"), required=True, longest=40),
    )


def part_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form that takes an item back from a report."""
    return AboutForm(_("Not this item"), _("Take it back"), do, back, reason=Text(_("Reason"), required=True))


def close_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form that ends the search for something."""
    return AboutForm(
        _("Close the report"),
        _("Close"),
        do,
        back,
        result=Remark(_("Result of the search"), required=True, lines=2),
    )


def match_form(_page: Screen, do: Do, back: Do) -> AboutForm:
    """Make the form that sets an item aside for a report."""
    return AboutForm(
        _("Set an item aside"),
        _("Set it aside"),
        do,
        back,
        item_number=Choice(_("Which item is it?"), required=True),
    )
