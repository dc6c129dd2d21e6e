"""The log: append-only, each row chained to the one before by its hash."""

import datetime
import hashlib
import json
from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models import Post


class EventQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("Events are never deleted.")


class Event(models.Model):
    """One step taken.

    `words` holds what people wrote. It enters the hash only as a salted digest, so that personal
    data in it can be erased by law (个人信息保护法 art. 47) without breaking the chain.
    """

    n = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    verb = models.CharField(max_length=20)
    old = models.CharField(max_length=12, blank=True)
    new = models.CharField(max_length=12)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    trigger = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    words = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    words_digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["paper", "n"]
        constraints = [models.UniqueConstraint(fields=["paper", "n"], name="%(class)s_once")]

    def __str__(self) -> str:
        return f"#{self.n} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are never deleted.")

    @property
    def note(self) -> str:
        return str(self.words.get("note", ""))

    def digest_words(self) -> str:
        return hashlib.sha256((self.salt + canonical(self.words)).encode()).hexdigest()

    def digest(self) -> str:
        """The hash of this row's content and of its predecessor's hash."""
        content = {
            "table": self._meta.db_table,
            "paper": self.paper_id,  # type: ignore[attr-defined]
            "n": self.n,
            "at": self.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "verb": self.verb,
            "old": self.old,
            "new": self.new,
            "actor": self.actor_id,
            "post": self.post_id,
            "trigger": self.trigger,
            "data": self.data,
            "words": self.words_digest,
            "prev": self.prev_hash,
        }
        return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(content: Any) -> str:
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
    )
