from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.duty import Duty

# How intensely a city manages a place: limits may be stricter in A than in C.
AREA_LEVELS = [("A", "A"), ("B", "B"), ("C", "C")]


class UnitManager(models.Manager["Unit"]):
    def establish(self, **fields: object) -> "Unit":
        """Create a unit and read back the path that the database gives it."""
        unit = self.create(**fields)
        unit.refresh_from_db(fields=["path"])
        return unit

    def get_by_natural_key(self, code: str) -> "Unit":
        return self.get(code=code)

    def subtree(self, roots: "frozenset[int] | set[int]") -> "models.QuerySet[Unit]":
        """The units in `roots` and everything below them."""
        return self.filter(path__overlap=list(roots))


class Unit(models.Model):
    """A node of the tree of government: who can hold a paper, and where duties are granted.

    `code` is the 12-digit statistics code where the unit has one (GB/T 2260 and its extension to
    streets and communities); bodies without one take their parent's digits, a letter and a serial.
    """

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        DEPARTMENT = "department", _("District department")
        SECTION = "section", _("Section")
        STREET = "street", _("Street")
        OFFICE = "office", _("Street office")
        COMMUNITY = "community", _("Community")
        GRID = "grid", _("Grid")

    CENTRE = "centre"

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=60)
    short = models.CharField(_("short name"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    organ = models.CharField(
        _("organ"),
        max_length=20,
        blank=True,
        help_text=_("Role in the organ template, e.g. centre or enforcement."),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    area_level = models.CharField(
        _("area level"),
        max_length=1,
        blank=True,
        choices=AREA_LEVELS,
        help_text=_("Of this place and those below it that name none."),
    )
    path = ArrayField(models.BigIntegerField(), editable=False, default=list)
    duty_phone = models.CharField(_("duty phone"), max_length=20, blank=True)
    duty_mail = models.EmailField(_("duty mail"), max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        default_permissions = ()
        permissions = [(duty.value, duty.name) for duty in Duty]
        indexes = [
            GinIndex(fields=["path"], name="unit_path"),
            models.Index(fields=["kind", "code"], name="unit_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["parent"], condition=Q(organ="centre"), name="unit_one_centre"
            ),
            models.CheckConstraint(
                condition=Q(kind="district") | Q(parent__isnull=False), name="unit_root_is_district"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name people use in a list: the short one where there is one."""
        return self.short or self.name

    def above(self, kind: str) -> "Unit | None":
        """This unit, or the nearest above it, of that kind."""
        return Unit.objects.filter(pk__in=self.path, kind=kind).last()

    def centre(self) -> "Unit":
        """The command centre of the nearest street or district that has one."""
        centres = Unit.objects.filter(organ=self.CENTRE, parent__in=self.path)
        return max(centres, key=lambda unit: len(unit.path))

    def common_ancestor(self, other: "Unit") -> "Unit":
        """The nearest unit above (or equal to) both: where a dispute between them is settled."""
        shared = [pk for pk in self.path if pk in other.path]
        return Unit.objects.get(pk=shared[-1])
