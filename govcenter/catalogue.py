"""Translations by Babel, so that no system gettext is needed.

python -m govcenter.catalogue compile         .po → .mo
python -m govcenter.catalogue merge [FILE…]   strings of the source, plus translations in FILEs
python -m govcenter.catalogue check           what is missing, wrong or no longer used
"""

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

BASE = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a moving date would change the file for nothing
CATALOGUE = BASE / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
APART = {"node_modules", "data", "tests", "bench", "staticfiles", "migrations", "vendor"}
KEYWORDS: dict = {
    "_": None,
    "_now": None,
    "_text": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def sources() -> Iterator[Path]:
    for folder, names, files in os.walk(BASE):
        names[:] = sorted(n for n in names if n not in APART and not n.startswith("."))
        for name in sorted(files):
            if name.endswith((".py", ".html", ".txt")) and "static" not in Path(folder).parts:
                yield Path(folder) / name


def extract_template(file, keywords, tags, options):
    """Django turns its template tags into Python calls; the rest is Babel's."""
    from django.utils.translation.template import templatize

    code = templatize(file.read().decode())
    return extract_python(io.BytesIO(code.encode()), keywords, tags, options)


def extracted() -> Catalog:
    catalogue = Catalog(
        LOCALE,
        header_comment="# Simplified Chinese. Written by `make messages`; only translate here.",
        project="GovCenter",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=EPOCH,
        revision_date=EPOCH,
        fuzzy=False,
    )
    for path in sources():
        method = "python" if path.suffix == ".py" else extract_template
        where = str(path.relative_to(BASE))
        with path.open("rb") as file:
            for _line, text, _comments, context in extract(method, file, KEYWORDS):
                catalogue.add(text, locations=[(where, 1)], context=context)
    return catalogue


def load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def compile_all() -> None:
    for po in BASE.glob("locale/*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        aside = mo.with_suffix(f".{os.getpid()}")
        with aside.open("wb") as file:
            write_mo(file, load(po))
        aside.rename(mo)


def key(message: Message) -> tuple:
    first = message.id[0] if isinstance(message.id, tuple) else message.id
    return first, message.context


def translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy


def merge(parts: list[Path]) -> list[str]:
    """Write the catalogue anew: what the source says, with every translation known."""
    known: dict[tuple, str] = {}
    complaints = []
    for path in [CATALOGUE, *parts]:
        for message in load(path) if path.exists() else ():
            if not message.id or not translated(message):
                continue
            old = known.setdefault(key(message), message.string)
            if flat(old) != flat(message.string):
                complaints.append(f"{path.name}: {key(message)[0]!r} is already {old!r}")
    fresh = extracted()
    for message in fresh:
        if message.id and key(message) in known:
            found = flat(known[key(message)])
            message.string = (found,) if message.pluralizable else found
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, width=100, sort_output=True, no_location=True, omit_header=False)
    return complaints


def flat(string: str | tuple | list) -> str:
    """Chinese has one plural form."""
    return string if isinstance(string, str) else string[0]


def faults() -> list[str]:
    """One sentence for each string that is missing, untranslated, wrong or unused."""
    stored = {key(m): m for m in load(CATALOGUE) if m.id} if CATALOGUE.exists() else {}
    wanted = {key(m): m for m in extracted() if m.id}
    found = []
    for name, message in wanted.items():
        mine = stored.get(name)
        where = message.locations[0][0]
        if mine is None or not translated(mine):
            found.append(f"{where}: {name[0]!r} has no translation")
        else:
            mine.locations = message.locations
            found += [f"{where}: {name[0]!r}: {error}" for error in mine.check()]
    return found + [f"{name[0]!r} is not used any more" for name in stored if name not in wanted]


def main(verb: str, *rest: str) -> int:
    if verb == "compile":
        compile_all()
        return 0
    complaints = merge([Path(name) for name in rest]) if verb == "merge" else []
    complaints += faults()
    print("\n".join(complaints) or "Every string is translated.")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
