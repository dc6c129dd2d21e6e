import importlib.util

import pytest

from govcenter import bootstrap

NO_NETWORK = [
    "ERROR: No matching distribution found for amqp==5.4.2",
    "npm error code: 'ECONNREFUSED'",
    "[Errno -3] Temporary failure in name resolution",
]


@pytest.mark.parametrize("words", NO_NETWORK)
def test_no_network_is_named_with_what_to_do(words):
    said = bootstrap.explain("installing requirements.lock", words)
    assert words in said
    assert "Failed while installing requirements.lock. There seems to be no network" in said


def test_strange_package_is_not_to_be_used():
    said = bootstrap.explain("installing", "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE")
    assert "Do not use it" in said


def test_python_without_ensurepip_gets_the_apt_line(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.Broken, match=r"apt-get install python3\.\d+-venv"):
        bootstrap.make_environment()


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A checkout with one asset, whose npm package already lies in node_modules."""
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "a.js").write_text("alert()")
    asset = {"from": "a.js", "sha256": bootstrap.fingerprint(tmp_path / "node_modules" / "a.js")}
    runs = []
    monkeypatch.setattr(bootstrap, "BASE", tmp_path)
    monkeypatch.setattr(bootstrap, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(bootstrap, "ASSETS", {"a.js": asset})
    monkeypatch.setattr(bootstrap, "command", lambda words, doing: runs.append(words))
    return runs


def test_assets_are_fetched_once(checkout, tmp_path):
    assert bootstrap.fetch_assets()
    assert (tmp_path / "vendor" / "a.js").read_text() == "alert()"
    assert not bootstrap.fetch_assets()
    assert len(checkout) == 1


def test_changed_asset_is_fetched_again(checkout, tmp_path):
    bootstrap.fetch_assets()
    (tmp_path / "vendor" / "a.js").write_text("other")
    assert bootstrap.fetch_assets()
    assert (tmp_path / "vendor" / "a.js").read_text() == "alert()"


def test_asset_with_a_wrong_hash_is_refused(checkout, tmp_path):
    (tmp_path / "node_modules" / "a.js").write_text("evil")
    with pytest.raises(bootstrap.Broken, match="not the file that"):
        bootstrap.fetch_assets()
    assert not (tmp_path / "vendor" / "a.js").exists()


def test_lock_file_is_installed_once_per_content(monkeypatch, checkout, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    (tmp_path / "some.lock").write_text("django==1 --hash=sha256:00")
    assert [bootstrap.install("some.lock"), bootstrap.install("some.lock")] == [True, False]
    (tmp_path / "some.lock").write_text("django==2 --hash=sha256:00")
    assert bootstrap.install("some.lock")
    assert all("--require-hashes" in words for words in checkout)


def test_lock_files_name_no_place_to_fetch_from():
    for lock in (*bootstrap.BASE.glob("*.lock"), bootstrap.BASE / "package-lock.json"):
        lines = lock.read_text().splitlines()
        assert not [line for line in lines if "index-url" in line or "find-links" in line]
        assert not [line for line in lines if '"resolved"' in line]
