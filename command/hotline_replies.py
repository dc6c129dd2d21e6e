"""The replies that wait for the hotline, or that it has: as a list, and in its own form."""

from typing import IO, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from command.excel import Columns, write
from organization.models import User
from whistle.replies import Reply, handed, replies, replies_due

WAITING, HANDED = "waiting", "handed"
ROWS = 200

# The hotline's form is Chinese, whoever exports it.
COLUMNS: Columns = (
    ("工单编号", 24, lambda r: r.order.source_number),
    ("本单位编号", 24, lambda r: r.order.number),
    ("处理结果", 10, lambda r: r.order.get_status_display()),
    ("受理时间", 17, lambda r: r.accepted),
    ("与谁沟通", 16, lambda r: r.talked_to),
    ("解决措施", 60, lambda r: r.measures),
    ("解决时限", 16, lambda r: r.settled_on),
    ("办结时间", 17, lambda r: r.order.status_since),
    ("办理时限", 17, lambda r: r.order.source_due),
    ("回访结果", 20, lambda r: r.callback),
    ("移交时间", 17, lambda r: r.handed_over),
)


class ReplyList:
    """The oldest replies that still wait, or the newest that were handed over."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user = user
        self.show = HANDED if query.get("show") == HANDED else WAITING

    @property
    def waits(self) -> bool:
        return self.show == WAITING

    def rows(self) -> list[Reply]:
        orders = handed(replies_due(self.user), not self.waits)
        order = ("status_since", "pk") if self.waits else ("-status_since", "-pk")
        return replies(orders.order_by(*order)[:ROWS])

    def tabs(self) -> list[dict[str, Any]]:
        names = {WAITING: _("To hand over"), HANDED: _("Handed over")}
        return [
            {"label": label, "url": f"?show={show}", "current": show == self.show}
            for show, label in names.items()
        ]


def write_replies(rows: list[Reply]) -> IO[bytes]:
    return write("答复", COLUMNS, rows)
