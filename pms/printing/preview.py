"""Show a PDF's pages as pictures, so that the screen shows exactly what prints."""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

# PDFium must not be entered by two threads at once.
_rendering = Lock()


@dataclass(frozen=True)
class Picture:
    """One page as rows of red, green and blue bytes."""

    width: int
    height: int
    rgb: bytes

    def png(self) -> bytes:
        """Return the page as a PNG file."""
        from PIL import Image

        out = BytesIO()
        Image.frombytes("RGB", (self.width, self.height), self.rgb).save(out, "PNG")
        return out.getvalue()


def pages(pdf: bytes, dpi: int = 144) -> tuple[Picture, ...]:
    """Return all pages at a resolution."""
    import pypdfium2

    with _rendering:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return tuple(_picture(document, number, dpi) for number in range(len(document)))
        finally:
            document.close()


def _picture(document: Any, number: int, dpi: int) -> Picture:
    page = document[number]
    try:
        bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
        image = bitmap.to_pil().convert("RGB")
        bitmap.close()
    finally:
        page.close()
    return Picture(image.width, image.height, image.tobytes())
