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
    "DATA_KEY": "d" * 40,
    "ALLOWED_HOSTS": "gov.example",
}
SMS = {"SMS_URL": "https://gateway.example/send"}
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
        ({"DATA_KEY": ""}, "DATA_KEY or DATA_KEY_FILE must be too"),
        ({"DATA_KEY": f"{KEY} short"}, "DATA_KEY has a key that is too short"),
        ({"DATA_KEY": f"{KEY} {KEY}"}, "DATA_KEY has the same key twice"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, "write host names such as"),
        ({"DEBUG": "true"}, "DEBUG shows secrets"),
        ({"HTTPS": "perhaps"}, "HTTPS is 'perhaps'"),
        ({"DATABASE_URL": "mysql://db/gov"}, "PostgreSQL is the only database"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL is 'localhost'"),
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"SESSION_MINUTES": "0"}, "SESSION_MINUTES is '0'"),
        ({"TILE_URL": "https://tiles.example/{z}"}, "TILE_ORIGINS must name"),
        ({"SMS_URL": "gateway.example"}, "SMS_URL is 'gateway.example'"),
        ({**SMS, "SMS_TEMPLATE": "{to}"}, "SMS_TEMPLATE is no JSON"),
        ({**SMS, "SMS_TEMPLATE": '["{to}"]'}, "write a JSON object in braces"),
        ({**SMS, "SMS_TEMPLATE": '{"to": "{to}", "text": "{text}"}'}, "SMS_TEMPLATE lacks {id}"),
        ({**SMS, "SMS_HEADERS": '{"X": "a\\nb"}'}, "needs one line of text"),
        ({**SMS, "SMS_TIMEOUT": "90"}, "SMS_TIMEOUT is '90'"),
        ({"VOICE_URL": "ftp://voice.example/"}, "VOICE_URL is 'ftp://voice.example/'"),
        ({"RECEIPT_SECRET": "short"}, "RECEIPT_SECRET is too short"),
        ({"MAIL_HOST": "mail.example"}, "MAIL_FROM must be an address"),
        ({"MAIL_PORT": "smtp"}, "MAIL_PORT is 'smtp'"),
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


def test_embedded_default_needs_no_setting_and_keeps_its_keys(tmp_path):
    names = ["SECRET_KEY", "DATA_KEYS", "STREAM_PORT"]
    first = json.loads(load(tmp_path, names).stdout)
    again = json.loads(load(tmp_path, names).stdout)
    assert first == again
    assert first["STREAM_PORT"] == 8001
    assert first["DATA_KEYS"] != [first["SECRET_KEY"]]
    for name in ("secret-key", "data-key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_new_data_key_stands_before_the_old_one(tmp_path):
    (tmp_path / "keys").write_text(f"{'n' * 40}\n{'o' * 40}\n")
    given = {name: value for name, value in PRODUCTION.items() if name != "DATA_KEY"}
    done = load(tmp_path, ["DATA_KEYS"], **given, DATA_KEY_FILE=str(tmp_path / "keys"))
    assert json.loads(done.stdout) == {"DATA_KEYS": ["n" * 40, "o" * 40]}


def test_no_page_may_load_anything_foreign():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert not any("unsafe" in source for sources in policy.values() for source in sources)


def test_each_channel_has_its_own_gateway(tmp_path):
    given = {
        **SMS,
        "SMS_SECRET": "geheim",
        "VOICE_URL": "http://voice.example:8080/call",
        "VOICE_TEMPLATE": '{"callee": "{to}", "tts": "{text}", "id": "{id}"}',
        "MAIL_HOST": "mail.example",
        "MAIL_FROM": "指挥中心 <gov@gov.example>",
    }
    names = ["GATEWAYS", "EMAIL_USE_TLS", "MAIL_DOMAIN"]
    found = json.loads(load(tmp_path, names, **PRODUCTION, **given).stdout)
    sms, voice = found["GATEWAYS"]["sms"], found["GATEWAYS"]["voice"]
    assert sms["template"] == {"id": "{id}", "to": "{to}", "text": "{text}"}
    assert (sms["secret"], sms["timeout"], sms["accepts"]) == ("geheim", 10, {})
    assert voice["template"]["callee"] == "{to}" and voice["secret"] == ""
    assert (found["EMAIL_USE_TLS"], found["MAIL_DOMAIN"]) == (True, "gov.example")


def test_without_settings_nothing_leaves_the_house(tmp_path):
    found = json.loads(load(tmp_path, ["GATEWAYS", "EMAIL_HOST", "RECEIPT_SECRET"]).stdout)
    assert found == {"GATEWAYS": {}, "EMAIL_HOST": "", "RECEIPT_SECRET": ""}
