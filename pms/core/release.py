"""Which release of the program this is."""

from pathlib import Path


def number() -> str:
    """Return this release's number. Looking it up takes a tenth of the start: ask when it is wanted."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pms")
    except PackageNotFoundError:
        import tomllib

        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
        return str(project["project"]["version"])
