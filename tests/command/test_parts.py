"""The parts that pages are drawn from: all render, none carries a style or a script of its own."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from command import signs
from organization.models import User

TEMPLATES = settings.BASE_DIR / "templates"
PARTS = sorted(path.name for path in (TEMPLATES / "parts").glob("*.html"))
ELSEWHERE = {"login_foot.html", "present.html", "queue_note.html"}
INLINE = re.compile(
    r"""\sstyle\s*=|<style|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\ssrc=)|\shx-on""", re.I
)
ICONS = set(re.findall(r'<symbol id="i-([\w-]+)"', (TEMPLATES / "parts/icons.html").read_text()))


@pytest.fixture
def engineer(client, db):
    user = User.objects.create(username="engineer", name="周文", demo=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_catalogue_shows_every_part(engineer, language):
    engineer.cookies["django_language"] = language
    answer = engineer.get("/parts/")
    assert answer.status_code == 200
    drawn = {str(template.name).rpartition("/")[2] for template in answer.templates}
    assert set(PARTS) - drawn <= ELSEWHERE


def test_the_catalogue_is_no_part_of_a_real_site(client, db):
    client.force_login(User.objects.create(username="real", name="李四"))
    assert client.get("/parts/").status_code == 404
    assert client.get("/parts/grids.json").status_code == 404


@pytest.mark.parametrize("name", ["grids", "outline", "figures", "locate", "kinds"])
def test_sample_maps_have_their_data(engineer, name):
    assert engineer.get(f"/parts/{name}.json").json()


def test_unknown_sample_data_is_not_found(engineer):
    assert engineer.get("/parts/secrets.json").status_code == 404


def test_the_page_keeps_to_the_content_security_policy(engineer):
    answer = engineer.get("/parts/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy and "style-src 'self'" in policy
    inert = re.sub(r'<script id="[^"]+" type="application/json">', "", answer.text)
    assert not INLINE.findall(inert)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=str)
def test_no_template_has_an_inline_style_or_script(path):
    assert not INLINE.findall(path.read_text())


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=str)
def test_every_sign_named_in_a_template_is_in_the_sprite(path):
    named = re.findall(r'\{% icon "([\w-]+)"', path.read_text())
    named += re.findall(r'icon="([\w-]+)"', path.read_text())
    named += re.findall(r'icon\|default:"([\w-]+)"', path.read_text())
    assert set(named) <= ICONS


def test_every_sign_of_a_status_or_verb_is_in_the_sprite():
    named = {icon for _tone, icon in signs.STATUS_SIGNS.values()} | set(signs.VERB_ICONS.values())
    assert named <= ICONS


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "429", "500", "503"])
def test_error_pages_need_no_context_and_tell_no_secrets(code):
    with translation.override("en"):
        page = render_to_string(f"{code}.html")
    assert "<h1>" in page
    assert "Traceback" not in page and "Exception" not in page


@override_settings(DEBUG=False)
def test_a_missing_page_is_said_in_words(client, db):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "gc-blank" in answer.text


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "static/js").glob("*.js")), ids=str)
def test_scripts_keep_to_the_content_security_policy(path):
    source = path.read_text()
    for forbidden in (
        "eval(",
        "new Function",
        "innerHTML = ",
        "document.write",
        "insertAdjacentHTML",
    ):
        assert forbidden not in source
