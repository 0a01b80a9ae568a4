"""Luggage storage: tags and the claims on them."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('luggage_tag',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('guest_name', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('room', sa.Text(), nullable=False),
    sa.Column('pieces', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces_left', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('stored_at', types.Moment(), nullable=False),
    sa.Column('stored_on', sa.Date(), nullable=False),
    sa.Column('stored_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_luggage_tag_some')),
    sa.CheckConstraint('pieces_left >= 0 AND pieces_left <= pieces', name=op.f('ck_luggage_tag_pieces')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_luggage_tag_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_luggage_tag')),
    sa.UniqueConstraint('number', name=op.f('uq_luggage_tag_number'))
    )
    with op.batch_alter_table('luggage_tag', schema=None) as batch_op:
        batch_op.create_index('ix_luggage_tag_here', ['stored_on'], unique=False, sqlite_where=sa.text('pieces_left > 0'), postgresql_where=sa.text('pieces_left > 0'))
        batch_op.create_index(batch_op.f('ix_luggage_tag_stay_id'), ['stay_id'], unique=False)

    op.create_table('luggage_claim',
    sa.Column('tag_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proof', sa.String(length=10), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('document_type', sa.Text(), nullable=False),
    sa.Column('document_shown', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_luggage_claim_some')),
    sa.ForeignKeyConstraint(['tag_id'], ['luggage_tag.id'], name=op.f('fk_luggage_claim_tag_id_luggage_tag')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_luggage_claim'))
    )
    with op.batch_alter_table('luggage_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_luggage_claim_business_date'), ['business_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_luggage_claim_tag_id'), ['tag_id'], unique=False)

    dialect = op.get_bind().dialect.name
    for table in ('luggage_claim',):
        for statement in guards.protect(dialect, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('luggage:store', 'luggage:claim')
    rights.grant(op.get_bind(), dict.fromkeys(('clerk', 'supervisor', 'auditor', 'manager', 'owner'), desk))
