"""Sheets and previews: embedded fonts, texts that can be read back, codes that a scanner reads, the same
bytes every time."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pms.printing import codes, pdf, preview
from pms.printing.slip import (
    PAPERS,
    Heading,
    Signatures,
    Slip,
    Table,
    Text,
    Total,
    left,
    paragraphs,
    right,
    row,
)

from . import samples

SIZES = {"A4": (595, 842), "A5": (420, 595), "241x140": (683, 397), "241x93": (683, 264)}
LANGUAGES = ("zh_CN", "en")


def tool(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here: Debian's poppler-utils and zbar-tools have it")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def written(tmp_path: Path, speak):
    def write(make, lang: str, **changes: object) -> Path:
        speak(lang)
        file = tmp_path / "paper.pdf"
        file.write_bytes(pdf.render(replace(make(lang), **changes)))
        return file

    return write


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("make", samples.ALL)
def test_every_font_is_embedded_and_cut_down(written, make, paper, lang):
    file = written(make, lang, paper=paper)
    fonts = tool("pdffonts", str(file)).splitlines()[2:]
    assert fonts
    for line in fonts:
        assert re.search(r"TrueType +\S+ +yes yes yes", line), line
    assert file.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("make", "lang", "words"),
    [
        (
            samples.deposit,
            "zh_CN",
            ["押金单", "欧阳䶮", "大写：人民币叁佰元整", "存根联", "客人联", "财务联", "D-20261118-0031"],
        ),
        (samples.deposit, "en", ["Deposit receipt", "Zoë Müller-Łukasiewicz", "300.00"]),
        (samples.bill, "zh_CN", ["半日租", "0.5 × 228.00", "其中 6 % 税额", "¥0.00", "（作废，不计入）"]),
        (
            samples.bill,
            "en",
            ["Late departure, half day", "0.5 × 228.00", "¥855.80", "(void: does not count)"],
        ),
        (
            samples.registration,
            "zh_CN",
            ["住宿登记单", "文三路 138 号东方花园 7 幢 2 单元 1201 室", "3301••••••••••0017"],
        ),
        (samples.room_change, "zh_CN", ["房间房价变动单", "空调噪音大", "812"]),
    ],
)
def test_the_words_can_be_read_back(written, make, lang, words):
    read = tool("pdftotext", "-layout", str(written(make, lang)), "-")
    close = re.sub(r"\s", "", read)
    assert [word for word in words if re.sub(r"\s", "", word) not in close] == []


@pytest.mark.parametrize("paper", SIZES)
def test_sheets_have_the_size_of_their_paper(written, paper):
    wide, high = SIZES[paper]
    told = tool("pdfinfo", str(written(samples.registration, "zh_CN", paper=paper)))
    found = re.search(r"Page size: +([\d.]+) x ([\d.]+)", told)
    assert (round(float(found[1])), round(float(found[2]))) == (wide, high)


def test_the_same_slip_gives_the_same_bytes(speak):
    speak("zh_CN")
    assert pdf.render(samples.bill("zh_CN")) == pdf.render(samples.bill("zh_CN"))


@pytest.mark.parametrize("paper", ["80mm", "58mm", "A4", "A5"])
def test_a_scanner_reads_the_codes(written, tmp_path, paper):
    file = written(samples.luggage, "zh_CN", paper=paper)
    tool("pdftoppm", "-png", "-r", "203", "-f", "1", "-l", "1", str(file), str(tmp_path / "page"))
    [page] = tmp_path.glob("page*.png")
    assert set(tool("zbarimg", "-q", str(page)).splitlines()) == {
        "CODE-128:L-000123",
        "QR-Code:https://hotel.example/l/000123",
    }


def test_a_long_table_runs_over_and_takes_its_titles_with_it(written):
    file = written(samples.bill, "zh_CN", blocks=samples.bill("zh_CN", lines=40).blocks)
    pages = int(re.search(r"Pages: +(\d+)", tool("pdfinfo", str(file)))[1])
    assert pages >= 3
    for page in range(1, pages):
        assert "摘要" in tool("pdftotext", "-f", str(page), "-l", str(page), str(file), "-")
    read = tool("pdftotext", str(file), "-")
    assert f"{pages}/{pages}" in read.replace(" ", "")
    assert read.count("半日租") >= 20


def test_a_title_is_never_parted_from_the_first_row_below_it(tmp_path):
    shop = Table(
        (left("Article", 4), right("Difference", 2), left("Reason", 4)),
        (
            row(
                "Cola",
                "-1",
                (
                    "two cans broken on the way from the store to the shelf, seen by the porter and by "
                    "the night clerk "
                )
                * 3,
            ),
        ),
    )
    parted, turned = [], 0
    for lines in range(18, 34):
        filler = Table(
            (left("What", 4), right("Amount", 2)), tuple(row(f"line {n}", "1.00") for n in range(lines))
        )
        made = pdf.render(
            Slip("x", "Handover", (filler, Heading("Shop count"), shop, Signatures(("Clerk",))), paper="A4")
        )
        (tmp_path / "x.pdf").write_bytes(made)
        pages = tool("pdftotext", "-layout", str(tmp_path / "x.pdf"), "-").split("\f")
        [here] = [page for page in pages if "Shop count" in page]
        turned += here is not pages[0]
        if "Cola" not in here or "Article" not in here:
            parted.append(lines)
    assert parted == []
    assert 0 < turned < 16


def test_the_duplicate_is_marked_on_every_page_of_every_copy(written):
    file = written(samples.registration, "zh_CN", reprint=3)
    assert tool("pdftotext", str(file), "-").count("重印 3") == 2


def test_a_letter_beyond_the_chinese_font_is_drawn_with_the_other_one(written):
    fonts = tool("pdffonts", str(written(samples.deposit, "en", paper="A5")))
    assert "NotoSans-Regular" in fonts
    assert "NotoSansSC-Regular" in fonts


def test_the_preview_has_the_proportions_of_the_paper(speak):
    speak("zh_CN")
    [page, _copy] = preview.pages(pdf.render(samples.registration("zh_CN")), 100)
    assert (page.width, page.height) == (583, 827)
    assert page.png()[:8] == b"\x89PNG\r\n\x1a\n"
    assert 0.02 < sum(byte < 128 for byte in page.rgb) / len(page.rgb) < 0.2


def test_a_slip_comes_back_from_the_database_as_it_was(speak):
    for make in samples.ALL:
        for lang in LANGUAGES:
            speak(lang)
            assert Slip.from_dict(make(lang).to_dict()) == make(lang)


def test_house_rules_are_one_paragraph_a_line():
    assert paragraphs(" 1. a \n\n2. b\n", "small") == (Text("1. a", "small"), Text("2. b", "small"))


def test_a_code_is_drawn_square_where_it_is_too_long_for_bars():
    from pms.printing.cells import Symbol, lay_out
    from pms.printing.slip import Barcode

    shapes = {
        n: next(
            p.square
            for p in lay_out(Slip("x", "x", (Barcode("A" * n),), paper="58mm"))
            if isinstance(p, Symbol)
        )
        for n in (8, 30)
    }
    assert shapes == {8: False, 30: True}
    assert len(codes.modules("A" * 30)) == 25


@pytest.mark.parametrize("count", range(14, 24))
def test_the_totals_never_stand_alone_on_a_page(tmp_path, count):
    """The balance of a bill turns the page with the last line above it, and with the titles."""
    rows = tuple(row(f"line {n}", "1.00") for n in range(count))
    totals = (Total("paid", "5.00"), Total("balance", "0.00", strong=True))
    slip = Slip("any", "Any", (Table((left("Item"), right("Amount")), rows, totals),), paper="A5")
    (tmp_path / "x.pdf").write_bytes(pdf.render(slip))
    pages = tool("pdftotext", "-layout", str(tmp_path / "x.pdf"), "-").split("\f")[:-1]
    assert [f"line {count - 1}" in page for page in pages] == ["balance" in page for page in pages]
    assert all("Item" in page for page in pages)
