"""Every setting of eventapp, read once from the environment.

`Settings.from_environment` is the only reader of `os.environ`. A setting that is missing or wrong
stops the start with one message that names all of them and says what to set.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

MEGABYTE = 1024 * 1024
# What a token can be added to after a plus (RFC 5233), and still be at most 64 characters (RFC
# 5321, 4.5.3.1.1).
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._-]{1,32}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class ConfigurationError(Exception):
    """The environment asks for something that can't be; the message says what to set."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("eventapp can't start:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


def _setting(default: str, doc: str) -> str:
    """Declare a setting: its default as the environment would hold it, and its meaning."""
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class RawSettings:
    """The settings as text, with their defaults and meanings; documented in README.md from here.

    An empty text in the environment stands for the default.
    """

    PORT: str = _setting("8000", "port that `make run` listens on")
    HOST: str = _setting("127.0.0.1", "address that the server binds to")
    BASE_URL: str = _setting("", "address that people use, e.g. https://webinars.example.org")
    INSTANCE_DIR: str = _setting("instance", "folder for the embedded database, files and queue")
    DATABASE_URL: str = _setting("", "SQLAlchemy address; empty: SQLite in INSTANCE_DIR")
    REDIS_URL: str = _setting("", "Redis for queue, live events and limits; empty: embedded")
    STORAGE_URL: str = _setting("", "object store (s3://bucket/…); empty: folder in INSTANCE_DIR")
    STORAGE_PUBLIC_URL: str = _setting("", "where browsers reach that S3 store; empty: as we do")
    SECRET_KEY: str = _setting("", "signs sessions and links; empty: kept in INSTANCE_DIR")
    MAIL_SERVER: str = _setting("", "SMTP host; empty: messages wait in the ledger")
    MAIL_PORT: str = _setting("25", "SMTP port")
    MAIL_USERNAME: str = _setting("", "SMTP user, if the server asks for one")
    MAIL_PASSWORD: str = _setting("", "SMTP password")
    MAIL_USE_TLS: str = _setting("false", "STARTTLS: true or false")
    MAIL_DEFAULT_SENDER: str = _setting("", "sender, e.g. Webinars <webinars@example.org>")
    REPLY_ADDRESS: str = _setting("", "where calendars and bounces answer; empty: nowhere")
    IMAP_URL: str = _setting("", "its mailbox, imaps://user:password@host/INBOX; empty: by pipe")
    SITE_NAME: str = _setting("Webinars", "name shown in the header and in mails")
    DEMO: str = _setting("true", "load the demo into an empty database: true or false")
    MAX_PRESENTATION_MB: str = _setting("100", "largest presentation, in megabytes")
    MAX_PICTURE_MB: str = _setting("10", "largest picture, in megabytes")
    MAX_RECORDING_MB: str = _setting("4096", "largest recording, in megabytes")
    TRUSTED_PROXIES: str = _setting("0", "reverse proxies in front that set X-Forwarded-*")
    STREAMS_PER_ADDRESS: str = _setting("2000", "live pages open at one address at a time")
    LOG_LEVEL: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")


@dataclass(frozen=True)
class Settings:
    """What the application runs with; sizes are in bytes, addresses have no trailing slash."""

    port: int
    host: str
    base_url: str
    instance_dir: Path
    database_url: str
    redis_url: str | None
    storage_url: str
    storage_public_url: str | None
    secret_key: str
    mail_server: str | None
    mail_port: int
    mail_username: str | None
    mail_password: str | None
    mail_use_tls: bool
    mail_default_sender: str
    reply_address: str | None
    imap_url: str | None
    site_name: str
    demo: bool
    max_presentation_bytes: int
    max_picture_bytes: int
    max_recording_bytes: int
    trusted_proxies: int
    streams_per_address: int
    log_level: str

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check every setting. Raises ConfigurationError naming all that are wrong."""
        environ = os.environ if environ is None else environ
        raw = RawSettings(
            **{
                f.name: text
                for f in fields(RawSettings)
                if (text := environ.get(f.name, "").strip())
            }
        )
        return _Reader(raw).read()


class _Reader:
    """Turns raw text into Settings and collects every problem on the way."""

    def __init__(self, raw: RawSettings) -> None:
        self.raw = raw
        self.problems: list[str] = []

    def read(self) -> Settings:
        raw = self.raw
        instance_dir = Path(raw.INSTANCE_DIR or "instance").absolute()
        port = self._whole_number("PORT", at_least=1, at_most=65535)
        base_url = self._address(raw.BASE_URL or f"http://localhost:{port}")
        database_url = self._database(instance_dir)
        settings = Settings(
            port=port,
            host=raw.HOST,
            base_url=base_url,
            instance_dir=instance_dir,
            database_url=database_url,
            redis_url=self._redis(),
            storage_url=raw.STORAGE_URL or (instance_dir / "files").as_uri(),
            storage_public_url=self._storage_public_url(),
            secret_key=self._secret_key(instance_dir, base_url, database_url),
            mail_server=raw.MAIL_SERVER or None,
            mail_port=self._whole_number("MAIL_PORT", at_least=1, at_most=65535),
            mail_username=raw.MAIL_USERNAME or None,
            mail_password=raw.MAIL_PASSWORD or None,
            mail_use_tls=self._truth("MAIL_USE_TLS"),
            mail_default_sender=self._sender(),
            reply_address=self._reply_address(),
            imap_url=self._imap_url(),
            site_name=raw.SITE_NAME,
            demo=self._truth("DEMO"),
            max_presentation_bytes=self._megabytes("MAX_PRESENTATION_MB"),
            max_picture_bytes=self._megabytes("MAX_PICTURE_MB"),
            max_recording_bytes=self._megabytes("MAX_RECORDING_MB"),
            trusted_proxies=self._whole_number("TRUSTED_PROXIES", at_least=0, at_most=10),
            streams_per_address=self._whole_number(
                "STREAMS_PER_ADDRESS", at_least=1, at_most=1_000_000
            ),
            log_level=self._log_level(),
        )
        if self.problems:
            raise ConfigurationError(self.problems)
        return settings

    def _whole_number(self, name: str, *, at_least: int, at_most: int) -> int:
        text = getattr(self.raw, name)
        if text.isascii() and text.isdigit() and at_least <= int(text) <= at_most:
            return int(text)
        self.problems.append(
            f"{name} is {text!r}: set it to a whole number from {at_least} to {at_most}."
        )
        return at_least

    def _megabytes(self, name: str) -> int:
        return self._whole_number(name, at_least=1, at_most=1024 * 1024) * MEGABYTE

    def _truth(self, name: str) -> bool:
        text = getattr(self.raw, name).lower()
        if text in {"true", "1", "yes", "on"}:
            return True
        if text not in {"false", "0", "no", "off", ""}:
            self.problems.append(f"{name} is {text!r}: set it to true or false.")
        return False

    def _address(self, url: str) -> str:
        if not _is_site(url):
            self.problems.append(
                f"BASE_URL is {url!r}: set it to the address people use, without a path, "
                "such as https://webinars.example.org."
            )
        return url.rstrip("/")

    def _database(self, instance_dir: Path) -> str:
        url = self.raw.DATABASE_URL or f"sqlite:///{instance_dir / 'eventapp.db'}"
        url = url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres:") else url
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.problems.append(
                "DATABASE_URL is not understood: set it to postgresql://user:password@host/name "
                "or sqlite:////absolute/path.db, or leave it empty."
            )
        return url

    def _redis(self) -> str | None:
        url = self.raw.REDIS_URL
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            self.problems.append("REDIS_URL is not understood: set it to redis://host:6379/0.")
        return url or None

    def _storage_public_url(self) -> str | None:
        url = self.raw.STORAGE_PUBLIC_URL
        if url and not self.raw.STORAGE_URL.startswith(("s3://", "s3a://")):
            self.problems.append(
                "STORAGE_PUBLIC_URL is set, but STORAGE_URL names no S3 store (s3://bucket/…): "
                "leave it empty."
            )
        elif url and not _is_site(url):
            self.problems.append(
                f"STORAGE_PUBLIC_URL is {url!r}: set it to the address at which browsers reach "
                "the store, without a path, such as https://files.example.org."
            )
        return url.rstrip("/") or None

    def _sender(self) -> str:
        sender = self.raw.MAIL_DEFAULT_SENDER
        if self.raw.MAIL_SERVER and "@" not in sender:
            self.problems.append(
                "MAIL_SERVER is set but MAIL_DEFAULT_SENDER is not: set it to the sender of all "
                "messages, such as Webinars <webinars@example.org>."
            )
        return sender or "Webinars <webinars@localhost.localdomain>"

    def _reply_address(self) -> str | None:
        address = self.raw.REPLY_ADDRESS
        if address and not PLAIN_ADDRESS.fullmatch(address):
            self.problems.append(
                f"REPLY_ADDRESS is {address!r}: set it to a bare address of your own without a "
                "plus, such as replies@example.org, or leave it empty."
            )
        return address or None

    def _imap_url(self) -> str | None:
        url = self.raw.IMAP_URL
        if url and not _is_mailbox(url):
            # It holds a password, so it isn't repeated.
            self.problems.append(
                "IMAP_URL is not understood: set it to imaps://user:password@host/INBOX, with "
                "what an address can't hold percent-encoded (%40 for @), or leave it empty."
            )
        elif url and not self.raw.REPLY_ADDRESS:
            self.problems.append(
                "IMAP_URL is set but REPLY_ADDRESS is not: set it to the address whose mail "
                "arrives in that mailbox, such as replies@example.org."
            )
        return url or None

    def _log_level(self) -> str:
        level = self.raw.LOG_LEVEL.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            self.problems.append(
                f"LOG_LEVEL is {level!r}: set it to DEBUG, INFO, WARNING or ERROR."
            )
        return level

    def _secret_key(self, instance_dir: Path, base_url: str, database_url: str) -> str:
        """Take the given key, or on one machine keep a random one beside the database."""
        if self.raw.SECRET_KEY:
            if len(self.raw.SECRET_KEY) < 32:  # noqa: PLR2004 - 32 hexadecimal digits are 128 bits
                self.problems.append(
                    "SECRET_KEY is too short: set it to at least 32 random characters, for "
                    "instance the output of `python -c 'import secrets; "
                    "print(secrets.token_hex(32))'`."
                )
            return self.raw.SECRET_KEY
        if base_url.startswith("https://") or not database_url.startswith("sqlite"):
            self.problems.append(
                "SECRET_KEY is empty: set it to at least 32 random characters, the same for every "
                "process. Only the embedded form, with SQLite and http, creates its own."
            )
            return ""
        try:
            return _kept_secret(instance_dir / "secret_key")
        except OSError as error:
            self.problems.append(
                f"INSTANCE_DIR is {str(instance_dir)!r}, where nothing can be saved "
                f"({error.strerror}): set it to a folder that eventapp may write to."
            )
            return ""


def _is_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    return parts.scheme in {"http", "https"} and has_host and is_bare


def _is_mailbox(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    is_whole = has_host and bool(parts.username) and bool(parts.password)
    return parts.scheme in {"imap", "imaps"} and is_whole


def _kept_secret(path: Path) -> str:
    """Read the key kept at `path`, making it first if absent; readable by its owner alone.

    The key appears whole or not at all, so processes that start together all read the same one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()
