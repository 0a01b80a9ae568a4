"""The tax platform's own workbook (批量开票-导入开票模板), filled: only its rows from 4 on change.

The workbook is the hotel's, as the platform gave it out: sheets, explanations, drop-downs and the hidden
sheet with its version stay byte for byte. Columns are found by their heads, for their order changes with
every version; every cell that is written is a text.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from pms.core import tables
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.typed import half_width

HEADS, LINES = "1-发票基本信息", "2-发票明细信息"
EMPTIED = ("3-特定业务信息", "4-附加要素信息")
"""Sheets that say more of an invoice by its serial; what an older use left there belongs to none of these."""
VERSION, VERSION_ROW = "excelVersion", 4
HEAD_ROW, FIRST_ROW = 3, 4
MOST, MOST_LINES = 998, 2000
"""Invoices of a file: the drop-downs end in row 1001; of more lines the platform may refuse them all."""
Texts = Mapping[str, str]

_DATA = re.compile(r"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</\1sheetData\s*>)", re.DOTALL)
_ROW = re.compile(r"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row\s*>)", re.DOTALL)
_CELL = re.compile(r"<(?:\w+:)?c\b([^>]*?)(?:/>|>.*?</(?:\w+:)?c\s*>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b([\w:]+)="([^"]*)"')
_DIMENSION = re.compile(r'(<(?:\w+:)?dimension\s+ref=")[^"]*(")')
_UNWRITTEN = re.compile(r"[\x00-\x1f\ufffe\uffff]+")


def fill(content: bytes, heads: Sequence[Texts], lines: Sequence[Texts]) -> bytes:
    """Return the workbook with these rows in its first and second sheet, named by their columns' heads.

    Refuses what is not the platform's template, one that lacks a column, and more than it takes at once.
    """
    if len(heads) > MOST or len(lines) > MOST_LINES:
        raise Refused(
            _("The platform takes %(n)s invoices with %(lines)s lines at once. Choose fewer.")
            % {"n": MOST, "lines": MOST_LINES}
        )
    where, found = tables.parts(content), tables.sheets(content)
    _check(content, found)
    new = {
        where[HEADS]: _placed(found[HEADS], heads),
        where[LINES]: _placed(found[LINES], lines),
        **{where[name]: [] for name in EMPTIED if name in where},
    }
    try:
        return _copied(content, new)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _unlike() from None


def _copied(content: bytes, new: Mapping[str, Sequence[Mapping[int, str]]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if sum(info.file_size for info in old.infolist()) > tables.MOST:
            raise _unlike()
        for info in old.infolist():
            data = old.read(info)
            if info.filename in new:
                data = _written(data, new[info.filename])
            made.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _check(content: bytes, found: Mapping[str, tables.Sheet]) -> None:
    version = found.get(VERSION, tables.Sheet()).rows
    told = version[VERSION_ROW - 1][:1] if len(version) >= VERSION_ROW else []
    whole = {HEADS, LINES} <= found.keys() and VERSION in tables.hidden(content)
    if not whole or not told or not told[0].startswith("pt:"):
        raise Refused(
            _(
                "This is not the platform's template for issuing invoices in one go. Fetch it on the "
                "platform and choose the file as it is."
            )
        )


def key(title: str) -> str:
    """Return a column's head as it is compared: no blanks, marks and kinds of brackets."""
    return re.sub(r"[\s*]", "", half_width(title))


def _placed(sheet: tables.Sheet, rows: Sequence[Texts]) -> list[dict[int, str]]:
    """Return the texts by the number of their column, from 1."""
    titles = sheet.rows[HEAD_ROW - 1] if len(sheet.rows) >= HEAD_ROW else []
    columns = {key(title): n for n, title in reversed(list(enumerate(titles, 1))) if title}
    missing = [title for row in rows[:1] for title in row if key(title) not in columns]
    if missing:
        raise Refused(
            _("The template has no column %(column)s in row %(row)s. Fetch a new one on the platform.")
            % {"column": missing[0], "row": HEAD_ROW}
        )
    return [{columns[key(title)]: text for title, text in row.items() if text} for row in rows]


def _written(data: bytes, rows: Sequence[Mapping[int, str]]) -> bytes:
    """Return a sheet with these rows from the fourth on, each cell in the form that the template gave it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unlike() from None
    whole = _DATA.search(text)
    if whole is None:
        raise _unlike()
    prefix, body = whole[1], whole[2] or ""
    kept, forms = list[str](), dict[int, tuple[str, dict[str, str]]]()
    for number, row in enumerate(_ROW.finditer(body), 1):
        attributes = dict(_ATTRIBUTE.findall(row[1]))
        at = int(attributes.get("r", number))
        if at < FIRST_ROW:
            kept.append(row[0])
            continue
        cells = (dict(_ATTRIBUTE.findall(cell[1])) for cell in _CELL.finditer(row[2] or ""))
        styles = {re.sub(r"\d", "", c["r"]): c["s"] for c in cells if "r" in c and "s" in c}
        plain = "".join(f' {k}="{v}"' for k, v in attributes.items() if k not in ("r", "spans"))
        forms[at] = (plain, styles)
    last = max([*forms, len(rows) + FIRST_ROW - 1])
    usual = forms.get(FIRST_ROW, ("", {}))
    for at in range(FIRST_ROW, last + 1):
        texts = rows[at - FIRST_ROW] if at - FIRST_ROW < len(rows) else {}
        if texts or at in forms:
            kept.append(_row(prefix, at, texts, forms.get(at, usual)))
    made = f"<{prefix}sheetData>{''.join(kept)}</{prefix}sheetData>"
    text = text[: whole.start()] + made + text[whole.end() :]
    widest = letters(max((max(row, default=1) for row in rows), default=1))
    return _DIMENSION.sub(lambda m: m[1] + _wider(m[0], widest, last) + m[2], text, count=1).encode()


def _unlike() -> Refused:
    return Refused(_("The template cannot be filled: a sheet of it is not as the platform makes it."))


def _row(prefix: str, at: int, texts: Mapping[int, str], form: tuple[str, dict[str, str]]) -> str:
    plain, styles = form
    columns = {letters(n): text for n, text in texts.items()}
    cells = []
    for name in sorted({*columns, *styles}, key=lambda c: (len(c), c)):
        style = f' s="{styles[name]}"' if name in styles else ""
        cells.append(_cell(prefix, f'r="{name}{at}"{style}', columns.get(name, "")))
    return f'<{prefix}row r="{at}"{plain}>{"".join(cells)}</{prefix}row>'


def _cell(p: str, named: str, text: str) -> str:
    if not text:
        return f"<{p}c {named}/>"
    told = escape(_UNWRITTEN.sub(" ", text))
    return f'<{p}c {named} t="inlineStr"><{p}is><{p}t xml:space="preserve">{told}</{p}t></{p}is></{p}c>'


def letters(column: int) -> str:
    """Return a column's letters: 1 is A, 28 is AB."""
    made = ""
    while column:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def _wider(told: str, widest: str, last: int) -> str:
    """Return what the sheet covers: its width as it was, or wider, down to the last row."""
    before = re.search(r':([A-Z]+)\d+"', told)
    right = max(widest, before[1] if before else "A", key=lambda c: (len(c), c))
    return f"A1:{right}{max(last, HEAD_ROW)}"
