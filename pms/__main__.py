"""Start: settings, engine, office, and then the window or the command line; the only place that wires."""
import sys
from collections.abc import Sequence

from pms import cli
from pms.core import i18n, settings
from pms.core.errors import Refused


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    place = settings.home()
    try:
        found = settings.load(place)
    except Refused as refusal:
        print(f"pms: {refusal}", file=sys.stderr)
        return cli.FAILED
    i18n.use(found.language)
    args = cli.parser().parse_args(argv)
    if args.demo:
        place = place.demo
        found = settings.load(place) if place.settings.exists() else found
    return cli.run(args, place, found, _offers)


def _offers() -> cli.Offers:
    from pms.duties import collectors

    return collectors()


if __name__ == "__main__":
    sys.exit(main())
