"""Telling the posts whose turn it is now."""

from typing import TYPE_CHECKING, Any

from organization.authority import posts_holding
from organization.models import Notice, Post
from workflow.flow import Step

if TYPE_CHECKING:
    from workflow.actions import Act


def next_posts(paper: Any) -> list[Post]:
    """The posts nearest to the paper that can take what its status waits for."""
    posts: dict[int, Post] = {}
    for verb in paper.flow.awaits.get(paper.status, ()):
        for step in paper.flow.possible(paper, verb):
            posts.update({post.pk: post for post in _posts_for(paper, step)})
    return list(posts.values())


def _posts_for(paper: Any, step: Step) -> list[Post]:
    if step.duty is None:
        return list(paper.posts_meant(step))
    unit = paper.place(step.at)
    posts = posts_holding([step.duty], unit, here=step.here) if unit is not None else []
    return [post for post in posts if post.leader or not step.leader]


def tell_next(act: "Act") -> None:
    """When a paper comes into a status, those whose turn it is find it in their inbox."""
    if act.event.old == act.event.new:
        return
    posts = [post for post in next_posts(act.paper) if post.pk != act.post_id]
    Notice.objects.bulk_create(
        act.paper.notice(post, Notice.Kind.WAITS, act.step.verb, act.now) for post in posts
    )
