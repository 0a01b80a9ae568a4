"""People and roles: two lists, one panel. A changed right holds from the person's next action."""

from typing import Any

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.i18n import LANGUAGES, N_, _, ngettext
from pms.core.permissions import Permission
from pms.services.staff import queries, service
from pms.services.staff.queries import RoleRow, StaffRow
from pms.ui.kit import keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.forms import Choice, Flag, Secret, Text
from pms.ui.kit.parts import Item, box, card, col, heading, label, row
from pms.ui.kit.rights import rights
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

PEOPLE, ROLES = "people", "roles"


class StaffScreen(SideScreen):
    """Who works here, what they may do, their passwords."""

    TOPICS = frozenset({"staff"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.people = Table(
            (
                Column(N_("Name"), lambda p: p.name, bold=True, strike=lambda p: not p.active),
                Column(N_("Sign-in name"), lambda p: p.login, width=180),
                Column(N_("Role"), lambda p: _(p.role_name), width=200),
                Column(
                    N_("State"),
                    lambda p: _("May sign in") if p.active else _("Locked out"),
                    "badge",
                    width=140,
                    tone=lambda p: "good" if p.active else "block",
                    icon=lambda p: "check" if p.active else "lock",
                ),
            ),
            key=lambda p: p.id,
        )
        self.people.set_empty(Empty("users", _("Nobody works here yet.")))
        self.roles = Table(
            (
                Column(N_("Role"), lambda r: _(r.name), bold=True),
                Column(N_("Rights"), lambda r: len(r.rights), "number", width=96),
            ),
            key=lambda r: r.code,
        )
        for table in (self.people, self.roles):
            table.picked.connect(self._picked)
            table.chosen.connect(lambda _row: self.acts["change"].press())
        self.chips = Chips([(PEOPLE, _("Staff")), (ROLES, _("Roles"))], value=PEOPLE)
        self.chips.chosen.connect(self._turn)
        self.lists = QStackedWidget()
        for table in (self.people, self.roles):
            self.lists.addWidget(card((table, 1), gap=0, pad=(1, 1, 1, 1)))
        self.panel = SidePages(self.notes, width=376)
        self.title, self.told = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.lock_button = self.button("lock")
        foot = col(
            None,
            row((self.button("password"), 1), (self.lock_button, 1), gap=8),
            self.button("see_log"),
            self.button("take_on"),
            self.button("change"),
            gap=8,
        )
        self.panel.add(self.HOME, box(col(self.title, self.told, None, gap=12)), box(foot))
        self._make_forms()
        main = col(heading(_("Staff"), self.chips, None), (self.lists, 1), gap=12, pad=(16, 12, 16, 12))
        return row((box(main), 1), self.panel, gap=0)

    def _make_forms(self) -> None:
        back = self.close_form
        first, again = Secret(_("Password")), Secret(_("Password again"))
        self.hiring = self.panel.add_form(
            "take_on",
            FormPage(
                _("New person"),
                _("Take on"),
                self._take_on,
                back,
                icon="plus",
                name=Text(_("Name"), required=True, longest=40),
                login=Text(_("Sign-in name"), required=True, longest=40),
                role=Choice(_("Role"), required=True),
                language=Choice(_("Language"), list(LANGUAGES.items()), value="zh_CN"),
                password=first,
                again=again,
            ),
        )
        self.editing = self.panel.add_form(
            "person",
            FormPage(
                _("Person"),
                _("Save"),
                self._save_person,
                back,
                name=Text(_("Name"), required=True, longest=40),
                role=Choice(_("Role"), required=True),
            ),
        )
        self.renewing = self.panel.add_form(
            "password",
            FormPage(
                _("New password"),
                _("Set the password"),
                self._set_password,
                back,
                icon="lock",
                password=Secret(_("Password")),
                again=Secret(_("Password again")),
            ),
        )
        self.flags: dict[str, Flag] = {}
        items: list[Item] = []
        for group, pairs in rights():
            made = {right: Flag(_(words)) for right, words in pairs}
            items += [label(_(group), "strong"), col(*made.values(), gap=0)]
            self.flags |= made
        self.granting = self.panel.add_form(
            "role", FormPage(_("Role"), _("Save"), self._save_role, back, *items)
        )

    def start(self) -> QWidget | None:
        """Begin at the list."""
        return self.people if self.chips.value() == PEOPLE else self.roles

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Read people and roles anew."""
        self.people.show_rows(self.office.ask(queries.all_staff))
        self.role_rows: list[RoleRow] = self.office.ask(queries.roles)
        self.roles.show_rows(self.role_rows)
        for form in (self.hiring, self.editing):
            form["role"].set_options([(r.code, _(r.name)) for r in self.role_rows])
        for table in (self.people, self.roles):
            if table.row() is None and table.rows.rowCount():
                table.selectRow(0)
        self._picked()

    def _turn(self, page: str) -> None:
        self.lists.setCurrentIndex(0 if page == PEOPLE else 1)
        self.close_form()
        self._picked()

    def _picked(self, _row: Any = None) -> None:
        if self.chips.value() == PEOPLE:
            person: StaffRow | None = self.people.row()
            self.title.setText(person.name if person else "")
            self.told.setText(
                _("Signs in as %(login)s, role %(role)s.")
                % {"login": person.login, "role": _(person.role_name)}
                if person
                else ""
            )
            self.lock_button.say(_("Lock out") if not person or person.active else _("Let in again"))
        else:
            role: RoleRow | None = self.roles.row()
            self.title.setText(_(role.name) if role else "")
            count = len(role.rights) if role else 0
            self.told.setText(ngettext("%(n)s right", "%(n)s rights", count) % {"n": count} if role else "")
        self.update_actions()

    def _person(self) -> StaffRow:
        person: StaffRow = self.people.row()
        return person

    def _nobody(self) -> str:
        return (
            ""
            if self.chips.value() == PEOPLE and self.people.row() is not None
            else _("Choose a person in the list first.")
        )

    # -------------------------------------------------------------- actions
    @action(N_("Change"), key=keys.PRIMARY, operation=service.edit, kind="primary")
    def change(self) -> None:
        """Open the form for the person or the role in hand."""
        if self.chips.value() == PEOPLE:
            p = self._person()
            self.editing.title.setText(p.name)
            self.editing.fill(name=p.name, role=p.role)
            self.open_form(self.editing, "person")
            return
        role: RoleRow = self.roles.row()
        self.granting.title.setText(_(role.name))
        for right, flag in self.flags.items():
            flag.set_value(right in role.rights)
            flag.setEnabled(role.code != "owner")
        self.granting.say(
            _("The owner's rights cannot be cut.")
            if role.code == "owner"
            else _("Holds from the next action of each person in this role.")
        )
        self.open_form(self.granting, "role")

    def can_change(self) -> str:
        """Say why not."""
        if self.chips.value() == ROLES:
            return "" if self.roles.row() is not None else _("Choose a role first.")
        return self._nobody()

    def _save_person(self) -> None:
        p = self._person()
        self.save(
            self.editing,
            service.edit.of(
                staff_id=p.id,
                name=self.editing["name"].value(),
                role=self.editing["role"].value(),
                active=p.active,
            ),
            _("%(name)s is changed.") % {"name": p.name},
        )

    def _save_role(self) -> None:
        role: RoleRow = self.roles.row()
        ticked = [right for right, flag in self.flags.items() if flag.value()]
        self.save(
            self.granting,
            service.edit_role.of(code=role.code, rights=ticked),
            _("The rights of %(role)s are changed.") % {"role": _(role.name)},
        )

    @action(N_("Take on"), key="N", operation=service.take_on, icon="plus")
    def take_on(self) -> None:
        """Open the form for a new person."""
        self.hiring.fill(name="", login="", role="clerk", language="zh_CN", password="", again="")
        self.open_form(self.hiring, "take_on")

    def _take_on(self) -> None:
        if self._twice(self.hiring):
            values = self.hiring.form.values()
            values.pop("again")
            self.save(
                self.hiring,
                service.take_on.of(**values),
                _("%(name)s may sign in now.") % {"name": values["name"]},
            )

    @action(N_("New password"), key="P", operation=service.set_password, icon="lock")
    def password(self) -> None:
        """Open the form for a new password."""
        self.renewing.say(self._person().name)
        self.renewing.fill(password="", again="")
        self.open_form(self.renewing, "password")

    def can_password(self) -> str:
        """Say why not."""
        return self._nobody()

    def _set_password(self) -> None:
        if self._twice(self.renewing):
            p = self._person()
            self.save(
                self.renewing,
                service.set_password.of(staff_id=p.id, password=self.renewing["password"].value()),
                _("%(name)s has a new password.") % {"name": p.name},
            )

    @action(N_("Access log"), key="G", permission=Permission.ACCESS_READ, icon="lock")
    def see_log(self) -> None:
        """See what was refused, and who looked at what."""
        self.go("access")

    def _twice(self, page: FormPage) -> bool:
        """Check the form and that the password was typed the same twice."""
        if missing := page.form.missing():
            self.refuse(missing)
            return False
        if page["password"].value() != page["again"].value():
            page["again"].set_error(_("The two passwords differ."))
            page["again"].setFocus()
            return False
        return True

    @action(N_("Lock out"), key="L", operation=service.edit, kind="danger")
    def lock(self) -> None:
        """Lock the person in hand out, or let them in again."""
        p = self._person()
        said = _("%(name)s may no longer sign in.") if p.active else _("%(name)s may sign in again.")
        self.run(
            service.edit.of(staff_id=p.id, name=p.name, role=p.role, active=not p.active),
            said=said % {"name": p.name},
        )

    def can_lock(self) -> str:
        """Say why not."""
        if why := self._nobody():
            return why
        return (
            _("Nobody locks themselves out. Ask another person.")
            if self._person().id == self.office.clerk.id
            else ""
        )
