"""Ready phrases (常用语) for what people write with a step."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models import Unit, User

LONGEST = 300


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def offered_to(self, user: User, posts: Iterable[int]) -> Self:
        """His own, those of the units of his posts and above them, and the district's."""
        each = models.Func("path", function="unnest", output_field=models.BigIntegerField())
        lines = Unit.objects.filter(posts__in=list(posts)).values(line=each)
        shared = models.Q(user=None) & (models.Q(unit=None) | models.Q(unit__in=lines))
        return self.filter(shared | models.Q(user=user))


class Phrase(models.Model):
    """One ready phrase for a text that a verb of a flow asks for.

    Without `verb` it is for every verb of the flow, without `case` for every class of problem; a
    case is a class or a whole major class, as `policy_case` names it (event-05-07, event-05). It is
    the whole district's, or for a `unit` and those below it, or a `user`'s own; `n` orders those of
    one owner.
    """

    flow = models.CharField(_("paper"), max_length=20)
    verb = models.CharField(_("step"), max_length=20, blank=True)
    field = models.CharField(_("field"), max_length=20)
    case = models.CharField(_("class of problem"), max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, verbose_name=_("unit"))
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, editable=False)
    n = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    text = models.CharField(_("phrase"), max_length=LONGEST)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ["n", "pk"]
        verbose_name = _("ready phrase")
        verbose_name_plural = _("ready phrases")
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "verb", "field", "case", "unit", "user", "text"],
                nulls_distinct=False,
                name="phrase_once",
            ),
            models.CheckConstraint(
                condition=models.Q(unit=None) | models.Q(user=None), name="phrase_owner"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="phrase_says"),
        ]

    def __str__(self) -> str:
        return self.text
