"""The shipped fonts: which signs they have is written down, names print whole, and letters stand in true
cells."""

import os
import subprocess
import sys
from io import BytesIO

import pytest
from reportlab.pdfbase.ttfonts import TTFont

from pms.printing import texts, typeface
from pms.printing.cells import CELL_DOTS_HIGH, DOTS_PER_CELL, Line, runs
from pms.printing.raster import picture

COVERAGE = typeface.FONTS / "coverage.txt"


def spans(file) -> str:
    """Return the signs a font has, read from the font itself, as spans of hexadecimal numbers."""
    found, run = [], []
    for code in sorted(TTFont("x", BytesIO(typeface.content(file))).face.charToGlyph):
        if run and code != run[-1] + 1:
            found.append(run)
            run = []
        run.append(code)
    found.append(run)
    return " ".join(f"{r[0]:x}" if len(r) == 1 else f"{r[0]:x}-{r[-1]:x}" for r in found if r)


def test_what_a_font_has_is_written_down_truly():
    told = "".join(f"{file.name} {spans(file)}\n" for file in typeface.ALL)
    if os.environ.get("PMS_GOLDEN") == "write":
        COVERAGE.write_text(told, "ascii")
    assert COVERAGE.read_text("ascii") == told


@pytest.mark.parametrize("charset", ["gb2312", "gbk"])
def test_every_sign_of_a_receipt_printer_is_in_a_shipped_font(charset):
    signs = [chr(n) for n in range(0x80, 0xFFFF) if not 0xD800 <= n < 0xE000]
    missing = [c for c in signs if c.encode(charset, "ignore") and not typeface.shipped(c)]
    assert missing == (["≒"] if charset == "gbk" else [])  # about equal: in no name and no paper of ours


@pytest.mark.parametrize("sign", "𠮷𨱎𫰠𡒄䶮𬭎㛃한글ŁőЖΩ")
def test_a_rare_sign_of_a_name_is_in_a_shipped_font(sign):
    assert texts.unprintable(f"王{sign}") == ""


def test_what_no_font_has_is_named_once():
    assert texts.unprintable("สมชาย and 🚀🚀 and 𱖎") == "สมชาย🚀𱖎"
    assert texts.unprintable("Zoë Müller 王雅琴 \t\u200b") == ""


def test_a_curly_apostrophe_leaves_no_gap_in_a_name():
    assert texts.printable("O\u2019Brien") == "O'Brien"
    assert texts.width(texts.printable("O\u2019Brien")) == 7
    assert texts.clean("D\u2018Angelo \u201cBob\u201d") == 'D\'Angelo "Bob"'
    assert texts.clean("王小明 (O\u2019Brien)") == "王小明 (O'Brien)"
    assert texts.clean("他说\u201c好\u201d,D\u2019Angelo") == "他说\u201c好\u201d,D'Angelo"


def test_letters_of_a_receipt_line_stand_each_in_its_own_cell():
    """What the preview draws is what the printer prints: no letter is moved to fill a word's room."""
    found = list(runs(Line("Room  810 \u00e9\u0141 \u738b")))
    assert [(r.cell, r.cells, r.text) for r in found] == [
        (0, 4, "Room"),
        (6, 3, "810"),
        (10, 2, "\u00e9\u0141"),
        (13, 2, "\u738b"),
    ]
    for run in found:
        drawn = typeface.advance(run.file, run.text) * run.size * CELL_DOTS_HIGH
        assert drawn == pytest.approx(run.cells * DOTS_PER_CELL, abs=0.1), run


def test_the_middle_of_the_paper_is_met_to_the_dot():
    for text, wide in (("T-8", 8), ("502", 6), ("Luggage tag", 2)):
        line = Line(text, wide, wide, True, middle=True)
        box = picture(line, 48).getbbox()
        assert abs((box[0] + box[2]) / 2 - 288) < 4 * wide
        assert line.start(48) == (48 - len(text) * wide) * 6


def test_the_fonts_leave_memory_when_a_paper_is_drawn():
    program = (
        "import re\nfrom pathlib import Path\nfrom pms.printing import pdf\n"
        "from pms.printing.slip import Slip, Text\n"
        "pdf.render(Slip('x', '标题', (Text('云栖酒店 O’Brien'), Text('粗体', 'strong')), paper='A4'))\n"
        "maps = Path('/proc/self/smaps').read_text()\n"
        "held = re.findall(r'NotoSansSC\\S+\\n(?:.*\\n)*?Rss: +(\\d+) kB', maps)\n"
        "print(*held)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    held = [int(kilobytes) for kilobytes in ran.stdout.split()]
    assert len(held) == 2, ran.stderr  # regular and bold, each read from where it lies
    assert max(held) < 1000
