"""People and roles: two lists, one panel. A changed right holds from the person's next action."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import LANGUAGES, N_, _, ngettext
from pms.services.staff import queries, service
from pms.services.staff.duty import ACCESS_READ
from pms.services.staff.queries import RoleRow, StaffRow
from pms.ui.kit import keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Flag, Secret, Text
from pms.ui.kit.one import One
from pms.ui.kit.parts import Item, col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rights import rights
from pms.ui.kit.rows import Column

PEOPLE, ROLES = "people", "roles"


class StaffScreen(Register):
    """Who works here, what they may do, their passwords."""

    NAME, CHOSEN, HEAD, NEW = N_("Staff"), "change", ("take_on", "see_log"), "take_on"
    VIEWS = (
        View(PEOPLE, N_("Staff"), N_("No staff yet."), "users", PEOPLE),
        View(ROLES, N_("Roles"), N_("There are no roles."), "shield", ROLES),
    )
    CHOOSE = N_("Choose a person in the list first.")
    PANEL = 376
    TOPICS = frozenset({"staff"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask for people and roles."""
        self.role_rows: list[RoleRow] = self.office.ask(queries.roles)
        for form in (self.hiring, self.editing):
            form["role"].set_options([(r.code, _(r.name)) for r in self.role_rows])
        return {PEOPLE: self.office.ask(queries.all_staff), ROLES: self.role_rows}

    def answer(self) -> str:
        """Say how many may sign in, and how many are locked out."""
        inside = sum(p.active for p in self.rows[PEOPLE])
        words = ngettext("%(n)s person active", "%(n)s people active", inside) % {"n": inside}
        if not (out := len(self.rows[PEOPLE]) - inside):
            return words
        return _("%(people)s, %(n)s suspended") % {"people": words, "n": out}

    def key(self, row: StaffRow | RoleRow) -> Any:
        """Know a person by number, a role by code."""
        return row.code if isinstance(row, RoleRow) else row.id

    def columns(self, name: str) -> Sequence[Column]:
        """Say who works here, or what a role may."""
        if name == ROLES:
            return (
                Column(N_("Role"), lambda r: _(r.name), bold=True),
                Column(N_("Rights"), lambda r: len(r.rights), "number", width=96),
            )
        return (
            Column(N_("Name"), lambda p: p.name, bold=True, strike=lambda p: not p.active),
            Column(N_("Sign-in name"), lambda p: p.login, width=180),
            Column(N_("Role"), lambda p: _(p.role_name), width=200),
            Column(
                N_("State"),
                lambda p: _("Active") if p.active else _("Suspended"),
                "badge",
                width=140,
                tone=lambda p: "good" if p.active else "block",
                icon=lambda p: "check" if p.active else "lock",
                usual=lambda p: p.active,
            ),
        )

    def facts(self, row: StaffRow | RoleRow) -> One:
        """Show a person, or a role with its rights in words."""
        if isinstance(row, StaffRow):
            state = ("", "", "") if row.active else (_("Suspended"), "block", "lock")
            return One(
                row.name, ((_("Sign-in name"), row.login), (_("Role"), _(row.role_name))), badges=(state,)
            )
        count = ngettext("%(n)s right", "%(n)s rights", len(row.rights)) % {"n": len(row.rights)}
        held = [
            (_(group), "\n".join(_(words) for right, words in pairs if right in row.rights))
            for group, pairs in rights()
        ]
        return One(_(row.name), held, about=count)

    def foot(self, name: str) -> QLayout:
        """Change a person or a role."""
        if name == ROLES:
            return col(None, self.button("change"))
        self.lock_button = self.button("lock")
        two = row((self.button("password"), 1), (self.lock_button, 1), gap=8)
        return col(None, two, self.button("change"), gap=8)

    def picked(self) -> None:
        """Offer to lock out, or to let in again."""
        person: StaffRow | None = self.people.row()
        self.lock_button.say(_("Suspend") if not person or person.active else _("Lift suspension"))

    def make_forms(self) -> None:
        """Add the forms of a person, a password and a role."""
        self.people, self.roles = self.tables[PEOPLE], self.tables[ROLES]
        back = self.close_form
        first, again = Secret(_("Password")), Secret(_("Password again"))
        self.hiring = self.panel.add_form(
            "take_on",
            FormPage(
                _("New person"),
                _("Add person"),
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

    def _person(self) -> StaffRow:
        person: StaffRow = self.people.row()
        return person

    def _nobody(self) -> str:
        chosen = self.view == PEOPLE and self.people.row() is not None
        return "" if chosen else _("Choose a person in the list first.")

    # -------------------------------------------------------------- actions
    @action(N_("Change"), key=keys.PRIMARY, operation=service.edit, kind="primary")
    def change(self) -> None:
        """Open the form for the person or the role in hand."""
        if self.view == PEOPLE:
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
            else _("Takes effect at each person's next action.")
        )
        self.open_form(self.granting, "role")

    def can_change(self) -> str:
        """Say why not."""
        if self.view == ROLES:
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

    @action(N_("Add person"), key=keys.NEW, operation=service.take_on, icon="plus")
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

    @action(N_("New password"), operation=service.set_password, icon="lock")
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

    @action(N_("Access log"), key="Ctrl+G", permission=ACCESS_READ, icon="lock")
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

    @action(N_("Suspend"), key="Ctrl+Del", operation=service.edit, kind="danger")
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
            _("You cannot suspend yourself. Ask another person.")
            if self._person().id == self.office.clerk.id
            else ""
        )
