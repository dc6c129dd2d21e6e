"""The letter of a street to departments (承办需求信函), and what they reply (回函)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from command.field_work import place_words
from command.frame import has_demo
from command.official.document import Document, Table
from organization.calendar_words import format_due, listed, say_amount
from whistle.models import Response, Whistle
from whistle.models.responses import ResponseClock
from workflow import policy

FIRST = ("sign", "contact", "arrive")
WIDTHS = (22, 12, 40, 26)


def letter(whistle: Whistle) -> Document:
    """With the answers that came of it; before it is blown with the tasks of the draft."""
    called = whistle.responses.standing().select_related("unit").order_by("-role", "pk")
    responses = list(called)
    rows = answered(responses) if responses else drafted(whistle)
    heads = [_("Unit"), _("Role"), _("Task"), _("Limit")]
    return Document(
        issuer=whistle.caller.name,
        title=_("Letter asking departments to take on a matter"),
        number=whistle.letter_number,
        to=listed(row[0] for row in rows),
        body=[
            whistle.ask or erased(),
            matter(whistle),
            Table(heads, rows, WIDTHS),
            *manner(whistle),
        ],
        day=timezone.localdate(whistle.blown_at) if whistle.blown_at else None,
        note=signed_off(whistle),
        sample=has_demo(),
    )


def reply(response: Response) -> Document:
    """The numbered reply of a department to the letter of the street."""
    finished = response.events.filter(verb="finish").order_by("-n").first()
    whistle, names = response.whistle, {"title": response.whistle.order.title}
    got = _("Your letter %(number)s has been received. We report on it as follows:")
    heads = [_("Task"), _("Limit"), _("Signed"), _("Arrived"), _("Answered")]
    row = [response.task, say_amount(response.amount, response.time_unit), *moments(response)]
    return Document(
        issuer=response.unit.name,
        title=_("Reply on “%(title)s”") % names,
        number=response.reply_number,
        to=whistle.caller.name,
        body=[
            got % {"number": whistle.letter_number},
            words_of(finished) or erased(),
            Table(heads, [row], (36, 16, 16, 16, 16)),
            matter(whistle),
        ],
        day=timezone.localdate(finished.at) if finished else None,
        sample=has_demo(),
    )


def erased() -> str:
    return _("(The words have been erased by law.)")


def replies() -> QuerySet[Any]:
    """The responses that went back as a numbered reply."""
    return Response.objects.exclude(reply_number="").filter(whistle__level=Whistle.Level.DISTRICT)


def words_of(finished: Any) -> str:
    """The result as the log keeps it: what was erased there is not told here."""
    return str(finished.words.get("result", "")) if finished else ""


def moments(response: Response) -> list[str]:
    """When the department signed, arrived and answered last."""
    steps = response.events.filter(verb__in=("sign", "arrive", "finish")).order_by("n")
    last = dict(steps.values_list("verb", "at"))
    return [
        f"{timezone.localtime(last[verb]):%Y-%m-%d %H:%M}" if verb in last else "—"
        for verb in ("sign", "arrive", "finish")
    ]


def answered(responses: list[Response]) -> list[list[str]]:
    clocks = ResponseClock.objects.filter(paper__in=responses, what="finish")
    due = {clock.paper_id: format_due(clock.due) for clock in clocks.order_by("pk")}
    return [row(r, r.task, due.get(r.pk, "")) for r in responses]


def drafted(whistle: Whistle) -> list[list[str]]:
    return [row(task, task.text) for task in whistle.tasks.select_related("unit")]


def row(paper: Any, text: str, due: str = "") -> list[str]:
    limit = "\n".join(filter(None, [say_amount(paper.amount, paper.time_unit), due]))
    return [paper.unit.name, paper.get_role_display(), text, limit]


def matter(whistle: Whistle) -> str:
    """Which order it is about, where, and with how many photos."""
    order = whistle.order
    words = _("Matter: %(title)s; place: %(place)s; order %(number)s, %(kind)s.") % {
        "title": order.title,
        "place": place_words(order),
        "number": order.number,
        "kind": whistle.get_kind_display(),
    }
    if n := order.attachments.count():
        attached = ngettext(
            "%(n)s photo is attached to the order.", "%(n)s photos are attached to the order.", n
        )
        words += f" {attached % {'n': n}}"
    return words


def manner(whistle: Whistle) -> list[str]:
    """Within what times to sign, contact and arrive, and whom to ask."""
    said = []
    if limits := first_limits(whistle):
        words = _(
            "From the blowing on: %(limits)s. Sign in on arrival with the code that the street "
            "shows, and report the result in a numbered reply."
        )
        said.append(words % {"limits": limits})
    if phone := whistle.centre.duty_phone:
        words = _("Contact: %(centre)s, %(phone)s.")
        said.append(words % {"centre": whistle.centre.name, "phone": phone})
    return said


def signed_off(whistle: Whistle) -> str:
    confirmed = whistle.events.filter(verb="confirm").select_related("actor").first()
    return _("Signed off by: %(who)s") % {"who": confirmed.actor or ""} if confirmed else ""


def first_limits(whistle: Whistle) -> str:
    """Within what time to sign, to contact and to arrive, by the policy of the day."""
    day = timezone.localdate(whistle.blown_at)
    limits = policy.limits("response", FIRST, whistle.kind, day, whistle.order.area_level)
    words = _("%(what)s within %(limit)s")
    said = [
        words
        % {
            "what": Response.flow.clock_label(name),
            "limit": say_amount(limits[name].amount, limits[name].unit),
        }
        for name in FIRST
        if name in limits
    ]
    return _("; ").join(said)
