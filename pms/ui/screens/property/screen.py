"""The hotel's facts and rules on one page; each change holds from the next action on, at every
workstation."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _
from pms.core.options import Band, Options
from pms.duties import DUTIES
from pms.printing import logos
from pms.services.folios import queries as folio_queries
from pms.services.property import queries, service
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Choice, Flag, Form, Remark, Text
from pms.ui.kit.parts import Item, box, card, col, frame, heading, label, row, scrolling
from pms.ui.kit.times import Time
from pms.ui.kit.wrap import Wrap

from .levies import LevyRows, percent_error, points
from .logo import LogoBox
from .own import OwnFields

LABELS = {"0": N_("free"), "0.5": N_("half day"), "1": N_("full day")}
EARLY, LATE = N_("early arrival"), N_("late departure")


class BandRows(QWidget):
    """From which time on which part of the night's price is charged; the first row begins at midnight."""

    ROWS = 4

    def __init__(self, title: str, word: str) -> None:
        super().__init__()
        self._word = word
        self.lines = [(Time(required=False), Number(least=0, most=100)) for _row in range(self.ROWS)]
        shown = [
            row(start, label(_("from, then"), "muted"), part, label(_("per cent"), "muted"), None, gap=8)
            for start, part in self.lines
        ]
        self.lines[0][0].set_read_only()
        for at, (start, part) in enumerate(self.lines, 1):
            start.line.setAccessibleName(_("%(what)s, line %(n)s, from") % {"what": title, "n": at})
            part.line.setAccessibleName(_("%(what)s, line %(n)s, per cent") % {"what": title, "n": at})
        self.setLayout(col(label(title, "meta"), *shown, gap=4))

    def show_bands(self, bands: Sequence[Band]) -> None:
        """Show the bands in their order."""
        for at, (start, part) in enumerate(self.lines):
            band = bands[at] if at < len(bands) else None
            start.set_value(band.start if band else "")
            part.set_value(str(round(band.part * 100)) if band else "")

    def bands(self) -> tuple[Band, ...]:
        """Return the bands by time; rows without a time are left out."""
        found = [(start.value(), part.value() or 0) for start, part in self.lines if start.value()]
        return tuple(
            Band(start, _ratio(percent), self._label(_ratio(percent))) for start, percent in sorted(found)
        )

    def _label(self, ratio: str) -> str:
        return LABELS["0"] if ratio == "0" else self._word or LABELS.get(ratio, LATE)

    def fields(self) -> dict[str, Text]:
        """Return the fields by name, for the form's check."""
        return {
            f"{self.objectName()}{at}{kind}": made
            for at, pair in enumerate(self.lines)
            for kind, made in zip("tp", pair, strict=True)
        }


def _ratio(percent: int) -> str:
    return f"{(Decimal(percent) / 100).normalize():f}"


HAND_IN = {
    "float": N_("all but the float"),
    "revenue": N_("the day's room revenue"),
    "settled": N_("the cash of settled bills"),
}
"""What a shift hands in, as the option says."""
SIGNS_TYPED = {
    "alone": N_("when there is one workstation"),
    "always": N_("each night"),
    "never": N_("never"),
}
"""When the night auditor types the signs of the last record, as the option says."""


class PropertyScreen(Screen):
    """The hotel's row and its options."""

    TOPICS = frozenset({"property", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.options, self.touched = Options(), False
        self.digits = self.office.house().digits
        self.late, self.early = BandRows(_("Late departure"), ""), BandRows(_("Early arrival"), EARLY)
        self.by_day = BandRows(_("Left on the day of arrival"), "")
        for name, rows in (("late", self.late), ("early", self.early), ("by_day", self.by_day)):
            rows.setObjectName(name)
        self.levies = LevyRows(self.office.ask(folio_queries.taxable))
        self.own = OwnFields([option for duty in DUTIES for option in duty.options], self.digits)
        self._make_fields()
        left = col(
            self._card(
                _("Printed on documents"),
                self.name,
                row(self.address),
                row(self.phone, self.wifi, gap=8),
                self.house_rules,
                self.logo,
                self.facts,
            ),
            self._card(
                _("Times"),
                Wrap(
                    self.times["check_in_time"], self.times["check_out_time"], self.times["hold_time"], gap=16
                ),
                Wrap(self.late, self.early, gap=32),
                row(self.by_day, None),
            ),
            *self.own.cards(),
            self._card(_("At the screen"), row(self.numbers["lock_minutes"], None)),
            None,
            gap=12,
        )
        right = col(
            self._card(
                _("Money"),
                Wrap(
                    self.money["deposit_per_night"],
                    self.money["deposit_unit"],
                    self.money["credit_limit"],
                    gap=16,
                ),
                Wrap(self.money["charge_unit"], self.money["card_price"], gap=16),
                row(self.tax, None),
                self.flags["tax_included"],
            ),
            self._card(
                _("Rooms and bookings"),
                self.flags["inspection"],
                self.flags["overbooking"],
                Wrap(self.numbers["inventory_days"], self.numbers["identity_days"], gap=16),
                Wrap(self.numbers["paper_days"], gap=16),
            ),
            self._card(
                _("Shifts"),
                self.flags["shifts"],
                self.flags["shop_count"],
                Wrap(self.money["float_amount"], self.hand_in, gap=16),
            ),
            self._card(
                _("Night audit"),
                Wrap(self.money["over_short_told"], self.money["odd_amount"], gap=16),
                Wrap(self.numbers["no_show_nights"], self.times["close_from"], gap=16),
                row(self.signs_typed, None),
                self.flags["reports"],
                self.flags["available_less_ooo"],
            ),
            self._card(
                _("Backups"),
                self.flags["backups"],
                Wrap(self.numbers["backup_hours"], self.numbers["keep_days"], gap=16),
                Wrap(self.numbers["keep_weeks"], self.numbers["keep_months"], gap=16),
            ),
            None,
            gap=12,
        )
        self.big = self.button("save")
        foot = frame(
            "footer", row(self.notes, None, self.button("undo_changes"), self.big, gap=8, pad=(16, 8, 16, 8))
        )
        taxes = self._card(_("Tax and service charge by transaction code"), self.levies)
        body = box(col(row((left, 1), (right, 1), gap=12), taxes, gap=12, pad=(0, 0, 8, 0)))
        self._listen()
        return col(
            col(
                heading(_("Hotel"), None, self.to_first_day), (scrolling(body), 1), gap=12, pad=(16, 12, 8, 0)
            ),
            foot,
            gap=0,
        )

    def _card(self, title: str, *items: Item) -> QWidget:
        return card(*items, title=title, gap=12)

    def _make_fields(self) -> None:
        self.name, self.address = (
            Text(_("Name of the hotel"), required=True, longest=80),
            Text(_("Address of the hotel"), longest=160),
        )
        self.phone, self.wifi = (
            Text(_("Phone"), longest=40, plain=True),
            Text(_("Wi-Fi, on the registration card"), longest=80),
        )
        self.house_rules = Remark(_("House rules, on the registration card"), lines=4)
        self.facts = label("", "muted", wrap=True)
        self.to_first_day = self.button("first_day")
        self.logo = LogoBox(self.button("choose_logo"), self.button("take_logo_away", kind="quiet"))
        words = {
            "check_in_time": _("Check-in from"),
            "check_out_time": _("Check-out by"),
            "hold_time": _("Hold until"),
            "close_from": _("A day is closed from, after midnight"),
        }
        self.times = {name: Time(title) for name, title in words.items()}
        sums = {
            "deposit_per_night": _("Deposit per night"),
            "deposit_unit": _("Deposit rounded to"),
            "credit_limit": _("Credit limit"),
            "charge_unit": _("Charges rounded to"),
            "card_price": _("A lost room card"),
            "float_amount": _("Float of the drawer"),
            "over_short_told": _("Over or short is reported above"),
            "odd_amount": _("An amount is unusual above"),
        }
        self.money = {name: Amount(title, digits=self.digits, required=True) for name, title in sums.items()}
        self.tax = Text(_("Tax on charges, per cent"), width=112, check=percent_error, plain=True)
        counts = {
            "inventory_days": (_("Days on sale ahead"), 30, 1500),
            "identity_days": (_("Keep guests' data, days (0: always)"), 0, 36500),
            "paper_days": (_("Keep papers that are files, days"), 1, 3650),
            "lock_minutes": (_("Lock the screen after minutes (0: never)"), 0, 60),
            "backup_hours": (_("Also every so many hours (0: no)"), 0, 24),
            "keep_days": (_("Keep the last of so many days"), 1, 365),
            "keep_weeks": (_("Keep the last of so many weeks"), 0, 520),
            "keep_months": (_("Keep the last of so many months"), 0, 240),
            "no_show_nights": (_("No-show fee from the advance deposit, nights"), 0, 30),
        }
        self.numbers = {
            name: Number(title, least=least, most=most, required=True)
            for name, (title, least, most) in counts.items()
        }
        flags = {
            "inspection": _("Rooms are inspected before check-in"),
            "overbooking": _("Types may be overbooked up to their limit"),
            "tax_included": _("Prices include tax"),
            "shifts": _("Money is taken only in an open shift"),
            "shop_count": _("The shop is counted when a shift is closed"),
            "available_less_ooo": _("Figures deduct out-of-order rooms from what is available"),
            "reports": _("The night audit writes reports"),
            "backups": _("The night audit makes a backup"),
        }
        self.flags = {name: Flag(title) for name, title in flags.items()}
        self.hand_in = Choice(
            _("Handed in at the close"), [(code, _(words)) for code, words in HAND_IN.items()], width=220
        )
        self.signs_typed = Choice(
            _("The check code of the last audit record is typed"),
            [(code, _(words)) for code, words in SIGNS_TYPED.items()],
            width=220,
        )
        self.form = Form(
            hand_in=self.hand_in,
            signs_typed=self.signs_typed,
            name=self.name,
            address=self.address,
            phone=self.phone,
            wifi=self.wifi,
            house_rules=self.house_rules,
            tax=self.tax,
            **self.times,
            **self.money,
            **self.numbers,
            **self.own.fields(),
            **self.levies.fields(),
            **self.late.fields(),
            **self.early.fields(),
            **self.by_day.fields(),
        )

    def _listen(self) -> None:
        for field in self.form.fields.values():
            field.changed.connect(self._touch)  # type: ignore[union-attr]
        for flag in self.flags.values():
            flag.toggled.connect(self._touch)
        self.own.listen(self._touch)

    def _touch(self, *_changed: object) -> None:
        self.touched = True
        self.update_actions()

    def start(self) -> QWidget | None:
        """Begin at the name."""
        return self.name

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Show the hotel as it is; what has been typed and not saved stays."""
        if self.touched:
            self._show_facts()
        else:
            self._show()

    def _show(self) -> None:
        setting = self.office.ask(queries.setting)
        self.options = o = setting.options
        self.name.set_value(setting.name)
        for name, field in (
            ("address", self.address),
            ("phone", self.phone),
            ("wifi", self.wifi),
            ("house_rules", self.house_rules),
        ):
            field.set_value(getattr(o, name))
        for name, made in (*self.times.items(), *self.money.items()):
            made.set_value(getattr(o, name))
        for name, number in self.numbers.items():
            number.set_value(str(getattr(o, name)))
        for name, flag in self.flags.items():
            flag.set_value(getattr(o, name))
        self.own.show(o)
        self.tax.set_value(f"{Decimal(o.tax_basis_points) / 100:f}")
        self.levies.show_levies(o.levies)
        self.hand_in.set_value(o.hand_in)
        self.signs_typed.set_value(o.signs_typed)
        self.late.show_bands(o.late_bands)
        self.early.show_bands(o.early_bands)
        self.by_day.show_bands(o.day_use_bands)
        self._show_facts()
        self.form.clear_errors()
        self.touched = False
        self.update_actions()

    def _show_facts(self) -> None:
        setting = self.office.ask(queries.setting)
        self.to_first_day.setVisible(setting.options.first_day)
        if self.logo.sign != (sign := setting.options.logo) or not sign:
            self.logo.show_logo(sign, self.office.ask(queries.logo, sign=sign) if sign else b"")
        self.facts.setText(
            _("Currency %(currency)s, time zone %(zone)s, business date %(day)s. Fixed at set-up.")
            % {
                "currency": setting.currency,
                "zone": setting.zone,
                "day": formats.long_day(setting.business_date),
            }
        )

    # -------------------------------------------------------------- actions
    @action(N_("Save"), key=keys.PRIMARY, operation=service.edit, kind="primary")
    def save(self) -> None:
        """Save everything on the page."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        if self.run(
            service.edit.of(name=self.name.value(), options=self._typed()), said=_("The hotel is changed.")
        ):
            self._show()
            self.notes.good(_("The hotel is changed."))

    def can_save(self) -> str:
        """Say why not."""
        return "" if self.touched else _("Nothing has been changed.")

    def _typed(self) -> Options:
        values: dict[str, Any] = {
            name: field.value()
            for name, field in (*self.times.items(), *self.money.items(), *self.numbers.items())
        }
        values |= {name: flag.value() for name, flag in self.flags.items()}
        return replace(
            self.own.typed(self.options),
            **values,
            address=self.address.value(),
            phone=self.phone.value(),
            wifi=self.wifi.value(),
            house_rules=self.house_rules.value(),
            late_bands=self.late.bands(),
            early_bands=self.early.bands(),
            day_use_bands=self.by_day.bands(),
            tax_basis_points=points(self.tax.value()),
            levies=self.levies.levies(),
            hand_in=self.hand_in.value(),
            signs_typed=self.signs_typed.value(),
        )

    @action(N_("Choose a picture"), operation=service.set_logo, icon="sheet")
    def choose_logo(self) -> None:
        """Print a picture at the head of papers."""
        path = files.which(self, _("Picture for the head of papers"), "*.png *.jpg *.jpeg")
        read = files.read(self, path, logos.MOST_BYTES) if path else None
        if read is not None and self.run(service.set_logo.of(picture=read)):
            self._show_facts()
            self.update_actions()
            self.notes.good(_("Papers carry this picture from now on."))

    @action(N_("Take it away"), operation=service.take_logo_away)
    def take_logo_away(self) -> None:
        """Print papers without a picture."""
        if self.run(service.take_logo_away.of()):
            self._show_facts()
            self.update_actions()
            self.notes.good(_("Papers carry no picture."))

    def can_take_logo_away(self) -> str:
        """Say why not."""
        return "" if self.logo.sign else _("Papers carry no picture.")

    @action(N_("First day"), icon="check")
    def first_day(self) -> None:
        """Open the list of the first day."""
        self.go("first_day")

    @action(N_("Undo entry"), key=keys.TAKE_BACK)
    def undo_changes(self) -> None:
        """Show the hotel as it is stored."""
        self.notes.clear()
        self._show()

    def can_undo_changes(self) -> str:
        """Say why not."""
        return "" if self.touched else _("Nothing has been changed.")
