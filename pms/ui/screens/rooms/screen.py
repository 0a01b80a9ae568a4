"""Rooms, types and blocks: three lists, one panel. Letters set the status of the rooms in hand, several at
once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.services.rooms import queries, service
from pms.services.rooms.queries import BlockRow, RoomRow, TypeRow
from pms.services.rooms.service import numbers_by_pattern
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, Pick, SidePages, SideScreen
from pms.ui.kit.forms import Choice, Day, Flag, Number, Text
from pms.ui.kit.parts import box, card, col, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

ROOMS, TYPES, BLOCKS = "rooms", "types", "blocks"
CLEAN = {
    "clean": (N_("Clean"), "good", "check"),
    "inspected": (N_("Inspected"), "good", "check-double"),
    "dirty": (N_("Dirty"), "warn", "broom"),
}
KINDS = {
    "OOO": (N_("Out of order"), "wrench"),
    "OOS": (N_("Out of service"), "lock"),
    "HOLD": (N_("Hold"), "lock"),
}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A room in the list with the block that holds it now or next."""

    room: RoomRow
    type_name: str
    block: BlockRow | None
    running: bool


def block_word(line: Line) -> str:
    """Name the block of a room: what, and until or from when."""
    if line.block is None:
        return "" if line.room.active else _("closed for good")
    kind = _(KINDS[line.block.kind][0])
    if line.running:
        return _("%(kind)s until %(day)s") % {"kind": kind, "day": formats.day(line.block.end)}
    return _("%(kind)s from %(day)s") % {"kind": kind, "day": formats.day(line.block.start)}


class RoomsScreen(SideScreen):
    """The settings of the house; each act asks for its own right."""

    TOPICS = frozenset({"rooms", "stays", "reservations", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.types: list[TypeRow] = []
        self.chips = Chips(
            [(ROOMS, _("Rooms")), (TYPES, _("Types")), (BLOCKS, _("Out of sale"))], value=ROOMS
        )
        self.chips.chosen.connect(self._turn)
        self._make_tables()
        self.lists = QStackedWidget()
        for table in (self.rooms, self.kinds, self.blocks):
            self.lists.addWidget(card((table, 1), gap=0, pad=(1, 1, 1, 1)))
        self.panel = SidePages(self.notes, width=340)
        self.panel.add(self.HOME, self._facts(), self._buttons())
        self._make_forms()
        main = col(heading(_("Rooms"), self.chips, None), (self.lists, 1), gap=12, pad=(16, 12, 16, 12))
        return row((box(main), 1), self.panel, gap=0)

    def _make_tables(self) -> None:
        self.rooms = Table(
            (
                Column(
                    N_("Room"),
                    lambda x: x.room.number,
                    width=84,
                    bold=True,
                    strike=lambda x: not x.room.active,
                ),
                Column(N_("Floor"), lambda x: x.room.floor, "number", width=64),
                Column(N_("Type"), lambda x: x.type_name, width=140),
                Column(
                    N_("Status"),
                    lambda x: _(CLEAN[x.room.clean][0]),
                    "badge",
                    width=124,
                    tone=lambda x: CLEAN[x.room.clean][1],
                    icon=lambda x: CLEAN[x.room.clean][2],
                ),
                Column(
                    N_("Out of sale"),
                    block_word,
                    width=200,
                    sub=lambda x: x.block.reason if x.block else "",
                    tone=lambda x: "block",
                ),
                Column(N_("Features"), lambda x: x.room.features),
                Column(N_("Lock"), lambda x: x.room.lock_id, width=96),
            ),
            key=lambda x: x.room.id,
            many=True,
            sortable=True,
        )
        self.kinds = Table(
            (
                Column(N_("Type code"), lambda t: t.code, width=96, bold=True),
                Column(N_("Type name"), lambda t: _(t.name)),
                Column(N_("Beds"), lambda t: t.beds, "number", width=72),
                Column(N_("Rooms"), lambda t: self.counts.get(t.id, 0), "number", width=84),
                Column(N_("Overbooking"), lambda t: t.overbook, "number", width=120),
                Column(N_("State"), lambda t: "" if t.active else _("not sold"), "badge", width=108),
            ),
            key=lambda t: t.id,
        )
        self.blocks = Table(
            (
                Column(N_("Room"), lambda b: b.number, width=84, bold=True),
                Column(
                    N_("Kind of block"),
                    lambda b: _(KINDS[b.kind][0]),
                    "badge",
                    width=160,
                    icon=lambda b: KINDS[b.kind][1],
                    tone=lambda b: "block",
                ),
                Column(N_("From"), lambda b: b.start, "day", width=96),
                Column(N_("To"), lambda b: b.end, "day", width=96),
                Column(N_("Reason"), lambda b: b.reason),
            ),
            key=lambda b: b.id,
        )
        self.counts: dict[int, int] = {}
        self.rooms.set_empty(Empty("bed", _("The house has no rooms yet. Add a type first, then its rooms.")))
        self.kinds.set_empty(Empty("bed", _("The house has no room types yet.")))
        self.blocks.set_empty(Empty("bed", _("No room is out of sale.")))
        for table in (self.rooms, self.kinds, self.blocks):
            table.picked.connect(self._picked)
            table.chosen.connect(lambda _row: self.acts["edit"].press())
        self.rooms.selectionModel().selectionChanged.connect(lambda *_: self._picked())

    def _facts(self) -> QWidget:
        self.title, self.facts = (
            label("", "title", wrap=True),
            {name: label("", wrap=True) for name in ("type", "features", "lock", "joined", "use")},
        )
        words = {
            "type": _("Type"),
            "features": _("Features"),
            "lock": _("Lock"),
            "joined": _("Joined with"),
            "use": _("Use"),
        }
        facts = pairs(*((words[name], made) for name, made in self.facts.items()), width=92)
        facts.setContentsMargins(0, 0, 0, 0)
        self.grid = box(facts)
        self.status_box = box(
            col(
                label(_("Status of the rooms in hand"), "meta"),
                row(*((self.button(name, icon=""), 1) for name in ("clean", "dirty", "inspected")), gap=8),
                gap=8,
            )
        )
        return box(col(self.title, self.grid, self.status_box, None, gap=12))

    def _buttons(self) -> QWidget:
        self.big = self.button("edit")
        return box(
            col(
                None,
                row((self.button("block", icon=""), 1), (self.button("unblock"), 1), gap=8),
                row((self.button("add"), 1), (self.button("close_room"), 1), gap=8),
                self.big,
                gap=8,
            )
        )

    def _make_forms(self) -> None:
        today, back = self.office.house().business_date, self.close_form
        kind = Choice(_("Type"), required=True)
        self.adding = self.panel.add_form(
            "add",
            FormPage(
                _("Add rooms"),
                _("Add"),
                self._add,
                back,
                icon="plus",
                type_id=kind,
                floor=Number(_("Floor"), least=-5, most=200, required=True),
                first=Number(_("From number"), least=0, most=99, required=True),
                last=Number(_("To number"), least=0, most=99, required=True),
                skip=Text(_("Leave out numbers with the digit"), width=64, longest=3, plain=True),
                features=Text(_("Features"), longest=120),
            ),
        )
        for field in ("floor", "first", "last", "skip"):
            self.adding[field].changed.connect(self._name_numbers)
        self.editing = self.panel.add_form(
            "edit",
            FormPage(
                _("Room"),
                _("Save"),
                self._save_room,
                back,
                floor=Number(_("Floor"), least=-5, most=200, required=True),
                features=Text(_("Features"), longest=120),
                lock_id=Text(_("Lock"), longest=40, plain=True),
                joined=Text(_("Joined with"), longest=40, plain=True),
                house_use=Flag(_("For the house's own use")),
            ),
        )
        self.blocking = self.panel.add_form(
            "block",
            FormPage(
                _("Take out of sale"),
                _("Block"),
                self._block,
                back,
                icon="lock",
                kind=Pick(_("Kind of block"), [(k, _(w[0])) for k, w in KINDS.items()]),
                reason=Text(_("Reason"), required=True, longest=120),
                start=Day(_("From"), today=today, required=True),
                end=Day(_("To, that night is sold again"), today=today, required=True),
                returns_to=Choice(_("Comes back"), [(c, _(w[0])) for c, w in CLEAN.items()], value="dirty"),
            ),
        )
        self.new_type = self.panel.add_form(
            "new_type",
            FormPage(
                _("Add a room type"),
                _("Add"),
                self._add_type,
                back,
                icon="plus",
                code=Text(_("Type code"), required=True, width=112, longest=8, plain=True),
                name=Text(_("Type name"), required=True, longest=40),
                beds=Number(_("Beds"), value=1, least=1, most=20, required=True),
                overbook=Number(_("Overbooking allowed"), value=0, least=0, most=99),
            ),
        )
        self.old_type = self.panel.add_form(
            "old_type",
            FormPage(
                _("Room type"),
                _("Save"),
                self._save_type,
                back,
                name=Text(_("Type name"), required=True, longest=40),
                beds=Number(_("Beds"), least=1, most=20, required=True),
                overbook=Number(_("Overbooking allowed"), least=0, most=99),
                active=Flag(_("Is sold")),
            ),
        )

    def start(self) -> QWidget | None:
        """Begin at the list."""
        return {ROOMS: self.rooms, TYPES: self.kinds, BLOCKS: self.blocks}[self.chips.value()]

    # -------------------------------------------------------------- what is shown
    def open(self, page: str = "", room_id: int = 0, block: bool = False, **_what: Any) -> None:
        """Show a list; ``room_id`` takes a room in hand, ``block`` opens the form that takes it out of
        sale."""
        if page or room_id:
            self.chips.set_value(page or ROOMS)
            self._turn(self.chips.value())
        if room_id and self.rooms.pick(room_id) and block:
            self.acts["block"].press()

    def refresh(self) -> None:
        """Read the house anew."""
        today = self.office.house().business_date
        self.today = today
        self.types = self.office.ask(queries.types)
        rooms: list[RoomRow] = self.office.ask(queries.rooms)
        blocks: list[BlockRow] = self.office.ask(queries.blocks, since=today)
        names = {t.id: f"{_(t.name)} {t.code}" for t in self.types}
        first: dict[int, BlockRow] = {}
        for found in blocks:
            first.setdefault(found.room_id, found)
        self.rooms.show_rows(
            [
                Line(
                    r, names.get(r.type_id, ""), first.get(r.id), r.id in first and first[r.id].start <= today
                )
                for r in rooms
            ]
        )
        self.counts = {t.id: sum(r.type_id == t.id and r.active for r in rooms) for t in self.types}
        self.kinds.show_rows(self.types)
        self.blocks.show_rows(blocks)
        self.chips.show_counts(
            {ROOMS: sum(r.active for r in rooms), TYPES: len(self.types), BLOCKS: len(blocks)}
        )
        self.adding["type_id"].set_options([(t.id, names[t.id]) for t in self.types if t.active])
        for table in (self.rooms, self.kinds, self.blocks):
            if table.row() is None and table.rows.rowCount():
                table.selectRow(0)
        self._picked()

    def _turn(self, page: str) -> None:
        self.lists.setCurrentIndex((ROOMS, TYPES, BLOCKS).index(page))
        self.close_form()
        self._picked()

    def _picked(self, _row: Any = None) -> None:
        page, line = self.chips.value(), self.rooms.row()
        self.grid.setVisible(page == ROOMS and line is not None)
        self.status_box.setVisible(page == ROOMS and line is not None)
        if page == ROOMS and line is not None:
            self._show_room(line)
        elif page == TYPES and self.kinds.row() is not None:
            self.title.setText(f"{_(self.kinds.row().name)} {self.kinds.row().code}")
        elif page == BLOCKS and self.blocks.row() is not None:
            self.title.setText(
                _("%(room)s: %(reason)s")
                % {"room": self.blocks.row().number, "reason": self.blocks.row().reason}
            )
        else:
            self.title.setText("")
        self.big.setVisible(page != BLOCKS)
        self.update_actions()

    def _show_room(self, line: Line) -> None:
        chosen, r = self.rooms.selected(), line.room
        many = ngettext("%(n)s room", "%(n)s rooms", len(chosen)) % {"n": len(chosen)}
        self.title.setText(many if len(chosen) > 1 else _("Room %(number)s") % {"number": r.number})
        told = {
            "type": line.type_name,
            "features": r.features,
            "lock": r.lock_id,
            "joined": r.joined,
            "use": _("own use") if r.house_use else _("for guests"),
        }
        for name, made in self.facts.items():
            made.setText(told[name] or "\u2014")

    # -------------------------------------------------------------- status by letters
    def _set(self, clean: str) -> None:
        ids = [line.room.id for line in self.rooms.selected()]
        said = ngettext("%(n)s room is %(state)s now.", "%(n)s rooms are %(state)s now.", len(ids))
        self.run(
            service.set_clean.of(room_ids=ids, clean=clean),
            said=said % {"n": len(ids), "state": _(CLEAN[clean][0]).lower()},
        )

    def _no_room(self) -> str:
        if self.chips.value() != ROOMS or self.rooms.row() is None or not self.rooms.selected():
            return _("Choose a room in the list first.")
        return ""

    @action(N_("Clean"), key="C", operation=service.set_clean, icon="check")
    def clean(self) -> None:
        """Set the rooms in hand clean."""
        self._set("clean")

    def can_clean(self) -> str:
        """Say why not."""
        return self._no_room()

    @action(N_("Dirty"), key="D", operation=service.set_clean, icon="broom")
    def dirty(self) -> None:
        """Set the rooms in hand dirty."""
        self._set("dirty")

    def can_dirty(self) -> str:
        """Say why not."""
        return self._no_room()

    @action(N_("Inspected"), key="I", operation=service.set_clean, icon="check-double")
    def inspected(self) -> None:
        """Pass the rooms in hand as inspected."""
        self._set("inspected")

    def can_inspected(self) -> str:
        """Say why not."""
        return self._no_room()

    # -------------------------------------------------------------- out of sale
    @action(N_("Take out of sale"), key="B", operation=service.block, icon="lock")
    def block(self) -> None:
        """Open the form that blocks the room in hand."""
        line: Line = self.rooms.row()
        self.blocking.title.setText(_("Take %(room)s out of sale") % {"room": line.room.number})
        self.blocking.fill(kind="OOO", reason="", start=self.today, end=self.today + DAY, returns_to="dirty")
        self.open_form(self.blocking, "block")

    def can_block(self) -> str:
        """Say why not."""
        return self._no_room() or ("" if self.rooms.row().room.active else _("This room is closed for good."))

    def _block(self) -> None:
        line: Line = self.rooms.row()
        self.save(
            self.blocking,
            service.block.of(room_id=line.room.id, **_typed(self.blocking)),
            _("%(room)s is out of sale.") % {"room": line.room.number},
        )

    @action(N_("Back on sale"), key="U", operation=service.unblock)
    def unblock(self) -> None:
        """Give the blocked room back to sale."""
        found = self._block_in_hand()
        if found is not None:
            self.run(
                service.unblock.of(block_id=found.id),
                said=_("%(room)s is on sale again.") % {"room": found.number},
            )

    def can_unblock(self) -> str:
        """Say why not."""
        return "" if self._block_in_hand() is not None else _("Choose a room that is out of sale first.")

    def _block_in_hand(self) -> BlockRow | None:
        found: BlockRow | None = None
        if self.chips.value() == BLOCKS:
            found = self.blocks.row()
        elif self.chips.value() == ROOMS and self.rooms.row() is not None:
            found = self.rooms.row().block
        return found

    # -------------------------------------------------------------- rooms and types
    @action(N_("Add"), key="N", operation=service.add_rooms, icon="plus")
    def add(self) -> None:
        """Add rooms by pattern, or a type where the types are shown."""
        if self.chips.value() == TYPES or not self.types:
            self.new_type.fill(code="", name="", beds="1", overbook="0")
            self.open_form(self.new_type, "new_type")
        else:
            self.adding.fill(floor=None, first="1", last="12", skip="", features="")
            self._name_numbers()
            self.open_form(self.adding, "add")

    def _numbers(self) -> list[str]:
        if any(self.adding[name].error() for name in ("floor", "first", "last")):
            return []
        v = {name: self.adding[name].value() for name in ("floor", "first", "last", "skip")}
        return numbers_by_pattern(v["floor"], v["first"], v["last"], v["skip"])

    def _name_numbers(self) -> None:
        numbers = self._numbers()
        count = ngettext("%(n)s room", "%(n)s rooms", len(numbers)) % {"n": len(numbers)}
        self.adding.say(
            f"{numbers[0]} \u2013 {numbers[-1]}, {count}"
            if numbers
            else _("Floor and numbers make the room numbers: 3, 1 to 12 is 301 to 312.")
        )

    def _add(self) -> None:
        numbers = self._numbers()
        if not numbers and not self.adding.form.missing():
            self.refuse(_("No room number is left. Choose other numbers, or fewer digits to leave out."))
            return
        self.save(
            self.adding,
            service.add_rooms.of(
                type_id=self.adding["type_id"].value(),
                numbers=numbers,
                floor=self.adding["floor"].value() if numbers else 0,
                features=self.adding["features"].value(),
            ),
            ngettext("%(n)s room is added.", "%(n)s rooms are added.", len(numbers)) % {"n": len(numbers)},
        )

    def _add_type(self) -> None:
        self.save(
            self.new_type,
            service.add_type.of(**_typed(self.new_type)),
            _("The type is added. Give it rooms and a price."),
        )

    @action(N_("Change"), key=keys.PRIMARY, operation=service.edit_room, kind="primary")
    def edit(self) -> None:
        """Change the room or the type in hand."""
        if self.chips.value() == TYPES:
            kind: TypeRow = self.kinds.row()
            self.old_type.title.setText(f"{_(kind.name)} {kind.code}")
            self.old_type.fill(
                name=kind.name, beds=str(kind.beds), overbook=str(kind.overbook), active=kind.active
            )
            self.open_form(self.old_type, "old_type")
            return
        r: RoomRow = self.rooms.row().room
        self.editing.title.setText(_("Room %(number)s") % {"number": r.number})
        self.editing.fill(
            floor=str(r.floor), features=r.features, lock_id=r.lock_id, joined=r.joined, house_use=r.house_use
        )
        self.open_form(self.editing, "edit")

    def can_edit(self) -> str:
        """Say why not."""
        if self.chips.value() == TYPES:
            return "" if self.kinds.row() is not None else _("Choose a room type first.")
        return self._no_room()

    def _save_room(self) -> None:
        r: RoomRow = self.rooms.row().room
        self.save(
            self.editing,
            service.edit_room.of(room_id=r.id, **_typed(self.editing)),
            _("Room %(number)s is changed.") % {"number": r.number},
        )

    def _save_type(self) -> None:
        kind: TypeRow = self.kinds.row()
        self.save(
            self.old_type,
            service.edit_type.of(type_id=kind.id, **_typed(self.old_type)),
            _("%(type)s is changed.") % {"type": kind.code},
        )

    @action(N_("Close for good"), key="X", operation=service.close_room, kind="danger")
    def close_room(self) -> None:
        """Take the room in hand out of the house for good, after asking."""
        r: RoomRow = self.rooms.row().room
        if self.asker.confirm(
            self,
            _("Close room %(number)s for good? It is never sold again; its history stays.")
            % {"number": r.number},
        ):
            self.run(
                service.close_room.of(room_id=r.id),
                said=_("Room %(number)s is closed for good.") % {"number": r.number},
            )

    def can_close_room(self) -> str:
        """Say why not."""
        return self._no_room() or ("" if self.rooms.row().room.active else _("This room is closed for good."))


def _typed(page: FormPage) -> dict[str, Any]:
    """Return what a form holds, once it can be read; its errors are shown by whoever saves it."""
    if any(field.error() for field in page.form.fields.values() if hasattr(field, "error")):
        return {}
    return page.form.values()
