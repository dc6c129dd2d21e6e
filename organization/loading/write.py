"""Write what the checked files say. Everything runs in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from organization.loading.check import organs
from organization.loading.files import Files
from organization.loading.sync import Progress, Tally, Values, batches, sync
from organization.models import Post, Posting, Relation, Unit, UnitGrant, User, WorkingHours
from organization.tables import Row

LEVELS = (("district",), ("department", "street"), ("section", "office", "community"))


def write_units(files: Files, progress: Progress) -> Tally:
    """Units from above to below, so that each finds its parent."""
    tally = Tally()
    for kinds in LEVELS:
        rows = [unit_values(row) for row in files.units if row["kind"] in kinds]
        if "office" in kinds:
            rows += [organ_values(*made) for made in organs(files)]
        tally += sync_units(rows, progress)
    return tally


def unit_values(row: Row) -> dict[str, Any]:
    names = ["code", "kind", "name", "short", "organ", "duty_phone", "duty_mail", "area_level"]
    return {name: row[name] for name in [*names, "parent", "valid_from", "valid_to"]}


def organ_values(street: Row, organ: Row, code: str) -> dict[str, Any]:
    values = {name: organ[name] for name in ("name", "short", "organ")}
    values |= {"code": code, "kind": Unit.Kind.OFFICE, "parent": street["code"]}
    return values | {"valid_from": street["valid_from"], "valid_to": street["valid_to"]}


def sync_units(rows: Sequence[Values], progress: Progress) -> Tally:
    """Bring units to the rows, whose `parent` is a code."""
    above = unit_ids(row["parent"] for row in rows)
    values = [
        {name: value for name, value in row.items() if name != "parent"}
        | {"parent_id": above.get(row["parent"])}
        for row in rows
    ]
    existing = Unit.objects.filter(code__in=[row["code"] for row in rows])
    return sync(existing, Unit, ["code"], values, progress)


def unit_ids(codes: Iterable[str]) -> dict[str, int]:
    return dict(Unit.objects.filter(code__in=set(codes)).values_list("code", "pk"))


def post_ids(codes: Iterable[str]) -> dict[str, int]:
    return dict(Post.objects.filter(code__in=set(codes)).values_list("code", "pk"))


def write_posts(files: Files, progress: Progress) -> Tally:
    units = unit_ids(row["unit"] for row in files.posts)
    rows = [
        {"code": row["code"], "name": row["name"], "unit_id": units[row["unit"]]}
        | {"head": row["head"], "leader": row["leader"]}
        for row in files.posts
    ]
    existing = {post.code: post for post in Post.objects.filter(code__in=[r["code"] for r in rows])}
    groups = new_groups([row["code"] for row in rows if row["code"] not in existing])
    return sync(
        existing.values(),
        Post,
        ["code"],
        rows,
        progress,
        fresh=lambda row: {**row, "group": groups[row["code"]]},
    )


def new_groups(names: Sequence[str]) -> dict[str, Group]:
    """The group that carries the duties of each new post, named after it."""
    for batch in batches(names):
        Group.objects.bulk_create([Group(name=name) for name in batch])
    return {group.name: group for group in Group.objects.filter(name__in=names)}


def write_duties(files: Files, progress: Progress) -> Tally:
    """The duties of every post in the file become exactly those that it says."""
    groups = dict(
        Post.objects.filter(code__in=[row["code"] for row in files.posts]).values_list(
            "code", "group"
        )
    )
    wanted = wanted_duties(files, groups)
    grants = UnitGrant.objects.filter(group__in=groups.values())
    held = {(g.group_id, g.permission_id, g.content_object_id): g.pk for g in grants}
    for batch in batches(sorted(wanted - held.keys())):
        UnitGrant.objects.bulk_create(
            UnitGrant(group_id=group, permission_id=duty, content_object_id=unit)
            for group, duty, unit in batch
        )
        progress(len(batch))
    lost = [pk for key, pk in held.items() if key not in wanted]
    UnitGrant.objects.filter(pk__in=lost).delete()
    kept = len(wanted & held.keys())
    progress(kept)
    return Tally(len(wanted) - kept, 0, len(lost), kept)


def wanted_duties(files: Files, groups: Mapping[str, int]) -> set[tuple[int, int, int]]:
    """(group, permission, unit) of every duty that the file grants."""
    content_type = ContentType.objects.get_for_model(Unit)
    duties = dict(
        Permission.objects.filter(content_type=content_type).values_list("codename", "pk")
    )
    units = unit_ids(g.unit or row["unit"] for row in files.posts for g in row["duties"])
    return {
        (groups[row["code"]], duties[grant.duty], units[grant.unit or row["unit"]])
        for row in files.posts
        for grant in row["duties"]
    }


def write_people(files: Files, demo: bool, progress: Progress) -> Tally:
    """People with a password that nobody knows; sample people only where they are asked for."""
    rows = [
        {"username": row["username"], "name": row["name"], "phone": row["phone"]}
        | {"demo": row["demo"], "is_staff": row["engineer"], "is_superuser": row["engineer"]}
        for row in files.people
        if demo or not row["demo"]
    ]
    existing = User.objects.filter(username__in=[row["username"] for row in rows])
    return sync(
        existing,
        User,
        ["username"],
        rows,
        progress,
        fresh=lambda row: {**row, "password": make_password(None)},
    )


def write_postings(files: Files, progress: Progress) -> Tally:
    """Who is in which post; people that are not loaded (sample people) are left out."""
    posts = post_ids(row["post"] for row in files.postings)
    people = dict(
        User.objects.filter(username__in=[row["username"] for row in files.postings]).values_list(
            "username", "pk"
        )
    )
    rows = [
        {"post_id": posts[row["post"]], "user_id": people[row["username"]]}
        | {name: row[name] for name in ("deputy", "valid_from", "valid_to")}
        for row in files.postings
        if row["username"] in people
    ]
    existing = Posting.objects.filter(post__in=posts.values())
    return sync(existing, Posting, ["post_id", "user_id", "valid_from"], rows, progress)


def write_relations(files: Files, progress: Progress) -> Tally:
    posts = post_ids(row["post"] for row in files.relations)
    units = unit_ids(row["unit"] for row in files.relations)
    rows = [
        {"kind": row["kind"], "post_id": posts[row["post"]], "unit_id": units[row["unit"]]}
        | {name: row[name] for name in ("valid_from", "valid_to")}
        for row in files.relations
    ]
    existing = Relation.objects.filter(post__in=posts.values())
    return sync(existing, Relation, ["kind", "post_id", "unit_id", "valid_from"], rows, progress)


def write_working_hours(files: Files, progress: Progress) -> Tally:
    units = unit_ids(row["unit"] for row in files.working_hours)
    names = ("season_from", "season_to", "periods", "valid_from", "valid_to")
    rows = [
        {"unit_id": units.get(row["unit"])} | {name: row[name] for name in names}
        for row in files.working_hours
    ]
    key = ["unit_id", "season_from", "valid_from"]
    return sync(WorkingHours.objects.all(), WorkingHours, key, rows, progress)
