import pytest
from django.core.exceptions import ImproperlyConfigured

from govcenter import env


@pytest.fixture(autouse=True)
def named(monkeypatch):
    def name(**values):
        for key, value in values.items():
            monkeypatch.setenv(key, value)

    return name


@pytest.mark.parametrize("word", ["maybe", "2", "ja", "None"])
def test_flag_refuses_what_is_neither_yes_nor_no(named, word):
    named(THING=word)
    with pytest.raises(ImproperlyConfigured, match="THING .* write true or false"):
        env.flag("THING", False)


@pytest.mark.parametrize(
    ("word", "meant"), [("True", True), ("on", True), ("0", False), ("", True)]
)
def test_flag_reads_yes_no_and_the_default(named, word, meant):
    named(THING=word)
    assert env.flag("THING", True) is meant


@pytest.mark.parametrize("word", ["80a", "-1", "0", "70000", "8000.5"])
def test_number_refuses_nonsense_and_what_is_out_of_range(named, word):
    named(PORT=word)
    with pytest.raises(ImproperlyConfigured, match="PORT .* from 1 to 65534"):
        env.number("PORT", 8000, least=1, most=65534)


@pytest.mark.parametrize("word", ["", "*", "http://gov.example", "gov example"])
def test_hosts_refuse_wildcards_addresses_and_nothing(named, word):
    named(ALLOWED_HOSTS=word)
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        env.hosts("ALLOWED_HOSTS", "")


@pytest.mark.parametrize("word", ["gov.example", "ftp://gov.example", "https://gov.example/path"])
def test_origins_refuse_what_is_not_an_origin(named, word):
    named(TRUSTED_ORIGINS=word)
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_ORIGINS"):
        env.origins("TRUSTED_ORIGINS")


def test_secret_is_read_from_a_file(named, tmp_path):
    (tmp_path / "key").write_text("hidden\n")
    named(KEY_FILE=str(tmp_path / "key"))
    assert env.secret("KEY") == "hidden"


def test_secret_refuses_a_missing_file_and_two_sources(named, tmp_path):
    named(KEY_FILE=str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="KEY_FILE cannot be read"):
        env.secret("KEY")
    named(KEY="visible")
    with pytest.raises(ImproperlyConfigured, match="keep one"):
        env.secret("KEY")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///db",
        "mysql://host/name",
        "host/name",
        "postgresql://host",
        "postgresql://host/a/b",
        "postgresql://host:port/name",
    ],
)
def test_database_refuses_other_databases_and_half_addresses(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url)


def test_database_reads_every_part():
    found = env.database("postgres://me:p%40ss@db.example:6543/gov?sslmode=require")
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "gov",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }


def test_database_reads_a_socket():
    found = env.database("postgresql:///gov?host=/run/pg&user=me")
    assert (found["HOST"], found["USER"], found["OPTIONS"]) == ("/run/pg", "me", {})


def test_redis_refuses_other_addresses(named):
    named(REDIS_URL="amqp://host")
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        env.redis_url("REDIS_URL", "")


def test_broker_writes_a_socket_in_celerys_way():
    assert (
        env.broker("unix:///run/redis.sock?db=0") == "redis+socket:///run/redis.sock?virtual_host=0"
    )
    assert env.broker("redis://host/1") == "redis://host/1"
