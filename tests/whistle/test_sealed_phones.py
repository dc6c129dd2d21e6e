"""Phones of reporters and of who leads an answer: encrypted in the database, right on screen."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization.resealing import unopened
from organization.sealed import HIDDEN, keyed_hashes, seal
from tests.command.pages import browser_of
from tests.whistle.paces import Paces
from whistle.masking import masked
from whistle.models import Response, WorkOrder

PHONE = "13812345521"
PERSON = {"reporter": None, "reporter_name": "张建国", "reporter_phone": PHONE}
JSON = {"accept": "application/json"}
OTHER_KEY = ("another-key-" + "z" * 40,)
MIGRATION = import_module("whistle.migrations.0010_seal_phones")


@pytest.fixture
def paces(district):
    return Paces(district)


def raw(model, column, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def set_raw(model, pk, **columns):
    with connection.cursor() as cursor:
        for column, value in columns.items():
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [value, pk]
            )


def whole_row(table, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_no_row_holds_the_digits(paces):
    order = paces.reported(**PERSON)
    assert "1381" not in whole_row("whistle_workorder", order.pk)
    response = paces.signed()
    assert "1390000" not in whole_row("whistle_response", response.pk)
    assert Response.objects.get(pk=response.pk).lead_phone == "13900000000"
    assert WorkOrder.objects.get(pk=order.pk).reporter_phone == PHONE


def test_no_log_notice_or_change_holds_the_digits(paces):
    order = paces.reported(**PERSON)
    browser_of(paces.p.dispatcher).post(f"/work-orders/{order.number}/reporter/", {"note": "回访"})
    paces.signed()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            found = cursor.fetchone()[0]
            assert PHONE not in found and "13900000000" not in found, table


def test_it_is_masked_from_what_was_decrypted(paces):
    order = WorkOrder.objects.get(pk=paces.reported(**PERSON).pk)
    assert masked(order)["reporter_phone"] == "138****5521"


def test_a_step_that_does_not_touch_it_leaves_the_column_alone(paces):
    order = paces.reported(**PERSON)
    kept = raw(WorkOrder, "reporter_phone", order.pk)
    paces.step(order, "check", paces.p.dispatcher, unit=paces.d.grid, question="属实吗")
    assert raw(WorkOrder, "reporter_phone", order.pk) == kept


@pytest.mark.parametrize("lookup", ["reporter_phone", "reporter_phone__contains"])
def test_it_cannot_be_searched_by_mistake(db, lookup):
    with pytest.raises(FieldError):
        WorkOrder.objects.filter(**{lookup: PHONE})


def test_with_a_wrong_key_lists_and_pages_show_it_hidden(paces, settings):
    order = paces.reported(**PERSON)
    response = paces.signed()
    settings.DATA_KEYS = OTHER_KEY
    centre = browser_of(paces.p.dispatcher)
    for url in (
        "/work-orders/?sort=created",
        "/api/work-orders/",
        "/api/responses/",
        order.get_absolute_url(),
        response.whistle.get_absolute_url(),
    ):
        answer = centre.get(url, headers=JSON if url.startswith("/api/") else None)
        assert answer.status_code == 200 and "5521" not in answer.text
    shown = centre.post(f"/work-orders/{order.number}/reporter/", {"note": "回访"})
    assert shown.status_code == 200 and HIDDEN in shown.text


def test_what_cannot_be_read_is_not_lost_when_the_row_is_saved(paces, settings):
    order = paces.reported(**PERSON)
    kept = whole_row("whistle_workorder", order.pk)
    right, settings.DATA_KEYS = settings.DATA_KEYS, OTHER_KEY
    WorkOrder.objects.get(pk=order.pk).save()
    assert whole_row("whistle_workorder", order.pk) == kept
    settings.DATA_KEYS = right
    assert WorkOrder.objects.get(pk=order.pk).reporter_phone == PHONE


def test_the_start_names_what_the_keys_do_not_open(paces, settings):
    paces.reported(**PERSON)
    paces.signed()
    assert unopened() == []
    settings.DATA_KEYS = OTHER_KEY
    assert sorted(unopened()) == ["whistle_response.lead_phone", "whistle_workorder.reporter_phone"]


def test_after_resealing_the_old_key_may_go(paces, settings, capsys):
    order, response = paces.reported(**PERSON), paces.signed()
    settings.DATA_KEYS = (*OTHER_KEY, *settings.DATA_KEYS)
    call_command("reseal")
    settings.DATA_KEYS = OTHER_KEY
    order.refresh_from_db()
    assert (order.reporter_phone, order.reporter_hash) == (PHONE, keyed_hashes(PHONE)[0])
    assert Response.objects.get(pk=response.pk).lead_phone == "13900000000"
    assert " 2 " in capsys.readouterr().out


def test_resealing_leaves_what_no_key_opens_and_says_so(paces, settings):
    order = paces.reported(**PERSON)
    kept = whole_row("whistle_workorder", order.pk)
    settings.DATA_KEYS = OTHER_KEY
    with pytest.raises(CommandError, match="1 "):
        call_command("reseal")
    assert whole_row("whistle_workorder", order.pk) == kept


def test_the_migration_seals_what_was_stored_in_plain_and_may_be_run_again(paces):
    orders = [paces.reported(**PERSON) for _one in range(3)]
    response = paces.signed()
    for order in orders[:2]:
        set_raw(WorkOrder, order.pk, reporter_phone=PHONE, reporter_hash="")
    set_raw(Response, response.pk, lead_phone="13900000000")
    for _again in range(2):
        MIGRATION.seal_all(apps, None)
    for order in orders:
        assert PHONE not in raw(WorkOrder, "reporter_phone", order.pk)
        order.refresh_from_db()
        assert (order.reporter_phone, order.reporter_hash) == (PHONE, keyed_hashes(PHONE)[0])
    response.refresh_from_db()
    assert response.lead_phone == "13900000000"
    assert "1390" not in raw(Response, "lead_phone", response.pk)


def test_the_migration_can_be_undone(paces):
    order = paces.reported(**PERSON)
    MIGRATION.unseal_all(apps, None)
    assert raw(WorkOrder, "reporter_phone", order.pk) == PHONE


def test_more_rows_than_fit_at_once_are_sealed(paces, monkeypatch):
    monkeypatch.setattr("organization.resealing.AT_ONCE", 2)
    orders = [paces.reported(**PERSON) for _one in range(5)]
    for order in orders:
        set_raw(WorkOrder, order.pk, reporter_phone=PHONE)
    MIGRATION.seal_all(apps, None)
    assert all(PHONE not in raw(WorkOrder, "reporter_phone", order.pk) for order in orders)


def test_reading_many_takes_one_query(paces):
    for _one in range(3):
        paces.reported(**PERSON)
    with CaptureQueriesContext(connection) as asked:
        assert [order.reporter_phone for order in WorkOrder.objects.all()] == [PHONE] * 3
    assert len(asked) == 1


def test_a_value_changed_meanwhile_is_left_to_who_changed_it(paces, monkeypatch):
    order = paces.reported(**PERSON)

    def write(text):
        set_raw(WorkOrder, order.pk, reporter_phone=seal("13700000000"))
        return seal(text)

    monkeypatch.setattr("organization.resealing.seal", write)
    call_command("reseal")
    order.refresh_from_db()
    assert order.reporter_phone == "13700000000"
