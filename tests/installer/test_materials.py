"""What ships is listed with its licences: the bill of materials, NOTICE and the table of dependencies say
what the lock file and the installed packages say."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LGPL = {"pyside6-essentials", "shiboken6", "psycopg", "psycopg-binary"}


def sbom(*words: str) -> str:
    made = subprocess.run(
        [sys.executable, ROOT / "installer/sbom", *words], capture_output=True, text=True, check=True
    )
    return made.stdout


@pytest.fixture(scope="module")
def bill() -> dict:
    return json.loads(sbom())


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, re.MULTILINE))


def test_the_bill_holds_every_locked_package_with_its_hashes_and_who_wants_it(bill, tmp_path):
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    held = {c["name"].lower(): c for c in bill["components"] if c["type"] == "library"}
    assert {name: held[name]["version"] for name in held} == locked()
    for one in held.values():
        assert one["purl"] == one["bom-ref"]
        [where] = one["externalReferences"]
        assert where["hashes"], one["name"]
        assert all(re.fullmatch("[0-9a-f]{64}", h["content"]) for h in where["hashes"])
        assert one["licenses"][0]["expression"]
    refs = {c["bom-ref"] for c in bill["components"] if c["type"] == "library"}
    me = bill["metadata"]["component"]["bom-ref"]
    wants = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert set(wants) == refs | {me}
    assert {ref for on in wants.values() for ref in on} == refs  # nothing is there for nobody
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    direct = {re.split(r"[\[<>=~ ]", line)[0].lower() for line in asked}
    assert {ref.removeprefix("pkg:pypi/").partition("@")[0] for ref in wants[me]} == direct
    sbom(str(tmp_path / "bom.json"))
    assert json.loads((tmp_path / "bom.json").read_text("utf-8")) == bill


def test_the_licences_are_those_that_the_packages_tell_of_themselves():
    known = json.loads((ROOT / "installer/materials.json").read_text("utf-8"))["packages"]
    for name, told in known.items():
        try:
            said = distribution(name).metadata.get("License-Expression")
        except PackageNotFoundError:  # another system's
            continue
        if said and name not in {"pypdfium2"}:  # whose words are no expression
            assert told["licence"] == said or told["licence"] in said.split(" OR "), name


def test_what_lies_inside_the_packages_is_what_is_loaded():
    from cryptography.hazmat.backends.openssl import backend
    from PIL import features
    from psycopg import pq
    from pypdfium2 import PDFIUM_INFO
    from PySide6.QtCore import qVersion
    from sqlcipher3 import dbapi2

    known = json.loads((ROOT / "installer/materials.json").read_text("utf-8"))["inside"]
    told = {(one["in"], one["name"]): one["version"] for one in known}
    assert told["pyside6-essentials", "Qt"] == qVersion()
    assert told["sqlcipher3", "SQLite"] == dbapi2.sqlite_version
    connection = dbapi2.connect(":memory:")
    assert (
        connection.execute("PRAGMA cipher_version").fetchone()[0].startswith(told["sqlcipher3", "SQLCipher"])
    )
    connection.close()
    assert told["cryptography", "OpenSSL"] in backend.openssl_version_text()
    assert str(PDFIUM_INFO).startswith(told["pypdfium2", "PDFium"])
    number = pq.version()
    assert told["psycopg-binary", "libpq"] == f"{number // 10000}.0.{number % 10000}"
    assert told["pillow", "FreeType"] == features.version("freetype2")


def test_the_papers_are_those_that_the_lock_file_gives():
    script = (
        "import runpy, sys, json; made = runpy.run_path(sys.argv[1]); print(json.dumps(made['papers']()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, ROOT / "installer/sbom"], capture_output=True, text=True, check=True
    )
    for name, content in json.loads(done.stdout).items():
        assert (ROOT / name).read_text("utf-8") == content, f"{name}: run installer/sbom --papers"


def test_the_lgpl_is_kept_to():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for name, version in locked().items():
        assert re.search(
            rf"^  {re.escape(name)} {re.escape(version)}  \S", notice, re.MULTILINE | re.IGNORECASE
        ), name
    known = json.loads((ROOT / "installer/materials.json").read_text("utf-8"))["packages"]
    assert {name for name, told in known.items() if "GPL" in told["licence"]} == LGPL
    lesser, general = (
        (ROOT / "licences" / f"{name}.txt").read_text("utf-8") for name in ("LGPL-3.0", "GPL-3.0")
    )
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser
    assert "Combined Works" in lesser
    assert "END OF TERMS AND CONDITIONS" in general
    for words in ("psycopg_binary.libs", "libQt6*.so.6", "libpq.so.5", "code.qt.io"):
        assert words in notice
    import PySide6

    assert list((Path(PySide6.__file__).parent / "Qt/lib").glob("libQt6Core.so*"))  # a file of its own


def test_a_package_that_nobody_has_looked_at_is_refused(tmp_path):
    (tmp_path / "installer").mkdir()
    for name in ("installer/sbom", "installer/materials.json", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    (tmp_path / "requirements.lock").write_text(
        lock + "newcomer==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    )
    done = subprocess.run(
        [sys.executable, tmp_path / "installer/sbom"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "does not know newcomer" in done.stderr) == (1, True)
