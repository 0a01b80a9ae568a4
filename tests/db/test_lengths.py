"""Every text of a fixed length holds its longest value, and one sign more is a sentence on both engines."""

import pytest
from sqlalchemy import cast, false, literal, select, update

from pms.core.errors import Refused
from pms.core.options import Options
from pms.db import schema
from pms.db.types import Short
from pms.db.work import Work, operation
from pms.services.guests import service as guests
from pms.services.guests.overseas import CODES, VISAS
from tests.builders import House

COLUMNS = [
    column
    for table in schema.metadata().sorted_tables
    for column in table.columns
    if isinstance(column.type, Short)
]


def send(house: House, column, value: str) -> None:
    """Send a value to a column within an operation; no row is changed."""

    @operation(None)
    def change(work: Work) -> None:
        """Change nothing."""
        work.session.execute(update(column.table).where(false()).values({column.name: value}))

    house.do(change)


def test_every_column_takes_its_longest_value_and_refuses_one_sign_more(house):
    assert len(COLUMNS) > 60
    for column in COLUMNS:
        longest = "孜" * column.type.length
        send(house, column, longest)
        assert house.ask(lambda s, c=column, v=longest: s.scalar(select(cast(literal(v), c.type)))) == longest
        with pytest.raises(Refused, match=f"at most {column.type.length} characters"):
            send(house, column, longest + "孜")
        if column.info.get("private"):
            with pytest.raises(Refused, match="“…”"):
                send(house, column, longest + "孜")


def test_what_the_longest_real_values_need_is_there():
    length = {f"{c.table.name}.{c.name}": c.type.length for c in COLUMNS}
    assert max(map(len, CODES)) <= length["guest.nationality"] == length["sharer.nationality"] == 3
    assert length["guest.document_state"] == length["sharer.document_state"] == 3
    assert max(map(len, VISAS)) < 20
    assert Options().check_in_time


@pytest.mark.parametrize("ethnic", ["汉", "柯尔克孜", "乌孜别克", "穿青人", "外国血统中国籍人士"])
def test_every_ethnic_group_is_taken(house, ethnic):
    made = house.do(
        guests.register,
        name="阿依古丽",
        document_type="id_card",
        document="11010519491231002X",
        ethnic=ethnic,
    )
    assert made


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"nationality": "CHINA"}, "no nationality"),
        ({"nationality": "汉"}, "no nationality"),
        ({"sex": "男"}, "no sex"),
        ({"name": "x" * 101}, "too long"),
        ({"phone": "1" * 41}, "too long"),
        ({"ethnic": "孜" * 21}, "too long"),
        ({"address": "路" * 201}, "too long"),
        ({"document_type": "passport", "document": "A" * 41}, "too long"),
        ({"issuer": "UTO", "document_type": "passport", "document": "A1"}, "no nationality"),
        ({"phone": "P<GBRSMITH<<JOHN<<<<<<<<<<<<<<<<<<<<<<"}, "machine-readable"),
        ({"name": "P<GBRSMITH<<JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<<<"}, "machine-readable"),
    ],
)
def test_what_no_guest_can_be_is_a_sentence(house, fields, why):
    with pytest.raises(Refused, match=why):
        house.do(guests.register, **({"name": "Wang Wei"} | fields))


def test_a_source_longer_than_its_column_is_a_sentence(house):
    with pytest.raises(Refused, match="at most 32 characters"):
        house.book("Wang", source="x" * 33)
    house.book("Wang", source="x" * 32)
