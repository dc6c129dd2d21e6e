"""Every status of every flow, set up by code; several stations where a row asks for one `when`."""

from organization.models import Unit
from whistle.models import Assignment, SupervisionOrder, Survey, Verification, Whistle
from whistle.request_birth import blank_request


def standing(name):
    """The paper that a pace leads to; each look at it is a fresh copy."""

    def build(paces):
        paper = getattr(paces, name)()
        return lambda: type(paper).objects.get(pk=paper.pk)

    return build


def unborn_order(paces):
    return paces.new_order


def unborn_next_door(paces):
    """Seen from another grid, at its border."""
    beat = Unit.objects.establish(
        code="320104002001Z002", name="网格02", kind="grid", parent=paces.d.community
    )

    def make():
        order = paces.new_order()
        order.beat = order.beside = beat
        return order

    return make


def unborn_call(paces):
    order = paces.taken()
    d = paces.d
    return lambda: Whistle(
        order=order, level=2, caller=d.community, centre=d.centre, ask="请街道来人"
    )


def unborn_draft(paces):
    order = paces.accepted()
    d = paces.d
    return lambda: Whistle(
        order=order, level=3, caller=d.street, centre=d.centre, holder=d.office, ask="请水务局"
    )


def unborn_draft_of_centre(paces):
    order = paces.registered()
    d = paces.d
    return lambda: Whistle(order=order, level=3, caller=d.street, centre=d.centre, ask="请水务局")


def unborn_assignment(paces):
    whistle = paces.blown()
    return lambda: Assignment(whistle=whistle, kind="meeting", unit=paces.d.water)


def unborn_verification(paces):
    order = paces.reported()
    return lambda: Verification(order=order, kind="check", unit=paces.d.grid)


def unborn_survey(paces):
    order = paces.verified()
    return lambda: Survey(order=order, kind="callback")


def survey_lapsed(paces):
    asked = paces.surveyed()
    paces.lapse(asked)
    return lambda: Survey.objects.get(pk=asked.pk)


def unborn_request(name, kind):
    """What the office could ask about an order of that pace."""

    def build(paces):
        order = getattr(paces, name)()
        return lambda: blank_request(type(order).objects.get(pk=order.pk), kind)

    return build


def called_back(paces):
    order = paces.verified()
    paces.call_back(order)
    return lambda: type(order).objects.get(pk=order.pk)


def verified_in_parts(paces):
    order = paces.gathered()
    paces.call_back(order)
    return lambda: type(order).objects.get(pk=order.pk)


def verified_by_whistle(paces):
    order = paces.verified_whistle().order
    return lambda: type(order).objects.get(pk=order.pk)


def whistled(paces):
    order = paces.blown().order
    return lambda: type(order).objects.get(pk=order.pk)


def emergency_draft(paces):
    whistle = paces.drafted(kind="emergency")
    return lambda: Whistle.objects.get(pk=whistle.pk)


def tough_draft(paces):
    whistle = paces.drafted(kind="tough")
    return lambda: Whistle.objects.get(pk=whistle.pk)


def tough(paces):
    whistle = paces.blown(kind="tough")
    return lambda: Whistle.objects.get(pk=whistle.pk)


def settled_unconfirmed(paces):
    whistle = paces.blown_now(paces.d.water)
    paces.finish(paces.response_of(whistle, paces.d.water), paces.p.liaison)
    return lambda: Whistle.objects.get(pk=whistle.pk)


def cancelled(paces):
    whistle = paces.drafted()
    paces.step(whistle, "cancel", paces.p.street_head, note="已解决")
    return lambda: Whistle.objects.get(pk=whistle.pk)


def lapsed(paces):
    asked = paces.asked()
    paces.lapse(asked)
    return lambda: Verification.objects.get(pk=asked.pk)


def unborn_supervision(paces):
    order = paces.accepted()
    return lambda: SupervisionOrder(order=order, kind="supervision")


def unborn_instruction(paces):
    order = paces.accepted()
    return lambda: SupervisionOrder(order=order, kind="instruction")


def instructed(pace):
    """The same station of a leader's instruction."""

    def build(paces):
        paper = getattr(paces, pace)(kind="instruction")
        return lambda: SupervisionOrder.objects.get(pk=paper.pk)

    return build


STATIONS = {
    "order": unborn_order,
    "order from next door": unborn_next_door,
    "order reported": standing("reported"),
    "order registered": standing("registered"),
    "order related": standing("related"),
    "order divided": standing("divided"),
    "order that is a part": standing("part"),
    "order dispatched": standing("dispatched"),
    "order dispatched, returned twice": standing("returned_twice"),
    "order disputed": standing("disputed_order"),
    "order accepted": standing("accepted"),
    "order whistled": whistled,
    "order handled": standing("handled"),
    "order fixed": standing("fixed"),
    "order verified": called_back,
    "order verified, not called back": standing("verified"),
    "order verified by whistle": verified_by_whistle,
    "order verified in parts": verified_in_parts,
    "order closed": standing("closed"),
    "order refused": standing("refused"),
    "order merged": standing("merged"),
    "order suspended": standing("suspended"),
    "order void": standing("void"),
    "whistle of a community": unborn_call,
    "whistle of an office": unborn_draft,
    "whistle of a centre": unborn_draft_of_centre,
    "whistle drafted": standing("drafted"),
    "whistle drafted, tough": tough_draft,
    "whistle drafted in an emergency": emergency_draft,
    "whistle confirmed": standing("confirmed"),
    "whistle blown": standing("blown"),
    "whistle blown to the street": standing("level_two"),
    "whistle blown, tough": tough,
    "whistle blown, unconfirmed": standing("blown_now"),
    "whistle blown, a meeting called": standing("meeting_called"),
    "whistle settled": standing("settled"),
    "whistle settled, unconfirmed": settled_unconfirmed,
    "whistle verified": standing("verified_whistle"),
    "whistle scored": standing("scored"),
    "whistle closed": standing("concluded"),
    "whistle raised": standing("raised"),
    "whistle cancelled": cancelled,
    "response called": standing("called"),
    "response of the street": standing("called_street"),
    "response of the street, signed": standing("signed_street"),
    "response of the street, arrived": standing("arrived_street"),
    "response signed": standing("signed"),
    "response arrived": standing("arrived"),
    "response done": standing("done"),
    "response disputed": standing("disputed"),
    "response released": standing("released"),
    "assignment": unborn_assignment,
    "assignment given": standing("assignment"),
    "assignment answered": standing("assignment_answered"),
    "assignment cancelled": standing("assignment_cancelled"),
    "request for an extension": unborn_request("accepted", "extension"),
    "request for a suspension": unborn_request("accepted", "suspension"),
    "request for a return": unborn_request("accepted", "return"),
    "request for an exemption": unborn_request("accepted", "exemption"),
    "request of an appeal": unborn_request("closed", "appeal"),
    "request asked: extension": standing("extension"),
    "request asked: suspension": standing("suspension"),
    "request asked: return": standing("returning"),
    "request asked: exemption": standing("exemption"),
    "request asked: appeal": standing("appeal"),
    "request asked: appeal against a score": standing("appeal_of_score"),
    "request granted once": standing("appeal_granted_once"),
    "request granted": standing("granted_request"),
    "request rejected": standing("rejected_request"),
    "request withdrawn": standing("withdrawn_request"),
    "request dropped": standing("dropped_request"),
    "verification": unborn_verification,
    "verification asked": standing("asked"),
    "verification answered": standing("answered"),
    "verification lapsed": lapsed,
    "survey": unborn_survey,
    "survey asked": standing("surveyed"),
    "survey answered": standing("survey_answered"),
    "survey lapsed": survey_lapsed,
    "survey dropped": standing("survey_dropped"),
    "supervision": unborn_supervision,
    "supervision issued": standing("supervised"),
    "supervision signed": standing("supervision_signed"),
    "supervision answered": standing("supervision_answered"),
    "supervision signed off": standing("signed_off"),
    "supervision cancelled": standing("supervision_cancelled"),
    "supervision by instruction": unborn_instruction,
    "supervision by instruction, issued": instructed("supervised"),
    "supervision by instruction, answered": instructed("supervision_answered"),
}
