import re

from babel.messages.pofile import read_po

from govcenter import catalogue


def write(path, *pairs):
    path.write_text("".join(f'msgid "{one}"\nmsgstr "{other}"\n\n' for one, other in pairs))
    return path


def source(base, name, text):
    (base / name).parent.mkdir(parents=True, exist_ok=True)
    (base / name).write_text(text)


def use(monkeypatch, base):
    monkeypatch.setattr(catalogue, "BASE", base)
    monkeypatch.setattr(catalogue, "CATALOGUE", base / "locale/zh_Hans/LC_MESSAGES/django.po")


def test_every_visible_string_is_translated():
    assert catalogue.faults() == []


def test_a_string_is_collected_under_whatever_name_its_module_translates():
    alias = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)")
    named = {name for path in catalogue.sources() for name in alias.findall(path.read_text())}
    assert named - set(catalogue.KEYWORDS) == set()


def test_strings_of_python_and_templates_are_found(monkeypatch, tmp_path):
    use(monkeypatch, tmp_path)
    source(
        tmp_path, "app/a.py", '_("one")\npgettext("of grids", "two")\nngettext("%d a", "%d b", n)'
    )
    source(
        tmp_path,
        "templates/b.html",
        '{% translate "three" %}{% blocktranslate count n=n %}{{ n }} x{% plural %}{{ n }} xs'
        '{% endblocktranslate %}<a title="{{ _("four") }}">{% translate "five" context "menu" %}',
    )
    source(tmp_path, "tests/c.py", '_("of a test")')
    found = {catalogue.key(message) for message in catalogue.extracted() if message.id}
    assert found == {
        ("one", None),
        ("two", "of grids"),
        ("%d a", None),
        ("three", None),
        ("%(n)s x", None),
        ("four", None),
        ("five", "menu"),
    }


def test_merge_keeps_known_translations_and_takes_new_ones(monkeypatch, tmp_path):
    use(monkeypatch, tmp_path)
    source(tmp_path, "a.py", '_("one")\n_("two")\n_("three")')
    assert catalogue.merge([write(tmp_path / "part.po", ("one", "一"), ("gone", "没"))]) == []
    assert catalogue.merge([write(tmp_path / "part.po", ("two", "二"))]) == []
    assert catalogue.faults() == ["a.py: 'three' has no translation"]


def test_two_translations_of_one_string_are_reported(monkeypatch, tmp_path):
    use(monkeypatch, tmp_path)
    source(tmp_path, "a.py", '_("one")')
    parts = [write(tmp_path / "a.po", ("one", "一")), write(tmp_path / "b.po", ("one", "壹"))]
    assert catalogue.merge(parts) == ["b.po: 'one' is already '一'"]


def test_lost_placeholder_and_unused_string_are_faults(monkeypatch, tmp_path):
    use(monkeypatch, tmp_path)
    source(tmp_path, "a.py", '_("in %(days)s days")')
    catalogue.merge([write(tmp_path / "part.po", ("in %(days)s days", "%(day)s 天后"))])
    assert len(catalogue.faults()) == 1
    source(tmp_path, "a.py", "")
    assert catalogue.faults() == ["'in %(days)s days' is not used any more"]


def test_compiled_catalogue_can_be_read_by_django(monkeypatch, tmp_path):
    from gettext import GNUTranslations

    use(monkeypatch, tmp_path)
    source(tmp_path, "a.py", '_("one")\nngettext("%(n)s x", "%(n)s xs", n)')
    text = 'msgid "%(n)s x"\nmsgid_plural "%(n)s xs"\nmsgstr[0] "%(n)s 个"\n'
    (tmp_path / "part.po").write_text(text)
    catalogue.merge([tmp_path / "part.po", write(tmp_path / "other.po", ("one", "一"))])
    catalogue.compile_all()
    with catalogue.CATALOGUE.with_suffix(".mo").open("rb") as file:
        found = GNUTranslations(file)
    assert found.gettext("one") == "一"
    assert found.ngettext("%(n)s x", "%(n)s xs", 5) == "%(n)s 个"
    with catalogue.CATALOGUE.open("rb") as file:
        assert len(read_po(file)) == 2
