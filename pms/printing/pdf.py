"""Turn a slip into a PDF: sheets of A4, A5 and multi-part forms, or receipt rolls. The same slip gives the
same bytes."""

from io import BytesIO
from threading import Lock

from pms.printing.slip import ROLLS, Slip
from pms.printing.texts import clean
from pms.printing.typeface import REGULAR, name, put_away

# ReportLab keeps its fonts in module tables: the spooler and a preview must not draw at once.
_drawing = Lock()


def render(slip: Slip) -> bytes:
    """Return all copies of a slip as one PDF with embedded fonts."""
    from reportlab.pdfgen.canvas import Canvas

    from pms.printing import roll, sheet

    with _drawing:
        out = BytesIO()
        # ReportLab would open each page with a font of its own, which is never embedded.
        canvas = Canvas(out, invariant=1, pageCompression=1, initialFontName=name(REGULAR))
        canvas.setTitle(" ".join(filter(None, (clean(slip.title), clean(slip.number)))))
        canvas.setAuthor(clean(slip.house))
        (roll if slip.paper in ROLLS else sheet).draw(canvas, slip)
        canvas.save()
        put_away()
        return out.getvalue()
