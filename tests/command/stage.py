"""A browser for tests that act: the site is served by the test itself, to one browser.

The browser lives in a thread of its own, so that this one keeps its database and nothing is left
behind. The site is localhost: only there does a browser tell its place.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from playwright.sync_api import sync_playwright

from tests import browser
from tests.command.pages import browser_of

PHONE = {"width": 390, "height": 844}
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Handler(WSGIRequestHandler):
    timeout = 0.3  # a browser opens connections that it may never use

    def log_message(self, *args):
        pass


@contextmanager
def kept_connection():
    """A request must not close the connection in whose transaction the test stands."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@contextmanager
def site():
    app = get_wsgi_application()
    with kept_connection(), make_server("127.0.0.1", 0, app, handler_class=Handler) as server:
        server.timeout = 0.05
        yield server


def play(user, scene, *, lng, lat, viewport=PHONE):
    """Play a scene (page) in the browser of the person, who stands at the place."""
    place = {"longitude": lng, "latitude": lat, "accuracy": 6}
    with site() as server:
        address = f"http://localhost:{server.server_port}"
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value,
            "url": address,
        }
        options = {"base_url": address, "geolocation": place, "viewport": viewport}
        with ThreadPoolExecutor(1) as pool:
            over = pool.submit(perform, scene, cookie, options)
            while not over.done():
                server.handle_request()
            return over.result()


def perform(scene, cookie, options):
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=browser.chromium(), args=["--no-sandbox"]
        )
        context = program.new_context(locale="en", permissions=["geolocation"], **options)
        context.add_cookies([cookie])
        context.route("**/stream/**", lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(VIOLATIONS)
        scene(page)
        assert page.evaluate("violations") == []
        program.close()
