"""The engineer's view of people, posts and the calendar; section chiefs have pages of their own."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organization.models import (
    Absence,
    CalendarDay,
    CalendarYear,
    Notice,
    Outbox,
    Post,
    Posting,
    QuietHours,
    Relation,
    Unit,
    UnitGrant,
    User,
    WorkingHours,
)

admin.site.site_header = admin.site.site_title = _("GovCenter for engineers")
admin.site.index_title = _("What is not edited here is written by the platform alone")
admin.site.unregister(Group)


class Kept(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that others point to, or that tell what was: ended by a date, never deleted."""

    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(Kept):
    """What only the platform writes: looked at, never touched."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyRows(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PostingRows(admin.TabularInline):  # type: ignore[type-arg]
    model = Posting
    extra = 0
    autocomplete_fields = ("post", "user")
    can_delete = False


class RelationRows(admin.TabularInline):  # type: ignore[type-arg]
    model = Relation
    extra = 0
    autocomplete_fields = ("unit",)
    can_delete = False


@admin.register(User)
class PeopleAdmin(UserAdmin, Kept):  # type: ignore[type-arg]
    """Whoever leaves is made inactive; passwords are set through Django's own form."""

    list_display = ("username", "name", "phone", "is_active", "is_staff", "demo", "last_login")
    list_filter = ("is_active", "is_staff", "demo")
    search_fields = ("username", "name", "phone")
    readonly_fields = ("last_login", "date_joined", "demo")
    filter_horizontal = ()
    inlines = (PostingRows,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "phone", "email", "language", "demo")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "name", "phone", "usable_password", "password1", "password2")},
        ),
    )


@admin.register(Unit)
class UnitAdmin(Kept):
    list_display = ("code", "name", "short", "kind", "organ", "parent", "valid_from", "valid_to")
    list_filter = ("kind", "organ")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "short")
    autocomplete_fields = ("parent",)
    readonly_fields = ("path",)


@admin.register(Post)
class PostAdmin(Kept):
    """A post comes with the group that carries its duties."""

    list_display = ("code", "name", "unit", "head", "leader")
    list_filter = ("head", "leader", "unit__kind")
    list_select_related = ("unit",)
    search_fields = ("code", "name", "unit__name")
    autocomplete_fields = ("unit",)
    exclude = ("group",)
    inlines = (PostingRows, RelationRows)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            if not change:
                obj.group = Group.objects.create(name=obj.code)
            super().save_model(request, obj, form, change)


@admin.register(Posting)
class PostingAdmin(Kept):
    list_display = ("user", "post", "deputy", "valid_from", "valid_to")
    list_filter = ("deputy",)
    list_select_related = ("user", "post__unit")
    search_fields = ("user__username", "user__name", "post__code", "post__name")
    autocomplete_fields = ("user", "post")


@admin.register(Relation)
class RelationAdmin(Kept):
    list_display = ("post", "kind", "unit", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("post__unit", "unit")
    search_fields = ("post__code", "post__name", "unit__name")
    autocomplete_fields = ("post", "unit")


@admin.register(UnitGrant)
class GrantAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Which duty a post's group holds on which unit."""

    list_display = ("group", "permission", "content_object")
    list_select_related = ("group", "permission__content_type", "content_object")
    search_fields = ("group__name", "content_object__name", "content_object__code")
    raw_id_fields = ("group",)
    autocomplete_fields = ("content_object",)
    show_full_result_count = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "permission":
            units = {"content_type__app_label": "organization", "content_type__model": "unit"}
            field.queryset = field.queryset.filter(**units)  # type: ignore[union-attr]
        return field


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "start", "end", "reason")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name")
    autocomplete_fields = ("user",)


@admin.register(CalendarYear)
class CalendarYearAdmin(Kept):
    list_display = ("year", "source", "notice")


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("date", "kind", "name", "source")
    list_filter = ("kind", "source")
    date_hierarchy = "date"


@admin.register(WorkingHours)
class WorkingHoursAdmin(Kept):
    list_display = ("unit", "season_from", "season_to", "periods", "valid_from", "valid_to")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("created", "post", "kind", "flow", "number", "verb", "clock", "read")
    list_filter = ("kind", "flow")
    list_select_related = ("post__unit",)
    search_fields = ("=number", "post__code")


@admin.register(Outbox)
class OutboxAdmin(ReadOnly):
    list_display = ("created", "kind", "channel", "to", "state", "attempts", "next_at", "error")
    list_filter = ("state", "channel", "kind")
    search_fields = ("=key", "=to")


@admin.register(QuietHours)
class QuietHoursAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("phone", "start", "end", "window")
