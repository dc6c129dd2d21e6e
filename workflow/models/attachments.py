"""Photos and files that came with a step."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file given with an event; kept under its own hash, shown to those who see the paper.

    `width`/`height` are pixels of a photo (0 for other files), `size` is bytes. `thumb` is made by
    a worker; until then the page shows the photo itself.
    """

    class Label(models.TextChoices):
        NEAR = "near", _("close view")
        FAR = "far", _("wide view")
        LANDMARK = "landmark", _("landmark")
        BEFORE = "before", _("before")
        AFTER = "after", _("after")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=10, choices=Label.choices, default=Label.OTHER)
    name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=120)
    thumb = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["created", "id"]
        indexes = [
            models.Index(
                fields=["created"], condition=Q(thumb="", width__gt=0), name="%(class)s_bare"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def is_photo(self) -> bool:
        return self.width > 0
