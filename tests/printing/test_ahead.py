"""What the first paper needs is loaded before it: held against a program of its own, since this one has drawn
papers before."""

import subprocess
import sys

SHOWN = "import sys; print(*(m in sys.modules for m in ('reportlab.pdfgen.canvas', 'xlsxwriter')))"


def test_the_first_paper_finds_its_libraries_loaded():
    done = subprocess.run(
        [sys.executable, "-c", f"from pms.printing import ahead\n{SHOWN}\nahead.load()\n{SHOWN}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "False", "True", "True"]
