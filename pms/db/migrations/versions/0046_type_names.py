"""A room type's name in Chinese."""
import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None
KNOWN = {'Twin': '双床房', 'Queen': '大床房', 'Suite': '套房'}


def upgrade() -> None:
    op.add_column('room_type', sa.Column('name_zh', sa.Text(), nullable=False, server_default=''))
    kind = sa.table('room_type', sa.column('name', sa.String), sa.column('name_zh', sa.String))
    for name, chinese in KNOWN.items():
        op.execute(sa.update(kind).where(kind.c.name == name).values(name_zh=chinese))
