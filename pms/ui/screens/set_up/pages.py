"""The pages of the set-up, in their order. Each says what is wrong with it and puts its part into the
draft."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from pms.core.currencies import CURRENCIES
from pms.core.i18n import N_, _, ngettext
from pms.core.permissions import RANKS
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.formats import amount
from pms.ui.kit.forms import Choice, Field, Flag, Form, Secret, Text
from pms.ui.kit.parts import Button, box, card, col, empty_out, label, row, scrolling
from pms.ui.screens.set_up.draft import Draft, numbers
from pms.ui.screens.set_up.page import Lines, Page
from pms.ui.screens.set_up.server import ServerForm
from pms.ui.screens.set_up.zones import ZONES

SHORTEST = 8


class PropertyPage(Page):
    """The hotel's name, place, clock and money."""

    title, says = (
        N_("Hotel"),
        N_("Printed on every document; the hotel's time zone and currency."),
    )

    def __init__(self, draft: Draft, today: date) -> None:
        self._today = today
        super().__init__(draft)

    def build(self) -> QLayout:
        """Put the page together."""
        self.form = Form(
            name=Text(_("Hotel's name"), required=True, longest=60, width=420),
            address=Text(_("Hotel's address"), width=420),
            phone=Text(_("Phone"), width=200, plain=True),
            zone=Choice(_("Time zone"), [(z, z) for z in ZONES], value="Asia/Shanghai", width=200),
            currency=Choice(
                _("Currency"), [(c.code, f"{c.code}  {_(c.name)}") for c in CURRENCIES.values()], width=200
            ),
            day=Day(_("First business date"), today=self._today, value=self._today, required=True),
        )
        f = self.form
        return col(
            f["name"],
            f["address"],
            row(f["phone"], f["zone"], f["currency"], f["day"], None, gap=12),
            None,
            gap=12,
        )

    def first(self) -> QWidget:
        """Begin at the name."""
        name: QWidget = self.form["name"]
        return name

    def leave(self) -> str:
        """Keep the property."""
        if wrong := self.form.missing():
            return wrong
        self.draft.property = self.form.values()
        return ""


class TypesPage(Page):
    """What is sold, and for how much."""

    title = N_("Room types and prices")
    says = N_(
        "The price of a night; the weekend is Friday and Saturday. Other plans and seasons come in Settings."
    )
    START = (
        ("TWN", N_("Twin"), 25800, 28800, 2),
        ("BIG", N_("Queen"), 26800, 29800, 1),
        ("SUI", N_("Suite"), 58800, 68800, 1),
    )

    def build(self) -> QWidget:
        """Put the page together."""
        heads = (
            (_("Type code"), 80),
            (_("Type name"), 220),
            (_("Price"), 120),
            (_("Weekend price"), 120),
            (_("Beds"), 64),
        )
        self._digits = 2
        self.lines = Lines(heads, self._line, _("One more room type"))
        for code, name, price, weekend, beds in self.START:
            self.lines.add(code=code, name=_(name), price=price, weekend=weekend, beds=beds)
        return scrolling(box(row(self.lines, None)))

    def enter(self) -> None:
        """Count in the hotel's currency: what is proposed is its own, what was typed keeps its figures."""
        digits = CURRENCIES[self.draft.property["currency"]].digits
        if digits == self._digits:
            return
        proposed = {amount(sum_, self._digits): sum_ for one in self.START for sum_ in one[2:4]}
        for line in self.lines.lines:
            for field in line.values():
                if isinstance(field, Amount):
                    before = field.line.text()
                    field.set_digits(digits)
                    if before in proposed:
                        field.set_value(proposed[before])
        self._digits = digits

    def _line(self) -> dict[str, Field]:
        digits = self._digits
        return {
            "code": Text(longest=8, plain=True),
            "name": Text(required=True, longest=40),
            "price": Amount(digits=digits, required=True, check=_not_negative),
            "weekend": Amount(digits=digits, check=_not_negative),
            "beds": Number(value=1, least=1, most=9),
        }

    def first(self) -> QWidget:
        """Begin at the first code."""
        return self.lines.lines[0]["code"] if self.lines.lines else self.lines.more

    def leave(self) -> str:
        """Keep the types."""
        if wrong := self.lines.wrong():
            return wrong
        found = [{**t, "code": t["code"].upper()} for t in self.lines.values()]
        codes = [t["code"] for t in found]
        if not found:
            return _("Enter at least one room type.")
        if twice := next((c for c in codes if codes.count(c) > 1), ""):
            return _("The code %(code)s stands twice. Give each room type its own.") % {"code": twice}
        self.draft.types = found
        return ""


def _not_negative(amount: int) -> str:
    return _("A price is not negative.") if amount < 0 else ""


class RoomsPage(Page):
    """Floors and rooms by pattern, with what comes of it."""

    title, says = (
        N_("Floors and rooms"),
        N_("Floor 3 from 1 to 12 makes 301 to 312. The last field skips numbers with that digit, 4 say."),
    )

    def build(self) -> QWidget:
        """Put the page together."""
        heads = ((_("Floor"), 64), (_("Room type"), 190), (_("From"), 64), (_("To"), 64), (_("Without"), 72))
        self.lines = Lines(heads, self._line, _("One more floor"))
        self.count, self.preview = label("", "figure"), QVBoxLayout()
        self.preview.setSpacing(6)
        self.lines.changed.connect(self._show)
        shown = card(self.count, scrolling(box(col(self.preview, None))), title=_("The house"))
        return box(row(scrolling(box(row(self.lines, None))), (shown, 1), gap=16))

    def _line(self) -> dict[str, Field]:
        kinds = [(t["code"], f"{t['name']}  {t['code']}") for t in self.draft.types]
        return {
            "floor": Number(least=0, most=99),
            "type_code": Choice("", kinds),
            "first": Number(value=1, least=1, most=99, required=True),
            "last": Number(value=12, least=1, most=99, required=True),
            "skip": Text(longest=10, plain=True),
        }

    def enter(self) -> None:
        """Offer the types there are now; start with a floor for each."""
        kinds = [(t["code"], f"{t['name']}  {t['code']}") for t in self.draft.types]
        for line in self.lines.lines:
            line["type_code"].set_options(kinds)  # type: ignore[attr-defined]
        if not self.lines.lines:
            for n, (code, _words) in enumerate(kinds):
                self.lines.add(floor=n + 2, type_code=code)
        self._show()

    def first(self) -> QWidget:
        """Begin at the first floor."""
        return self.lines.lines[0]["floor"] if self.lines.lines else self.lines.more

    def _plans(self) -> list[dict[str, Any]]:
        """Return the rows that can be read."""
        found = []
        for line in self.lines.filled():
            if not any(field.error() for field in line.values()):
                found.append({name: field.value() for name, field in line.items()})
        return found

    def _show(self) -> None:
        empty_out(self.preview)
        total, names = 0, {t["code"]: t["name"] for t in self.draft.types}
        for plan in self._plans():
            made = numbers(plan)
            total += len(made)
            head = _("Floor %(floor)s  %(type)s") % {
                "floor": plan["floor"],
                "type": names.get(plan["type_code"], ""),
            }
            self.preview.addWidget(label(head, "strong"))
            self.preview.addWidget(label("  ".join(made) or "—", "muted", wrap=True))
        self.count.setText(ngettext("%(n)s room", "%(n)s rooms", total) % {"n": total})

    def leave(self) -> str:
        """Keep the floors."""
        if wrong := self.lines.wrong():
            return wrong
        plans = self.lines.values()
        every = [number for plan in plans for number in numbers(plan)]
        if not every:
            return _("The pattern makes no rooms. Enter at least one floor.")
        if twice := next((n for n in every if every.count(n) > 1), ""):
            return _("Room %(room)s is made twice. Change the numbers of one floor.") % {"room": twice}
        self.draft.floors = plans
        return ""


class StaffPage(Page):
    """The first manager, and others who may sign in."""

    title, says = (
        N_("Staff"),
        N_("The owner may do everything. Others can be added now or later in Settings."),
    )

    def build(self) -> QLayout:
        """Put the page together."""
        self.owner = Form(
            name=Text(_("Owner's name"), required=True, longest=40, width=200),
            login=Text(_("Signs in as"), required=True, longest=30, width=140, value="owner"),
            password=Secret(_("Password"), width=180),
            again=Secret(_("Password again"), width=180),
        )
        f = self.owner
        heads = ((_("Signs in as"), 140), (_("Name"), 200), (_("Role"), 180), (_("Password"), 180))
        self.lines = Lines(heads, self._line, _("One more person"))
        return col(
            row(f["name"], f["login"], f["password"], f["again"], None, gap=12),
            8,
            label(_("Others"), "title"),
            (scrolling(box(row(self.lines, None))), 1),
            gap=8,
        )

    @staticmethod
    def _line() -> dict[str, Field]:
        roles = [(code, _(name)) for code, name in RANKS.items() if code != "owner"]
        return {
            "login": Text(longest=30),
            "name": Text(required=True, longest=40),
            "role": Choice("", roles),
            "password": Secret(""),
        }

    def first(self) -> QWidget:
        """Begin at the owner's name."""
        name: QWidget = self.owner["name"]
        return name

    def leave(self) -> str:
        """Keep the people."""
        if wrong := self.owner.missing() or self.lines.wrong():
            return wrong
        owner, people = self.owner.values(), self.lines.values()
        if len(owner["password"]) < SHORTEST or any(len(p["password"]) < SHORTEST for p in people):
            return _("A password needs at least %(n)s characters.") % {"n": SHORTEST}
        if owner["password"] != owner.pop("again"):
            return _("The two passwords differ. Type both again.")
        logins = [p["login"].casefold() for p in (owner, *people)]
        if twice := next((x for x in logins if logins.count(x) > 1), ""):
            return _("The sign-in name %(login)s stands twice.") % {"login": twice}
        self.draft.owner, self.draft.people = owner, people
        return ""


class PrinterPage(Page):
    """The first printer; more follow in Settings."""

    title, says = (
        N_("Printers"),
        N_("The printer of this desk. Without one, every document is saved as a PDF in a folder."),
    )
    KINDS = (
        ("", N_("None yet: PDF files in a folder")),
        ("network", N_("Receipt printer on the network")),
        ("usb", N_("Receipt printer on USB")),
        ("device", N_("Receipt printer on a device file")),
        ("queue", N_("Printer of this computer")),
    )
    HINTS = {
        "network": "192.168.1.50:9100",
        "usb": "04b8:0e15",
        "device": "/dev/usb/lp0",
        "queue": N_("the queue's name"),
    }
    PAPERS = (
        ("80mm", "80 mm"),
        ("58mm", "58 mm"),
        ("A4", "A4"),
        ("A5", "A5"),
        ("241x140", "241 × 140"),
        ("241x93", "241 × 93"),
    )

    def build(self) -> QLayout:
        """Put the page together."""
        self.kind = Choice(_("Kind"), [(k, _(words)) for k, words in self.KINDS], width=320)
        self.address = Text(_("Printer's address"), width=320)
        self.paper = Choice(_("Paper"), self.PAPERS, width=140)
        self.kind.changed.connect(self._chosen)
        self._chosen()
        return col(self.kind, self.address, self.paper, None, gap=12)

    def _chosen(self) -> None:
        kind = self.kind.value()
        self.address.setVisible(bool(kind))
        self.paper.setVisible(bool(kind))
        self.address.line.setPlaceholderText(_(self.HINTS[kind]) if kind else "")
        self.address.required = bool(kind)

    def first(self) -> QWidget:
        """Begin at the kind."""
        return self.kind

    def leave(self) -> str:
        """Keep the printer."""
        kind = self.kind.value()
        if kind and not self.address.validate():
            self.address.setFocus()
            return self.address.shown_error()
        self.draft.printer = (
            {"name": _("Desk"), "kind": kind, "address": self.address.value(), "paper": self.paper.value()}
            if kind
            else {}
        )
        return ""


class JoinPage(Page):
    """Another desk of a hotel that is on PostgreSQL already."""

    title, says = (
        N_("Join a hotel"),
        N_("This desk joins a hotel on a PostgreSQL server. The key is on the hotel's recovery sheet."),
    )

    def build(self) -> QLayout:
        """Put the page together."""
        self.server = ServerForm()
        self.key = Text(_("The key of the recovery sheet"), required=True, width=640, longest=120, plain=True)
        return col(self.server, self.key, None, gap=16)

    def first(self) -> QWidget:
        """Begin at the server."""
        host: QWidget = self.server.form["host"]
        return host

    def leave(self) -> str:
        """Keep server and key."""
        if wrong := self.server.form.missing() or ("" if self.key.validate() else self.key.shown_error()):
            return wrong
        self.draft.server, self.draft.typed_key = self.server.form.values(), self.key.value()
        return ""


class SheetPage(Page):
    """The recovery sheet: printed and put away before the hotel stands."""

    title, says = (
        N_("Recovery sheet"),
        N_(
            "The books are encrypted with the key on this sheet. Without it nobody can open them on "
            "another computer."
        ),
    )
    wanted = Signal(str)

    def build(self) -> QWidget:
        """Put the page together."""
        from pms.ui.kit.preview import Preview

        self.preview = Preview()
        self.printed = False
        self.print_button, self.save_button = (
            Button(_("Print"), icon="printer"),
            Button(_("Save as PDF"), icon="sheet"),
        )
        self.print_button.clicked.connect(lambda: self.wanted.emit("print"))
        self.save_button.clicked.connect(lambda: self.wanted.emit("save"))
        self.group = Text("", width=120, longest=8, plain=True)
        self.group_label = label("", wrap=True)
        self.sure = Flag(_("The sheet is in a safe place."))
        self.in_keyring = Flag("")
        self.keyring_words = label(
            _(
                "A key file opens the books for everybody who works under this login. The keyring "
                "gives the key out only after "
                "this login's own password, so the hotel does not open before somebody has signed in "
                "to the computer. "
                "The sheet is needed either way."
            ),
            "muted",
            wrap=True,
        )
        self.offer_keyring("")
        side = col(
            row(self.print_button, self.save_button, None),
            8,
            self.group_label,
            self.group,
            self.sure,
            8,
            self.in_keyring,
            self.keyring_words,
            None,
            gap=12,
        )
        self.off_screen = label(
            _("The key is not on the screen any more. Read the group from the sheet in your hand."), wrap=True
        )
        self.off_screen.setVisible(False)
        return box(row((col(self.off_screen, (self.preview, 1)), 1), card(side), gap=16))

    def put_out(self) -> None:
        """Take the sheet off the screen once it is on paper: its group is read there."""
        self.printed = True
        self.preview.setVisible(False)
        self.off_screen.setVisible(True)

    def offer_keyring(self, name: str) -> None:
        """Offer the system's keyring by its name, or nothing where there is none."""
        self.in_keyring.setText(_("Keep the key in the keyring (%(name)s)") % {"name": name})
        for widget in (self.in_keyring, self.keyring_words):
            widget.setVisible(bool(name))

    def show_sheet(
        self, pages: Sequence[bytes], title: str, printer: str, groups: Sequence[str], ask: int
    ) -> None:
        """Show the sheet; one of its groups is asked for, so that it is read at least once."""
        self.preview.show_document(pages, title=title, printer=printer)
        self._answer = groups[ask]
        words = _("Type group %(n)s of the printed sheet:") % {"n": ask + 1}
        self.group_label.setText(words)
        self.group.editor.setAccessibleName(words)

    def first(self) -> QWidget:
        """Begin at printing."""
        return self.print_button if not self.printed else self.group

    def leave(self) -> str:
        """Go on only with the sheet in hand."""
        if not self.printed:
            self.print_button.setFocus()
            return _("Print the sheet, or save it as PDF and print it elsewhere.")
        if self.group.value().upper().replace("O", "0").replace("I", "1").replace("L", "1") != self._answer:
            self.group.setFocus()
            return _("This is not the group on the sheet. Look at the printed sheet.")
        if not self.sure.value():
            self.sure.setFocus()
            return _("Put the sheet away, then tick the box.")
        self.draft.keep_in = "keyring" if self.in_keyring.value() else "file"
        return ""
