"""The hotel's picture at the head of papers: what is taken, what is refused, and how it is drawn."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from pms.core.errors import Refused
from pms.printing import cells, logos, pdf, preview, receipt
from pms.printing.receipt import Ability
from pms.printing.slip import PAPERS, Slip, Text
from tests.pictures import drawn

PLAIN = Slip("bill", "Bill", (Text("Room 810"),), number="B-1", house="Cloud Rest", house_note="18 Road")


def size(png: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(png)) as found:
        return found.size


@pytest.fixture
def logo() -> logos.Logo:
    made = logos.made(drawn())
    logos.keep(made.sign, made.png)
    return made


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_trimmed_made_small_once_and_grey(kind):
    made = logos.made(drawn(3000, 1000, kind))
    wide, high = size(made.png)
    assert wide <= logos.WIDE
    assert high <= logos.HIGH
    assert wide / high == pytest.approx(0.85 * 3 / 0.8, rel=0.05), "its margins are gone, its form is not"
    assert len(made.png) < 20_000
    assert logos.made(drawn(3000, 1000, kind)) == made, "one picture has one sign"
    assert logos.made(made.png).png == made.png, "taken again it stays what it is"


def test_a_picture_without_a_ground_stands_on_white():
    with Image.open(BytesIO(logos.made(drawn(ground="none")).png)) as found:
        assert found.getpixel((found.width // 2 + found.width // 20, 2)) == 255


def bomb() -> bytes:
    out = BytesIO()
    Image.new("1", (30_000, 30_000), 1).save(out, "PNG")
    return out.getvalue()


def gif() -> bytes:
    out = BytesIO()
    Image.new("L", (200, 200), 0).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (lambda: b"", "PNG or JPEG"),
        (lambda: b"%PDF-1.7 not a picture", "PNG or JPEG"),
        (lambda: drawn()[:300], "PNG or JPEG"),
        (lambda: drawn(kind="JPEG")[:200], "PNG or JPEG"),
        (lambda: drawn()[:60] + b"\0" * 40 + drawn()[100:], "PNG or JPEG"),
        (gif, "PNG or JPEG"),
        (lambda: drawn() + b"\0" * logos.MOST_BYTES, "too large"),
        (lambda: drawn(5000, 5000), "too large"),
        (bomb, "too large"),
        (lambda: drawn(ink="white"), "blank"),
        (lambda: drawn(ink="white", ground="none"), "blank"),
        (lambda: drawn(20, 20), "too small"),
    ],
)
def test_a_wrong_broken_or_huge_file_is_refused_with_a_sentence(file, told):
    with pytest.raises(Refused, match=told):
        logos.made(file())


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_without_a_picture_keeps_its_bytes_and_one_with_it_shows_it(logo, paper):
    plain = replace(PLAIN, paper=paper)
    assert "logo" not in plain.to_dict()
    carrying = replace(plain, logo=logo.sign)
    assert Slip.from_dict(carrying.to_dict()) == carrying
    assert pdf.render(replace(plain, logo="unknown")) == pdf.render(plain), "better a paper without than none"
    assert pdf.render(carrying) == pdf.render(carrying)
    [before], [after] = preview.pages(pdf.render(plain)), preview.pages(pdf.render(carrying))
    dark = [sum(level < 100 for level in page.rgb[::3]) for page in (before, after)]
    assert dark[1] > dark[0] + 1000


@pytest.mark.parametrize("paper", ["80mm", "58mm"])
def test_a_roll_prints_it_in_dots_in_the_middle_within_its_width(logo, paper):
    plain = replace(PLAIN, paper=paper)
    across = cells.columns_of(plain) * cells.DOTS_PER_CELL
    bits = logos.on_roll(logo.sign, across)
    left, _top, right, _bottom = bits.getbbox()
    assert bits.width == across
    assert right - left <= across * 2 / 3 + 1
    assert abs((left + right) / 2 - across / 2) <= 2
    for charset in ("gbk", "raster"):
        before = receipt.render(plain, Ability(charset))
        after = receipt.render(replace(plain, logo=logo.sign), Ability(charset))
        command = b"\x1dv0\x00" + (across // 8).to_bytes(2, "little") + bits.height.to_bytes(2, "little")
        assert after.count(command + bits.tobytes()) == 1
        assert after.replace(command + bits.tobytes() + b"\n", b"", 1) == before
    assert receipt.render(replace(plain, logo="unknown")) == receipt.render(plain)


def test_a_grey_becomes_dots_on_a_roll():
    made = logos.made(drawn(ink="grey"))
    logos.keep(made.sign, made.png)
    bits = logos.on_roll(made.sign, 576)
    box = bits.getbbox()
    inked = sum(bits.crop(box).convert("L").histogram()[128:])
    assert 0.05 < inked / ((box[2] - box[0]) * (box[3] - box[1])) < 0.4, "neither black nor gone"
