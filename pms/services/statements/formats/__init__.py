"""Read a statement as a provider gives it: which one it is stands in its name and its head, never in the
number of its columns."""

import gzip
import re
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

from pms.core import tables
from pms.core.errors import Refused
from pms.core.i18n import _

from . import acquirer, alipay, bank, parts, unionpay, wechat
from .parts import Columns, Statement

MOST = 50 * 1024 * 1024
"""A month of a large hotel has a tenth of it."""
_PAGE = re.compile(r"\s*<(!doctype html|html|table|meta)", re.IGNORECASE)
Reader = Callable[[Sequence[Sequence[str]], int, Columns], Statement]
_TEXTS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    (alipay.FUND_HEAD, alipay.fund),
    (alipay.TRADE_HEAD, alipay.trade),
    (alipay.WALLET_HEAD, alipay.wallet),
    (wechat.WALLET_HEAD, wechat.wallet),
    (acquirer.HEAD, acquirer.read),
)


def read(name: str, data: bytes) -> Statement:
    """Return what a file holds; ``name`` is the file's own. Refuses in a sentence what is no statement, is
    cut off, changed, or too large."""
    if len(data) > MOST:
        raise too_large()
    if data[:2] == b"\x1f\x8b":
        return read(name.removesuffix(".gz"), _unzipped(data))
    if data[:2] == b"PK":
        return _of_archive(data)
    if unionpay.NAME.search(name):
        return unionpay.read(name, data)
    if not data.strip():
        raise parts.cut_off(_("it is empty"))
    if b"\x00" in data[:4096]:
        raise parts.unreadable()
    text = parts.decoded(data)
    return _of_workbook(data) if _PAGE.match(text) else _of_text(text)


def too_large() -> Refused:
    """Return the refusal of a file that is larger than any statement."""
    return Refused(_("The file is larger than any statement. Choose the bill of one day or month."))


def _unzipped(data: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as packed:
            made = packed.read(MOST + 1)
    except (OSError, EOFError):
        raise parts.cut_off(_("it cannot be unpacked")) from None
    if len(made) > MOST:
        raise too_large()
    return made


def _of_archive(data: bytes) -> Statement:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = {_named(info): info for info in packed.infolist() if not info.is_dir()}
            if "[Content_Types].xml" in names:
                return _of_workbook(data)
            wanted = [name for name in names if _is_statement(name)]
            if len(wanted) != 1:
                raise parts.unreadable()
            if names[wanted[0]].file_size > MOST:
                raise too_large()
            inner = packed.read(names[wanted[0]])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise parts.cut_off(_("it cannot be unpacked")) from None
    return read(wanted[0], inner)


def _named(info: zipfile.ZipInfo) -> str:
    """Return a member's name: these archives write it in the Chinese code page without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _is_statement(name: str) -> bool:
    return bool(unionpay.NAME.search(name)) or (name.lower().endswith(".csv") and "汇总" not in name)


def _of_text(text: str) -> Statement:
    if (
        text.lstrip("\ufeff").lstrip().startswith(("交易时间,公众账号ID", "记账时间,微信支付业务单号"))
        or "`" in text[:4096]
    ):
        rows = wechat.split(text)
        if (found := parts.find_head(rows[:3], *wechat.FUND_HEAD)) is not None:
            return wechat.fund(rows, *found)
        if (found := parts.find_head(rows[:3], *wechat.TRADE_HEAD)) is not None:
            return wechat.trade(rows, *found)
    return _of_rows(parts.cells(text))


def _of_workbook(data: bytes) -> Statement:
    """Read a list that a bank gives as XLSX, or as a page of HTML that is called XLS."""
    sheet = tables.read(data)
    if sheet.lost:
        row, _column = min(sheet.lost)
        raise Refused(
            _("Line %(n)s has a number that the workbook rounded. Fetch the list as CSV.") % {"n": row + 1}
        )
    return _of_rows([[parts.trimmed(cell) for cell in row] for row in sheet.rows])


def _of_rows(rows: list[list[str]]) -> Statement:
    for head, reader in _TEXTS:
        if (found := parts.find_head(rows[: bank.LONGEST_HEAD], *head)) is not None:
            return reader(rows, *found)
    if (at_bank := bank.head_of(rows)) is not None:
        return bank.read(rows, *at_bank)
    raise parts.unreadable()
