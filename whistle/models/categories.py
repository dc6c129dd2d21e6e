"""What can be wrong in a city: classes, their filing conditions and the limit of each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.calendar import TimeUnit


class Category(models.Model):
    """A minor class (小类) of GB/T 30428.2: a component or an event, under its major class."""

    class Kind(models.TextChoices):
        COMPONENT = "component", _("Component")
        EVENT = "event", _("Event")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    major_code = models.CharField(_("major class code"), max_length=4)
    major_name = models.CharField(_("major class"), max_length=40)
    code = models.CharField(_("minor class code"), max_length=4)
    name = models.CharField(_("minor class"), max_length=60)
    active = models.BooleanField(_("in use"), default=True)
    near_metres = models.PositiveIntegerField(_("duplicate within (m)"), default=100)
    near_hours = models.PositiveIntegerField(_("duplicate within (h)"), default=72)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["kind", "major_code", "code"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "major_code", "code"], name="category_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def case(self) -> str:
        """The class as policy names it, from the wide to the narrow: event-05-07."""
        return f"{self.kind}-{self.major_code}-{self.code}"

    @classmethod
    def ids_by_case(cls) -> dict[str, int]:
        return {category.case: category.pk for category in cls.objects.all()}

    @property
    def full_code(self) -> str:
        return f"{self.major_code}-{self.code}"


class Condition(models.Model):
    """A filing condition (立案条件) of a class.

    `amount` and `unit` are its limit by the published table, until a `ConditionLimit` goes before.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="conditions")
    text = models.CharField(_("filing condition"), max_length=200)
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)
    closing = models.CharField(_("closing condition"), max_length=200, blank=True)
    supervisor = models.CharField(_("supervising body"), max_length=100, blank=True)
    responsible = models.CharField(_("responsible body"), max_length=100, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    legal_clause = models.TextField(_("legal clause"), blank=True)
    collection = models.CharField(_("collection note"), max_length=200, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("filing condition")
        verbose_name_plural = _("filing conditions")
        ordering = ["category", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "text"], name="condition_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="condition_limit_positive"),
        ]

    def __str__(self) -> str:
        return self.text


class ConditionLimit(models.Model):
    """The limit of a filing condition from a day on, instead of that of the published table."""

    condition = models.ForeignKey(Condition, models.PROTECT, related_name="limits", db_index=False)
    valid_from = models.DateField(_("valid from"))
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)
    sample = models.BooleanField(_("sample figure"), default=False)

    class Meta:
        verbose_name = _("limit of a filing condition")
        verbose_name_plural = _("limits of filing conditions")
        ordering = ["condition", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "valid_from"], name="conditionlimit_once_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="conditionlimit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.condition_id} {self.valid_from:%Y-%m-%d}"
