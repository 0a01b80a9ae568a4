"""Set a table on sheets: columns by what stands in them, rows that run over and take the titles with them."""

from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from pms.printing.slip import Block, Column, Row, Table, Total
from pms.printing.texts import clean, fold, spread

from .sheet_page import FINE, FIRM, HAIR, LEADING, S4, S8, S12, S16, SMALL, Sheet, width_of


def beginning(block: Block, sheet: Sheet) -> float:
    """Return the height of what must not be parted from the title above it: of a table its columns' titles
    with the first row."""
    if not isinstance(block, Table):
        return sheet.base * 4
    setting = _fitted(block, sheet)
    first = (
        _row_height(block.rows[0], setting, sheet)
        if block.rows
        else sum(map(_total_height, block.totals[:2], [sheet] * 2))
    )
    return max(sheet.base * 6, _titles_height(setting) + first)


@dataclass(frozen=True)
class _Setting:
    """How a table's columns stand on the page."""

    columns: tuple[Column, ...]
    sizes: tuple[float, ...]
    size: float
    left: float
    grid: bool

    @property
    def starts(self) -> tuple[float, ...]:
        return tuple(self.left + sum(self.sizes[:index]) + S12 * index for index in range(len(self.sizes)))

    def lines(self, text: str, index: int, size: float, strong: bool = False) -> list[str]:
        return fold(clean(text), max(self.sizes[index], size), partial(width_of, size=size, strong=strong))

    def anchor(self, index: int) -> float:
        return (
            self.starts[index]
            + self.sizes[index] * {"left": 0, "center": 0.5, "right": 1}[self.columns[index].align]
        )


def put_table(block: Table, sheet: Sheet) -> None:
    """Put a table with its titles, rows and totals."""
    setting = _fitted(block, sheet)
    sheet.make_room(beginning(block, sheet))
    _titles(setting, sheet)
    totals = sum(_total_height(total, sheet) for total in block.totals)
    for left, row in zip(range(len(block.rows) - 1, -1, -1), block.rows, strict=True):
        _put_row(row, setting, sheet, S4 + totals if left == 0 else 0)
    if not block.grid:
        sheet.line(FINE)
    sheet.y += S4
    for total in block.totals:
        _put_total(total, sheet)
    sheet.y += S8


def _fitted(block: Table, sheet: Sheet) -> _Setting:
    """Choose the largest type at which the figures fit; below the smallest legible one the columns wrap by
    share."""
    room = sheet.width - S12 * (len(block.columns) - 1) - (S12 if block.grid else 0)
    left = sheet.left + (S12 / 2 if block.grid else 0)
    for scale in (1.0, 0.9, 0.8, 0.72):
        size = sheet.base * scale
        if sizes := spread(block.columns, _natural(block, size), room, size * 3):
            return _Setting(block.columns, tuple(sizes), size, left, block.grid)
    parts = sum(column.share for column in block.columns)
    return _Setting(
        block.columns, tuple(room * column.share / parts for column in block.columns), size, left, block.grid
    )


def _natural(block: Table, size: float) -> list[float]:
    heads = [width_of(clean(column.title), size * SMALL, strong=True) for column in block.columns]
    cells = [[width_of(clean(cell), size) for cell in row.cells] for row in (*block.rows, *block.beside)]
    return [max(widths) + 0.1 for widths in zip(heads, *cells, strict=True)]


def _title_cells(setting: _Setting) -> list[list[str]]:
    return [
        setting.lines(column.title, index, setting.size * SMALL, strong=True)
        for index, column in enumerate(setting.columns)
    ]


def _titles_height(setting: _Setting) -> float:
    lines = max(map(len, _title_cells(setting)))
    return lines * setting.size * SMALL * LEADING + S4 + (S4 / 2 if setting.grid else 0)


def _titles(setting: _Setting, sheet: Sheet) -> None:
    if not any(column.title for column in setting.columns):
        sheet.line(FINE)
        return
    size = setting.size * SMALL
    cells = _title_cells(setting)
    height = _titles_height(setting) - (S4 / 2 if setting.grid else 0)
    if setting.grid:
        sheet.line(FINE)
        _uprights(setting, sheet, height + S4)
        sheet.y += S4 / 2
    for index, parts in enumerate(cells):
        for place, part in enumerate(parts):
            sheet.word(
                setting.anchor(index),
                part,
                size,
                strong=True,
                align=setting.columns[index].align,
                drop=place * size * LEADING,
            )
    sheet.y += height + (S4 / 2 if setting.grid else 0)
    sheet.line(FINE)


def _levels(row: Row, setting: _Setting) -> list[tuple[str, ...]]:
    return list(
        zip_longest(
            *(setting.lines(cell, index, setting.size) for index, cell in enumerate(row.cells)), fillvalue=""
        )
    )


def _row_height(row: Row, setting: _Setting, sheet: Sheet) -> float:
    height = (
        len(_levels(row, setting)) + len(_note_lines(row, setting, sheet)) * SMALL
    ) * setting.size * LEADING + S8
    return max(height, setting.size * 2.4) if setting.grid else height


def _put_row(row: Row, setting: _Setting, sheet: Sheet, after: float) -> None:
    """Put a row where it fits with what must follow it on the same page: the totals come after the last."""
    pitch = setting.size * LEADING
    levels, notes = _levels(row, setting), _note_lines(row, setting, sheet)
    height = _row_height(row, setting, sheet)
    if sheet.make_room(height + after):
        _titles(setting, sheet)
    if setting.grid:
        _uprights(setting, sheet, height)
    bottom = sheet.y + height
    sheet.y += S4 + (height - S8 - (len(levels) + len(notes) * SMALL) * pitch) / 2
    for level in levels:
        _put_level(level, setting, sheet, row.struck)
    for note in notes:
        sheet.word(setting.starts[_word_column(setting)], note, setting.size * SMALL)
        sheet.y += pitch * SMALL
    sheet.y = bottom
    sheet.line(FIRM if row.closes else HAIR)


def _put_level(level: tuple[str, ...], setting: _Setting, sheet: Sheet, struck: bool) -> None:
    for index, text in enumerate(level):
        align, anchor = setting.columns[index].align, setting.anchor(index)
        sheet.word(anchor, text, setting.size, align=align)
        if struck and text:
            long = width_of(text, setting.size)
            start = anchor - long * {"left": 0, "center": 0.5, "right": 1}[align]
            sheet.line(FINE, start, start + long, drop=setting.size * 0.75)
    sheet.y += setting.size * LEADING


def _note_lines(row: Row, setting: _Setting, sheet: Sheet) -> list[str]:
    note = clean(row.note)
    first, last = _word_column(setting), len(setting.sizes) - 1
    end = (
        setting.starts[last] - S12 if setting.columns[last].align == "right" and last > first else sheet.right
    )
    size = setting.size * SMALL
    return fold(note, end - setting.starts[first], partial(width_of, size=size)) if note else []


def _word_column(setting: _Setting) -> int:
    """Return the column a row's explanation stands under: the widest one of words."""
    words = [index for index, column in enumerate(setting.columns) if column.align == "left"] or [0]
    return max(words, key=lambda index: setting.sizes[index])


def _uprights(setting: _Setting, sheet: Sheet, height: float) -> None:
    for x in (sheet.left, *(start - S12 / 2 for start in setting.starts[1:]), sheet.right):
        sheet.upright(x, height, HAIR)


def _total_height(total: Total, sheet: Sheet) -> float:
    return sheet.base * (1.25 if total.strong else 1) * LEADING + S4


def _put_total(total: Total, sheet: Sheet) -> None:
    size = sheet.base * (1.25 if total.strong else 1)
    value = clean(total.value)
    taken = max(width_of(value, size, total.strong) + S16, sheet.width * 0.2)
    sheet.make_room(_total_height(total, sheet))
    drop = sheet.y
    sheet.word(sheet.right, value, size, total.strong, "right")
    sheet.paragraph(total.label, size, total.strong, "right", width=sheet.width - taken)
    sheet.y = max(sheet.y, drop + size * LEADING) + S4 / 2
