"""Files as the hotline exports them."""

import csv
import io

from openpyxl import Workbook

HEAD = [
    "工单编号",
    "来电时间",
    "来电人",
    "电话",
    "地址",
    "诉求内容",
    "分类",
    "办理时限",
    "是否保密",
]


def line(n, **changed):
    usual = {
        "工单编号": f"NJ2610{n:04}",
        "来电时间": "2026-10-19 08:30",
        "来电人": "陈建国",
        "电话": "13812345521",
        "地址": "平江府路26号",
        "诉求内容": "井盖破损，夜间无照明，请尽快处理",
        "分类": "污水井盖",
        "办理时限": "2026-10-23 17:30",
        "是否保密": "否",
    }
    row = {**usual, **changed}
    return [row.get(title, "") for title in HEAD]


def as_csv(*lines, head=HEAD, code="gb18030"):
    text = io.StringIO()
    csv.writer(text).writerows([head, *lines])
    return text.getvalue().encode(code)


def as_xlsx(*lines, title="12345热线工单"):
    book = Workbook()
    book.active.append([title])
    for row in [HEAD, *lines]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
