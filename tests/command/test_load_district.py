"""A district is taken over whole or not at all, and the second time nothing changes."""

import io
import stat

import pytest
from django.core.management import CommandError, call_command

from grids.models import Boundary, Grid
from grids.terrain import locate
from organization.authority import holds
from organization.models import (
    Post,
    Posting,
    Relation,
    Unit,
    UnitGrant,
    User,
    WorkingHours,
)
from tests.command.folder import FILES, bent, feature, grids, lengthened, write_folder
from tests.grids.ground import centre, square
from whistle.models import Category, Condition, ScoreRule, ScoreScheme
from workflow.models import TimeLimit

pytestmark = pytest.mark.django_db

MODELS = [Unit, Grid, Boundary, Post, UnitGrant, User, Posting, Relation, WorkingHours]
MODELS += [Category, Condition, TimeLimit, ScoreScheme, ScoreRule]


@pytest.fixture(autouse=True)
def password_file(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.DEMO_PASSWORD_FILE = tmp_path / "secret" / "demo-password"
    return settings.DEMO_PASSWORD_FILE


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "district"
    place.mkdir()
    return place


def load(folder, *options):
    """What the command says in English, its problems (or None if it succeeded)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("load_district", folder, *options, language="en", stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue().splitlines()
    return out.getvalue(), None


def problems(folder, *options, **changes):
    said, lines = load(write_folder(folder, **changes), *options)
    assert lines, said
    assert "nothing was changed" in said
    assert counts() == [0] * len(MODELS)
    return lines


def counts():
    return [model.objects.count() for model in MODELS]


# what comes in


def test_a_district_is_loaded_from_its_folder(folder):
    said, refused = load(write_folder(folder), "--demo")
    assert refused is None
    assert "units: 8 new" in said
    assert set(Unit.objects.values_list("kind", flat=True)) == set(Unit.Kind.values)
    assert Condition.objects.count() == 3
    assert TimeLimit.objects.get(clock="sign").kind == "emergency"
    assert ScoreScheme.objects.get().rules.count() == 2
    assert WorkingHours.objects.get(unit__code="320104B02000").periods == [510, 720, 900, 1080]


def test_a_streets_offices_come_from_its_template(folder):
    load(write_folder(folder))
    office = Unit.objects.get(code="320104001Q02")
    assert (office.kind, office.organ, office.parent.code) == ("office", "centre", "320104001000")
    assert Unit.objects.get(code="320104001001").centre() == office


def test_every_unit_knows_its_way_up(folder):
    load(write_folder(folder))
    grid = Unit.objects.get(code="320104001001Z001")
    assert [Unit.objects.get(pk=pk).kind for pk in grid.path] == [
        "district",
        "street",
        "community",
        "grid",
    ]


def test_duties_hold_where_the_file_says(folder):
    load(write_folder(folder), "--demo")
    warden, liaison = (User.objects.get(username=name) for name in ("warden", "liaison"))
    grid = Unit.objects.get(code="320104001001Z001")
    assert holds(warden, "report", grid)
    assert not holds(warden, "report", grid.parent)
    assert holds(liaison, "handle", Unit.objects.get(code="320104B02K01"))
    operator = Post.objects.get(code="operator")
    granted = UnitGrant.objects.filter(group=operator.group)
    assert set(granted.values_list("permission__codename", "content_object__code")) == {
        ("view", "320104001000"),
        ("dispatch", "320104001000"),
        ("dispatch", "320104001Q02"),
    }


def test_the_ground_is_found_at_once(folder):
    load(write_folder(folder))
    assert locate(*centre(1, 0)).grid.name == "秦虹小学"


def test_the_calendar_comes_too(folder):
    from organization.models import CalendarDay

    load(write_folder(folder))
    assert CalendarDay.objects.filter(date="2026-10-01", kind="holiday").exists()


def test_files_may_be_absent(folder):
    load(write_folder(folder))
    for name in FILES:
        (folder / name).unlink(missing_ok=name != "posts.csv")
    (folder / "grids.geojson").unlink()
    (folder / "posts.csv").write_text(
        "code,unit,name,duties\nclerk,320104B02K01,经办人,handle\n", encoding="utf-8"
    )
    assert load(folder)[1] is None
    assert Post.objects.get(code="clerk").unit.name == "管网科"


# again


def test_the_second_time_nothing_changes_and_it_says_so(folder):
    load(write_folder(folder), "--demo")
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    said, _ = load(folder, "--demo")
    assert "nothing was changed" in said
    assert " 0 new" in said and " 1 changed" not in said
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_changes_are_taken_over_and_counted(folder):
    load(write_folder(folder), "--demo")
    write_folder(
        folder,
        units_csv=bent("units.csv", 4, "duty_phone", "02511112222"),
        posts_csv=bent("posts.csv", 4, "duties", "view"),
        categories_csv=bent("categories.csv", 3, "处置时限", "1工作日"),
    )
    said, _ = load(folder, "--demo")
    assert "units: 0 new, 1 changed" in said
    assert "duties: 0 new, 0 changed, 1 removed" in said
    assert Condition.objects.get(text="破损").unit == "work_day"


def test_a_posting_that_ends_makes_room_for_the_next(folder):
    load(write_folder(folder), "--demo")
    ended = bent("postings.csv", 2, "valid_to", "2026-06-30")
    write_folder(folder, postings_csv=ended + "secretary,real,,2026-07-01,\n")
    said, refused = load(folder, "--demo")
    assert refused is None
    assert "postings: 1 new, 1 changed" in said


def test_what_the_file_no_longer_names_stays(folder):
    load(write_folder(folder))
    write_folder(folder, posts_csv="code,unit,name,duties\nsecretary,320104001000,书记,view\n")
    load(folder)
    assert Post.objects.count() == 5
    assert Post.objects.get(code="secretary").name == "书记"


def test_a_condition_that_is_gone_goes_out_of_use(folder):
    load(write_folder(folder))
    shorter = "\n".join(FILES["categories.csv"].splitlines()[:3]) + "\n"
    write_folder(folder, categories_csv=shorter)
    load(folder)
    assert set(Condition.objects.filter(active=True).values_list("text", flat=True)) == {
        "缺失",
        "破损",
    }
    assert not Category.objects.get(name="商业噪音").active


def test_check_keeps_nothing(folder, password_file):
    said, refused = load(write_folder(folder), "--check", "--demo")
    assert refused is None
    assert "units: 8 new" in said
    assert "Only checked" in said
    assert not password_file.exists()
    assert counts() == [0] * len(MODELS)


def test_a_line_of_a_checklist_names_a_class_and_ends_after_its_start(folder):
    strange = bent("checklists.csv", 2, "category", "event-09-99")
    [line] = problems(folder, checklists_csv=strange)
    assert "checklists.csv" in line and "event-09-99" in line
    [line] = problems(folder, checklists_csv=bent("checklists.csv", 2, "valid_to", "2023-12-31"))
    assert "valid_to" in line


def test_a_checklist_may_come_after_its_classes(folder):
    load(write_folder(folder))
    (folder / "categories.csv").unlink()
    later = bent("checklists.csv", 2, "text", "井盖已更换")
    said, refused = load(write_folder(folder, categories_csv=None, checklists_csv=later))
    assert refused is None
    assert "checklists: 1 new" in said


# sample people


def test_without_demo_no_sample_person_exists(folder):
    load(write_folder(folder))
    assert list(User.objects.values_list("username", flat=True)) == ["real"]
    assert set(Posting.objects.values_list("user__username", flat=True)) == {"real"}


def test_sample_accounts_get_the_password_and_others_none(folder, password_file):
    load(write_folder(folder), "--demo")
    password = password_file.read_text().strip()
    assert len(password) >= 10
    people = {user.username: user for user in User.objects.all()}
    assert people["warden"].check_password(password)
    assert not people["liaison"].has_usable_password()
    assert not people["real"].has_usable_password()
    assert {name for name, user in people.items() if user.demo} == {"warden", "liaison"}


def test_the_made_password_is_for_its_owner_only(folder, password_file):
    load(write_folder(folder), "--demo")
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600


def test_a_password_file_that_was_cut_is_made_anew(folder, password_file):
    password_file.parent.mkdir()
    password_file.write_text("")
    load(write_folder(folder), "--demo")
    assert User.objects.get(username="warden").check_password(password_file.read_text().strip())
    assert not User.objects.get(username="warden").check_password("")


def test_the_password_may_be_given(folder, monkeypatch, password_file):
    monkeypatch.setenv("DEMO_PASSWORD", "a-password-given")
    load(write_folder(folder), "--demo")
    assert User.objects.get(username="warden").check_password("a-password-given")
    assert not password_file.exists()


def test_a_real_person_may_not_have_the_sample_password(folder):
    (line,) = problems(folder, people_csv=bent("people.csv", 2, "login", "yes"))
    assert line.startswith("people.csv, row 2, column login")


# refusals: file, row, column and a sentence

CELLS = [
    ("units.csv", 2, "code", "320104000001"),
    ("units.csv", 3, "kind", "bureau"),
    ("units.csv", 4, "name", ""),
    ("units.csv", 4, "parent", "320104001000"),
    ("units.csv", 4, "code", "320105B02000"),
    ("units.csv", 6, "organ", "kitchen"),
    ("units.csv", 6, "template", "大模板"),
    ("units.csv", 7, "template", "小模板"),
    ("units.csv", 7, "code", "320104002001"),
    ("units.csv", 4, "duty_phone", "call me"),
    ("units.csv", 2, "valid_from", "2020-13-01"),
    ("organ_templates.csv", 3, "serial", "7"),
    ("posts.csv", 2, "unit", "320104009000"),
    ("posts.csv", 3, "duties", "view rule"),
    ("posts.csv", 3, "duties", "view@320104009000"),
    ("posts.csv", 3, "code", "secretary"),
    ("people.csv", 2, "username", "wang zhen"),
    ("people.csv", 3, "demo", "perhaps"),
    ("postings.csv", 2, "post", "nobody"),
    ("postings.csv", 2, "username", "nobody"),
    ("postings.csv", 2, "valid_from", ""),
    ("postings.csv", 5, "valid_to", "2023-01-01"),
    ("relations.csv", 2, "kind", "married"),
    ("relations.csv", 2, "unit", "320104009000"),
    ("working_hours.csv", 2, "periods", "9-12"),
    ("working_hours.csv", 2, "periods", "14:00-18:00 09:00-12:00"),
    ("time_limits.csv", 2, "flow", "lunch"),
    ("time_limits.csv", 2, "clock", "arrive"),
    ("time_limits.csv", 2, "kind", "tough"),
    ("time_limits.csv", 2, "amount", "0"),
    ("time_limits.csv", 2, "unit", "day"),
    ("time_limits.csv", 3, "area", "Z"),
    ("ladders.csv", 2, "clock", "lunch"),
    ("ladders.csv", 2, "n", "4"),
    ("ladders.csv", 2, "percent", ""),
    ("ladders.csv", 3, "percent", "101"),
    ("ladders.csv", 4, "unit", ""),
    ("ladders.csv", 4, "does", "shout"),
    ("reporter_texts.csv", 2, "verb", "verify"),
    ("reporter_texts.csv", 2, "text", "{until}恢复"),
    ("reporter_texts.csv", 2, "text", "{number"),
    ("reporter_texts.csv", 2, "text", "{number!r}"),
    ("reporter_texts.csv", 2, "text", "{number.x}"),
    ("reporter_texts.csv", 2, "text", "{}"),
    ("reporter_texts.csv", 3, "category", "component-09-09"),
    ("silence_rules.csv", 2, "outcome", "closed"),
    ("silence_rules.csv", 3, "outcome", "granted"),
    ("silence_rules.csv", 3, "kind", "lunch"),
    ("score_schemes.csv", 2, "caller_points", "60"),
    ("score_rules.csv", 2, "scheme", "2025-01-01"),
    ("score_rules.csv", 2, "name", "lunch"),
]


@pytest.mark.parametrize(("name", "row", "column", "value"), CELLS)
def test_a_wrong_cell_is_named_and_nothing_is_written(folder, name, row, column, value):
    lines = problems(folder, **{name.replace(".", "_"): bent(name, row, column, value)})
    assert any(line.startswith(f"{name}, row {row}, column {column}: ") for line in lines), lines


def test_a_category_cell_is_named_with_its_column(folder):
    (line,) = problems(folder, categories_csv=bent("categories.csv", 3, "处置时限", "马上"))
    assert line.startswith("categories.csv, row 3, column 处置时限 (G): found “马上”")


def test_all_files_complain_at_once(folder):
    lines = problems(
        folder,
        units_csv=bent("units.csv", 4, "name", ""),
        posts_csv=bent("posts.csv", 3, "duties", "rule"),
        grids_geojson=[feature("320104001009Z001", "无处", square(0, 0))],
    )
    assert {line.split(",")[0] for line in lines} >= {"units.csv", "posts.csv", "grids.geojson"}


def test_a_gap_in_the_ground_refuses_the_folder(folder):
    far = feature("320104001001Z002", "飞地", square(0.5, 0))
    lines = problems(folder, grids_geojson=[*grids(), far])
    assert lines and all(line.startswith("grids.geojson") for line in lines)


def test_a_street_without_a_command_centre_is_named(folder):
    text = bent("organ_templates.csv", 3, "organ", "service")
    (line,) = problems(folder, organ_templates_csv=text)
    assert line.startswith("units.csv, row 6, column code")


def test_an_office_of_the_template_may_not_be_listed_again(folder):
    text = lengthened("units.csv", "320104001Q01,office,城管部,,320104001000,,,,")
    (line,) = problems(folder, units_csv=text)
    assert line.startswith("units.csv, row 8, column code")


def test_a_tie_that_holds_twice_is_named(folder):
    text = lengthened("relations.csv", "paired,magistrate,320104001000,2025-01-01,")
    (line,) = problems(folder, relations_csv=text)
    assert line.startswith("relations.csv, row 4, column valid_from")


def test_a_tie_that_overlaps_a_stored_one_is_named(folder):
    load(write_folder(folder))
    later = "kind,post,unit,valid_from\npaired,magistrate,320104001000,2025-01-01\n"
    write_folder(folder, relations_csv=later)
    _, lines = load(folder)
    assert [line.split(":")[0] for line in lines] == ["relations.csv, row 2, column valid_from"]


def test_two_category_files_are_one_too_many(folder):
    (folder / "categories.xlsx").write_bytes(b"")
    lines = problems(folder)
    assert len(lines) == 1


def test_a_folder_that_is_none_is_refused(folder):
    assert len(load(folder / "nowhere")[1]) == 1
    assert len(load(folder)[1]) == 1


def test_strange_files_are_told(folder):
    (folder / "notes.txt").write_text("x")
    err = io.StringIO()
    write_folder(folder)
    call_command("load_district", folder, language="en", stdout=io.StringIO(), stderr=err)
    assert "notes.txt" in err.getvalue()


def test_problems_are_told_in_the_users_language(folder):
    write_folder(folder, units_csv=bent("units.csv", 4, "name", ""))
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_district", folder, language="zh-hans", stderr=err)
    assert err.getvalue().startswith("units.csv")
