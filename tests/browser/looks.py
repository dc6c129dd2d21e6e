"""What is wrong with a page as it stands: too wide, not translated, not for everybody."""

import re

from axe_playwright_python.sync_playwright import Axe

SERIOUS = ("serious", "critical")
# Latin words that belong on a Chinese page.
LATIN = {"EN", "Excel", "PDF", "docx", "JSON", "m", "km"}
CODES = re.compile(r"[A-Z]?[0-9]+[A-Z]?[0-9]*|[A-Z]")
WORD = re.compile(r"[A-Za-z0-9]+")

# What sticks out to the right once charts have drawn themselves anew, unless it lies in something
# that can be scrolled or is meant to cut.
STICKS_OUT = """async () => {
  await new Promise((done) => setTimeout(done, 50));
  const root = document.documentElement, main = document.getElementById("main");
  const held = /(auto|scroll|hidden|clip)/;
  const holds = (el) => el && el !== root
    && (held.test(getComputedStyle(el).overflowX) || holds(el.parentElement));
  const wide = [...document.querySelectorAll("body *")].filter((el) => {
    const box = el.getBoundingClientRect();
    const out = box.width && box.height && box.right > innerWidth + 1;
    return out && !el.closest("svg, .leaflet-container") && !holds(el.parentElement);
  });
  const found = wide.slice(0, 3).map((el) => `${el.tagName}.${el.className}`.slice(0, 80));
  for (const el of [root, main]) {
    if (el && el.scrollWidth > el.clientWidth + 1) found.push(`${el.tagName} ${el.scrollWidth} px`);
  }
  return found;
}"""

# What is shown or read out, but for keys, codes, the other language and what browsers are called.
WORDS = """() => {
  const apart = "kbd, [lang=en], .gc-num, .gc-me__logins";
  const said = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const el = texts.currentNode.parentElement;
    if (el.checkVisibility() && !el.closest(apart)) said.push(texts.currentNode.data);
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"]) {
    for (const el of document.querySelectorAll(`body [${name}]`)) {
      if (el.checkVisibility() && !el.closest(apart)) said.push(el.getAttribute(name));
    }
  }
  return said.join("\\n");
}"""


def too_wide(page, width):
    """What does not fit on a screen of that width."""
    page.set_viewport_size({"width": width, "height": 800})
    return [f"{width} px: {what}" for what in page.evaluate(STICKS_OUT)]


def untranslated(page, *names):
    """English words in what a reader sees or is read to; names are not English."""
    words = set(WORD.findall(page.evaluate(WORDS))) - LATIN - set(names)
    strange = sorted(word for word in words if not CODES.fullmatch(word) and not word.isdigit())
    return [f"English: {' '.join(strange)}"] if strange else []


def barriers(page):
    """What axe calls serious or worse."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"axe {one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]
