"""Printers and which papers they get; the jobs themselves are a table that every duty shares."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import Table
from pms.db.clashes import clash


class PrinterRecord(Table):
    """A printer: how it is reached, on which paper it prints, what it can do."""

    __tablename__ = "printer"
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    address: Mapped[str]
    paper: Mapped[str] = mapped_column(default="80mm")
    charset: Mapped[str] = mapped_column(default="gbk")
    cutter: Mapped[bool] = mapped_column(default=True)
    drawer: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class PrintRoute(Table):
    """Which printer a workstation uses for a kind of paper; an empty ``station`` or ``kind`` stands for all
    others."""

    __tablename__ = "print_route"
    station: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    printer_id: Mapped[int] = mapped_column(ForeignKey("printer.id"))
    __table_args__ = (UniqueConstraint("station", "kind"),)


clash("printer.name", N_("There is a printer of this name already. Choose another name."))
clash("uq_printer_name", N_("There is a printer of this name already. Choose another name."))
