"""The engineer's admin: real passwords, nothing deleted, the log untouched."""

import pytest
from django.contrib import admin
from django.urls import reverse

from organization.models import Post, Unit, User
from tests.command.pages import browser_of
from tests.whistle.paces import Paces
from whistle.models import WorkOrder
from workflow.admin import PaperAdmin

PASSWORD = "Lang-2026-genug"


@pytest.fixture
def engineer(db):
    user = User.objects.create(username="engineer", name="周文", is_staff=True, is_superuser=True)
    return browser_of(user)


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def registered(app=None):
    own = {"organization", "workflow", "grids", "whistle"}
    return [model for model in admin.site._registry if model._meta.app_label in own]


def test_only_staff_gets_in(district):
    answer = browser_of(district.people.admin).get("/django-admin/")
    assert answer.status_code == 302


def test_the_engineers_pages_name_the_parts_of_the_house(engineer):
    page = engineer.get("/django-admin/").text
    assert "Units, posts and people" in page
    assert 'rel="icon"' in page


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.model_name)
def test_every_list_and_search_opens(district, engineer, model):
    Paces(district).concluded()
    listed = engineer.get(url(model, "changelist"), {"q": "320104"})
    assert listed.status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert engineer.get(url(model, "change", row.pk)).status_code == 200


def papers():
    return [model for model, page in admin.site._registry.items() if isinstance(page, PaperAdmin)]


@pytest.mark.parametrize("model", papers(), ids=lambda model: model._meta.model_name)
def test_papers_are_looked_at_never_touched(district, engineer, model):
    paces = Paces(district)
    paces.concluded()
    paces.supervised()
    paces.answered()
    paces.returning()
    paces.surveyed()
    row = model.objects.first()
    before = model.objects.filter(pk=row.pk).values().get()
    assert engineer.post(url(model, "change", row.pk), {"status": "void"}).status_code == 403
    assert engineer.get(url(model, "add")).status_code == 403
    assert engineer.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_an_order_shows_its_log_but_not_its_reporter(district, engineer):
    order = Paces(district).accepted(reporter_name="张建国", reporter_phone="13812345521")
    page = engineer.get(url(WorkOrder, "change", order.pk)).text
    assert order.events.last().hash in page
    for secret in ("张建国", "13812345521", order.progress_code):
        assert secret not in page


@pytest.mark.parametrize("model", [User, Unit, Post])
def test_what_others_point_to_is_not_deleted(district, engineer, model):
    row = model.objects.first()
    assert engineer.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    engineer.post(url(model, "changelist"), chosen)
    assert model.objects.filter(pk=row.pk).exists()


def test_a_password_is_hashed_and_weak_ones_are_refused(engineer):
    fields = {"username": "new", "name": "新人", "phone": "", "usable_password": "true"}
    rows = {"postings-TOTAL_FORMS": 0, "postings-INITIAL_FORMS": 0}
    weak = engineer.post(url(User, "add"), fields | {"password1": "1", "password2": "1"})
    assert weak.status_code == 200 and not User.objects.filter(username="new").exists()
    both = {"password1": PASSWORD, "password2": PASSWORD}
    assert engineer.post(url(User, "add"), fields | both | rows).status_code == 302
    user = User.objects.get(username="new")
    assert user.check_password(PASSWORD) and PASSWORD not in user.password


def test_a_new_post_gets_the_group_of_its_duties(district, engineer):
    fields = {"code": "new-post", "name": "新岗位", "unit": district.office.pk}
    empty = {
        f"{name}-{count}_FORMS": 0
        for name in ("postings", "relations")
        for count in ("TOTAL", "INITIAL")
    }
    assert engineer.post(url(Post, "add"), fields | empty).status_code == 302
    assert Post.objects.get(code="new-post").group.name == "new-post"
