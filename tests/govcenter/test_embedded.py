import pytest

from govcenter import embedded


def test_second_instance_on_one_data_folder_is_refused(tmp_path):
    with embedded.hold(tmp_path):
        with pytest.raises(embedded.Unable, match="already runs on .* GOVCENTER_DATA"):
            embedded.hold(tmp_path)
    embedded.hold(tmp_path).close()


def test_sockets_of_a_deep_checkout_get_a_short_path(tmp_path):
    deep = tmp_path / ("deep" * 20)
    assert embedded.socket_folder(tmp_path.parent) == tmp_path.parent / "run"
    assert len(str(embedded.socket_folder(deep))) <= embedded.LONGEST_SOCKET_FOLDER


def test_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    secret = embedded.kept_secret(tmp_path / "folder" / "secret")
    assert embedded.kept_secret(tmp_path / "folder" / "secret") == secret
    assert (tmp_path / "folder" / "secret").stat().st_mode & 0o777 == 0o600


def test_fresh_data_folder_means_a_fresh_database(tmp_path):
    first = embedded.postgres_home(tmp_path / "data")
    assert embedded.postgres_home(tmp_path / "data") == first
    (tmp_path / "data").rename(tmp_path / "moved")
    assert embedded.postgres_home(tmp_path / "data") != first or first.is_relative_to(tmp_path)


def test_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded.os, "geteuid", lambda: 4242)
    with pytest.raises(embedded.Unable, match="belongs to another user"):
        embedded.private(tmp_path)


def test_cluster_of_another_release_is_refused_with_advice(tmp_path):
    server = embedded.Postgres(tmp_path)
    server.cluster.mkdir()
    (server.cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.Unable, match="written by PostgreSQL 12"):
        server.check_version()
