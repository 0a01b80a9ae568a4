"""A window with one field of each kind, shown where an input method runs; says what each was given."""

import json
import sys
from datetime import date
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.forms import Code, Secret, Text
from pms.ui.kit.parts import col
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.times import Time


class Grid(Table):
    """A list that notes the letters it is struck with."""

    struck = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Note a letter."""
        self.struck += event.text()
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note what an input method hands over."""
        self.struck += event.commitString()
        super().inputMethodEvent(event)


def main(folder: Path) -> None:
    """Give the keys to one field after another: the file ``at`` names it, and whoever takes the file away has
    done with it. ``got`` says at the end what stands in each."""
    app = QApplication([])
    grid = Grid((Column("Room", lambda x: x),))
    grid.show_rows(["301", "302"])
    fields: dict[str, QWidget] = {
        "name": Text("Name"),
        "amount": Amount("Amount"),
        "number": Number("Number"),
        "code": Code("Code"),
        "day": Day("Day", today=date(2026, 11, 20)),
        "time": Time("Time"),
        "secret": Secret("Secret"),
        "grid": grid,
        "name again": Text("Name again"),
    }
    window = QWidget()
    window.setLayout(col(*fields.values()))
    window.show()
    window.activateWindow()
    waiting = list(fields)

    def step() -> None:
        if (folder / "at").exists() or not window.isActiveWindow():
            return
        if not waiting:
            got = {n: f.struck if isinstance(f, Grid) else f.line.text() for n, f in fields.items()}  # type: ignore[attr-defined]
            (folder / "got").write_text(json.dumps(got), "utf-8")
            app.quit()
            return
        name = waiting.pop(0)
        fields[name].setFocus()
        (folder / "at").write_text(name, "utf-8")

    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(100)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
