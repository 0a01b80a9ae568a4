"""Write print-outs as a spreadsheet: one sheet for each, figures as numbers, words as words (never as
formulas)."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pms.printing.slip import Facts, Heading, Slip, Table, Text

_NUMBER = re.compile(r"[\u2212-]?(0|[1-9]\d{0,2}(,\d{3})*|[1-9]\d*)(\.\d+)?")  # 0301 is a name, not a number
_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def render(slips: Sequence[Slip]) -> bytes:
    """Return an XLSX file with a sheet for each print-out."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "section": book.add_format({"bold": True}),
        "number": [book.add_format({"num_format": f"#,##0.{'0' * n}".rstrip(".")}) for n in range(5)],
        "share": book.add_format({"num_format": "0.00%"}),
        "note": book.add_format({"italic": True, "font_color": "#4A5A62"}),
    }
    for slip in slips:
        _Sheet(book.add_worksheet(_FORBIDDEN.sub(" ", slip.title)[:_LONGEST]), styles).write(slip)
    book.close()
    return out.getvalue()


class _Sheet:
    """Writes one print-out from top to bottom."""

    def __init__(self, sheet: Any, styles: dict[str, Any]) -> None:
        self.sheet, self.styles, self.at, self.widths = sheet, styles, 0, dict[int, int]()

    def write(self, slip: Slip) -> None:
        self._line([slip.house], "section")
        self._line([slip.title], "title")
        for block in slip.blocks:
            self._block(block)
        self._line([slip.foot], "note")
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, min(width + 3, 48))

    def _block(self, block: Any) -> None:
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Facts):
            for pair in block.pairs:
                self._line(list(pair))
        elif isinstance(block, Heading):
            self.at += 1
            self._line([block.text], "section")
        elif isinstance(block, Text):
            self._line([block.text], "note")

    def _table(self, table: Table) -> None:
        self._line([c.title for c in table.columns], "head")
        for row in table.rows:
            self._line([*row.cells, row.note] if row.note else list(row.cells))
        for total in table.totals:
            self._line([total.label, *[""] * (len(table.columns) - 2), total.value])

    def _line(self, cells: list[str], style: str = "") -> None:
        for column, text in enumerate(cells):
            self._cell(column, text, style)
        self.at += 1

    def _cell(self, column: int, text: str, style: str) -> None:
        if style not in ("title", "note"):
            self.widths[column] = max(self.widths.get(column, 0), sum(2 if c > "\u2e7f" else 1 for c in text))
        plain = text.replace(",", "").replace("\u2212", "-")
        if not style and _NUMBER.fullmatch(text):
            decimals = len(text.partition(".")[2])
            self.sheet.write_number(self.at, column, float(plain), self.styles["number"][min(decimals, 4)])
        elif not style and text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
            self.sheet.write_number(self.at, column, float(plain[:-1]) / 100, self.styles["share"])
        elif text:
            self.sheet.write_string(self.at, column, text, self.styles.get(style))
