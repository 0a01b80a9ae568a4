"""Companies with an agreement, who signs for them, and the channels that rooms are sold through."""
import sqlalchemy as sa
from alembic import op

from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id
from pms.db import types

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

KNOWN = (
    ('CTRIP', '携程', 'Ctrip', 'prepaid', ' 携程 ctrip ctrip xiechengctripctrip 携程ctripctrip xcc'),
    ('MEITUAN', '美团', 'Meituan', 'prepaid', ' 美团 meituan meituan meituanmeituanmeituan 美团meituanmeituan mtm'),
    ('FLIGGY', '飞猪', 'Fliggy', 'prepaid', ' 飞猪 fliggy fliggy feizhufliggyfliggy 飞猪fliggyfliggy fzf'),
    ('QUNAR', '去哪儿', 'Qunar', 'prepaid', ' 去哪儿 qunar qunar qunaerqunarqunar 去哪儿qunarqunar qneq'),
    ('BOOKING', 'Booking.com', 'Booking.com', 'hotel', ' bookingcom bookingcom booking bookingcombookingcombooking'),
    ('AGODA', 'Agoda', 'Agoda', 'prepaid', ' agoda agoda agoda agodaagodaagoda'),
    ('EXPEDIA', 'Expedia', 'Expedia', 'prepaid', ' expedia expedia expedia expediaexpediaexpedia'),
    ('AIRBNB', 'Airbnb', 'Airbnb', 'prepaid', ' airbnb airbnb airbnb airbnbairbnbairbnb'),
)


def upgrade() -> None:
    op.create_table('company',
    _id('number', nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=True),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('tax_number', sa.String(length=20), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    _id('plan_id', nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('free_until', sa.String(length=5), nullable=False),
    sa.Column('credit_limit', sa.BigInteger(), nullable=False),
    _id('days_to_pay', nullable=False),
    sa.Column('suspended', sa.Text(), nullable=False),
    sa.Column('made_at', types.Moment(), nullable=False),
    _id('made_by', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('valid_from <= valid_until', name=op.f('ck_company_period')),
    sa.CheckConstraint('credit_limit >= 0 AND days_to_pay >= 0', name=op.f('ck_company_credit')),
    sa.ForeignKeyConstraint(['plan_id'], ['rate_plan.id'], name=op.f('fk_company_plan_id_rate_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company')),
    sa.UniqueConstraint('code', name=op.f('uq_company_code')),
    sa.UniqueConstraint('name', name=op.f('uq_company_name')),
    sa.UniqueConstraint('number', name=op.f('uq_company_number'))
    )
    op.create_table('company_signer',
    _id('company_id', nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('specimen', sa.Text(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('added_on', sa.Date(), nullable=False),
    _id('added_by', nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    _id('removed_by', nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_company_signer_company_id_company')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_signer'))
    )
    with op.batch_alter_table('company_signer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_signer_company_id'), ['company_id'], unique=False)
    op.create_table('channel',
    _id('number', nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('settles', sa.String(length=8), nullable=False),
    _id('commission', nullable=False),
    sa.Column('period', sa.String(length=8), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    _id('plan_id', nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('commission >= 0 AND commission <= 10000', name=op.f('ck_channel_commission')),
    sa.ForeignKeyConstraint(['plan_id'], ['rate_plan.id'], name=op.f('fk_channel_plan_id_rate_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel')),
    sa.UniqueConstraint('code', name=op.f('uq_channel_code')),
    sa.UniqueConstraint('number', name=op.f('uq_channel_number'))
    )
    connection = op.get_bind()
    rights.grant(connection, {role: ['companies:edit', 'channels:edit'] for role in ('manager', 'owner')})
    if connection.execute(sa.text("SELECT business_date FROM property")).first() is not None:
        _known(connection)


def _known(connection: sa.Connection) -> None:
    """Enter the channels that a hotel starts with into one that is in use."""
    for number, (code, name, name_en, settles, search) in enumerate(KNOWN, 1):
        connection.execute(
            sa.text("INSERT INTO channel (number, code, name, name_en, search, settles, commission, period, contact, phone) "
                    "VALUES (:number, :code, :name, :name_en, :search, :settles, 0, 'month', '', '')"),
            {'number': number, 'code': code, 'name': name, 'name_en': name_en, 'search': search, 'settles': settles},
        )
    connection.execute(sa.text("INSERT INTO number_series (name, latest) VALUES ('channel', :latest)"), {'latest': len(KNOWN)})
