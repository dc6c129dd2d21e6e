"""Coming in, staying in, going out."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from tests.browser.house import PASSWORD
from tests.browser.person import PHONE

pytestmark = pytest.mark.browser

OTHER = "quite-another-word-4"
REFUSED = "status of 429"


def errors(person):
    return person.text("[role=alert]")


def test_a_wrong_password_is_said_and_the_name_stays(sit):
    person = sit("dispatcher").log_in("wrong")
    assert person.path == "/login/"
    assert "密码" in errors(person)
    assert person.page.input_value("[name=username]") == "dispatcher"
    assert person.page.input_value("[name=password]") == ""


def test_five_failures_lock_the_name_and_nobody_else(sit):
    person = sit("office")
    for _attempt in range(5):
        person.log_in("wrong")
    assert "15" in person.text("main")
    person.log_in(PASSWORD)
    assert person.path == "/login/" and "15" in person.text("main")
    person.forgive(REFUSED)
    assert sit("housing").log_in().path == "/answers/"


def test_who_was_sent_to_the_login_goes_on_where_they_wanted(sit):
    person = sit("liaison")
    person.open("/whistles/?open=1")
    assert person.path == "/login/"
    person.fill_in()
    assert person.path == "/whistles/"


def test_logging_out_ends_it(sit):
    person = sit("dispatcher").log_in()
    person.page.click(".gc-top details[data-menu] >> nth=-1")
    person.follow("form[action='/logout/'] button:visible")
    assert person.path == "/login/"
    person.open("/desk/")
    assert person.path == "/login/"


def test_the_phone_logs_out_on_its_own_page(sit):
    person = sit("warden", PHONE).log_in()
    person.open("/me/")
    person.follow("main form[action='/logout/'] button")
    person.open("/m/")
    assert person.path == "/login/"


@pytest.mark.parametrize(("minutes", "path"), [(110, "/desk/"), (130, "/login/")])
def test_a_session_ends_after_two_hours_without_use(sit, minutes, path):
    person = sit("dispatcher").log_in()
    later = timezone.now() + datetime.timedelta(minutes=minutes)
    with time_machine.travel(later):
        person.open("/desk/")
    assert person.path == path


def test_a_new_password_opens_here_and_closes_elsewhere(sit):
    elsewhere = sit("street_clerk").log_in()
    person = sit("street_clerk").log_in()
    change(person, OTHER)
    assert person.path == "/password/done/"
    person.open("/me/")
    assert person.path == "/me/"
    elsewhere.open("/me/")
    assert elsewhere.path == "/login/"
    assert sit("street_clerk").log_in().path == "/login/"
    assert sit("street_clerk").log_in(OTHER).path != "/login/"


def test_a_weak_password_is_refused_with_the_reason(sit):
    person = sit("community_head").log_in()
    change(person, "12345678")
    assert person.path == "/password/"
    assert "10" in person.text(".gc-form__err")


def change(person, new):
    person.open("/me/")
    person.follow("main a[href='/password/']")
    form = person.page.locator("form.gc-form")
    person.send(form, old_password=PASSWORD, new_password1=new, new_password2=new)
