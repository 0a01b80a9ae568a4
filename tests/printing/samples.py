"""Slips as the duties print them, in both languages."""

from pms.core.money import Money
from pms.printing.slip import (
    QR,
    Barcode,
    Big,
    Heading,
    Signatures,
    Slip,
    Space,
    Table,
    Text,
    Total,
    amount_line,
    facts,
    left,
    paragraphs,
    right,
    row,
)

HOUSE = {
    "zh_CN": ("云山大酒店", "杭州市西湖区云山路 18 号  电话 0571-8888 8888"),
    "en": ("Cloud Hill Hotel", "18 Cloud Hill Road, Hangzhou  Tel 0571-8888 8888"),
}
FOOT = {
    "zh_CN": "经手 王雅琴  2026-11-20 12:10  营业日期 11-20",
    "en": "Clerk Wang Yaqin  20 Nov 2026 12:10  Business date 20 Nov",
}


def _slip(
    lang: str, kind: str, title: str, number: str, paper: str, copies: tuple[str, ...], *blocks
) -> Slip:
    return Slip(kind, title, blocks, number, paper, copies, *HOUSE[lang], FOOT[lang])


def deposit(lang: str) -> Slip:
    if lang == "en":
        return _slip(
            lang,
            "deposit_receipt",
            "Deposit receipt",
            "D-20261118-0031",
            "80mm",
            ("Stub", "Finance", "Guest"),
            facts(
                ("Guest", "Zoë Müller-Łukasiewicz"),
                ("Room", "810  King bed, high floor"),
                ("Arrival", "18 Nov 2026"),
                ("Departure", "20 Nov 2026"),
                ("Paid by", "Card ending 4410"),
            ),
            amount_line("Deposit taken", Money(30000)),
            Text(
                "Bring this slip when you check out. Without it we refund against a signed loss declaration.",
                "small",
            ),
            Signatures(("Guest", "Clerk")),
        )
    return _slip(
        lang,
        "deposit_receipt",
        "押金单",
        "D-20261118-0031",
        "80mm",
        ("存根联", "财务联", "客人联"),
        facts(
            ("客人", "欧阳䶮"),
            ("房号", "810  豪华大床房"),
            ("入住", "2026-11-18 周三"),
            ("离店", "2026-11-20 周五"),
            ("方式", "银行卡 尾号 4410"),
        ),
        amount_line("收取押金", Money(30000)),
        Text("离店时凭此单退押金。遗失此单,凭本人证件填写遗失证明后退还。", "small"),
        Signatures(("客人", "收银员")),
    )


def bill(lang: str, paper: str = "A4", lines: int = 2) -> Slip:
    if lang == "en":
        rows = (
            row(
                "18 Nov",
                "Room 810, King bed",
                "1",
                "388.00",
                note="Rack rate 388.00, no discount: booked at the desk.",
            ),
            row(
                "19 Nov",
                "Room 810, King bed",
                "1",
                "329.80",
                note=(
                    "Gold member from 19 Nov: 388.00 × 0.85 = 329.80. Two nights or more, so breakfast "
                    "for one is included."
                ),
            ),
            row("19 Nov", "Mini bar, cola 330 ml", "2", "24.00"),
            row(
                "19 Nov",
                "Laundry",
                "1",
                "60.00",
                struck=True,
                note="Taken back by Li Na 20 Nov 08:10: the guest's own bag.",
            ),
            row(
                "20 Nov",
                "Late departure, half day",
                "1",
                "114.00",
                note="14:20 departure, 12:00 + 2 h grace for Gold, so half day: 0.5 × 228.00.",
            ),
        ) * (lines // 2)
        return _slip(
            lang,
            "bill",
            "Guest bill",
            "B-20261120-0107",
            paper,
            ("Guest",),
            facts(
                ("Guest", "Zoë Müller-Łukasiewicz"),
                ("Room", "810"),
                ("Arrival", "18 Nov 2026 15:42"),
                ("Departure", "20 Nov 2026 14:20"),
                ("Company", "Hangzhou Brightwater Trading Co."),
                ("Folio", "F-5512"),
                columns=2,
            ),
            Heading("Charges"),
            Table(
                (left("Date", 2), left("Description", 7), right("Qty", 1), right("Amount", 2)),
                rows,
                (Total("Charges", "¥855.80"), Total("of which 6 % tax", "¥48.44")),
            ),
            Heading("Payments"),
            Table(
                (left("Date", 2), left("Method", 7), right("Amount", 2)),
                (
                    row("18 Nov", "Deposit D-20261118-0031, card ending 4410", "300.00"),
                    row("20 Nov", "Card ending 4410", "555.80"),
                ),
                (Total("Paid", "¥855.80"), Total("Balance", "¥0.00", strong=True)),
            ),
            Signatures(("Guest", "Clerk")),
        )
    rows = (
        row("11-18", "房费 810 豪华大床房", "1", "388.00", note="门市价 388.00,前台散客,无折扣。"),
        row(
            "11-19",
            "房费 810 豪华大床房",
            "1",
            "329.80",
            note="11-19 起金卡会员:388.00 × 0.85 = 329.80;连住两晚,含单人早餐。",
        ),
        row("11-19", "迷你吧 可乐 330ml", "2", "24.00"),
        row("11-19", "洗衣", "1", "60.00", struck=True, note="11-20 08:10 李娜作废:衣物为客人自带。"),
        row(
            "11-20",
            "半日租",
            "1",
            "114.00",
            note="14:20 离店;12:00 退房,金卡宽限 2 小时,超时按半日计:0.5 × 228.00。",
        ),
    ) * (lines // 2)
    return _slip(
        lang,
        "bill",
        "账单",
        "B-20261120-0107",
        paper,
        ("客人联",),
        facts(
            ("客人", "欧阳䶮"),
            ("房号", "810"),
            ("入住", "2026-11-18 周三 15:42"),
            ("离店", "2026-11-20 周五 14:20"),
            ("单位", "杭州明水贸易有限公司"),
            ("账户", "F-5512"),
            columns=2,
        ),
        Heading("消费"),
        Table(
            (left("日期", 2), left("摘要", 7), right("数量", 1), right("金额", 2)),
            rows,
            (Total("消费合计", "¥855.80"), Total("其中 6 % 税额", "¥48.44")),
        ),
        Heading("付款"),
        Table(
            (left("日期", 2), left("方式", 7), right("金额", 2)),
            (
                row("11-18", "押金 D-20261118-0031 银行卡 尾号 4410", "300.00"),
                row("11-20", "银行卡 尾号 4410", "555.80"),
            ),
            (Total("付款合计", "¥855.80"), Total("余额", "¥0.00", strong=True)),
        ),
        Signatures(("客人", "收银员")),
    )


def registration(lang: str) -> Slip:
    if lang == "en":
        return _slip(
            lang,
            "registration_card",
            "Registration card",
            "R-20261118-0044",
            "A5",
            ("Hotel", "Guest"),
            facts(
                ("Name", "Zoë Müller-Łukasiewicz"),
                ("Sex", "F"),
                ("Passport", "C01X•••••7"),
                ("Country", "Germany"),
                ("Date of birth", "14 May 1988"),
                ("Phone", ""),
                columns=2,
                ruled=True,
            ),
            facts(("Address", "Kastanienallee 104, 10435 Berlin, Germany"), ruled=True),
            facts(
                ("Room", "810"),
                ("Type", "King bed, high floor"),
                ("Rate", "¥388.00 a night"),
                ("Persons", "1"),
                ("Arrival", "18 Nov 2026"),
                ("Departure", "20 Nov 2026"),
                columns=2,
            ),
            amount_line("Deposit taken", Money(30000)),
            *paragraphs(
                "1. Departure is by 12:00; later departure is charged as half a day until 18:00, then "
                "as a full day.\n"
                "2. Valuables belong in the safe at the desk.\n3. Visitors register at the desk and "
                "leave by 23:00.",
                "small",
            ),
            Signatures(("Guest", "Clerk", "Checked by")),
        )
    return _slip(
        lang,
        "registration_card",
        "住宿登记单",
        "R-20261118-0044",
        "A5",
        ("酒店联", "客人联"),
        facts(
            ("姓名", "欧阳䶮"),
            ("性别", "男"),
            ("证件", "身份证 3301••••••••••0017"),
            ("民族", "汉"),
            ("出生日期", "1988-05-14"),
            ("电话", ""),
            columns=2,
            ruled=True,
        ),
        facts(("住址", "浙江省杭州市西湖区文三路 138 号东方花园 7 幢 2 单元 1201 室"), ruled=True),
        facts(
            ("房号", "810"),
            ("房型", "豪华大床房"),
            ("房价", "¥388.00 / 晚"),
            ("人数", "1"),
            ("入住", "2026-11-18 周三"),
            ("离店", "2026-11-20 周五"),
            columns=2,
        ),
        amount_line("收取押金", Money(30000)),
        *paragraphs(
            "1. 退房时间 12:00;超时至 18:00 加收半日租,18:00 后加收全日租。\n2. 贵重物品寄存前台保险箱。\n"
            "3. 访客在前台登记,23:00 前离店。",
            "small",
        ),
        Signatures(("客人", "接待", "复核")),
    )


def room_change(lang: str) -> Slip:
    if lang == "en":
        return _slip(
            lang,
            "room_change",
            "Room change",
            "C-20261119-0008",
            "80mm",
            ("Desk", "Housekeeping"),
            Big("812", "New room"),
            Table(
                (left("", 2), left("Before", 3), left("From now", 3)),
                (
                    row("Room", "810", "812"),
                    row("Type", "King bed, high floor", "Twin beds, courtyard side"),
                    row("Rate", "¥388.00", "¥358.00"),
                ),
            ),
            facts(
                ("Guest", "Zoë Müller-Łukasiewicz"),
                ("From", "19 Nov 2026 16:05"),
                ("Reason", "Air conditioning too loud"),
                ("Approved", "Chen Wei"),
            ),
            Signatures(("Guest", "Clerk")),
        )
    return _slip(
        lang,
        "room_change",
        "房间房价变动单",
        "C-20261119-0008",
        "80mm",
        ("前台联", "客房联"),
        Big("812", "新房号"),
        Table(
            (left("", 2), left("原", 3), left("现", 3)),
            (
                row("房号", "810", "812"),
                row("房型", "豪华大床房(高层)", "标准双床房(庭院侧)"),
                row("房价", "¥388.00", "¥358.00"),
            ),
        ),
        facts(
            ("客人", "欧阳䶮"), ("起始", "2026-11-19 周四 16:05"), ("原因", "空调噪音大"), ("批准", "陈伟")
        ),
        Signatures(("客人", "接待")),
    )


def luggage(lang: str) -> Slip:
    title, piece = {"en": ("Luggage tag", "Pieces"), "zh_CN": ("行李牌", "件数")}[lang]
    return _slip(
        lang,
        "luggage_tag",
        title,
        "L-000123",
        "80mm",
        ("1/3", "2/3"),
        Big("L-000123"),
        facts((piece, "3")),
        Barcode("L-000123"),
        QR("https://hotel.example/l/000123", "L-000123"),
        Space(2),
    )


def sheet_to_fill(lang: str) -> Slip:
    titles = {
        "en": ("Room", "Desk", "Seen", "Persons", "Remark"),
        "zh_CN": ("房号", "房态", "实查", "人数", "备注"),
    }[lang]
    rows = tuple(
        row(str(floor * 100 + room), "VC" if room % 3 else "OD", "", "", "")
        for floor in (1, 2, 3)
        for room in range(1, 21)
    )
    shares = (1, 1, 1, 1, 4)
    return _slip(
        lang,
        "room_status",
        {"en": "Room status sheet", "zh_CN": "房态表"}[lang],
        "",
        "A4",
        (),
        Table(
            tuple(left(title, share) for title, share in zip(titles, shares, strict=True)), rows, grid=True
        ),
        Signatures(("A", "B")),
    )


ALL = (deposit, bill, registration, room_change, luggage, sheet_to_fill)
