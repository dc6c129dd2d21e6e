from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models import Post
from whistle.models.orders import WorkOrder


class Follow(models.Model):
    """A post that wants to learn what becomes of an order, though nothing of it waits there (关注).

    It is the post's, as its inbox is: who comes after in it goes on following. `user` chose it.
    """

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="follows", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="follows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("since"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "post"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.order_id}"
