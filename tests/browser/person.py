"""Somebody at a browser: goes to pages, fills in the form of a verb, and is watched meanwhile."""

import io
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

from tests.browser.house import PASSWORD

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ARTIFACTS = Path("test-artifacts")
PATIENCE = 15_000
READY = "domcontentloaded"
# A stream that has nothing to tell.
QUIET_STREAM = """
window.EventSource = class extends EventTarget {
  constructor() { super(); setTimeout(() => this.dispatchEvent(new Event("beat"))); }
  close() {}
};
"""


class Person:
    """One person's browser. `faults` is what a user would not see but must not be there."""

    def __init__(self, browser, house, name, viewport):
        self.house, self.name, self.faults = house, name, []
        lng, lat = house.place["lng"], house.place["lat"]
        self.context = browser.new_context(
            base_url=house.url,
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["geolocation"],
            geolocation={"longitude": lng, "latitude": lat, "accuracy": 8},
        )
        self.context.set_default_timeout(PATIENCE)
        if house.stream is None:
            self.context.add_init_script(QUIET_STREAM)
        self.page = self.context.new_page()
        self.watch()

    # What must not be there

    def watch(self):
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self.see)
        self.page.on("dialog", lambda box: self.faults.append(f"dialog: {box.message}"))

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type} on {self.page.url}: {message.text}")

    def see(self, request):
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.netloc not in self.house.hosts:
            self.faults.append(f"foreign request: {request.url}")

    def forgive(self, *expected):
        self.faults = [f for f in self.faults if not any(words in f for words in expected)]

    # Pages

    def log_in(self, password=PASSWORD):
        self.page.goto("/login/", wait_until=READY)
        return self.fill_in(password)

    def fill_in(self, password=PASSWORD):
        """The form of the login page, wherever one was sent there from."""
        self.page.fill("[name=username]", self.name)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation(wait_until=READY):
            self.page.click(".gc-btn--login")
        return self

    def open(self, path):
        answer = self.page.goto(path, wait_until=READY)
        assert answer.status == 200, f"{self.name} at {path}: {answer.status}"
        return self.page

    @property
    def path(self):
        return urlsplit(self.page.url).path

    def text(self, selector="body"):
        return self.page.inner_text(selector)

    def sees(self, words, selector="body"):
        """Wait until the words stand on the page."""
        self.page.locator(selector).get_by_text(words).first.wait_for()

    # Acts

    def press(self, verb, within="body"):
        """Press the button of a verb; whatever it is drawn as, its address ends with the verb."""
        ways = f'a[href*="/{verb}/"]:visible, form[action*="/{verb}/"] button:visible'
        self.page.locator(within).locator(ways).first.click()

    def follow(self, selector):
        with self.page.expect_navigation(wait_until=READY):
            self.page.click(selector)

    def do(self, verb, within="body"):
        """Take a step that asks for nothing: the button alone does it."""
        with self.page.expect_navigation(wait_until=READY):
            self.press(verb, within)

    def take(self, verb, within="body", **given):
        """Open the form of a verb, fill it in and send it."""
        self.press(verb, within)
        form = self.page.locator(f'form.gc-dialog[action*="/{verb}/"]')
        form.wait_for()
        self.send(form, **given)

    def send(self, form, **given):
        for name, value in given.items():
            fill(form, name, value)
        with self.page.expect_navigation(wait_until=READY):
            form.locator("button:not([type=button])").last.click()

    def shot(self, name):
        """What this office sees, kept as a picture."""
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}-{self.name}.png")

    def leave(self):
        self.context.close()


def fill(form, name, value):
    """Give an input what it takes: text, a choice, a file."""
    inputs = form.locator(f'[name="{name}"]')
    kind = inputs.first.evaluate("(input) => input.type")
    if kind == "file":
        inputs.first.set_input_files(value)
    elif kind == "checkbox":
        for box in inputs.all():
            box.set_checked(box.input_value() in map(str, value))
    elif kind == "radio":
        form.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind.startswith("select"):
        inputs.first.select_option(value)
    else:
        inputs.first.fill(str(value))


def photo(words="现场", colour="slategray"):
    """A photograph as a camera gives it; no two are alike."""
    content = io.BytesIO()
    picture = Image.new("RGB", (1200, 900), colour)
    ImageDraw.Draw(picture).text((40, 40), str(id(content)), fill="white")
    picture.save(content, "JPEG")
    return {"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}
