# What run and test share, in plain POSIX sh: the system packages, Python, the Python packages in .venv, the texts
# and the bytecode.
# Every message goes to standard error, because standard output belongs to the program.
# The caller has set $root to the project's folder.

venv="$root/.venv"

# "a|b" is one library under two names: Debian 13 and Ubuntu 24.04 renamed some for 64-bit time.
# What PySide6 links (a bare machine lacks libgssapi too: QtNetwork wants it); a window under X11 or Wayland; printing;
# USB for receipt printers.
runtime_packages='libgl1 libegl1 libxkbcommon0 libglib2.0-0t64|libglib2.0-0 libfreetype6 libfontconfig1 libdbus-1-3
    libgssapi-krb5-2
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0
    libwayland-cursor0 libwayland-egl1
    libcups2t64|libcups2
    libusb-1.0-0'

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 1
}

# --- system packages ------------------------------------------------------------------------------------------

# Prints those of the packages named that are not installed. Another architecture's copy does not count: a desk
# with 32-bit Wine has i386 libraries that this Python cannot load.
missing_packages() {
    arch=$(dpkg --print-architecture)
    have="|$(dpkg-query -W -f '${db:Status-Status} ${Architecture} ${Package}\n' $(echo "$*" | tr '|' ' ') 2>/dev/null | tr '\n' '|')"
    for names in "$@"; do
        first=${names%%|*}
        last=${names##*|}
        case $have in
            *"|installed $arch $first|"* | *"|installed all $first|"*) continue ;;
            *"|installed $arch $last|"* | *"|installed all $last|"*) continue ;;
        esac
        # Of two names, the one that apt knows. Before the first "apt-get update" it knows none; then the older name,
        # which every release understands.
        if [ "$first" != "$last" ] && apt-cache show "$first" >/dev/null 2>&1; then
            last=$first
        fi
        printf '%s ' "$last"
    done
}

# Prints the prefix with which apt-get may be run without a question; fails if there is none.
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        echo env
    elif sudo -n true >/dev/null 2>&1; then
        echo 'sudo -n env'
    else
        return 1
    fi
}

# Installs the packages named. Returns 1 when that is not allowed or does not work.
apt_install() {
    prefix=$(root_prefix) || return 1
    say "Installing system packages: $*"
    # A stale or foreign package source may fail to update and still leave what we need: the install decides.
    apt_get update || true
    apt_get install -y --no-install-recommends "$@"
}

# apt-get without questions; what it prints is shown only if it fails. A fresh Ubuntu holds the lock for its own updates.
apt_get() {
    printed=$($prefix DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null 2>&1) && return 0
    printf '%s\n' "$printed" | tail -n 30 >&2
    return 1
}

# Installs what is missing of the packages named, or names it and ends.
need_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        return 0   # not Debian's family: these names mean nothing, and Qt itself reports a library it lacks
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    apt_install $missing || fail "System packages are missing; install them with:" \
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing% }"
}

# --- Python ---------------------------------------------------------------------------------------------------

# The environment's own Python answers: false after the system's Python was replaced.
venv_works() {
    "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Sets $python to one that is new enough and can make a virtual environment (Debian packs that part separately).
find_python() {
    for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && return 0
    done
    return 1
}

# The packages for that, where it is still wanted: named together with all others, so that one command is enough.
python_packages() {
    venv_works || find_python || echo python3 python3-venv
}

need_python() {
    find_python && return 0
    fail "Python 3.11 or newer with its venv module is needed, and this system has none" \
        "($(python3 --version 2>/dev/null || echo 'no python3 at all'))."
}

# --- the Python packages --------------------------------------------------------------------------------------

lock_hash() {
    sha256sum "$root/$1" 2>/dev/null | cut -d ' ' -f 1
}

# One stamp for each lock file, so that run and test do not undo each other's work: the test lock holds all of
# the run lock, version for version.
venv_ready() {
    venv_works && [ "$(cat "$venv/.installed-$1" 2>/dev/null)" = "$(lock_hash "$1")" ]
}

fill_venv() {
    if [ -e "$venv" ] && [ ! -w "$venv" ] || [ ! -e "$venv" ] && [ ! -w "$root" ]; then
        fail "$venv must be made or renewed, and $(id -un) may not write there: run this once as $(stat -c %U "$root")."
    fi
    if ! venv_works; then
        need_python
        say "Making $venv with $("$python" --version)."
        "$python" -m venv --clear "$venv" >&2 || fail "The virtual environment $venv could not be made."
    fi
    # A venv whose making was interrupted has a Python and no pip.
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >&2 ||
        fail "There is no pip in $venv; delete that folder and try again."

    # A stamp that is not of the present lock file would be true again as soon as that file came back, for versions that
    # are about to be replaced.
    for stamp in "$venv"/.installed-*; do
        [ "$(cat "$stamp" 2>/dev/null)" = "$(lock_hash "${stamp##*/.installed-}")" ] || rm -f "$stamp"
    done

    say "Installing the Python packages of $1 (a few minutes the first time)."
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$root/$1" >&2 ||
        fail "The Python packages could not be installed (see above); nothing was started."

    # The program itself: one line in place of a build. Relative, so that the folder may be moved.
    site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo ../../../.. >"$site/pms-project.pth"

    lock_hash "$1" >"$venv/.installed-$1"   # last: an interrupted set-up is done again
}

# set_up LOCKFILE: afterwards $venv holds what LOCKFILE names. Does nothing when it does already.
set_up() {
    [ -f "$root/$1" ] || fail "$root/$1 is missing: this is not a whole copy of the program."
    venv_ready "$1" && return 0
    exec 9<"$root"   # a lock on the folder itself: two starts at once must not install at once, and no file is left
    flock 9
    venv_ready "$1" || fill_venv "$1"
    exec 9<&-
}

# --- the texts ------------------------------------------------------------------------------------------------

# Compiles the catalogues when a text is newer than what was compiled from it, or nothing was yet.
make_texts() {
    for language in "$root"/resources/locale/*/; do
        [ -d "$language" ] || continue
        made="${language}LC_MESSAGES/pms.mo"
        if [ ! -e "$made" ] || { [ -w "$made" ] && [ -n "$(find "$language" -name '*.po' -newer "$made")" ]; }; then
            "$venv/bin/python" "$root/installer/texts" >&2 || fail "The texts could not be compiled (see above)."
            return
        fi
    done
}

# --- the bytecode ---------------------------------------------------------------------------------------------

# Compiles the program when one of its files is newer than what was compiled, or nothing was yet: whoever starts it may
# not write here, and would compile it anew at every start, a second each time. pip has compiled the packages.
make_bytecode() {
    stamp="$root/pms/__pycache__/compiled"
    [ -w "$root/pms" ] || return 0
    [ ! -e "$stamp" ] || [ -n "$(find "$root/pms" -name '*.py' -newer "$stamp" -print -quit)" ] || return 0
    mkdir -p "${stamp%/*}" && : >"$stamp.new" || return 0   # its time is that of the beginning: a file that is changed meanwhile is newer
    if "$venv/bin/python" -m compileall -q -j 0 "$root/pms" >&2; then
        mv -f "$stamp.new" "$stamp"
    else
        rm -f "$stamp.new"
        say "The program could not be compiled (see above); it starts more slowly."
    fi
}
