"""Pictures as a hotel has them, good and bad."""

from io import BytesIO

from PIL import Image, ImageDraw


def drawn(
    wide: int = 600, high: int = 200, kind: str = "PNG", *, ink: str = "black", ground: str = "white"
) -> bytes:
    """Return a file that shows a ring and a bar."""
    mode = "RGBA" if ground == "none" else "RGB"
    image = Image.new(mode, (wide, high), (0, 0, 0, 0) if ground == "none" else ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse((wide * 0.1, high * 0.1, wide * 0.4, high * 0.9), outline=ink, width=max(high // 12, 2))
    pen.rectangle((wide * 0.5, high * 0.4, wide * 0.95, high * 0.6), fill=ink)
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()
