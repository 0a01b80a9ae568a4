"""The close writes down what its reports say; the warning before it; the day audit's register; weekly and monthly reports."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _snapshots()
    _registers()
    auditor, leading = ('day_audit:note',), ('day_audit:note', 'day_audit:work', 'period_reports:sign')
    rights.grant(op.get_bind(), {'auditor': auditor, 'supervisor': leading, 'manager': leading, 'owner': leading})


def _snapshots() -> None:
    # added in place: a rebuilt table would lose its triggers
    for table, columns in (
            ('night_stay', (sa.Column('room', sa.Text()), sa.Column('guest', sa.Text()), sa.Column('departure', sa.Date()),
                            sa.Column('segment', sa.String(length=16)))),
            ('night_figure', (sa.Column('rack', sa.BigInteger()),)),
            ('audit_run', (sa.Column('warned_at', types.Moment()), sa.Column('warned_from', sa.Text()), number('warned_for'), number('budget_sold'),
                           sa.Column('budget_revenue', sa.BigInteger())))):
        for column in columns:
            op.add_column(table, column)
    op.create_table('night_loss',
    sa.Column('business_date', sa.Date(), nullable=False),
    number('line_id', nullable=False),
    number('number', nullable=False),
    sa.Column('guest', sa.Text(), nullable=False),
    sa.Column('type_code', sa.Text(), nullable=False),
    sa.Column('arrival', sa.Date(), nullable=False),
    sa.Column('departure', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('business_date', 'line_id', name=op.f('pk_night_loss')),
    sqlite_with_rowid=False)
    op.create_table('workplace',
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('seen_at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('station', name=op.f('pk_workplace')))
    for statement in _KNOWN:
        op.execute(sa.text(statement))
    _racks()


def _racks() -> None:
    """Write what the price list says of the closed days: from now on the close writes it, and the list may change."""
    connection = op.get_bind()
    listed = connection.execute(sa.text(
        'SELECT type_id, "start", "end", weekdays, price FROM rate_price WHERE plan_id = (SELECT min(id) FROM rate_plan WHERE kind = \'rack\' '
        'AND base_id IS NULL) ORDER BY id DESC').columns(start=sa.Date(), end=sa.Date())).all()
    figures = connection.execute(sa.text("SELECT business_date, type_id FROM night_figure").columns(business_date=sa.Date())).all()
    racks = [{"day": day, "type": type_id, "rack": next(
        (r.price for r in listed if r.type_id == type_id and r.start <= day <= r.end and r.weekdays >> day.weekday() & 1), None)}
        for day, type_id in figures]
    if racks:
        connection.execute(sa.text("UPDATE night_figure SET rack = :rack WHERE business_date = :day AND type_id = :type").bindparams(
            sa.bindparam("day", type_=sa.Date())), racks)


_KNOWN = (
    "UPDATE night_stay SET room = (SELECT number FROM room WHERE room.id = night_stay.room_id), "
    "guest = (SELECT guest.name FROM stay JOIN guest ON guest.id = stay.guest_id WHERE stay.id = night_stay.stay_id), "
    "departure = (SELECT stay.departure FROM stay WHERE stay.id = night_stay.stay_id), "
    "segment = (SELECT coalesce(max(rate_plan.kind), 'manual') FROM stay JOIN booked_room ON booked_room.id = stay.line_id "
    "LEFT JOIN rate_plan ON rate_plan.id = booked_room.plan_id WHERE stay.id = night_stay.stay_id)",
    "INSERT INTO night_loss (business_date, line_id, number, guest, type_code, arrival, departure, state, reason) "
    "SELECT b.arrival, b.id, r.number, r.guest_name, t.code, b.arrival, b.departure, b.state, b.reason FROM booked_room b "
    "JOIN reservation r ON r.id = b.reservation_id JOIN room_type t ON t.id = b.type_id "
    "JOIN audit_run a ON a.business_date = b.arrival AND a.closed_at IS NOT NULL WHERE b.state IN ('cancelled', 'no_show')",
)
"""What the days that are closed already can still be told from."""


def _registers() -> None:
    op.create_table('day_finding',
    number('number', nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    number('staff_id', nullable=True),
    sa.Column('cause', sa.String(length=12), nullable=False),
    sa.Column('training', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('found_at', types.Moment(), nullable=False),
    number('found_by', nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    number('closed_by', nullable=True),
    number('id', nullable=False),
    sa.CheckConstraint("state IN ('open', 'closed')", name=op.f('ck_day_finding_state')),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_day_finding_amount')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_day_finding_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_finding')),
    sa.UniqueConstraint('number', name=op.f('uq_day_finding_number')))
    with op.batch_alter_table('day_finding', schema=None) as batch_op:
        batch_op.create_index('ix_day_finding_business_date', ['business_date'], unique=False)
        batch_op.create_index('ix_day_finding_open', ['number'], unique=False, sqlite_where=sa.text("state = 'open'"),
                              postgresql_where=sa.text("state = 'open'"))
    op.create_table('period_report',
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('start', sa.Date(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('written_at', types.Moment(), nullable=False),
    number('written_by', nullable=True),
    number('number', nullable=True),
    sa.Column('paper', types.Json(), nullable=True),
    sa.Column('signed_by', sa.Text(), nullable=True),
    sa.Column('signed_at', types.Moment(), nullable=True),
    number('id', nullable=False),
    sa.CheckConstraint("kind IN ('week', 'month')", name=op.f('ck_period_report_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_period_report')),
    sa.UniqueConstraint('kind', 'start', name=op.f('uq_period_report_kind_start')),
    sa.UniqueConstraint('number', name=op.f('uq_period_report_number')))
    dialect = op.get_bind().dialect.name
    changed = ('UPDATE', 'DELETE')
    for statement in (*guards.freeze(dialect, 'day_finding', "ROW.state = 'closed'", verbs=changed),
                      *guards.freeze(dialect, 'period_report', "ROW.signed_at IS NOT NULL", verbs=changed),
                      *(line for table in ('night_stay', 'night_figure', 'night_loss') for line in guards.protect(dialect, table))):
        op.execute(sa.text(statement.replace(":", "\\:")))
