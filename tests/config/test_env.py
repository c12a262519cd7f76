from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_flag_reads_yes_no_and_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.flag("PN_FLAG", default=True) is True
    monkeypatch.setenv("PN_FLAG", "0")
    assert env.flag("PN_FLAG", default=True) is False
    monkeypatch.setenv("PN_FLAG", "Yes")
    assert env.flag("PN_FLAG", default=False) is True


@pytest.mark.parametrize("value", ["maybe", "2", "-"])
def test_flag_refuses_what_is_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PN_FLAG", value)

    with pytest.raises(ImproperlyConfigured, match="write 1 for yes or 0 for no"):
        env.flag("PN_FLAG", default=True)


@pytest.mark.parametrize("value", ["0", "65536", "eighty", "-1", "8000.5"])
def test_number_refuses_what_is_outside_its_range(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(ImproperlyConfigured, match=r"PORT is .*: write a whole number from 1 to 65535"):
        env.number("PORT", 8000, low=1, high=65535)


def test_clock_without_offset_is_read_in_hanoi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK", "2026-11-20T00:30:00")

    assert env.clock("CLOCK", allowed=True) == datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def test_clock_is_refused_where_nothing_may_be_pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK", "2026-11-20T09:00:00+07:00")

    with pytest.raises(ImproperlyConfigured, match="DEMO=0"):
        env.clock("CLOCK", allowed=False)


def test_clock_that_is_no_instant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK", "next Monday")

    with pytest.raises(ImproperlyConfigured, match="write an ISO instant"):
        env.clock("CLOCK", allowed=True)


def test_secret_key_is_made_once_for_its_owner_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    kept_in = tmp_path / "data" / "secret_key"

    first, second = (env.secret_key("SECRET_KEY", kept_in=kept_in) for _ in range(2))

    assert first == second
    assert len(first) == 50
    assert kept_in.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept_in.parent.iterdir()] == ["secret_key"]


def test_database_is_sqlite_in_the_data_folder_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    database = env.database("DATABASE_URL", data_dir=tmp_path)

    assert database["NAME"] == str(tmp_path / "db.sqlite3")
    assert database["CONN_MAX_AGE"] > 0, "opening it for each job and request reads the whole schema again"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "recursive_triggers=ON" in database["OPTIONS"]["init_command"]


def test_only_web_processes_pool_their_postgresql_connections(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:word@db.example:5433/phat_ngon")

    monkeypatch.setenv("WEB_POOL", "1")
    assert env.database("DATABASE_URL", data_dir=tmp_path)["OPTIONS"] == {"pool": env.POOL}
    monkeypatch.setenv("WEB_POOL", "0")
    assert env.database("DATABASE_URL", data_dir=tmp_path)["OPTIONS"] == {}


@pytest.mark.parametrize("url", ["mysql://root@localhost/phat_ngon", "not an address", "postgres"])
def test_database_of_another_kind_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL .*sqlite:////path/to/file or postgres://"):
        env.database("DATABASE_URL", data_dir=tmp_path)


def test_queue_broker_is_the_database_or_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.queue_broker("QUEUE_BROKER") == {"orm": "default"}
    monkeypatch.setenv("QUEUE_BROKER", "redis://queue.example:6379/1")
    assert env.queue_broker("QUEUE_BROKER") == {"redis": "redis://queue.example:6379/1"}
    monkeypatch.setenv("QUEUE_BROKER", "rabbit")
    with pytest.raises(ImproperlyConfigured, match="write orm, or a Redis address"):
        env.queue_broker("QUEUE_BROKER")


def test_mail_server_address_becomes_smtp_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.mail_server("EMAIL_URL") == {}
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://clerk:word@mail.example:587")

    server = env.mail_server("EMAIL_URL")

    assert (server["EMAIL_HOST"], server["EMAIL_PORT"], server["EMAIL_USE_TLS"]) == (
        "mail.example",
        587,
        True,
    )


@pytest.mark.parametrize(
    ("origins", "hosts", "https", "expected"),
    [
        (["https://*.example", "https://pn.example/"], ["pn.example"], True, "https://pn.example"),
        ([], ["pn.example"], True, "https://pn.example"),
        ([], ["*", ".example", "pn.example"], False, "http://pn.example:8000"),
        ([], ["*"], False, "http://localhost:8000"),
    ],
)
def test_links_in_mails_lead_to_the_public_address(
    origins: list[str], hosts: list[str], https: bool, expected: str
) -> None:
    assert env.site_address(origins, hosts=hosts, port=8000, https=https) == expected
