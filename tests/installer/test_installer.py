"""The set-up scripts, tried on a small copy of the project: its system, Python and pip are stand-ins that
note what is asked."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The Python of .venv. It answers the scripts' own questions with the real one, and notes everything else.
PYTHON = """#!/bin/sh
root={root}
case "$*" in
    *version_info*) ;;
    *get_path*) echo "$root/.venv/lib/python3/site-packages" ;;
    *importlinter*) echo "lint-imports" >>"$root/notes"; exit "${{LINT_EXIT:-0}}" ;;
    '-m pip --version') ;;
    '-m pip install'*) echo "$*" >>"$root/notes"; exit "${{PIP_EXIT:-0}}" ;;
    '-m pytest'*)
        echo "$*" >>"$root/notes"
        [ -z "${{ON_PYTEST:-}}" ] || {real} -c "$ON_PYTEST"
        exit "${{PYTEST_EXIT:-0}}" ;;
    -c*) exec {real} "$@" ;;
    *) echo "$*" >>"$root/notes" ;;
esac
"""

# Every package is installed, except those listed in the file "missing".
DPKG_QUERY = """#!/bin/sh
printf '%s\\n' "$@" | grep -vxFf {root}/missing | sed 's/^/installed amd64 /'
"""


class Copy:
    """A copy of the scripts and what they need around them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / "system"
        shutil.copytree(ROOT / "installer", root / "installer")
        for name in ("requirements.lock", "requirements-dev.lock", "missing", "notes"):
            (root / name).write_text("")
        self.program(root / ".venv/bin/python", PYTHON)
        (root / ".venv/lib/python3/site-packages").mkdir(parents=True)
        self.program(self.bin / "dpkg", "#!/bin/sh\necho amd64\n")
        self.program(self.bin / "dpkg-query", DPKG_QUERY)
        self.program(self.bin / "apt-cache", "#!/bin/sh\nexit 1\n")
        self.program(
            self.bin / "apt-get", '#!/bin/sh\necho "apt-get $*" >>{root}/notes\nexit "${{APT_EXIT:-0}}"\n'
        )
        self.program(self.bin / "sudo", "#!/bin/sh\nexit 1\n")

    def program(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(root=f"'{self.root}'", real=f"'{sys.executable}'"))
        path.chmod(0o755)

    def user(self, number: int) -> None:
        self.program(self.bin / "id", f'#!/bin/sh\n[ "$1" = -u ] && echo {number} || echo somebody\n')

    def __call__(
        self, script: str, *arguments: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        (self.root / "notes").write_text("")
        return subprocess.run(
            [self.root / "installer" / script, *arguments],
            cwd=cwd or self.root,
            env={"PATH": f"{self.bin}:/usr/sbin:/usr/bin:/sbin:/bin", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def notes(self) -> list[str]:
        return (self.root / "notes").read_text().splitlines()

    def installs(self) -> list[str]:
        return [Path(note.split()[-1]).name for note in self.notes() if note.startswith("-m pip install")]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "front desk")


# --- run ----------------------------------------------------------------------------------------------------


def test_without_a_display_it_says_so_and_names_the_tour(copy: Copy) -> None:
    done = copy("run")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "no display" in done.stderr
    assert "installer/run --tour DIR" in done.stderr
    assert copy.installs() == ["requirements.lock"], "the set-up comes first, so that the next start is quick"
    assert not [note for note in copy.notes() if "-m pms" in note]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tour", "pictures"],
        ["--tour=pictures"],
        ["--demo", "--tour", "a b"],
        ["--help"],
        ["backup", "to here"],
    ],
)
def test_what_opens_no_window_needs_no_display(copy: Copy, arguments: list[str]) -> None:
    assert copy("run", *arguments).returncode == 0
    assert copy.notes()[-1] == " ".join(["-P -m pms", *arguments])


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_with_a_display_the_arguments_go_through(copy: Copy, variable: str) -> None:
    assert copy("run", "--demo", **{variable: "x"}).returncode == 0
    assert copy.notes()[-1] == "-P -m pms --demo"


def test_it_finds_itself_through_links_and_from_any_folder(copy: Copy, tmp_path: Path) -> None:
    link, again = tmp_path / "link", tmp_path / "elsewhere" / "again"
    again.parent.mkdir()
    link.symlink_to(copy.root / "installer" / "run")
    again.symlink_to("../link")
    done = subprocess.run(
        [again, "--help"],
        cwd="/",
        env={"PATH": f"{copy.bin}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert copy.notes()[-1] == "-P -m pms --help"


# --- what is installed, and when ------------------------------------------------------------
def test_it_installs_by_hash_and_makes_the_program_importable(copy: Copy) -> None:
    copy("run", "--help")
    assert "--require-hashes" in copy.notes()[0]
    (pth,) = (copy.root / ".venv/lib/python3/site-packages").glob("*.pth")
    assert (pth.parent / pth.read_text().strip()).resolve() == copy.root


def test_it_installs_again_only_when_the_lock_changed(copy: Copy) -> None:
    copy("run", "--help")
    copy("run", "--help")
    assert copy.installs() == []
    (copy.root / "requirements.lock").write_text("# newer\n")
    copy("run", "--help")
    assert copy.installs() == ["requirements.lock"]


def test_the_stamps_of_run_and_test_live_side_by_side(copy: Copy) -> None:
    copy("run", "--help")
    copy("test", "-k", "x", PMS_TEST_POSTGRES="given")
    assert copy.installs() == ["requirements-dev.lock"]
    copy("run", "--help")
    assert copy.installs() == []
    copy("test", "-k", "x", PMS_TEST_POSTGRES="given")
    assert copy.installs() == []


def test_a_lock_that_comes_back_is_installed_again(copy: Copy) -> None:
    """Another branch's lock, installed by run alone, replaced versions that the test lock's stamp still
    vouched for."""
    copy("test", "-k", "x", PMS_TEST_POSTGRES="given")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (copy.root / name).write_text("# the other branch\n")
    copy("run", "--help")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (copy.root / name).write_text("")
    copy("test", "-k", "x", PMS_TEST_POSTGRES="given")
    assert copy.installs() == ["requirements-dev.lock"]


def test_an_installation_that_failed_is_repeated(copy: Copy) -> None:
    copy("run", "--help")
    (copy.root / "requirements.lock").write_text("# newer\n")
    failed = copy("run", "--help", PIP_EXIT="1")
    assert failed.returncode == 1
    assert not [note for note in copy.notes() if "-m pms" in note]
    (copy.root / "requirements.lock").write_text("")  # even the old one: who knows what the failed one left
    copy("run", "--help")
    assert copy.installs() == ["requirements.lock"]


def test_missing_packages_are_named_where_they_may_not_be_installed(copy: Copy) -> None:
    (copy.root / "missing").write_text("libegl1\nlibglib2.0-0\nlibglib2.0-0t64\nlibcups2\n")
    copy.user(1000)
    done = copy("run", "--help")
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libglib2.0-0"
    )
    assert len(done.stderr.splitlines()) == 1
    assert copy.notes() == []


def test_missing_packages_are_installed_by_root(copy: Copy) -> None:
    (copy.root / "missing").write_text("libegl1\n")
    copy.user(0)
    assert copy("run", "--help").returncode == 0
    assert copy.notes()[1].endswith("install -y --no-install-recommends libegl1")

    failed = copy("run", "--help", APT_EXIT="100")
    assert failed.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends libegl1" in failed.stderr


# --- test -----------------------------------------------------------------------------------
def test_texts_are_compiled_when_there_is_a_newer_one(copy: Copy) -> None:
    made = copy.root / "resources/locale/zh_CN/LC_MESSAGES/pms.mo"
    made.parent.mkdir(parents=True)
    (made.parents[1] / "stays.po").write_text("")
    assert copy("run", "--help").returncode == 0
    assert any(note.endswith("installer/texts") for note in copy.notes())
    made.write_text("")
    before = copy.notes()
    assert copy("run", "--help").returncode == 0
    assert not any(note.endswith("installer/texts") for note in copy.notes()[len(before) :])


def test_the_program_is_compiled_once_and_again_when_a_file_of_it_is_newer(copy: Copy) -> None:
    module = copy.root / "pms/db/engine.py"
    module.parent.mkdir(parents=True)
    module.write_text("")
    asked = f"-m compileall -q -j 0 {copy.root}/pms"
    assert copy("run", "--help").returncode == 0
    assert copy.notes().index(asked) < copy.notes().index("-P -m pms --help")
    assert copy("run", "--help").returncode == 0
    assert asked not in copy.notes()
    os.utime(module, (time.time() + 5, time.time() + 5))
    assert copy("test", "-k", "luggage", PMS_TEST_POSTGRES="given").returncode == 0
    assert asked in copy.notes()


def test_whoever_starts_the_program_finds_it_compiled(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "pms/core", tmp_path / "pms/core", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "installer", tmp_path / "installer")
    script = 'root="$1"; . "$root/installer/common.sh"; venv="$2"; make_bytecode'
    folders = (tmp_path, Path(sys.executable).parents[1])
    done = subprocess.run(["sh", "-euc", script, "sh", *folders], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert {p.stem for p in (tmp_path / "pms/core").glob("*.py")} == {
        p.name.split(".")[0] for p in (tmp_path / "pms/core/__pycache__").glob("*.pyc")
    }


def test_without_arguments_the_checks_come_before_the_tests(copy: Copy) -> None:
    assert copy("test", PMS_TEST_POSTGRES="given").returncode == 0
    assert [re.sub(r" -n \d+ --dist worksteal", "", note) for note in copy.notes()[1:]] == [
        "-m ruff format --check",
        "-m ruff check",
        "-m mypy",
        "lint-imports",
        "-m pytest",
    ]


def test_with_arguments_only_the_tests_run(copy: Copy) -> None:
    assert copy("test", "-k", "luggage", PMS_TEST_POSTGRES="given").returncode == 0
    assert [re.sub(r" -n \d+ --dist worksteal", "", note) for note in copy.notes()[1:]] == [
        "-m pytest -k luggage"
    ]


@pytest.mark.parametrize(
    ("environment", "named"), [({"LINT_EXIT": "1"}, "lint-imports"), ({"PYTEST_EXIT": "1"}, "pytest")]
)
def test_any_failure_fails_the_run(copy: Copy, environment: dict[str, str], named: str) -> None:
    done = copy("test", PMS_TEST_POSTGRES="given", **environment)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"FAILED: {named}"
    assert copy.notes()[-1].startswith("-m pytest"), "the tests run even so: one run shows everything"


def test_no_tests_is_a_failure(copy: Copy) -> None:
    done = copy("test", "-k", "nothing", PMS_TEST_POSTGRES="given", PYTEST_EXIT="5")
    assert done.returncode == 5
    assert "no tests were selected" in done.stderr


def test_without_postgresql_a_line_says_so_and_ci_fails(copy: Copy) -> None:
    away = {"PMS_POSTGRES_BIN": str(copy.root)}
    done = copy("test", "-k", "x", **away)
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if line.startswith("SKIPPED: the PostgreSQL tests")]
    assert copy.notes()[-1].startswith("-m pytest")

    done = copy("test", "-k", "x", CI="true", **away)
    assert done.returncode == 1
    assert not [note for note in copy.notes() if note.startswith("-m pytest")]


@pytest.mark.owns_sockets
def test_the_server_lives_for_one_run(copy: Copy) -> None:
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        pytest.skip("no PostgreSQL server here")
    ask = """if True:
        import os, psycopg
        from pathlib import Path
        url = os.environ["PMS_TEST_POSTGRES"].replace("+psycopg", "")
        with psycopg.connect(url) as c:
            c.autocommit = True
            c.execute("CREATE DATABASE of_a_test")
            encoding, folder = c.execute(
                "SELECT current_setting('server_encoding'), current_setting('data_directory')"
            ).fetchone()
        try:
            psycopg.connect(url.replace("//postgres:", "//postgres:wrong"))
            raise SystemExit("a wrong password was let in")
        except psycopg.OperationalError as refused:
            assert "password authentication failed" in str(refused)
        print(encoding, folder, psycopg.conninfo.conninfo_to_dict(url)["port"], os.environ["QT_QPA_PLATFORM"])
    """
    done = copy("test", "-k", "x", ON_PYTEST=ask, CI="true")
    assert done.returncode == 0, done.stderr
    encoding, folder, port, platform = done.stdout.split()
    assert (encoding, platform) == ("UTF8", "offscreen")
    assert not Path(folder).parent.parent.exists()
    with socket.socket() as s:  # bound, not connected: the port is free again
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(port)))


# --- the files themselves -------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["installer/run", "installer/test", "installer/lock", "installer/common.sh", ".ci/run"]
)
def test_the_scripts_are_whole(name: str) -> None:
    script = ROOT / name
    first = script.read_text(encoding="utf-8").splitlines()[0]
    shell = "bash" if "bash" in first else "sh"
    checked = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert name.endswith(".sh") or (first.startswith("#!/bin/") and os.access(script, os.X_OK))


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if re.match(r"[a-z0-9]", line)]
    return dict(line.rstrip(" \\").split("==", 1) for line in lines)


def test_the_test_lock_holds_all_of_the_run_lock() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_by_hash_and_name_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not [block for block in re.split(r"\n(?=[a-z0-9])", text) if "--hash=sha256:" not in block]


def test_locks_know_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements: list[str]) -> set[str]:
        return {
            re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-") for requirement in requirements
        }

    wanted = names(project["project"]["dependencies"])
    assert wanted <= pins("requirements.lock").keys()
    assert wanted | names(project["dependency-groups"]["dev"]) <= pins("requirements-dev.lock").keys()


@pytest.mark.parametrize("weight", ["400Regular", "700Bold"])
def test_the_fonts_are_truetype_outlines(weight: str) -> None:
    """CFF outlines would do for the screen and be refused on paper."""
    data = (ROOT / "resources/fonts" / f"NotoSansSC_{weight}.ttf").read_bytes()
    assert data[:4] == b"\x00\x01\x00\x00"
    tables = {data[12 + 16 * i : 16 + 16 * i] for i in range(int.from_bytes(data[4:6], "big"))}
    assert b"glyf" in tables
    assert not tables & {b"CFF ", b"fvar"}


def test_the_licence_is_the_whole_apache_text() -> None:
    text = (ROOT / "LICENSE").read_bytes()
    assert (
        hashlib.sha256(text).hexdigest() == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    )
