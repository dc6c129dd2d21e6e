"""Notes outside of the steps: for colleagues (备注), or for the reporter (告知诉求人)."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from organization.models import Notice
from organization.outbox import text_resident
from whistle.flow import ORDER, RESPONSE, WHISTLE
from workflow.actions import Act
from workflow.inbox import next_posts

# A mobile phone of China or an identity number, as people write them.
PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{17}[\dXx])(?!\d)")


@ORDER.on("then", "note")
@WHISTLE.on("then", "note")
@RESPONSE.on("then", "note")
def tell_whose_turn(act: Act) -> None:
    """Those for whom the paper waits find it in their inbox; it is not a step that they owe."""
    posts = [post for post in next_posts(act.paper) if post.pk != act.post_id]
    Notice.objects.bulk_create(
        act.paper.notice(post, Notice.Kind.TOLD, act.step.verb, act.now) for post in posts
    )


@ORDER.on("rule", "inform")
def name_nobody(act: Act) -> None:
    """Whoever has the number reads it."""
    if found := PERSONAL.search(act.given["remark"]):
        words = _("“%(words)s” looks like somebody's phone or identity number: leave it out.")
        raise ValidationError({"remark": words % {"words": found[0]}})


@ORDER.on("then", "inform")
def text_reporter(act: Act) -> None:
    """Who reported by phone gets the words there too, in the language of the house."""
    order: Any = act.paper
    with translation.override(settings.LANGUAGE_CODE):
        words = _("%(centre)s on your report %(number)s: %(words)s")
    said = {"centre": order.signature, "number": order.number, "words": act.given["remark"]}
    key = f"{key_of(order)}{act.event.n}"
    text_resident(order.centre, order.reporter_phone, key=key, text=words % said, now=act.now)


def key_of(order: Any) -> str:
    """How the keys of all messages about an order to who reported it begin."""
    return f"inform:{order.pk}:"
