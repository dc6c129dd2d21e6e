"""Who has a paper open just now."""

from django.db import models

from organization.models import User


class Presence(models.Model):
    """One person at one paper, as of the last sign of life; worth nothing a minute later."""

    paper = models.CharField(max_length=40)
    paper_id = models.BigIntegerField()
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    writing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "paper_id", "user"], name="presence_once")
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_age")]

    def __str__(self) -> str:
        return f"{self.user} {self.paper} {self.paper_id}"
