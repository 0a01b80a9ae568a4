"""The hotel's second PostgreSQL server on the command line."""

import argparse
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pms.cli.desk import DONE, FAILED, Desk, say, secret
from pms.cli.server import SHORTEST
from pms.core.clock import system_clock
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.settings import save as save_settings

if TYPE_CHECKING:
    from sqlalchemy import URL

    from pms.db.standby import Watch

SOCKET = "/var/run/postgresql"


def words(p: argparse.ArgumentParser) -> None:
    """Put the four steps on the line."""
    steps = p.add_subparsers(dest="step", metavar=_("STEP"), required=True)
    made = steps.add_parser(
        "set-up", help=_("make this machine's PostgreSQL the standby of the first server")
    )
    _where(made, "localhost")
    made.add_argument("--data", type=Path, required=True, metavar="FOLDER", help=_("where its data will lie"))
    made.add_argument("--own-port", type=int, default=5432, metavar="PORT", help=_("its port (%(default)s)"))
    made.add_argument("--listen", default="*", help=_("on which addresses it answers (%(default)s)"))
    made.add_argument("--certificate", type=Path, metavar="FILE", help=_("the certificate of this machine"))
    made.add_argument("--certificate-key", type=Path, metavar="FILE", help=_("and its private key"))
    watched = steps.add_parser(
        "watch", help=_("on the machine of a server, for good: say how the standby is, and act on it")
    )
    _where(watched, _here())
    watched.add_argument(
        "--synchronous",
        action="store_true",
        help=_("confirm each act once both have it, while both are there"),
    )
    watched.add_argument(
        "--other", metavar="HOST[:PORT]", help=_("the other server, asked whether it was promoted meanwhile")
    )
    watched.add_argument("--once", action="store_true", help=_("look once, then end"))
    _where(
        steps.add_parser("promote", help=_("let this machine's standby take the first one's place")), _here()
    )
    told = steps.add_parser("address", help=_("tell this workstation the addresses of both servers"))
    told.add_argument("hosts", metavar="HOST,HOST", help=_("for example 10.0.0.1,10.0.0.2:5433"))


def _where(p: argparse.ArgumentParser, host: str) -> None:
    p.add_argument("--host", default=host, help=_("the server (%(default)s)"))
    p.add_argument("--port", type=int, default=5432, help="(%(default)s)")
    p.add_argument("--database", default="hotel", help=_("the hotel's database (%(default)s)"))
    p.add_argument(
        "--admin", default="postgres", metavar="ROLE", help=_("the server's administrator (%(default)s)")
    )


def _here() -> str:
    """Return where this machine's own server is asked without a password."""
    return SOCKET if Path(SOCKET).is_dir() else "localhost"


def run(desk: Desk) -> int:
    """Run one of the steps."""
    return _STEPS[desk.args.step](desk)


def _admin(desk: Desk, password: str | None = None) -> "URL":
    from pms.services.opening.founding import Server

    args = desk.args
    url = Server(args.host, args.database, args.admin, password or "", args.port).url
    return url if password else url._replace(password=None)


def set_up(desk: Desk) -> int:
    """Make this machine's PostgreSQL the standby of the server that the desks work on."""
    from pms.db import standby
    from pms.services.opening import second_server

    args = desk.args
    if (args.certificate is None) != (args.certificate_key is None):
        raise Refused(_("A certificate and its key go together: name both."))
    admin = secret(_("Password of %(who)s:") % {"who": args.admin})
    password = secret(_("New password of %(who)s:") % {"who": standby.NAME})
    if len(password) < SHORTEST:
        raise Refused(
            _("Give the standby a password of its own, of %(n)s characters or more.") % {"n": SHORTEST}
        )
    certificate = (args.certificate, args.certificate_key) if args.certificate else None
    made = second_server.Standby(args.data, args.own_port, args.listen, certificate)
    url = _admin(desk, admin)
    second_server.set_up(url, args.database, password, made, system_clock(), say)
    say(_("This machine follows %(host)s.") % {"host": args.host})
    say(_("Watch it there: pms standby watch. Tell every desk: pms standby address HOST,HOST."))
    return DONE


def watch(desk: Desk) -> int:
    """Look at a server and its standby again and again, and say what has changed."""
    from pms.db import copies, standby

    ending = threading.Event()
    watcher = standby.Watch(_admin(desk), synchronous=desk.args.synchronous, other=_other(desk))
    if desk.args.once:
        state, words = _look(watcher)
        say(words)
        return DONE if state in (copies.BOTH, standby.STANDBY) else FAILED
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_any: ending.set())
    said = ""
    try:
        while not ending.wait(standby.EVERY):
            _state, words = _look(watcher)
            if words != said:
                said = words
                say(f"{system_clock():%Y-%m-%d %H:%M:%S} UTC {words}")
    finally:
        watcher.end()
    return DONE


def _look(watcher: "Watch") -> tuple[str, str]:
    from sqlalchemy.exc import DBAPIError

    try:
        found = watcher.look()
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        return "", _("the server does not answer: %(why)s") % {"why": why}
    words = found.words
    if watcher.unheard:
        words += " – " + _("the other server could not be asked: %(why)s") % {"why": watcher.unheard}
    return found.state, words


def _other(desk: Desk) -> "URL | None":
    """Return where the other server is asked; libpq finds the password, in ~/.pgpass say."""
    from pms.db import standby
    from pms.services.opening.founding import Server

    args = desk.args
    if not args.other:
        return None
    return Server(args.other, args.database, standby.NAME, "").url._replace(password=None)


def promote(desk: Desk) -> int:
    """Let this machine's standby take the first server's place."""
    from pms.db import standby

    done = standby.promote(_admin(desk))
    at = f"{done.up_to:%Y-%m-%d %H:%M:%S.%f} UTC" if done.up_to else _("an unknown moment")
    say(_("Promoted. The last act it holds was saved at %(at)s.") % {"at": at})
    if done.synchronous:
        say(
            _(
                "Up to then every act was confirmed by both. Nothing is missing, unless the desks said “one "
                "copy only” afterwards: what they saved since is on %(first)s alone."
            )
            % {"first": done.first}
        )
    else:
        say(
            _("What was confirmed after that moment is on %(first)s alone: it is missing here.")
            % {"first": done.first}
        )
    say(
        _(
            "Do not let %(first)s work again as it is. Make it the standby there: pms standby set-up. Watch "
            "here from now on: pms standby watch."
        )
        % {"first": done.first}
    )
    return DONE


def address(desk: Desk) -> int:
    """Tell this workstation where both servers are; refuses what is not the same hotel's. What it knew of an
    earlier set of copies is forgotten."""
    from pms.db import hosts, keys, roles
    from pms.services.opening.store import remembered, signed, url_of

    if not desk.settings.server:
        raise Refused(_("This hotel is in a file of this computer. Bring it to a server first: pms move."))
    before = url_of(desk.settings)
    url = hosts.addressed(before, hosts.typed(desk.args.hosts))
    if not roles.is_local(url):
        url = url.update_query_dict({"sslmode": url.query.get("sslmode", roles.SAFE_MODE)})
    found = hosts.look_at(signed(url, desk.place))
    for one in found:
        if one.why:
            raise Refused(_("%(host)s does not answer: %(why)s") % {"host": one.address, "why": one.why})
    if len({one.identifier for one in found}) > 1:
        raise Refused(_("These servers are no copies of one another. Nothing was changed."))
    if not any(one.writes for one in found):
        raise Refused(_("None of these servers takes what is typed. Nothing was changed."))
    known = hosts.Newest(newest := desk.place.newest(keys.sign(keys.load(desk.place, desk.settings))))
    if all(not known.is_theirs(one.identifier) for one in found):
        newest.unlink(missing_ok=True)
    save_settings(
        desk.place, replace(desk.settings, database=remembered(signed(url, desk.place), desk.place))
    )
    say(
        _("This workstation knows %(hosts)s from now on.")
        % {"hosts": ", ".join(str(o.address) for o in found)}
    )
    return DONE


_STEPS: dict[str, Callable[[Desk], int]] = {
    "set-up": set_up,
    "watch": watch,
    "promote": promote,
    "address": address,
}
