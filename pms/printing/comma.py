"""Write a print-out's tables as a file of comma-separated values: words as words, never as formulas."""

import csv
from io import StringIO

from pms.printing.slip import Slip, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(slip: Slip) -> bytes:
    """Return a CSV file that a spreadsheet opens in the right letters."""
    out = StringIO()
    writer = csv.writer(out)
    for table in (block for block in slip.blocks if isinstance(block, Table)):
        writer.writerow([column.title for column in table.columns])
        figures = [column.align == "right" for column in table.columns]
        for line in table.rows:
            writer.writerow(map(_plain, line.cells, figures))
    return out.getvalue().encode("utf-8-sig")


def _plain(text: str, figure: bool) -> str:
    """Return a cell as a spreadsheet reads it: a figure with a point only, a word that looks like a formula
    behind an apostrophe."""
    plain = text.replace(",", "").replace("\u2212", "-")
    if figure and plain.removeprefix("-").replace(".", "", 1).isdecimal():
        return plain
    return f"'{text}" if text.startswith(_FORMULA) else text
