"""The latest paper of each kind, as it is printed."""

from collections.abc import Iterable

from pms.core import private
from pms.core.office import Office
from pms.printing import pdf, preview
from pms.printing.slip import Slip
from pms.services.print_jobs import queries as print_queries
from pms.ui.tour.camera import Camera


def show(camera: Camera, office: Office, more: Iterable[Slip] = ()) -> int:
    """Keep the latest paper of each kind as PDF and picture, and return how many kinds there are."""
    latest: dict[str, Slip] = {slip.kind: slip for slip in more}
    for job in office.ask(print_queries.jobs, limit=4000):
        if job.kind not in latest:
            latest[job.kind] = office.ask(print_queries.stored, job_id=job.id)
    for kind, slip in sorted(latest.items()):
        with camera.trying(f"paper-{kind}"):
            file = camera.folder / f"{camera.short}-paper-{kind.replace('_', '-')}"
            drawn = pdf.render(slip)
            private.write(file.with_suffix(".pdf"), drawn)
            for n, picture in enumerate(preview.pages(drawn)):
                name = f"{file.name}{'' if n == 0 else f'-{n + 1}'}.png"
                private.write(file.with_name(name), picture.png())
            camera.say(str(file.with_suffix(".pdf")))
    return len(latest)
