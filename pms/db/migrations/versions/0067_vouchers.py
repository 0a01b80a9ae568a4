"""Books of blank forms with printed numbers; print-outs found by their time."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_print_job_at', 'print_job', ['at'], unique=False)
    op.create_table('form_book',
    _id('number', nullable=False),
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('prefix', sa.String(length=8), nullable=False),
    *(_id(name, nullable=False) for name in
      ('width', 'first', 'last', 'next', 'stubs', 'spoilt', 'missing', 'explained')),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('moved_at', types.Moment(), nullable=False),
    sa.Column('counted_at', types.Moment(), nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('first >= 0 AND first <= last', name=op.f('ck_form_book_range')),
    sa.CheckConstraint('next >= first AND next <= last + 1', name=op.f('ck_form_book_next')),
    sa.CheckConstraint('stubs >= 0 AND spoilt >= 0 AND missing >= 0', name=op.f('ck_form_book_parts')),
    sa.CheckConstraint('stubs + spoilt + missing = next - first', name=op.f('ck_form_book_accounted')),
    sa.CheckConstraint('explained >= 0 AND explained <= missing', name=op.f('ck_form_book_explained')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_book')),
    sa.UniqueConstraint('number', name=op.f('uq_form_book_number'))
    )
    op.create_index(op.f('ix_form_book_state'), 'form_book', ['state'], unique=False)
    op.create_index('uq_form_book_start', 'form_book', ['form', 'prefix', 'first'], unique=True)
    op.create_table('form_event',
    _id('book_id', nullable=False),
    sa.Column('what', sa.String(length=9), nullable=False),
    *(_id(name, nullable=False) for name in ('next', 'stubs', 'spoilt', 'missing')),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['book_id'], ['form_book.id'], name=op.f('fk_form_event_book_id_form_book')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_event'))
    )
    op.create_index(op.f('ix_form_event_book_id'), 'form_event', ['book_id'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'form_event'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('vouchers:work',)
    leading = (*desk, 'vouchers:look', 'vouchers:stock')
    rights.grant(op.get_bind(), {
        'clerk': desk, 'auditor': ('vouchers:work', 'vouchers:look'), 'supervisor': leading, 'manager': leading,
        'owner': leading,
    })
