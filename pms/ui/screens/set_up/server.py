"""Where the books are kept: on this computer, or on a server with its address and role."""

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _
from pms.ui.kit.amounts import Number
from pms.ui.kit.forms import Form, Secret, Text
from pms.ui.kit.parts import chip, col, row
from pms.ui.screens.set_up.page import Page


class ServerForm(QWidget):
    """Where a PostgreSQL database is."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form(
            host=Text(_("Server"), required=True, width=260, hint="192.168.1.10", plain=True),
            port=Number(_("Port"), value=5432, least=1, most=65535, required=True, width=80),
            database=Text(_("Database"), required=True, value="hotel", width=180, plain=True),
            user=Text(_("User"), required=True, value="pms", width=140, plain=True),
            password=Secret(_("Password"), width=200),
        )
        f = self.form
        self.setLayout(
            col(
                row(f["host"], f["port"], None, gap=12),
                row(f["database"], f["user"], f["password"], None, gap=12),
                gap=12,
            )
        )


class DatabasePage(Page):
    """On this computer, or on a server that several desks share."""

    title, says = (
        N_("Database"),
        N_("One desk keeps its books on this computer. Several desks share a PostgreSQL server."),
    )

    def build(self) -> QLayout:
        """Put the page together."""
        self.here, self.there = (
            chip(_("On this computer"), icon="house", on=True),
            chip(_("On a PostgreSQL server"), icon="users"),
        )
        self.here.setAutoExclusive(True)
        self.there.setAutoExclusive(True)
        self.server = ServerForm()
        self.server.setVisible(False)
        self.there.toggled.connect(self.server.setVisible)
        return col(row(self.here, self.there, None, gap=8), self.server, None, gap=16)

    def first(self) -> QWidget:
        """Begin at the choice."""
        return self.there if self.there.isChecked() else self.here

    def leave(self) -> str:
        """Keep where the books are."""
        if self.there.isChecked() and (wrong := self.server.form.missing()):
            return wrong
        self.draft.server = self.server.form.values() if self.there.isChecked() else {}
        return ""
