import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from organization.models import User
from whistle.models import Category
from workflow.errors import NotPossible
from workflow.idempotency import KeyReused, digest_of, once
from workflow.models import Idempotency


@pytest.fixture
def user(django_db_setup, django_db_blocker):
    """Threads see only what is committed, so no transaction around each test."""
    with django_db_blocker.unblock():
        yield User.objects.create(username="program")
        for model in (Idempotency, Category, User):
            model.objects.all().delete()


def make(code="01"):
    category = Category.objects.create(
        kind="event", major_code="01", code=code, name=f"{Category.objects.count()}"
    )
    return 201, {"name": category.name}


def test_fifty_at_once_act_once_and_hear_the_same(user):
    def act():
        time.sleep(0.2)
        return make(f"{Category.objects.count():02}")

    def ask(_n):
        try:
            return once(user, "k", "d", act)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(ask, range(50)))
    assert Category.objects.count() == 1
    assert {(code, body["name"]) for (code, body), _again in answers} == {(201, "0")}
    assert sorted(again for _answer, again in answers) == [False] + [True] * 49


def test_the_same_key_for_something_else_is_refused(user):
    once(user, "k", "d", make)
    with pytest.raises(KeyReused):
        once(user, "k", "other", make)
    someone = User.objects.create(username="another")
    assert once(someone, "k", "other", lambda: make("02"))[1] is False


def test_what_was_refused_leaves_nothing_and_may_be_sent_again(user):
    def refuse():
        make()
        raise NotPossible("no")

    with pytest.raises(NotPossible):
        once(user, "k", "d", refuse)
    assert not Category.objects.exists() and not Idempotency.objects.exists()
    assert once(user, "k", "mended", make) == ((201, {"name": "0"}), False)


def test_the_digest_knows_order_of_keys_from_content():
    def file(content):
        return SimpleUploadedFile("a.jpg", content)

    assert digest_of([{"a": 1, "b": 2}]) == digest_of([{"b": 2, "a": 1}])
    assert digest_of([{"a": 1}]) != digest_of([{"a": 2}])
    assert digest_of(["x"], [file(b"1")]) != digest_of(["x"], [file(b"2")])
    assert digest_of(["x"], [file(b"1")]) == digest_of(["x"], [file(b"1")])
