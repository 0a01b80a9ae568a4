"""Lost and found: items, reports of losses, contacts, and how an item left."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('found_item',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('guest_name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('found_at', types.Moment(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('finder', sa.Text(), nullable=False),
    sa.Column('keeper', sa.Text(), nullable=False),
    sa.Column('kept_in', sa.Text(), nullable=False),
    sa.Column('keep_until', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('registered_at', types.Moment(), nullable=False),
    sa.Column('registered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_found_item_room_id_room')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_found_item_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_found_item')),
    sa.UniqueConstraint('number', name=op.f('uq_found_item_number'))
    )
    with op.batch_alter_table('found_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_found_item_found_on'), ['found_on'], unique=False)
        batch_op.create_index('ix_found_item_kept', ['keep_until'], unique=False, sqlite_where=sa.text("state = 'kept'"), postgresql_where=sa.text("state = 'kept'"))
        batch_op.create_index(batch_op.f('ix_found_item_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_found_item_stay_id'), ['stay_id'], unique=False)

    op.create_table('found_outcome',
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('document_type', sa.Text(), nullable=False),
    sa.Column('document_shown', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['found_item.id'], name=op.f('fk_found_outcome_item_id_found_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_found_outcome')),
    sa.UniqueConstraint('item_id', name=op.f('uq_found_outcome_item_id'))
    )
    with op.batch_alter_table('found_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_found_outcome_business_date'), ['business_date'], unique=False)

    op.create_table('loss_report',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('room_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('lost_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('reported_at', types.Moment(), nullable=False),
    sa.Column('reported_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['found_item.id'], name=op.f('fk_loss_report_item_id_found_item')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_loss_report_room_id_room')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_loss_report_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loss_report')),
    sa.UniqueConstraint('item_id', name=op.f('uq_loss_report_item_id')),
    sa.UniqueConstraint('number', name=op.f('uq_loss_report_number'))
    )
    with op.batch_alter_table('loss_report', schema=None) as batch_op:
        batch_op.create_index('ix_loss_report_open', ['lost_on'], unique=False, sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))

    op.create_table('found_contact',
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(item_id IS NULL) <> (report_id IS NULL)', name=op.f('ck_found_contact_one_subject')),
    sa.ForeignKeyConstraint(['item_id'], ['found_item.id'], name=op.f('fk_found_contact_item_id_found_item')),
    sa.ForeignKeyConstraint(['report_id'], ['loss_report.id'], name=op.f('fk_found_contact_report_id_loss_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_found_contact'))
    )
    with op.batch_alter_table('found_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_found_contact_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_found_contact_report_id'), ['report_id'], unique=False)

    dialect = op.get_bind().dialect.name
    for table in ('found_contact', 'found_outcome'):
        for statement in guards.protect(dialect, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('lost_found:register', 'lost_found:give_back')
    leading = (*desk, 'lost_found:dispose')
    rights.grant(op.get_bind(), {
        'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading,
        'housekeeping': desk[:1], 'attendant': desk[:1]})
