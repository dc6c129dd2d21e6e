"""The four elements of a reply (四要素): accepted when, talked to whom, what was done, by when.

Every reply to a reporter is checked for them (Yixing). What is missing is named with what to write.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from whistle import flow
from whistle.labels import RefusalGround
from whistle.models import Response, WorkOrder

LABELS = {
    "accepted": pgettext_lazy("element", "Accepted at"),
    "talked_to": pgettext_lazy("element", "Talked to"),
    "measures": pgettext_lazy("element", "What was done"),
    "settled_on": pgettext_lazy("element", "Settled by"),
}
WANTED = {
    "accepted": gettext_lazy("The log knows no time at which it was accepted."),
    "talked_to": gettext_lazy("Say who was talked to: whom, and how (by phone, on the spot)."),
    "measures": gettext_lazy(
        "Say what was done: which measure, by whom; “dealt with” says nothing."
    ),
    "settled_on": gettext_lazy("Say by when it is settled: a day, or “the same day”."),
}
# The input of a step in which an element is written.
INPUTS = {"talked_to": "talked_to", "measures": "result", "settled_on": "settled_on"}
# The verbs whose events tell the elements.
TOLD = (
    *("report", "register", "take", "handle", "fix", "settle", "part", "gather"),
    *("callback", "refuse", "close"),
)
ACCEPTED = ("register", "take", "refuse", "fix", "part")
# What is written to fill a box; it names no measure, no person, no day.
HOLLOW = frozenset(
    "已处理 已处置 已解决 已办结 已完成 已整改 处理完毕 处置完毕 办理完毕 处理中 正在处理 "
    "无 没有 不详 未知 同上".split()
)
SIGNS = re.compile(r"[\W_]+")


def is_hollow(text: str) -> bool:
    """Whether a text says nothing: no letter, or only a word of HOLLOW."""
    said = SIGNS.sub("", text)
    return not said or said in HOLLOW


def check_inputs(given: Mapping[str, Any]) -> None:
    """Raise ValidationError for each element that a step gives in empty words."""
    faults = {
        name: str(WANTED[element])
        for element, name in INPUTS.items()
        if given.get(name) and is_hollow(str(given[name]))
    }
    if faults:
        raise ValidationError(faults)


@dataclass(frozen=True)
class Elements:
    accepted: datetime.datetime | None
    talked_to: str
    measures: str
    settled_on: str

    @property
    def missing(self) -> list[str]:
        """The names of those that are not there, or that say nothing."""
        texts = [n for n in ("talked_to", "measures", "settled_on") if is_hollow(getattr(self, n))]
        return ([] if self.accepted else ["accepted"]) + texts

    def rows(self) -> list[dict[str, Any]]:
        """What parts/elements.html shows."""
        missing = set(self.missing)
        return [
            {
                "label": label,
                "value": "" if name in missing else say(getattr(self, name)),
                "wanted": WANTED[name],
                "input": INPUTS.get(name, ""),
                "there": name not in missing,
            }
            for name, label in LABELS.items()
        ]


def say(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)


def elements_of(order: WorkOrder, told: Mapping[str, Any], answers: list[Response]) -> Elements:
    """The elements of an order's reply, from the last event of each verb and the units' answers.

    Who settled it with a whistle, in parts or on the spot was not asked for all of them: then the
    reporter who was reached is who was talked to, and the day is that of the settling.
    """
    begun = next((told[verb].at for verb in ACCEPTED if verb in told), None)
    work = told.get("handle") or told.get("fix")
    settled = told.get("settle") or told.get("gather") or told.get("fix")
    return Elements(
        accepted=begun,
        talked_to=said(work, "talked_to") or reached(told.get("callback")),
        measures=measures(order, told, answers),
        settled_on=said(work, "settled_on") or day_of(settled),
    )


def measures(order: WorkOrder, told: Mapping[str, Any], answers: list[Response]) -> str:
    if order.status == flow.REFUSED:
        return refusal(told.get("refuse"))
    if answers:
        return "；".join(f"{answer.unit.title}：{answer.result}" for answer in answers)
    return said(told.get("handle") or told.get("gather") or told.get("fix"), "result")


def said(event: Any, name: str) -> str:
    return str(event.words.get(name) or event.data.get(name) or "") if event else ""


def reached(callback: Any) -> str:
    return _("the reporter, when called back") if said(callback, "contacted") == "yes" else ""


def day_of(event: Any) -> str:
    return f"{timezone.localtime(event.at):%Y-%m-%d}" if event else ""


def refusal(event: Any) -> str:
    if event is None:
        return ""
    code = event.data.get("ground", "")
    ground = dict(RefusalGround.choices).get(code, code)
    return _("Not accepted: %(ground)s. %(reason)s") % {"ground": ground, "reason": event.note}
