"""Words that a district's folder brings: ready phrases, and what reporters are told by SMS."""

from typing import Any

from django.utils.translation import gettext as _

from organization.loading.sync import Progress, Tally, sync
from organization.models import Unit
from organization.tables import Column, Table, date, one_of, one_of_these, text, whole, yes_no
from whistle.labels import FLOWS as ALL_FLOWS
from whistle.models import Category, ReporterText
from whistle.models.reporter_texts import LONGEST as LONGEST_TEXT
from whistle.models.reporter_texts import VERBS, strange_places
from workflow.models import Phrase
from workflow.models.phrases import LONGEST
from workflow.phrases import personal_verbs, texts_of

FLOWS = {flow.name: flow for flow in ALL_FLOWS}

COLUMNS = {
    "phrases": [
        Column("flow", "流程", one_of(dict.fromkeys(FLOWS, ""))),
        Column("verb", "步骤", text(20), ""),
        Column("field", "栏目", text(20)),
        Column("category", "类别", text(20), ""),
        Column("unit", "单位编码", text(20), ""),
        Column("n", "序号", whole(1, 999), 1),
        Column("text", "常用语", text(LONGEST)),
    ],
    "reporter_texts": [
        Column("verb", "步骤", one_of(dict.fromkeys(VERBS, ""))),
        Column("category", "小类", text(20), ""),
        Column("text", "短信内容", text(LONGEST_TEXT), ""),
        Column("valid_from", "生效日期", date),
        Column("sample", "示例", yes_no, False),
    ],
}


def check_phrases(phrases: Table, classes: set[str] | None) -> None:
    """Each names a text that a verb asks for; without a verb, that some verb of the flow does.

    A phrase may be for a class or for a whole major class (event-05).
    """
    phrases.check_unique("flow", "verb", "field", "category", "unit", "text")
    check_classes(phrases, classes and classes | {name.rpartition("-")[0] for name in classes})
    for row in phrases:
        flow = FLOWS[row["flow"]]
        verbs = personal_verbs(flow)
        if row["verb"] and row["verb"] not in verbs:
            phrases.complain(row, "verb", one_of_these(sorted(verbs)))
            continue
        named = [row["verb"]] if row["verb"] else verbs
        asked = {name for verb in named for name in texts_of(flow, verb)}
        if row["field"] not in asked:
            phrases.complain(row, "field", one_of_these(sorted(asked)))


def check_reporter_texts(texts: Table, classes: set[str] | None) -> None:
    texts.check_unique("verb", "category", "valid_from")
    check_classes(texts, classes)
    for row in texts:
        if strange := strange_places(row["verb"], row["text"]):
            words = _("this means nothing after this step: %s") % ", ".join(strange)
            texts.complain(row, "text", words)


def check_classes(table: Table, classes: set[str] | None) -> None:
    """Each row names a class of the folder, or a stored one if the folder has none; or no class."""
    for row in table:
        if row["category"] and classes is not None and row["category"] not in classes:
            words = _("there is no class “%(word)s”; a class is named like event-01-13")
            table.complain(row, "category", words % {"word": row["category"]})


def write_phrases(phrases: Table, progress: Progress) -> Tally:
    """Those of the district and of units; what people keep for themselves is not touched."""
    codes = {row["unit"] for row in phrases if row["unit"]}
    ids = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    rows = [
        {name: row[name] for name in ("flow", "verb", "field", "n", "text")}
        | {"case": row["category"], "unit_id": ids[row["unit"]] if row["unit"] else None}
        for row in phrases
    ]
    key = ["flow", "verb", "field", "case", "unit_id", "text"]
    return sync(Phrase.objects.filter(user=None), Phrase, key, rows, progress)


def write_reporter_texts(texts: Table, progress: Progress) -> Tally:
    ids: dict[str, Any] = {"": None} | Category.ids_by_case() if texts.rows else {}
    names = ("verb", "text", "valid_from", "sample")
    rows = [
        {"category_id": ids[row["category"]]} | {name: row[name] for name in names} for row in texts
    ]
    key = ["verb", "category_id", "valid_from"]
    return sync(ReporterText.objects.all(), ReporterText, key, rows, progress)
