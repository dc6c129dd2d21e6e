"""The settings file as a whole, loaded by a process of its own with a given environment."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

KEY = "k" * 40
PRODUCTION = {
    "DATABASE_URL": "postgresql://db/gov",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "gov.example",
}
SHOW = """
import json
from govcenter import settings
print(json.dumps({name: getattr(settings, name) for name in %r}, default=str))
"""


def load(tmp_path, names=(), **values):
    kept = {"PATH": os.environ["PATH"], "GOVCENTER_DATA": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", SHOW % (list(names),)],
        cwd=settings.BASE_DIR,
        env=kept | values,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY or SECRET_KEY_FILE must be too"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, "write host names such as"),
        ({"DEBUG": "true"}, "DEBUG shows secrets"),
        ({"HTTPS": "perhaps"}, "HTTPS is 'perhaps'"),
        ({"DATABASE_URL": "mysql://db/gov"}, "PostgreSQL is the only database"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL is 'localhost'"),
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"SESSION_MINUTES": "0"}, "SESSION_MINUTES is '0'"),
        ({"TILE_URL": "https://tiles.example/{z}"}, "TILE_ORIGINS must name"),
    ],
)
def test_production_refuses_nonsense_with_a_sentence(tmp_path, change, sentence):
    done = load(tmp_path, **(PRODUCTION | change))
    assert done.returncode != 0
    assert sentence in done.stderr


def test_production_is_strict(tmp_path):
    names = [
        "DEBUG",
        "SESSION_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "STREAM_PORT",
        "ALLOWED_HOSTS",
    ]
    done = load(tmp_path, names, **PRODUCTION)
    assert json.loads(done.stdout) == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "STREAM_PORT": 0,
        "ALLOWED_HOSTS": ["gov.example"],
    }


def test_embedded_default_needs_no_setting_and_keeps_its_key(tmp_path):
    first = json.loads(load(tmp_path, ["SECRET_KEY", "STREAM_PORT"]).stdout)
    again = json.loads(load(tmp_path, ["SECRET_KEY", "STREAM_PORT"]).stdout)
    assert first == again
    assert first["STREAM_PORT"] == 8001
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_no_page_may_load_anything_foreign():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert not any("unsafe" in source for sources in policy.values() for source in sources)
