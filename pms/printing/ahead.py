"""Draw a paper before the first real one, so that the libraries and fonts are not loaded in the middle of the
night's close."""

from pms.printing.slip import Slip, Text


def load() -> None:
    """Draw a paper as PDF and as spreadsheet and throw both away; what fails here is told when a real paper
    fails."""
    from pms.printing import pdf, spreadsheet

    nothing = Slip("ahead", "", (Text(""),), paper="A4")
    pdf.render(nothing)
    spreadsheet.render((nothing,))
