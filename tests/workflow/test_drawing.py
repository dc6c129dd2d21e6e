"""The page of the flows is drawn from their tables and from nothing else."""

import re

from django.conf import settings

from workflow.drawing import draw, draw_all
from workflow.trace import paper_models


def test_the_page_is_true():
    page = settings.BASE_DIR / "docs" / "flows.md"
    assert page.read_text() == draw_all(), "Run `manage.py draw_flows`."


def test_every_step_clock_and_status_of_every_flow_is_on_it():
    for model in paper_models():
        text = draw(model)
        assert text.count("\n| `") == len(model.flow.steps) + len(model.flow.timers)
        for status in model.flow.statuses:
            assert f"`{status}`" in text


def test_every_arrow_joins_statuses_of_the_flow():
    for model in paper_models():
        ends = {*model.flow.statuses, "[*]", "back"}
        for source, to in re.findall(r"^    (\S+) --> ([^\s:]+)", draw(model), re.MULTILINE):
            assert {source, to} <= ends
