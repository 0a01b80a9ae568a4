"""The shipped font: one pair of files for PDF, preview and raster receipt lines."""
from pathlib import Path

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
REGULAR = FONTS / "NotoSansSC_400Regular.ttf"
BOLD = FONTS / "NotoSansSC_700Bold.ttf"

# The font's figures are 0.555 em wide: at this size one figure fills one cell beside ideographs that fill two.
NARROW = 0.9
