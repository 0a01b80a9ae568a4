"""One hotel day: the house, its people, bookings, stays, the ledger and the audit."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('ledger', sa.String(length=10), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('window', sa.String(length=1), nullable=False),
    sa.Column('balance', sa.BigInteger(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('code', name=op.f('uq_account_code'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index('ix_account_line_id', ['line_id'], unique=True, sqlite_where=sa.text('line_id IS NOT NULL'), postgresql_where=sa.text('line_id IS NOT NULL'))
        batch_op.create_index('ix_account_standing', ['ledger', 'balance'], unique=False, sqlite_where=sa.text('balance <> 0'), postgresql_where=sa.text('balance <> 0'))
        batch_op.create_index('ix_account_stay_id', ['stay_id', 'ledger', 'window'], unique=True, sqlite_where=sa.text('stay_id IS NOT NULL'), postgresql_where=sa.text('stay_id IS NOT NULL'))

    op.create_table('audit_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changes', types.Json(), nullable=False),
    sa.Column('approved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_record_record_id', ['record', 'record_id'], unique=False)

    op.create_table('audit_run',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('step', sa.String(length=10), nullable=False),
    sa.Column('started_at', types.Moment(), nullable=False),
    sa.Column('started_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('done_at', types.Moment(), nullable=True),
    sa.Column('postings', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('no_shows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('marks', types.Json(), nullable=False),
    sa.Column('trail_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trail_head', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('business_date', name=op.f('pk_audit_run'))
    )
    op.create_table('guest',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('sex', sa.String(length=1), nullable=False),
    sa.Column('birth', sa.Date(), nullable=True),
    sa.Column('nationality', sa.String(length=3), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('document_type', sa.Text(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('document_shown', sa.Text(), nullable=False),
    sa.Column('document_mark', sa.String(length=64), nullable=True),
    sa.Column('identity', sa.String(length=8), nullable=False),
    sa.Column('do_not_disclose', sa.Boolean(), nullable=False),
    sa.Column('vip', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest'))
    )
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_document_mark'), ['document_mark'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_search'), ['search'], unique=False)

    op.create_table('intent',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('arguments', sa.String(length=64), nullable=False),
    sa.Column('result', types.Json(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_intent'))
    )
    op.create_table('ledger_day',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('ledger', sa.String(length=10), nullable=False),
    sa.Column('opening', sa.BigInteger(), nullable=False),
    sa.Column('debit', sa.BigInteger(), nullable=False),
    sa.Column('credit', sa.BigInteger(), nullable=False),
    sa.Column('closing', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('business_date', 'ledger', name=op.f('pk_ledger_day')),
    sqlite_with_rowid=False
    )
    op.create_table('night_stay',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('heads', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('business_date', 'stay_id', name=op.f('pk_night_stay')),
    sqlite_with_rowid=False
    )
    op.create_table('number_series',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('latest', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_number_series'))
    )
    op.create_table('print_job',
    sa.Column('slip', types.Json(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reprint_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reprint', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trouble', sa.Text(), nullable=False),
    sa.Column('printer', sa.Text(), nullable=False),
    sa.Column('printed_at', types.Moment(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_job'))
    )
    with op.batch_alter_table('print_job', schema=None) as batch_op:
        batch_op.create_index('ix_print_job_record_record_id', ['record', 'record_id'], unique=False)
        batch_op.create_index('ix_print_job_state_id', ['state', 'id'], unique=False)

    op.create_table('printer',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('paper', sa.Text(), nullable=False),
    sa.Column('charset', sa.Text(), nullable=False),
    sa.Column('cutter', sa.Boolean(), nullable=False),
    sa.Column('drawer', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_printer')),
    sa.UniqueConstraint('name', name=op.f('uq_printer_name'))
    )
    op.create_table('print_route',
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('printer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['printer_id'], ['printer.id'], name=op.f('fk_print_route_printer_id_printer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_route')),
    sa.UniqueConstraint('station', 'kind', name=op.f('uq_print_route_station_kind'))
    )
    op.create_table('property',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('zone', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('digits', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('inventory_until', sa.Date(), nullable=False),
    sa.Column('options', types.Json(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_property_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_property'))
    )
    op.create_table('rate_plan',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('base_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('basis_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_off', sa.BigInteger(), nullable=False),
    sa.Column('unit', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['rate_plan.id'], name=op.f('fk_rate_plan_base_id_rate_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rate_plan')),
    sa.UniqueConstraint('code', name=op.f('uq_rate_plan_code'))
    )
    op.create_table('reservation',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guest_name', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('company', sa.Text(), nullable=False),
    sa.Column('hold_until', sa.String(length=5), nullable=False),
    sa.Column('remarks', sa.Text(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('made_at', types.Moment(), nullable=False),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('import_key', sa.String(length=80), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reservation')),
    sa.UniqueConstraint('import_key', name=op.f('uq_reservation_import_key')),
    sa.UniqueConstraint('number', name=op.f('uq_reservation_number'))
    )
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reservation_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_reservation_search'), ['search'], unique=False)

    op.create_table('role',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('rights', types.Json(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_role'))
    )
    op.create_table('room_type',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('beds', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('overbook', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('small_hours', sa.String(length=8), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_type')),
    sa.UniqueConstraint('code', name=op.f('uq_room_type_code'))
    )
    op.create_table('sign_in_try',
    sa.Column('login', sa.Text(), nullable=False),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('wrong', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('login', 'station', name=op.f('pk_sign_in_try'))
    )
    op.create_table('topic',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_topic'))
    )
    op.create_table('account_day',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opening', sa.BigInteger(), nullable=False),
    sa.Column('debit', sa.BigInteger(), nullable=False),
    sa.Column('credit', sa.BigInteger(), nullable=False),
    sa.Column('closing', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_day_account_id_account')),
    sa.PrimaryKeyConstraint('business_date', 'account_id', name=op.f('pk_account_day')),
    sqlite_with_rowid=False
    )
    op.create_table('guest_key',
    sa.Column('guest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_key_guest_id_guest')),
    sa.PrimaryKeyConstraint('guest_id', name=op.f('pk_guest_key'))
    )
    op.create_table('inventory',
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('night', sa.Date(), nullable=False),
    sa.Column('total', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('overbook', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sold', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('sold <= total + overbook', name=op.f('ck_inventory_oversold')),
    sa.CheckConstraint('sold >= 0', name=op.f('ck_inventory_sold')),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_inventory_type_id_room_type')),
    sa.PrimaryKeyConstraint('type_id', 'night', name=op.f('pk_inventory')),
    sqlite_with_rowid=False
    )
    op.create_table('night_figure',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rooms', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('out_of_order', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('house_use', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sold', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('complimentary', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.Column('arrivals', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('departures', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('no_shows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_night_figure_type_id_room_type')),
    sa.PrimaryKeyConstraint('business_date', 'type_id', name=op.f('pk_night_figure')),
    sqlite_with_rowid=False
    )
    op.create_table('rate_price',
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('start', sa.Date(), nullable=False),
    sa.Column('end', sa.Date(), nullable=False),
    sa.Column('weekdays', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('"start" <= "end"', name=op.f('ck_rate_price_period')),
    sa.ForeignKeyConstraint(['plan_id'], ['rate_plan.id'], name=op.f('fk_rate_price_plan_id_rate_plan')),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_rate_price_type_id_room_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rate_price'))
    )
    with op.batch_alter_table('rate_price', schema=None) as batch_op:
        batch_op.create_index('ix_rate_price_plan_id_type_id', ['plan_id', 'type_id', 'end'], unique=False)

    op.create_table('room',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('floor', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('features', sa.Text(), nullable=False),
    sa.Column('lock_id', sa.Text(), nullable=False),
    sa.Column('joined', sa.Text(), nullable=False),
    sa.Column('house_use', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('clean', sa.String(length=10), nullable=False),
    sa.Column('seen_persons', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('seen_at', types.Moment(), nullable=True),
    sa.Column('seen_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remarks', types.Json(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("clean IN ('dirty', 'clean', 'inspected')", name=op.f('ck_room_clean')),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_room_type_id_room_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('number', name=op.f('uq_room_number'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_type_id'), ['type_id'], unique=False)

    op.create_table('staff',
    sa.Column('login', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role_code', sa.Text(), nullable=False),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['role_code'], ['role.code'], name=op.f('fk_staff_role_code_role')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('login', name=op.f('uq_staff_login'))
    )
    op.create_table('transaction_code',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('taxed', sa.Boolean(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_transaction_code_account_id_account')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_transaction_code'))
    )
    op.create_table('transfer',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('debit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('reverses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('slip', sa.Text(), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('night', sa.Date(), nullable=True),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_transfer_amount')),
    sa.CheckConstraint('debit_id <> credit_id', name=op.f('ck_transfer_two_accounts')),
    sa.ForeignKeyConstraint(['credit_id'], ['account.id'], name=op.f('fk_transfer_credit_id_account')),
    sa.ForeignKeyConstraint(['debit_id'], ['account.id'], name=op.f('fk_transfer_debit_id_account')),
    sa.ForeignKeyConstraint(['reverses'], ['transfer.id'], name=op.f('fk_transfer_reverses_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer')),
    sa.UniqueConstraint('key', name=op.f('uq_transfer_key')),
    sa.UniqueConstraint('reverses', name=op.f('uq_transfer_reverses'))
    )
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.create_index('ix_transfer_business_date', ['business_date'], unique=False)
        batch_op.create_index('ix_transfer_credit_id', ['credit_id', 'business_date'], unique=False)
        batch_op.create_index('ix_transfer_debit_id', ['debit_id', 'business_date'], unique=False)
        batch_op.create_index('ix_transfer_night', ['stay_id', 'night', 'code'], unique=True, sqlite_where=sa.text('night IS NOT NULL'), postgresql_where=sa.text('night IS NOT NULL'))

    op.create_table('block',
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('start', sa.Date(), nullable=False),
    sa.Column('end', sa.Date(), nullable=False),
    sa.Column('returns_to', sa.String(length=10), nullable=False),
    sa.Column('by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('lifted_at', types.Moment(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_block_room_id_room')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_block'))
    )
    with op.batch_alter_table('block', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_block_room_id'), ['room_id'], unique=False)

    op.create_table('booked_room',
    sa.Column('reservation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('counted_type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('arrival', sa.Date(), nullable=False),
    sa.Column('departure', sa.Date(), nullable=False),
    sa.Column('adults', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('children', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('breakfast', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('before', sa.String(length=10), nullable=False),
    sa.Column('state_at', types.Moment(), nullable=False),
    sa.Column('state_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('arrival <= departure', name=op.f('ck_booked_room_dates')),
    sa.ForeignKeyConstraint(['counted_type_id'], ['room_type.id'], name=op.f('fk_booked_room_counted_type_id_room_type')),
    sa.ForeignKeyConstraint(['plan_id'], ['rate_plan.id'], name=op.f('fk_booked_room_plan_id_rate_plan')),
    sa.ForeignKeyConstraint(['reservation_id'], ['reservation.id'], name=op.f('fk_booked_room_reservation_id_reservation')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_booked_room_room_id_room')),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_booked_room_type_id_room_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booked_room'))
    )
    with op.batch_alter_table('booked_room', schema=None) as batch_op:
        batch_op.create_index('ix_booked_room_arrival', ['arrival', 'state'], unique=False)
        batch_op.create_index('ix_booked_room_coming', ['arrival'], unique=False, sqlite_where=sa.text("state IN ('tentative', 'confirmed', 'guaranteed')"), postgresql_where=sa.text("state IN ('tentative', 'confirmed', 'guaranteed')"))
        batch_op.create_index(batch_op.f('ix_booked_room_reservation_id'), ['reservation_id'], unique=False)

    op.create_table('card',
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('valid_from', types.Moment(), nullable=False),
    sa.Column('valid_to', types.Moment(), nullable=False),
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('trouble', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('issued_at', types.Moment(), nullable=False),
    sa.Column('issued_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_at', types.Moment(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_card_room_id_room')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card'))
    )
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.create_index('ix_card_live', ['room_id'], unique=False, sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))
        batch_op.create_index('ix_card_stay_id', ['stay_id'], unique=False)

    op.create_table('night_rate',
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('night', sa.Date(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['line_id'], ['booked_room.id'], name=op.f('fk_night_rate_line_id_booked_room')),
    sa.PrimaryKeyConstraint('line_id', 'night', name=op.f('pk_night_rate')),
    sqlite_with_rowid=False
    )
    op.create_table('room_night',
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('night', sa.Date(), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('block_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('(line_id IS NULL) <> (block_id IS NULL)', name=op.f('ck_room_night_one_owner')),
    sa.ForeignKeyConstraint(['block_id'], ['block.id'], name=op.f('fk_room_night_block_id_block')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_night_room_id_room')),
    sa.PrimaryKeyConstraint('room_id', 'night', name=op.f('pk_room_night')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('room_night', schema=None) as batch_op:
        batch_op.create_index('ix_room_night_line_id', ['line_id'], unique=False)

    op.create_table('stay',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('arrival', sa.Date(), nullable=False),
    sa.Column('departure', sa.Date(), nullable=False),
    sa.Column('arrived_at', types.Moment(), nullable=False),
    sa.Column('departed_at', types.Moment(), nullable=True),
    sa.Column('departed_on', sa.Date(), nullable=True),
    sa.Column('adults', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('children', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unsettled', sa.Boolean(), nullable=False),
    sa.Column('settled_by', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_stay_guest_id_guest')),
    sa.ForeignKeyConstraint(['line_id'], ['booked_room.id'], name=op.f('fk_stay_line_id_booked_room')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_stay_room_id_room')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stay')),
    sa.UniqueConstraint('number', name=op.f('uq_stay_number'))
    )
    with op.batch_alter_table('stay', schema=None) as batch_op:
        batch_op.create_index('ix_stay_arrival', ['arrival'], unique=False)
        batch_op.create_index('ix_stay_departed_on', ['departed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_stay_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stay_line_id'), ['line_id'], unique=False)
        batch_op.create_index('ix_stay_open_departure', ['departure'], unique=False, sqlite_where=sa.text("state = 'in_house'"), postgresql_where=sa.text("state = 'in_house'"))
        batch_op.create_index('ix_stay_open_room', ['room_id'], unique=True, sqlite_where=sa.text("state = 'in_house'"), postgresql_where=sa.text("state = 'in_house'"))

    op.create_table('segment',
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('type_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('start', sa.Date(), nullable=False),
    sa.Column('end', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_segment_room_id_room')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_segment_stay_id_stay')),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_segment_type_id_room_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment'))
    )
    with op.batch_alter_table('segment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_segment_stay_id'), ['stay_id'], unique=False)

    op.create_table('sharer',
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first', sa.Boolean(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_sharer_guest_id_guest')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_sharer_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sharer'))
    )
    with op.batch_alter_table('sharer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sharer_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sharer_stay_id'), ['stay_id'], unique=False)

    dialect = op.get_bind().dialect.name
    for table in ('audit_entry', 'transfer'):
        for statement in guards.protect(dialect, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
