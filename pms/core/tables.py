"""Tables that others made, as rows of texts: CSV in UTF-8 or the Chinese code page, an XLSX workbook, a page
of HTML that was saved as a workbook.

A number stays as it is written, however many figures it has; one that its workbook has rounded is told in
``lost``. A workbook is read without anything that it may refer to: what defines entities is refused.
"""

import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import TypeVar
from xml.parsers import expat

from pms.core.errors import Refused
from pms.core.i18n import _

T = TypeVar("T")
MOST, MOST_ROWS, MOST_COLUMNS = 30 * 1024 * 1024, 20_000, 400
"""Bytes of a file and of each of its parts, rows, columns."""
_OLD = b"\xd0\xcf\x11\xe0"
_EXACT = 15
"""More figures than these are lost where a workbook keeps a number as a number."""
_FIGURES = Context(prec=12)
"""A fraction that somebody typed has no more figures; what follows is the workbook's own."""
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""The built-in forms of a number that show a day or a time."""


@dataclass
class Sheet:
    """The rows of a table; ``lost`` are the cells (row, column) of which the last figures are gone."""

    rows: list[list[str]] = field(default_factory=list)
    lost: set[tuple[int, int]] = field(default_factory=set)


def read(data: bytes) -> Sheet:
    """Return the first sheet of a file; what it is stands in its first bytes, never in its name. Refuses in a
    sentence what is no table, cut off or too large."""
    if len(data) > MOST:
        raise _too_large()
    if data[:2] == b"PK":
        return _workbook(data)
    if data[:4] == _OLD:
        raise Refused(_("This workbook is of an old kind. Save it as XLSX or CSV and choose that file."))
    if not data.strip() or (b"\x00" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable()
    text = decoded(data)
    begun = text[:2000].lstrip().lower()
    if begun.startswith(("<!doctype html", "<html", "<table", "<meta")) or "<table" in begun:
        return _page(text)
    return Sheet(_bounded(csv.reader(StringIO(text), delimiter=_delimiter(text))))


def sheets(data: bytes) -> dict[str, Sheet]:
    """Return every sheet of an XLSX workbook by its title, in their order; refuses what is none."""
    if len(data) > MOST:
        raise _too_large()
    return _unpacked(data, _sheets)


def parts(data: bytes) -> dict[str, str]:
    """Return where in a workbook's file each sheet stands, by its title."""
    return _unpacked(
        data, lambda packed, names: {title: part for title, part, _seen in _listed(packed, names)}
    )


def hidden(data: bytes) -> set[str]:
    """Return the titles of the sheets that a workbook does not show."""
    return _unpacked(data, lambda packed, names: {t for t, _part, seen in _listed(packed, names) if not seen})


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-16 with its mark, UTF-8 with or without one, else the Chinese code page."""
    marked = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ()
    for encoding in (*marked, "utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    raise _unreadable()


def _delimiter(text: str) -> str:
    head = text[:4000]
    return max(",\t;", key=head.count)


def _bounded(rows: Iterable[list[str]]) -> list[list[str]]:
    made: list[list[str]] = []
    try:
        for row in rows:
            if len(made) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise _too_large()
            made.append([cell.strip() for cell in row])
    except csv.Error:
        raise _unreadable() from None
    return made


def _too_large() -> Refused:
    return Refused(_("The file is larger than any list. Choose fewer days."))


def _unreadable() -> Refused:
    return Refused(_("This is no table. Choose a CSV or XLSX file as it was saved."))


# ------------------------------------------------------------------ a page
class _Page(HTMLParser):
    """Gathers the cells of the rows of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._close()
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _close(self) -> None:
        if self.cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(" ".join("".join(self.cell).split()))
        self.cell = None


def _page(text: str) -> Sheet:
    page = _Page()
    page.feed(text)
    page.close()
    if not page.rows:
        raise _unreadable()
    return Sheet(_bounded(page.rows))


# ------------------------------------------------------------------ a workbook
Names = dict[str, zipfile.ZipInfo]


def _workbook(data: bytes) -> Sheet:
    return _unpacked(data, lambda packed, names: next(_read(packed, names, [_first_sheet(packed, names)])))


def _sheets(packed: zipfile.ZipFile, names: Names) -> dict[str, Sheet]:
    found = _listed(packed, names)
    return dict(
        zip([title for title, *_rest in found], _read(packed, names, [x[1] for x in found]), strict=True)
    )


def _read(packed: zipfile.ZipFile, names: Names, wanted: Sequence[str]) -> Iterator[Sheet]:
    shared = _strings(_part(packed, names, "xl/sharedStrings.xml"))
    dated = _dated(_part(packed, names, "xl/styles.xml"))
    since = _since(_part(packed, names, "xl/workbook.xml"))
    for sheet in wanted:
        yield _cells(_part(packed, names, sheet), shared, dated, since)


def _unpacked(data: bytes, read: Callable[[zipfile.ZipFile, Names], T]) -> T:
    if data[:2] != b"PK":
        raise Refused(_("This is no XLSX workbook. Choose the file as it was saved."))
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return read(packed, {info.filename: info for info in packed.infolist()})
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _cut_off() from None
    except (expat.ExpatError, ValueError, IndexError, OverflowError):
        raise _unreadable() from None


def _cut_off() -> Refused:
    return Refused(_("The file is cut off or changed: it cannot be unpacked. Fetch it anew."))


def _part(packed: zipfile.ZipFile, names: Names, name: str) -> bytes:
    if name not in names:
        return b""
    if names[name].file_size > MOST:
        raise _too_large()
    with packed.open(names[name]) as part:
        made = part.read(MOST + 1)
    if len(made) > MOST:
        raise _too_large()
    return made


class _Parts:
    """Walks over a part of a workbook: gives each element with its attributes and its own text."""

    def __init__(self, data: bytes) -> None:
        self.found: list[tuple[str, dict[str, str], str, tuple[str, ...]]] = []
        self.path: list[tuple[str, dict[str, str], list[str]]] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        if data:
            parser.Parse(data, True)

    @staticmethod
    def _refuse(*_args: object) -> None:
        raise _unreadable()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append((name.rsplit(":", 1)[-1], attributes, []))

    def _text(self, text: str) -> None:
        if self.path:
            self.path[-1][2].append(text)

    def _end(self, _name: str) -> None:
        name, attributes, texts = self.path.pop()
        self.found.append((name, attributes, "".join(texts), tuple(one[0] for one in self.path)))


def _listed(packed: zipfile.ZipFile, names: Names) -> list[tuple[str, str, bool]]:
    """Return of each sheet, in their order, its title, its part of the file and whether it is shown."""
    targets = {
        a.get("Id"): a.get("Target", "")
        for name, a, _text, _path in _Parts(_part(packed, names, "xl/_rels/workbook.xml.rels")).found
        if name == "Relationship"
    }
    made = []
    for name, a, _text, _path in _Parts(_part(packed, names, "xl/workbook.xml")).found:
        its = next((value for key, value in a.items() if key.rsplit(":", 1)[-1] == "id"), "")
        if name == "sheet" and (target := targets.get(its)):
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            made.append((a.get("name", ""), part, a.get("state", "visible") == "visible"))
    return made


def _first_sheet(packed: zipfile.ZipFile, names: Names) -> str:
    """Return the part of the sheet that stands first in the workbook."""
    for _title, part, _seen in _listed(packed, names):
        return part
    if "xl/worksheets/sheet1.xml" in names:
        return "xl/worksheets/sheet1.xml"
    raise _unreadable()


def _strings(data: bytes) -> list[str]:
    """Return the texts that cells refer to; what only tells how one is pronounced is left out."""
    made: list[str] = []
    begun = ""
    for name, _attributes, text, path in _Parts(data).found:
        if name == "t" and "rPh" not in path:
            begun += text
        elif name == "si":
            made.append(begun)
            begun = ""
    return made


def _dated(data: bytes) -> list[bool]:
    """Return for each style whether it shows a day or a time."""
    found = _Parts(data).found
    own = {
        int(a["numFmtId"]): bool(
            re.search(r"[ymdh]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", a["formatCode"].lower()))
        )
        for name, a, _text, _path in found
        if name == "numFmt" and "formatCode" in a
    }
    return [
        own.get(form := int(a.get("numFmtId", 0)), form in _DATES)
        for name, a, _text, path in found
        if name == "xf" and path[-1:] == ("cellXfs",)
    ]


def _since(data: bytes) -> date:
    book = _Parts(data).found
    mac = any(name == "workbookPr" and a.get("date1904") in ("1", "true") for name, a, _text, _path in book)
    return date(1904, 1, 1) if mac else date(1899, 12, 30)


def _cells(data: bytes, shared: Sequence[str], dated: Sequence[bool], since: date) -> Sheet:
    made, row, value, inline = Sheet(), dict[int, str](), "", ""
    for name, a, text, path in _Parts(data).found:
        if name == "v":
            value = text
        elif name == "t" and "rPh" not in path:
            inline += text
        elif name == "c":
            at = _column(a.get("r", ""), len(row))
            row[at], lost = _shown(a, value, inline, shared, dated, since)
            if lost:
                made.lost.add((len(made.rows), at))
            value = inline = ""
        elif name == "row":
            _add_row(made, row, int(a.get("r", 0)))
            row = {}
    return made


def _add_row(made: Sheet, row: dict[int, str], number: int) -> None:
    """Add a row where it stands: those that are empty are not in the file."""
    if number > MOST_ROWS or len(made.rows) >= MOST_ROWS:
        raise _too_large()
    here = len(made.rows)
    missing = max(number - here - 1, 0)
    made.rows += [[] for _n in range(missing)]
    made.lost = {(n + missing if n == here else n, at) for n, at in made.lost}
    made.rows.append([row.get(n, "").strip() for n in range(max(row, default=-1) + 1)])


def _column(reference: str, following: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference)
    if letters is None:
        return following
    at = 0
    for letter in letters[0]:
        at = at * 26 + ord(letter) - 64
    if at > MOST_COLUMNS:
        raise _too_large()
    return at - 1


def _shown(
    a: dict[str, str], value: str, inline: str, shared: Sequence[str], dated: Sequence[bool], since: date
) -> tuple[str, bool]:
    """Return a cell's text and whether its last figures are lost."""
    kind, style = a.get("t", "n"), int(a.get("s", 0))
    if kind == "s":
        return (shared[int(value)] if value else ""), False
    if kind in ("inlineStr", "str", "e", "d"):
        return inline or value, False
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value), False
    if value and style < len(dated) and dated[style]:
        return _day(value, since), False
    return _number(value)


def _day(value: str, since: date) -> str:
    days = Decimal(value)
    at = datetime.combine(since, datetime.min.time()) + timedelta(seconds=round(days * 86400))
    return at.isoformat(" ") if days % 1 else at.date().isoformat()


def _number(value: str) -> tuple[str, bool]:
    """Return a number in all its figures: never 4.1E+18."""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return value, False
    if not exact.is_finite() or abs(exact.adjusted()) > 40:
        return value, False
    whole = exact == exact.to_integral_value()
    plain = f"{exact.to_integral_value():f}" if whole else f"{_short(exact):f}"
    return plain, whole and len(plain.lstrip("-")) > _EXACT


def _short(exact: Decimal) -> Decimal:
    """Return a fraction as it was typed: a workbook keeps 0.1 + 0.2 with seventeen figures."""
    return _FIGURES.create_decimal(exact).normalize()
