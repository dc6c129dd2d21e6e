"""Who acts in a simulated past: the people who hold the duty by their real grants."""

from collections import defaultdict
from collections.abc import Container

from django.db.models import Q

from organization.models import Posting, Relation, Unit, UnitGrant, User
from organization.models.posts import on


class Cast:
    """The holders of every duty at every unit, and the leaders tied to units, as of today."""

    def __init__(self) -> None:
        self.holders: dict[tuple[str, int], list[int]] = defaultdict(list)
        present = Q(
            group__post__postings__deputy=False, group__post__postings__user__is_active=True
        )
        rows = UnitGrant.objects.filter(present, on(None, "group__post__postings__"))
        names = ("permission__codename", "content_object", "group__post__postings__user")
        names += ("group__post__leader",)
        self.leaders: set[tuple[str, int, int]] = set()
        for duty, unit, user, leader in rows.order_by("pk").values_list(*names):
            self.holders[duty, unit].append(user)
            if leader:
                self.leaders.add((duty, unit, user))
        self.people: dict[int, User] = {}

    def able(
        self,
        duty: str,
        unit: Unit,
        *,
        here: bool,
        leader: bool = False,
        without: Container[int] = (),
    ) -> list[int]:
        """Who may take a step that asks for the duty at the unit: those nearest to it.

        `leader`: main leaders alone.
        """
        for place in [unit.pk] if here else reversed(unit.path):
            held = [pk for pk in self.holders.get((duty, place), ()) if pk not in without]
            free = [pk for pk in held if not leader or (duty, place, pk) in self.leaders]
            if free:
                return free
        return []

    def person(self, pk: int) -> User:
        """The same object each time, so that his grants are read once."""
        if pk not in self.people:
            self.people[pk] = User.objects.get(pk=pk)
        return self.people[pk]

    def leader(self, kind: str, unit: Unit) -> User | None:
        """Who stands in the relation (分管, 挂包) to the unit."""
        posts = Relation.objects.filter(on(), kind=kind, unit=unit).values("post")
        posting = Posting.objects.filter(on(), post__in=posts, deputy=False).first()
        return self.person(posting.user_id) if posting else None
