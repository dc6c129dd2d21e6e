"""Following an order (关注): its moves, and those of all papers under it, are told to the post."""

import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from organization.authority import grants_of, posts_of
from organization.duty import Duty
from organization.models import Notice, Post, User
from whistle.models import Follow, WorkOrder
from whistle.models.orders import WorkOrderSight
from workflow.actions import moved
from workflow.errors import NotPossible

MOST = 500
# What changes no status and is told all the same.
NOTES = ("note", "inform")


def is_followed(order: WorkOrder, user: User) -> bool:
    return order.followed and order.follows.filter(post__in=posts_of(user)).exists()


@transaction.atomic
def follow(order: WorkOrder, user: User, now: datetime.datetime) -> None:
    """By the post through which the person sees the order; once, however often it is asked.

    Raises NotPossible where the post follows as many as anybody can keep in view.
    """
    post = post_seeing(order, user)
    if Follow.objects.filter(post=post).count() >= MOST:
        words = _("%(most)s orders are followed already: let one go first.")
        raise NotPossible(words % {"most": MOST})
    mark(order, True)
    Follow.objects.get_or_create(order=order, post_id=post, defaults={"user": user, "at": now})


@transaction.atomic
def unfollow(order: WorkOrder, user: User) -> None:
    mark(order, True)  # the lock under which nobody else can begin to follow meanwhile
    order.follows.filter(post__in=posts_of(user)).delete()
    mark(order, order.follows.exists())


def mark(order: WorkOrder, followed: bool) -> None:
    """Steps look for followers only of orders so marked."""
    WorkOrder.objects.filter(pk=order.pk).update(followed=followed)
    order.followed = followed


def post_seeing(order: WorkOrder, user: User) -> int:
    """The post of the person from which the order is seen."""
    units = order.sight.values_list("unit", flat=True)
    rows = grants_of(user).rows
    return next(rows[Duty.VIEW, unit] for unit in units if (Duty.VIEW, unit) in rows)


@receiver(moved)
def tell_followers(sender: Any, paper: Any, event: Any, **_signal: Any) -> None:
    """A line in the inbox of each post that follows, still sees the order and was not told yet."""
    root = paper.root
    if not getattr(root, "followed", False) or (event.old == event.new and event.verb not in NOTES):
        return
    seen = WorkOrderSight.objects.filter(paper=root).values("unit")
    posts = Post.objects.filter(
        follows__order=root,
        group__unitgrant__permission__codename=Duty.VIEW,
        group__unitgrant__content_object__in=seen,
    ).exclude(pk=event.post_id)
    number, _title = paper.subject_line()
    told = Notice.objects.filter(number=number, created=event.at).values("post")
    Notice.objects.bulk_create(
        paper.notice(post, Notice.Kind.TOLD, event.verb, event.at)
        for post in posts.exclude(pk__in=told).distinct()
    )
