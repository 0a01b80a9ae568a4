"""Colours, sizes and type: one palette, one style sheet, one icon set.

A screen asks for a *role* ("bad", "muted"), never for a colour value. Three themes fill the same roles: light
for the day, dark for the night, contrast for weak sight or a bad monitor. Painters read ``now()`` and
``px()`` each time they paint.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from string import Template
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from pms.core.i18n import N_

RESOURCES = Path(__file__).parents[3] / "resources"
ICONS = RESOURCES / "icons"
FAMILY = "Noto Sans SC"
FAMILIES = (FAMILY, "Noto Sans")
"""The second draws what the first lacks: Ł, Cyrillic, Vietnamese."""
GAP = (0, 4, 8, 12, 16, 24, 32)
"""The only distances: ``GAP[1]`` is 4 px … ``GAP[6]`` is 32 px."""
TYPE = {"meta": 12, "body": 14, "strong": 14, "title": 16, "page": 20, "figure": 28}
ROW = {"dense": 28, "table": 32, "list": 44, "field": 34, "button": 34, "primary": 44, "bar": 52}
SCALES = (100, 115, 130)


@dataclass(frozen=True)
class Theme:
    """Every colour role. ``x_soft`` is the quiet fill on which text in ``x`` stays readable."""

    name: str
    bg: str  # the desk: behind everything
    surface: str  # cards, tables, fields
    sunken: str  # table heads, bands, read-only fields
    line: str  # hairlines between things
    edge: str  # borders of things one can operate (3 : 1 or more)
    text: str
    muted: str  # second-rank text, still 4.5 : 1
    accent: str  # one may press it; one is here
    accent_hover: str
    accent_soft: str
    on_accent: str
    occupied: str  # fill of a tile with people in it
    occupied_line: str
    good: str  # ready, clean, balanced
    good_soft: str
    warn: str  # work to do: dirty, due, open paper
    warn_soft: str
    bad: str  # stop: discrepancy, money at risk, refusal
    bad_soft: str
    expect: str  # expected: due in, future bookings
    expect_soft: str
    block: str  # cannot be sold
    block_soft: str

    def ink(self, role: str) -> str:
        """Return the colour of a role; an empty role is plain text, an unknown one is a defect."""
        colour: str = getattr(self, role or "text")
        return colour


LIGHT = Theme(
    "light",
    bg="#ECEFF0",
    surface="#FFFFFF",
    sunken="#F5F7F8",
    line="#D5DCDF",
    edge="#7C8A91",
    text="#15232A",
    muted="#4A5A62",
    accent="#0B5A77",
    accent_hover="#08465D",
    accent_soft="#DCECF2",
    on_accent="#FFFFFF",
    occupied="#D3E1EA",
    occupied_line="#6F8EA3",
    good="#1B6440",
    good_soft="#DFF0E6",
    warn="#794600",
    warn_soft="#FBEBCB",
    bad="#A81B17",
    bad_soft="#FBE3E0",
    expect="#54379B",
    expect_soft="#EAE4F7",
    block="#4F5B63",
    block_soft="#E3E7E9",
)
DARK = Theme(
    "dark",
    bg="#0F1518",
    surface="#182024",
    sunken="#131A1E",
    line="#2D393F",
    edge="#6E7F88",
    text="#E4EAEC",
    muted="#A7B4BA",
    accent="#74C4DE",
    accent_hover="#93D3E8",
    accent_soft="#1B3843",
    on_accent="#05212B",
    occupied="#294150",
    occupied_line="#5F8299",
    good="#80CDA0",
    good_soft="#1B3326",
    warn="#E9BA63",
    warn_soft="#382C14",
    bad="#FF9D92",
    bad_soft="#44211E",
    expect="#C0ADF4",
    expect_soft="#2E2746",
    block="#A6B1B8",
    block_soft="#2A3338",
)
CONTRAST = Theme(
    "contrast",
    bg="#000000",
    surface="#000000",
    sunken="#000000",
    line="#FFFFFF",
    edge="#FFFFFF",
    text="#FFFFFF",
    muted="#FFFFFF",
    accent="#FFE14D",
    accent_hover="#FFF1A6",
    accent_soft="#3D3500",
    on_accent="#000000",
    occupied="#003B66",
    occupied_line="#FFFFFF",
    good="#7CFFB0",
    good_soft="#00331A",
    warn="#FFC94D",
    warn_soft="#3D2B00",
    bad="#FFB0A8",
    bad_soft="#5C0A05",
    expect="#D9CCFF",
    expect_soft="#2C1A66",
    block="#FFFFFF",
    block_soft="#333333",
)
THEMES = {t.name: t for t in (LIGHT, DARK, CONTRAST)}
NAMES = {"light": N_("Light"), "dark": N_("Dark"), "contrast": N_("High contrast")}


@dataclass(frozen=True)
class Look:
    """What a workstation has chosen: language, theme, size in percent and whether the rail is folded; the
    start-up code keeps it."""

    language: str = "zh_CN"
    theme: str = "light"
    scale: int = 100
    folded: bool = False


class _State:
    theme = LIGHT
    scale = 1.0
    sheet = ""
    worn = WeakSet[QWidget]()


def now() -> Theme:
    """Return the theme in use."""
    return _State.theme


def px(pixels: float) -> int:
    """Return a size at the scale in use."""
    return round(pixels * _State.scale)


def apply(app: QApplication, look: Look) -> None:
    """Dress the whole program: palette, fonts and style sheet; widgets made before must be made anew."""
    _State.theme, _State.scale = THEMES.get(look.theme, LIGHT), look.scale / 100
    _State.sheet = stylesheet(_State.theme)
    worn = [window for window in _State.worn if isValid(window)]
    for window in worn:  # replacing a sheet by another costs five times what taking it off and on does
        window.setStyleSheet("")
    app.setStyle("Fusion")
    app.setPalette(palette(_State.theme))
    app.setFont(font())
    for window in worn:
        window.setStyleSheet(_State.sheet)


def wear(window: QWidget) -> None:
    """Put the style sheet on a window; what is put into it later wears it too, its dialogs and menus as well.

    The program as a whole has none: Qt would dress each part of a page anew for every box that it is put into
    while the page is made, which costs more than the page itself.
    """
    _State.worn.add(window)
    window.setStyleSheet(_State.sheet)


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Register the shipped fonts, once."""
    for file in sorted((RESOURCES / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def font(role: str = "body", *, bold: bool | None = None, strike: bool = False) -> QFont:
    """Return a font by role. Figures are tabular, so sums line up in every column."""
    heavy = role in ("strong", "title", "page", "figure") if bold is None else bold
    return QFont(_font(px(TYPE[role]), heavy, strike))


@lru_cache(maxsize=64)
def _font(size: int, bold: bool, strike: bool) -> QFont:
    load_fonts()
    made = QFont(FAMILIES)
    made.setPixelSize(size)
    made.setBold(bold)
    made.setStrikeOut(strike)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def measure(role: str = "body", *, bold: bool | None = None) -> QFontMetrics:
    """Return the metrics of a font by role."""
    return QFontMetrics(font(role, bold=bold))


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2 defines it."""
    c = QColor(colour)
    parts = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c.redF(), c.greenF(), c.blueF())
    ]
    return float(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_pairs(t: Theme) -> list[tuple[str, str]]:
    """Return every pair (text role, ground role) the screens use; a test holds each to 4.5 : 1."""
    grounds = ("bg", "surface", "sunken", "accent_soft", "occupied")
    pairs = [(ink, ground) for ink in ("text", "muted", "bad", "warn", "accent") for ground in grounds]
    pairs += [
        (s, g)
        for s in ("good", "warn", "bad", "expect", "block")
        for g in ("surface", "occupied", s + "_soft")
    ]
    softs = [f.name for f in fields(t) if f.name.endswith("_soft")]
    pairs += [(ink, ground) for ink in ("text", "muted") for ground in softs]
    pairs += [
        (ink, ground)
        for ink in ("good", "warn", "bad")
        for ground in ("bad_soft", "warn_soft", "accent_soft")
    ]
    return pairs + [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("good", "bg"),
        ("expect", "bg"),
        ("surface", "good"),
    ]


def border_pairs() -> list[tuple[str, str]]:
    """Return every pair (border role, ground role) of things one can operate; a test holds each to 3 : 1."""
    return [
        ("edge", "surface"),
        ("edge", "bg"),
        ("accent", "surface"),
        ("accent", "bg"),
        ("bad", "surface"),
        ("text", "accent_soft"),
    ]


def palette(t: Theme) -> QPalette:
    """Return the palette for what the style sheet does not reach."""
    p, r = QPalette(), QPalette.ColorRole
    roles = {
        r.Window: t.bg,
        r.WindowText: t.text,
        r.Base: t.surface,
        r.AlternateBase: t.sunken,
        r.Text: t.text,
        r.Button: t.surface,
        r.ButtonText: t.text,
        r.Highlight: t.accent_soft,
        r.HighlightedText: t.text,
        r.ToolTipBase: t.text,
        r.ToolTipText: t.surface,
        r.PlaceholderText: t.muted,
        r.Link: t.accent,
        r.Light: t.surface,
        r.Midlight: t.sunken,
        r.Mid: t.line,
        r.Dark: t.edge,
        r.Shadow: t.line,
        r.Accent: t.accent,
    }
    for role, colour in roles.items():
        p.setColor(role, QColor(colour))
    for role in (r.WindowText, r.Text, r.ButtonText):
        p.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.muted))
    return p


@lru_cache(maxsize=2048)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return the line icon drawn in one colour, sharp at the screen's pixel ratio."""
    svg = (ICONS / f"{name}.svg").read_text("utf-8").replace("currentColor", QColor(colour).name())
    if size <= 16:  # a small icon needs a heavier line to weigh the same
        svg = svg.replace('stroke-width="1.75"', 'stroke-width="2.25"')
    out = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(out.rect()))
    painter.end()
    out.setDevicePixelRatio(ratio)
    return out


def icon(name: str, role: str = "text", size: int = 20) -> QIcon:
    """Return an icon with its normal and disabled state, at one and two times the size."""
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, now().ink(role)), (QIcon.Mode.Disabled, now().muted)):
        for ratio in (1.0, 2.0):
            made.addPixmap(pixmap(name, colour, px(size), ratio), mode)
    return made


def stylesheet(t: Theme) -> str:
    """Return the look of the standard widgets; pictures (board, tape chart) paint with the same roles."""
    roles = {f.name: getattr(t, f.name) for f in fields(t)}
    sizes = {name: px(size) for name, size in TYPE.items()}
    heights = {
        "button": px(ROW["button"]) - 2,
        "primary": px(ROW["primary"]) - 2,
        "field": px(ROW["field"]) - 2,
        "field_on": px(ROW["field"]) - 4,
        "chip": px(28) - 2,
        "chip_on": px(28) - 4,
        "chip_radius": px(28) // 2,
        "nav": px(24) - 4,
        "item": px(26),
        "tick_box": px(16),
    }
    images = {"down": _url(f"chevron-down-{t.name}"), "tick": _url(f"check-{t.name}")}
    template = Template((RESOURCES / "theme" / "style.qss").read_text("utf-8"))
    return template.substitute(roles | sizes | heights | images, family='", "'.join(FAMILIES))


def _url(name: str) -> str:
    return f'"{(RESOURCES / "theme" / f"{name}.svg").as_posix()}"'
