"""Every flow as a page for people: a diagram and its tables, drawn from the rows themselves."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation

from workflow.flow import BACK, STAY, Flow, Step
from workflow.trace import paper_models

HEAD = """# Flows

Drawn from the tables in code by `manage.py draw_flows`; a test fails when this page is not theirs.

A verb is the button, the part of the address, the API's action and the entry in the log. In a
diagram a verb in brackets is taken by the clock or by another paper's step, and *back* is the
status from which the present one was entered; verbs that change no status stand in the tables
only. A duty is held at the place named or above it, *here* at that very unit. *Not by* names the
verbs whose actor may not take this one. An input in brackets may be left out.
"""
STEPS = ("verb", "", "from", "to", "duty @ place", "inputs", "not by", "only if")
CLOCKS = ("clock", "", "started by", "stopped by", "when due")


def draw_all() -> str:
    with translation.override("en"):
        return "\n".join([HEAD, *(draw(model) for model in paper_models())])


def draw(model: Any) -> str:
    """One flow: its statuses, its diagram, its steps and its clocks."""
    flow = model.flow
    statuses = ", ".join(f"`{code}` {label}" for code, label in model.Status.choices)
    lines = [
        f"## {str(model._meta.verbose_name).capitalize()}",
        "",
        f"Statuses: {statuses}.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *arrows(flow),
        "```",
        "",
        *table(STEPS, (step_row(flow, step) for step in flow.steps)),
        "",
        *table(CLOCKS, clock_rows(flow)),
        "",
    ]
    return "\n".join(lines)


def arrows(flow: Flow) -> Iterator[str]:
    """One arrow for each pair of statuses, with all its verbs; ends lead to the dot."""
    verbs: dict[tuple[str, str], list[str]] = {}
    for step in flow.steps:
        for source in step.sources if step.to != STAY else ():
            pair = (source or "[*]", "back" if step.to == BACK else step.to)
            verbs.setdefault(pair, []).append(step.verb if step.personal else f"({step.verb})")
    for (source, to), names in verbs.items():
        yield f"    {source} --> {to}: {', '.join(dict.fromkeys(names))}"
    for status in flow.final:
        yield f"    {status} --> [*]"


def step_row(flow: Flow, step: Step) -> list[str]:
    optional = [f"[{name}]" for name in step.takes if name != "clock"]
    return [
        f"`{step.verb}`",
        flow.label(step.verb),
        codes(source or "new" for source in step.sources),
        {STAY: "*stays*", BACK: "*back*"}.get(step.to) or f"`{step.to}`",
        held(step),
        ", ".join([*step.needs, *optional]),
        codes(step.not_by),
        step.when.replace("_", " "),
    ]


def held(step: Step) -> str:
    """Whose duty it is, and where."""
    if step.duty is None:
        return f"the {step.at}" if step.at else "–"
    held = f"{step.duty.value} @ {step.at}{', *here*' if step.here else ''}"
    return f"{held}, *main leader*" if step.leader else held


def clock_rows(flow: Flow) -> Iterator[list[str]]:
    for timer in flow.timers:
        started = codes(timer.starts)
        if timer.during:
            started += f" into {codes(timer.during)}"
        if timer.revives:
            started += f"; runs on after {codes(timer.revives)}"
        then = "escalates" if timer.then == "escalate" else f"takes `{timer.then}`"
        name = flow.clock_label(timer.what)
        yield [f"`{timer.what}`", name, started, codes(timer.stops), then]


def codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def table(head: Iterable[str], rows: Iterable[list[str]]) -> list[str]:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
