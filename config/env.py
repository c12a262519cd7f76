"""Typed readers of the environment. A value that cannot be used is refused with a sentence, never guessed."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environ import Env

REPOSITORY = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON"
POOL = {"min_size": 1, "max_size": 8, "timeout": 10}

env = Env()


def text(name: str, default: str = "") -> str:
    return str(env.str(name, default=default)).strip()


def names(name: str, default: list[str]) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()] or default


def site_address(origins: list[str], *, hosts: list[str], port: int, https: bool) -> str:
    """The public address of the site, for links in mails: the first one named in full, else that of its first host."""
    host = next((one for one in hosts if not one.startswith(("*", "."))), "localhost")
    own = f"https://{host}" if https else f"http://{host}:{port}"
    return next((origin.rstrip("/") for origin in origins if "*" not in origin), own)


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 for yes or 0 for no.")
    return value in YES


def number(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {low} to {high}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    value = text(name)
    return Path(value).expanduser().resolve() if value else default


def clock(name: str, *, allowed: bool) -> datetime | None:
    """The instant the whole site pretends it is; only a demonstration or a test may pretend."""
    value = text(name)
    if not value:
        return None
    if not allowed:
        raise ImproperlyConfigured(f"{name} is set and DEMO=0: unset it, real work uses the real time.")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        sentence = f"{name} is {value!r}: write an ISO instant such as 2026-11-20T09:00:00+07:00."
        raise ImproperlyConfigured(sentence) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


def secret_key(name: str, *, kept_in: Path) -> str:
    """The key the environment gives, otherwise the one kept in the file: made once, for its owner only."""
    if text(name):
        return text(name)
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        _write_once(kept_in, get_random_secret_key())
    return kept_in.read_text(encoding="ascii").strip()


def _write_once(path: Path, content: str) -> None:
    # Written aside and linked, so that two processes starting together end up reading the same whole key.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(content, encoding="ascii")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def database(name: str, *, data_dir: Path) -> dict[str, Any]:
    """SQLite in the data folder, unless a URL names another file or a PostgreSQL server."""
    url = text(name)
    if not url:
        return sqlite(data_dir / "db.sqlite3")
    try:
        parsed = dict(Env.db_url_config(url))
    except Exception as error:
        raise ImproperlyConfigured(f"{name} cannot be read: write {_DATABASE_EXAMPLES}.") from error
    match parsed.get("ENGINE"):
        case "django.db.backends.sqlite3":
            return sqlite(Path(parsed["NAME"]))
        case "django.db.backends.postgresql":
            return _postgresql(parsed)
    raise ImproperlyConfigured(f"{name} names an unsupported database: write {_DATABASE_EXAMPLES}.")


_DATABASE_EXAMPLES = "sqlite:////path/to/file or postgres://user:password@host:5432/name"


def sqlite(path: Path) -> dict[str, Any]:
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
    # Opening it reads the whole schema and closing it writes the log back: many times the cost of a question.
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "CONN_MAX_AGE": 60, "OPTIONS": options}


def _postgresql(parsed: dict[str, Any]) -> dict[str, Any]:
    # With the pool the queue's worker processes lose nearly every job: only the web processes switch it on.
    pooled = flag("WEB_POOL", default=False)
    options = {**parsed.get("OPTIONS", {}), **({"pool": POOL} if pooled else {})}
    lasting = {"CONN_MAX_AGE": 0 if pooled else 60, "CONN_HEALTH_CHECKS": True}
    return {**parsed, **lasting, "OPTIONS": options}


def queue_broker(name: str) -> dict[str, Any]:
    value = text(name, "orm")
    if value == "orm":
        return {"orm": "default"}
    if value.startswith(("redis://", "rediss://", "unix://")):
        return {"redis": value}
    raise ImproperlyConfigured(
        f"{name} is {value!r}: write orm, or a Redis address such as redis://localhost:6379/0."
    )


def mail_server(name: str) -> dict[str, Any]:
    """The Django settings of the SMTP server a URL names; nothing when there is no URL."""
    url = text(name)
    if not url:
        return {}
    if not url.startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured(f"{name} is not an SMTP address: write smtp+tls://user:password@host:587.")
    return dict(Env.email_url_config(url))
