"""Rooms, types and blocks: three lists, one panel. Letters set the status of the rooms in hand, several at
once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.rooms import queries, service
from pms.services.rooms.queries import BlockRow, RoomRow, TypeRow
from pms.services.rooms.service import numbers_by_pattern
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Day, Number
from pms.ui.kit.flow import FormPage, Pick
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.one import One
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .lists import CLEAN, KINDS, Line, block_word, of_blocks, of_rooms, of_types

ROOMS, TYPES, BLOCKS = "rooms", "types", "blocks"
DAY = timedelta(days=1)


class RoomsScreen(Register):
    """The settings of the house; each act asks for its own right."""

    NAME, CHOSEN, HEAD, NEW = N_("Rooms"), "edit", ("add",), "add"
    VIEWS = (
        View(
            ROOMS,
            N_("Rooms"),
            N_("The house has no rooms yet. Add a type first, then its rooms."),
            "bed",
            ROOMS,
        ),
        View(TYPES, N_("Types"), N_("The house has no room types yet."), "tape", TYPES),
        View(BLOCKS, N_("Out of sale"), N_("No room is out of sale."), "lock", BLOCKS),
    )
    TOPICS = frozenset({"rooms", "stays", "reservations", "business_date"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Read the house anew."""
        self.types: list[TypeRow] = self.office.ask(queries.types)
        rooms: list[RoomRow] = self.office.ask(queries.rooms)
        blocks: list[BlockRow] = self.office.ask(queries.blocks, since=self.today)
        names = {t.id: f"{_(t.name)} {t.code}" for t in self.types}
        first: dict[int, BlockRow] = {}
        for found in blocks:
            first.setdefault(found.room_id, found)
        lines = [
            Line(
                r,
                names.get(r.type_id, ""),
                first.get(r.id),
                r.id in first and first[r.id].start <= self.today,
            )
            for r in rooms
        ]
        self.of_type = {t.id: sum(r.type_id == t.id and r.active for r in rooms) for t in self.types}
        self.adding["type_id"].set_options([(t.id, names[t.id]) for t in self.types if t.active])
        return {ROOMS: lines, TYPES: self.types, BLOCKS: blocks}

    def counts(self) -> dict[str, int]:
        """Count the rooms of the house, not those that are closed for good."""
        return {**super().counts(), ROOMS: sum(line.room.active for line in self.rows[ROOMS])}

    def answer(self) -> str:
        """Say how many rooms there are, and how many are out of sale now."""
        out = sum(line.running for line in self.rows[ROOMS])
        words = ngettext("%(n)s room", "%(n)s rooms", self.counts()[ROOMS]) % {"n": self.counts()[ROOMS]}
        return _("%(rooms)s, %(n)s out of sale") % {"rooms": words, "n": out} if out else words

    def key(self, row: Line | TypeRow | BlockRow) -> Any:
        """Know a line by its room."""
        return row.room.id if isinstance(row, Line) else row.id

    def make_table(self, name: str) -> Table:
        """Let several rooms be taken in hand at once."""
        if name != ROOMS:
            return super().make_table(name)
        return Table(self.columns(name), key=self.key, many=True, sortable=True)

    def columns(self, name: str) -> Sequence[Column]:
        """Say what a room, a type or a block is."""
        if name == TYPES:
            return of_types(lambda type_id: self.of_type.get(type_id, 0))
        return of_rooms() if name == ROOMS else of_blocks()

    def facts(self, row: Line | TypeRow | BlockRow) -> One:
        """Show a room, several of them, a type or a block."""
        if isinstance(row, TypeRow):
            return One(
                f"{_(row.name)} {row.code}",
                (
                    (_("Beds"), str(row.beds)),
                    (_("Rooms"), str(self.of_type.get(row.id, 0))),
                    (_("Overbooking"), str(row.overbook)),
                ),
            )
        if isinstance(row, BlockRow):
            return One(
                row.number,
                (
                    (_("Reason"), row.reason),
                    (_("From"), formats.long_day(row.start)),
                    (_("To"), formats.long_day(row.end)),
                ),
                badges=((_(KINDS[row.kind][0]), "block", KINDS[row.kind][1]),),
            )
        return self._room(row)

    def whose(self, row: Line | TypeRow | BlockRow) -> Mapping[str, int]:
        """Let every duty tell what happened to the one room in hand."""
        alone = isinstance(row, Line) and len(self.rooms.selected()) <= 1
        return {"room_id": row.room.id} if alone and isinstance(row, Line) else {}

    def _room(self, line: Line) -> One:
        chosen, r = len(self.rooms.selected()), line.room
        many = ngettext("%(n)s room", "%(n)s rooms", chosen) % {"n": chosen}
        return One(
            many if chosen > 1 else _("Room %(number)s") % {"number": r.number},
            (
                (_("Type"), line.type_name),
                (_("Features"), r.features or "\u2014"),
                (_("Lock"), r.lock_id or "\u2014"),
                (_("Connects to"), r.joined or "\u2014"),
                (_("Use"), _("own use") if r.house_use else _("for guests")),
                (_("Out of sale"), block_word(line)),
            ),
            badges=((_(CLEAN[r.clean][0]), *CLEAN[r.clean][1:]),),
        )

    def foot(self, name: str) -> QLayout:
        """Set the status of the rooms in hand, block, give back, change."""
        if name == TYPES:
            return col(None, self.button("edit"))
        if name == BLOCKS:
            return col(None, self.button("unblock"))
        status = row(*((self.button(one, icon=""), 1) for one in ("clean", "dirty", "inspected")), gap=8)
        return col(
            None,
            label(_("Selected rooms"), "meta"),
            status,
            row((self.button("block", icon=""), 1), (self.button("unblock"), 1), gap=8),
            self.button("close_room"),
            self.button("edit"),
            gap=8,
        )

    def make_forms(self) -> None:
        """Add the forms of rooms, types and blocks."""
        self.rooms, self.kinds, self.blocks = (self.tables[name] for name in (ROOMS, TYPES, BLOCKS))
        self.rooms.selectionModel().selectionChanged.connect(lambda *_gone: self._show_one())
        today, back = self.today, self.close_form
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
                skip=Text(_("Skip numbers with the digit"), width=64, longest=3, plain=True),
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
                joined=Text(_("Connects to"), longest=40, plain=True),
                house_use=Flag(_("For house use")),
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
                kind=Pick(_("Type of block"), [(k, _(w[0])) for k, w in KINDS.items()]),
                reason=Text(_("Reason"), required=True, longest=120),
                start=Day(_("From"), today=today, required=True),
                end=Day(_("To, that night is sold again"), today=today, required=True),
                returns_to=Choice(_("Returns as"), [(c, _(w[0])) for c, w in CLEAN.items()], value="dirty"),
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
                name_zh=Text(_("Name in Chinese"), longest=40),
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
                name_zh=Text(_("Name in Chinese"), longest=40),
                beds=Number(_("Beds"), least=1, most=20, required=True),
                overbook=Number(_("Overbooking allowed"), least=0, most=99),
                active=Flag(_("On sale")),
            ),
        )

    def open(self, page: str = "", room_id: int = 0, block: bool = False, **_what: Any) -> None:
        """Show a list; ``room_id`` takes a room in hand, ``block`` opens the form that takes it out of
        sale."""
        if page or room_id:
            self.show_view(page or ROOMS)
        if room_id and self.rooms.pick(room_id) and block:
            self.acts["block"].press()

    # -------------------------------------------------------------- status by letters
    def _set(self, clean: str) -> None:
        ids = [line.room.id for line in self.rooms.selected()]
        said = ngettext("%(n)s room is %(state)s now.", "%(n)s rooms are %(state)s now.", len(ids))
        self.run(
            service.set_clean.of(room_ids=ids, clean=clean),
            said=said % {"n": len(ids), "state": _(CLEAN[clean][0]).lower()},
        )

    def _no_room(self) -> str:
        if self.view != ROOMS or self.rooms.row() is None or not self.rooms.selected():
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
        return self._no_room() or ("" if self.rooms.row().room.active else _("This room is retired."))

    def _block(self) -> None:
        line: Line = self.rooms.row()
        self.save(
            self.blocking,
            service.block.of(room_id=line.room.id, **_typed(self.blocking)),
            _("%(room)s is out of sale.") % {"room": line.room.number},
        )

    @action(N_("Back on sale"), key="R", operation=service.unblock)
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
        if self.view == BLOCKS:
            found = self.blocks.row()
        elif self.view == ROOMS and self.rooms.row() is not None:
            found = self.rooms.row().block
        return found

    # -------------------------------------------------------------- rooms and types
    @action(N_("Add"), key=keys.NEW, operation=service.add_rooms, icon="plus")
    def add(self) -> None:
        """Add rooms by pattern, or a type where the types are shown."""
        if self.view == TYPES or not self.types:
            self.new_type.fill(code="", name="", name_zh="", beds="1", overbook="0")
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
            self.refuse(_("No room number is left. Choose other numbers, or fewer digits to skip."))
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
        if self.view == TYPES:
            kind: TypeRow = self.kinds.row()
            self.old_type.title.setText(f"{_(kind.name)} {kind.code}")
            self.old_type.fill(
                name=kind.own_name,
                name_zh=kind.name_zh,
                beds=str(kind.beds),
                overbook=str(kind.overbook),
                active=kind.active,
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
        if self.view == TYPES:
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

    @action(N_("Retire room"), key="Ctrl+Del", operation=service.close_room, kind="danger")
    def close_room(self) -> None:
        """Take the room in hand out of the house for good, after asking."""
        r: RoomRow = self.rooms.row().room
        if self.asker.confirm(
            self,
            _("Retire room %(number)s? It is never sold again; its history stays.") % {"number": r.number},
        ):
            self.run(
                service.close_room.of(room_id=r.id),
                said=_("Room %(number)s is retired.") % {"number": r.number},
            )

    def can_close_room(self) -> str:
        """Say why not."""
        return self._no_room() or ("" if self.rooms.row().room.active else _("This room is retired."))


def _typed(page: FormPage) -> dict[str, Any]:
    """Return what a form holds, once it can be read; its errors are shown by whoever saves it."""
    if any(field.error() for field in page.form.fields.values() if hasattr(field, "error")):
        return {}
    return page.form.values()
