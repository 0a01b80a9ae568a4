"""The hotel's PostgreSQL server on the command line."""

from dataclasses import replace

from pms.cli.desk import DONE, Bar, Desk, say, secret, shown, vouched
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.settings import save as save_settings

SHORTEST = 12
"""Nobody types these passwords every day."""


def roles(desk: Desk) -> int:
    """Make the two roles and the database, hand over the one that is there, and bring it to this release.

    This workstation signs in as the desks' role from then on, if the hotel is its own.
    """
    from pms.db import keys
    from pms.db import roles as server_roles
    from pms.services.opening.founding import Server

    args = desk.args
    owner, role = args.owner or f"{args.database}_owner", args.desk or f"{args.database}_desk"
    if len({owner, role, args.admin}) < 3:
        raise Refused(_("Administrator, owner and desks are three roles. Choose other names."))
    admin = secret(_("Password of %(who)s:") % {"who": args.admin})
    new = [secret(_("New password of %(who)s:") % {"who": who}) for who in (owner, role)]
    if min(map(len, new)) < SHORTEST or new[0] == new[1]:
        raise Refused(
            _("Give the two roles passwords of their own, of %(n)s characters or more.") % {"n": SHORTEST}
        )
    at = Server(args.host, args.database, args.admin, admin, args.port)
    ours = _is_ours(desk)
    key = keys.derive(keys.load(desk.place, desk.settings)) if ours else None
    server_roles.set_up(at.url, server_roles.Roles(owner, new[0], role, new[1], args.database), key)
    say(
        _(
            "%(database)s on %(host)s belongs to %(owner)s. Desks sign in as %(desk)s. Keep the "
            "password of %(owner)s in the safe: only this command needs it."
        )
        % {"database": args.database, "host": args.host, "owner": owner, "desk": role}
    )
    if ours:
        _sign_in_as(desk, role, new[1])
        say(_("This workstation signs in as %(desk)s from now on.") % {"desk": role})
    return DONE


def move(desk: Desk) -> int:
    """Bring this computer's hotel over to the server that ``pms server`` has made ready."""
    from pms.core.alone import Alone
    from pms.core.permissions import Permission
    from pms.services.opening.founding import Server
    from pms.services.opening.move import Move

    if desk.settings.server:
        raise Refused(_("This hotel is on a server already (%(where)s).") % {"where": shown(desk.settings)})
    alone = Alone(desk.place.data)
    if not alone.take():
        raise Refused(_("The hotel's program is still open. Close it on this computer and try again."))
    office, args = desk.office(), desk.args
    owner, role = args.owner or f"{args.database}_owner", args.desk or f"{args.database}_desk"
    owner_at, desk_at = (
        Server(args.host, args.database, who, secret(_("Password of %(who)s:") % {"who": who}), args.port)
        for who in (owner, role)
    )
    bar = Bar(_("Moving"))
    what = _("Move the hotel to a server")
    held = Move(
        desk.place,
        desk.settings,
        desk.offers,
        owner_at,
        desk_at,
        vouch=lambda office: vouched(office, what, Permission.PROPERTY_EDIT),
        progress=bar.show,
    ).run(office)
    bar.end()
    for name, one in held.items():
        say(f"    {name:<20} {one.rows:>10} {one.digest[:12]}")
    say(
        _("The hotel is on %(host)s, and this workstation works there. Its file is kept as %(file)s.")
        % {"host": args.host, "file": f"{desk.settings.database}.moved"}
    )
    alone.let_go()
    return DONE


def _is_ours(desk: Desk) -> bool:
    """Say whether this workstation's hotel is the one on this server."""
    from pms.db import hosts
    from pms.services.opening.store import url_of

    if not desk.settings.server:
        return False
    url, args = url_of(desk.settings), desk.args
    ours = [(one.host or "localhost", one.port) for one in hosts.addresses(url)]
    meant = [(one.host, one.port) for one in hosts.typed(args.host, args.port)]
    return set(meant) <= set(ours) and url.database == args.database


def _sign_in_as(desk: Desk, role: str, password: str) -> None:
    from pms.services.opening.store import remembered, url_of

    url = url_of(desk.settings).set(username=role, password=password)
    save_settings(desk.place, replace(desk.settings, database=remembered(url, desk.place)))
