"""The catalogue in a real browser: nothing breaks the content security policy, keys and menus work.

The browser lives in a thread of its own, and this one answers its requests with Django's test
client: no server is needed, and nothing is left behind in the database.
"""

import io
import queue
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from organization.models import User
from tests import browser

SITE = "http://testserver"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def catalogue(client):
    """Play a scene (page) on the catalogue of parts."""
    client.force_login(User.objects.create(username="engineer", name="周文", demo=True))
    asked: queue.Queue[tuple[str, Future]] = queue.Queue()

    def play(scene):
        with ThreadPoolExecutor(1) as pool:
            over = pool.submit(stage, scene, asked)
            while not over.done():
                serve_next(client, asked)
            return over.result()

    return play


def serve_next(client, asked):
    try:
        url, waiting = asked.get(timeout=0.05)
    except queue.Empty:
        return
    given = client.get(url, headers={"Accept": "text/html,*/*"})
    body = b"".join(given.streaming_content) if given.streaming else given.content
    waiting.set_result((given.status_code, dict(given.headers), body))


def stage(scene, asked):
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=browser.chromium(), args=["--no-sandbox"]
        )
        page = program.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.add_init_script(VIOLATIONS)
        page.route("**/*", lambda route: answer(route, asked))
        page.goto(f"{SITE}/parts/")
        page.wait_for_selector(".leaflet-container")
        scene(page)
        program.close()


def answer(route, asked):
    url = urlsplit(route.request.url)
    if url.netloc != "testserver":
        return route.abort()
    waiting: Future = Future()
    asked.put((f"{url.path}?{url.query}", waiting))
    status, headers, body = waiting.result(timeout=20)
    route.fulfill(status=status, headers=headers, body=body)


def test_nothing_on_the_page_breaks_the_policy(catalogue):
    def scene(page):
        page.click("header [data-theme-switch]")
        page.click("details.gc-why summary >> nth=0")
        page.click(".gc-strip a >> nth=0")
        page.wait_for_selector("#dialog img")
        assert page.evaluate("violations") == []

    catalogue(scene)


def test_the_theme_is_kept(catalogue):
    def scene(page):
        page.click("header [data-theme-switch]")
        page.reload()
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"

    catalogue(scene)


def test_a_countdown_says_why_and_escape_closes_it(catalogue):
    def scene(page):
        page.click("details.gc-why summary >> nth=0")
        assert page.is_visible("details[open] .gc-why__box")
        page.keyboard.press("Escape")
        assert page.locator("details.gc-why[open]").count() == 0

    catalogue(scene)


def test_the_queue_is_walked_by_keys(catalogue):
    def scene(page):
        current = "[data-rows] [aria-current]"
        before = page.get_attribute(current, "data-row")
        page.keyboard.press("k")
        assert page.get_attribute(current, "data-row") != before
        page.keyboard.press("j")
        assert page.get_attribute(current, "data-row") == before
        page.keyboard.press("?")
        assert page.is_visible("#dialog .gc-keys")

    catalogue(scene)


def test_a_ready_phrase_becomes_the_reason(catalogue):
    def scene(page):
        page.click("[data-phrase] >> nth=2")
        phrase = page.get_attribute("[data-phrase] >> nth=2", "data-phrase")
        assert page.input_value("#reason-text") == phrase

    catalogue(scene)


def test_chosen_rows_are_told_to_the_batch_form(catalogue):
    def scene(page):
        assert not page.is_visible("form[data-batch]")
        page.check("[data-pick] >> nth=0")
        page.check("[data-pick] >> nth=2")
        assert page.input_value("[data-batch-field]").count(",") == 1
        assert page.is_visible("form[data-batch]")

    catalogue(scene)


def test_a_photo_is_made_small_before_it_is_sent(catalogue):
    def scene(page):
        photo = {"name": "a.png", "mimeType": "image/png", "buffer": big_photo()}
        page.set_input_files("input[name=near]", photo)
        page.wait_for_selector("[data-slot] img")
        name, width = page.evaluate(
            "(async () => { const file = document.querySelector('input[name=near]').files[0];"
            " return [file.name, (await createImageBitmap(file)).width]; })()"
        )
        assert (name, width) == ("a.jpg", 1600)

    catalogue(scene)


def big_photo():
    content = io.BytesIO()
    Image.new("RGB", (2400, 1600), "grey").save(content, "PNG")
    return content.getvalue()
