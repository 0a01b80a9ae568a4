"""The forms of members: join, card, change, level, suspend, count a stay, and the levels themselves."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.office import Office
from pms.services.members.queries import LevelRow, MemberRow
from pms.services.rates import queries as rates
from pms.services.stays import found
from pms.services.stays.found import Lodged
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Code, Field, Flag, Remark, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import col, label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.times import Time
from pms.ui.kit.verbs import RowForm, Verb

Do = Callable[[], object]
ROOM = "ROOM"
ON_ROOM = (ROOM, N_("To the room"))


class GivenVerb(Verb):
    """A verb whose form says by itself what is missing (``lacking``) and what it gives the operation
    (``given``)."""

    def submit(self, screen: Register) -> None:
        """Check the form, run the operation and turn back to the row."""
        form: Any = screen.forms[self.name]
        if missing := form.form.missing() or form.lacking():
            screen.refuse(missing)
        elif self._run(screen, form.row, form.intent, form.given()):
            screen.show_row()


class RoomField(Code):
    """A room's number, and under it who is in it."""

    def __init__(self, office: Office) -> None:
        super().__init__(_("Room"), width=80, longest=8)
        self.office = office
        self.guest: Lodged | None = None
        self.who = label("", "muted", wrap=True)
        self.changed.connect(self.look)

    def look(self) -> None:
        """Say who is in the room that is typed."""
        number = self.value()
        self.guest = self.office.ask(found.in_room, number=number) if number else None
        nobody = _("Nobody is in %(room)s.") % {"room": number} if number else ""
        self.who.setText(self.guest.guest if self.guest else nobody)
        set_tone(self.who, "good" if self.guest else "warn")

    def lacking(self) -> str:
        """Say what is wrong with the room, empty where somebody is in it."""
        if self.guest is not None:
            return ""
        number = self.value()
        return _("Nobody is in %(room)s.") % {"room": number} if number else _("Type the room's number.")


class Paying:
    """How a card is paid: at once, or to a room; the price, and the reason where it is less."""

    def __init__(self, office: Office, digits: int) -> None:
        self.price, self.digits = Money(0), digits
        self.way = Method(office, _("Paid by"), more=[(ON_ROOM[0], _(ON_ROOM[1]))])
        self.way.asked = lambda: bool(self.charge.blank_quietly() or self.charge.value())
        self.room = RoomField(office)
        self.charge = Amount(_("Price"), digits=digits, required=True)
        self.reason = Text(_("Why less than the price"), longest=120)
        self.way.changed.connect(self.turn)
        self.charge.changed.connect(self.turn)

    def fields(self) -> dict[str, Field]:
        """Return the fields by name."""
        return {"way": self.way, "room": self.room, "charge": self.charge, "reason": self.reason}

    def begin(self, price: Money) -> None:
        """Begin with a card's price, paid in cash."""
        self.price = price
        self.charge.set_value(price)
        self.way.set_value("CASH")
        for text in (self.room, self.reason):
            text.set_value("")
        self.room.look()
        self.turn()

    def turn(self) -> None:
        """Show the room where it goes there, and the reason where less is charged."""
        typed = self.charge.value() if not self.charge.error() else self.price
        for part in (self.room, self.room.who):
            part.setVisible(self.way.value() == ROOM)
        self.reason.setVisible(typed is not None and typed < self.price)
        self.way.setVisible(bool(typed))

    def show(self, *, on: bool) -> None:
        """Show the fields, or none of them where no card is given out."""
        for part in (self.way, self.room, self.room.who, self.charge, self.reason):
            part.setVisible(on)
        if on:
            self.turn()

    def lacking(self) -> str:
        """Say what is missing, empty where all is there."""
        return self.room.lacking() if self.way.value() == ROOM and self.charge.value() else ""

    def given(self) -> dict[str, Any]:
        """Return how it is paid, as the operation takes it."""
        on_room = self.way.value() == ROOM and bool(self.charge.value())
        guest = self.room.guest if on_room else None
        return {
            "method": "" if on_room or not self.charge.value() else self.way.value(),
            "stay_id": guest.stay_id if guest else None,
            "charge": self.charge.value(),
            "reason": self.reason.value(),
            "reference": "" if on_room else self.way.reference(),
        }


class JoinForm(FormPage):
    """A new member: name, phone, level; and the card, if one is given out."""

    def __init__(self, office: Office, today: date, digits: int, do: Do, back: Do) -> None:
        self.levels: dict[int, LevelRow] = {}
        self.paying = Paying(office, digits)
        name, phone = (
            Text(_("Name"), required=True, longest=100),
            Text(_("Phone"), required=True, width=160, longest=40, plain=True),
        )
        birth, level = Day(_("Date of birth"), today=today), Choice(_("Level"))
        card = Text(_("Card number"), width=160, longest=12, plain=True)
        self.gives = label("", "muted", wrap=True)
        p = self.paying
        super().__init__(
            _("New member"),
            _("Register"),
            do,
            back,
            name,
            row(phone, birth, None),
            col(level, self.gives, gap=4),
            card,
            label(_("Empty: without a card; the phone is enough."), "muted", wrap=True),
            row(p.charge, None),
            p.way,
            col(p.room, p.room.who, gap=4),
            p.reason,
            icon="star",
            name=name,
            phone=phone,
            birth=birth,
            level=level,
            card=card,
            **p.fields(),
        )
        level.changed.connect(self._level_chosen)
        card.changed.connect(self._card_typed)

    def open(self, levels: Sequence[LevelRow], name: str = "", phone: str = "") -> None:
        """Begin afresh at the lowest level."""
        self.levels = {row.id: row for row in levels if row.active}
        self["level"].set_options([(row.id, row.level) for row in self.levels.values()])
        self.fill(name=name, phone=phone, birth=None, level=next(iter(self.levels), None), card="")
        self._level_chosen()

    def _level_chosen(self) -> None:
        level = self.levels.get(self["level"].value())
        self.gives.setText(level.gives if level else "")
        self.paying.begin(level.card_price if level else Money(0))
        self._card_typed()

    def _card_typed(self) -> None:
        self.paying.show(on=bool(self["card"].value()))

    def missing(self) -> str:
        """Say what is missing, empty where all is there."""
        return self.form.missing() or (self.paying.lacking() if self["card"].value() else "")

    def given(self) -> dict[str, Any]:
        """Return the member as the operation takes it."""
        values = self.form.values()
        made = {name: values[name] for name in ("name", "phone", "birth", "card")}
        made["level_id"] = values["level"]
        return made | (self.paying.given() if values["card"] else {})


def times(multiple: int) -> str:
    """Write how many times the points, 150 as 1.5."""
    return f"{multiple / 100:g}"


class CardForm(RowForm):
    """A card sold to a member, or given for one that is lost."""

    paying: Paying

    def begin(self, row: MemberRow) -> None:
        """Begin with the level's price."""
        self.say(formats.commas((f"{row.shown} {row.name}", row.level)))
        self.fill(card="")
        self.paying.begin(row.card_price)

    def lacking(self) -> str:
        """Say what is missing of how it is paid."""
        return self.paying.lacking()

    def given(self) -> dict[str, Any]:
        """Return the card and how it is paid."""
        return {"card": self["card"].value(), **self.paying.given()}


def card_form(page: Register, do: Do, back: Do, title: str) -> CardForm:
    """Make the form of a card."""
    card = Text(_("Card number"), required=True, width=160, longest=12, plain=True)
    p = Paying(page.office, page.digits)
    form = CardForm(
        _(title),
        _(title),
        do,
        back,
        card,
        row(p.charge, None),
        p.way,
        col(p.room, p.room.who, gap=4),
        p.reason,
        icon="key-card",
        card=card,
        **p.fields(),
    )
    form.paying = p
    return form


class ChangeForm(RowForm):
    """A member's name, phone and date of birth."""

    def begin(self, row: MemberRow) -> None:
        """Show what is known."""
        self.fill(name=row.name, phone=row.phone, birth=row.birth)


def change_form(page: Register, do: Do, back: Do) -> ChangeForm:
    """Make the form of a member's data."""
    name = Text(_("Name"), required=True, longest=100)
    phone = Text(_("Phone"), required=True, width=160, longest=40, plain=True)
    birth = Day(_("Date of birth"), today=page.today)
    return ChangeForm(
        _("Change"),
        _("Save"),
        do,
        back,
        name,
        row(phone, birth, None),
        icon="user",
        name=name,
        phone=phone,
        birth=birth,
    )


class LevelOfForm(RowForm):
    """Another level for a member, by hand."""

    levels: Callable[[], Sequence[LevelRow]]

    def begin(self, row: MemberRow) -> None:
        """Offer the other levels."""
        self.say(formats.commas((f"{row.shown} {row.name}", row.level)))
        others = [(one.id, one.level) for one in self.levels() if one.active and one.id != row.level_id]
        self["level_id"].set_options(others)
        self.fill(level_id=others[0][0] if others else None, reason="")


def level_of_form(page: Any, do: Do, back: Do) -> LevelOfForm:
    """Make the form of another level."""
    level, reason = Choice(_("Level"), required=True), Remark(_("Reason"), required=True, lines=2)
    made = LevelOfForm(
        _("Change the level"), _("Save"), do, back, level, reason, icon="star", level_id=level, reason=reason
    )
    made.levels = lambda: page.rows["levels"]
    return made


class WhyForm(RowForm):
    """A reason."""

    def begin(self, row: MemberRow) -> None:
        """Say whom it is about."""
        self.say(f"{row.shown} {row.name}")
        self.fill(reason="")


def why_form(_page: Register, do: Do, back: Do) -> WhyForm:
    """Make the form of a suspension."""
    reason = Remark(_("Reason"), required=True, lines=2)
    return WhyForm(_("Suspend member"), _("Suspend member"), do, back, reason, icon="lock", reason=reason)


class StayForm(RowForm):
    """The room whose stay counts."""

    def begin(self, row: MemberRow) -> None:
        """Say whom it counts for."""
        self.say(f"{row.shown} {row.name}")
        self.fill(room="")
        self["room"].look()

    def lacking(self) -> str:
        """Say whether anybody is in the room."""
        said: str = self["room"].lacking()
        return said

    def given(self) -> dict[str, Any]:
        """Return the stay in the room."""
        return {"stay_id": self["room"].guest.stay_id}


def stay_form(page: Register, do: Do, back: Do) -> StayForm:
    """Make the form of a stay that counts."""
    room = RoomField(page.office)
    return StayForm(_("Count a stay"), _("Count it"), do, back, room, room.who, icon="bed", room=room)


class LevelForm(RowForm):
    """A level: what it gives, what it costs, what it takes to be raised to it."""

    office: Office

    def begin(self, row: LevelRow | None) -> None:
        """Show a level, or empty fields for a new one."""
        plans = [(p.id, p.name) for p in self.office.ask(rates.plans) if p.active]
        self["plan_id"].set_options([(None, _("none")), *plans])
        names = [name for name in self.form.fields if name != "active"]
        if row is None:
            start = {"name": "", "name_zh": "", "plan_id": None, "free_until": "", "card_price": Money(0)}
            self.fill(**dict.fromkeys(names, 0) | start | {"multiple": 100, "position": 1}, active=True)
        else:
            self.fill(**{name: getattr(row, name) for name in self.form.fields})
        self["active"].setVisible(row is not None)


def level_form(page: Register, do: Do, back: Do) -> LevelForm:
    """Make the form of a level."""
    fields: dict[str, Any] = {
        "name": Text(_("Name"), required=True, longest=40, width=150),
        "name_zh": Text(_("Name in Chinese"), longest=40, width=150),
        "position": Number(_("Rank"), least=1, most=99, required=True),
        "plan_id": Choice(_("Rate plan")),
        "free_until": Time(_("Departure free until"), required=False),
        "multiple": Number(_("Points, per cent"), most=1000, required=True),
        "card_price": Amount(_("Price of a card"), digits=page.digits, required=True),
        "months_valid": Number(_("Valid, months"), most=120, required=True),
        "nights_needed": Number(_("Raised from nights a year"), most=366, required=True),
        "points_needed": Number(_("or from points a year"), most=1_000_000, required=True, width=90),
        "active": Flag(_("Is given"), value=True),
    }
    f = fields
    made = LevelForm(
        _("Level"),
        _("Save"),
        do,
        back,
        row(f["name"], f["name_zh"], None),
        f["plan_id"],
        row(f["free_until"], f["multiple"], None),
        row(f["card_price"], f["months_valid"], None),
        row(f["nights_needed"], f["points_needed"], None),
        label(_("0: nobody is raised by it, or valid without end."), "muted", wrap=True),
        row(f["position"], None),
        f["active"],
        icon="star",
        **fields,
    )
    made.office = page.office
    return made
