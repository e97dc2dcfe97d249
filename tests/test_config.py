from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from config import ConfigurationError, Settings

SECRET = "s" * 32


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environment({"INSTANCE_DIR": str(tmp_path), **environ})


def problems_of(tmp_path: Path, **environ: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, **environ)
    return refused.value.problems


def test_settings_have_a_default_for_everything(tmp_path):
    settings = read(tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path}/eventapp.db"
    assert settings.storage_url == f"file://{tmp_path}/files"
    assert settings.storage_public_url is None
    assert settings.base_url == "http://localhost:8000"
    assert settings.mail_server is None
    assert settings.redis_url is None
    assert settings.demo is True


def test_empty_text_stands_for_the_default(tmp_path):
    assert read(tmp_path, HOST="", PORT=" ", LOG_LEVEL="") == read(tmp_path)


def test_base_url_follows_the_port(tmp_path):
    assert read(tmp_path, PORT="8123").base_url == "http://localhost:8123"


def test_base_url_loses_its_last_slash(tmp_path):
    settings = read(tmp_path, BASE_URL="https://webinars.example.org/", SECRET_KEY=SECRET)

    assert settings.base_url == "https://webinars.example.org"
    assert settings.is_https


@pytest.mark.parametrize(
    "url",
    [
        "webinars.example.org",
        "ftp://webinars.example.org",
        "https://",
        "https://[webinars.example.org",
        "https://webinars.example.org:port",
        "https://webinars.example.org/webinars",
        "https://webinars.example.org?x=1",
        "https://someone@webinars.example.org",
    ],
)
def test_base_url_that_is_no_site_is_refused(tmp_path, url):
    problems = problems_of(tmp_path, BASE_URL=url, SECRET_KEY=SECRET)

    assert [problem.split()[0] for problem in problems] == ["BASE_URL"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_database_url_of_postgresql_gets_its_driver(tmp_path, scheme):
    settings = read(tmp_path, DATABASE_URL=f"{scheme}://u:p@db/eventapp", SECRET_KEY=SECRET)

    assert settings.database_url == "postgresql+psycopg://u:p@db/eventapp"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "mysql://db/eventapp"),
        ("REDIS_URL", "localhost:6379"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("MAIL_PORT", "smtp"),
        ("MAIL_USE_TLS", "perhaps"),
        ("DEMO", "sometimes"),
        ("MAX_PRESENTATION_MB", "1.5"),
        ("MAX_PICTURE_MB", "٣"),
        ("TRUSTED_PROXIES", "yes"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_wrong_value_is_named(tmp_path, name, text):
    problems = problems_of(tmp_path, SECRET_KEY=SECRET, **{name: text})

    assert [problem.split()[0] for problem in problems] == [name]


@pytest.mark.parametrize(
    ("storage", "public"),
    [
        ("", "https://files.example.org"),
        ("s3://eventapp", "files.example.org"),
        ("s3://eventapp", "https://example.org/files"),
    ],
)
def test_public_address_of_a_store_must_be_one(tmp_path, storage, public):
    problems = problems_of(tmp_path, STORAGE_URL=storage, STORAGE_PUBLIC_URL=public)

    assert [problem.split()[0] for problem in problems] == ["STORAGE_PUBLIC_URL"]


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, PORT="x", LOG_LEVEL="loud", MAIL_SERVER="smtp.example.org")

    message = str(refused.value)
    assert message.startswith("eventapp can't start:\n")
    assert [
        name for name in ("PORT", "LOG_LEVEL", "MAIL_DEFAULT_SENDER") if name not in message
    ] == []


def test_message_never_repeats_a_secret(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, SECRET_KEY="hunter2", DATABASE_URL="mysql://u:hunter2@db/eventapp")

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("YES", True), ("1", True), ("off", False), ("False", False), ("", False)],
)
def test_truth_is_read_in_several_spellings(tmp_path, text, expected):
    assert read(tmp_path, MAIL_USE_TLS=text).mail_use_tls is expected


def test_sizes_are_in_bytes(tmp_path):
    assert read(tmp_path, MAX_PICTURE_MB="2").max_picture_bytes == 2 * 1024 * 1024


def test_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first, second = read(tmp_path), read(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_secret_key_is_the_same_for_processes_that_start_together(tmp_path):
    keys: list[str] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        keys.append(read(tmp_path / "new").secret_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    "environ",
    [
        {"BASE_URL": "https://webinars.example.org"},
        {"DATABASE_URL": "postgresql://db/eventapp"},
        {"SECRET_KEY": "short"},
    ],
)
def test_secret_key_must_be_given_where_others_depend_on_it(tmp_path, environ):
    problems = problems_of(tmp_path, **environ)

    assert [problem.split()[0] for problem in problems] == ["SECRET_KEY"]


def test_folder_that_can_not_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")

    problems = problems_of(tmp_path / "file" / "instance")

    assert [problem.split()[0] for problem in problems] == ["INSTANCE_DIR"]


def test_reply_address_and_its_mailbox_are_kept(tmp_path):
    settings = read(
        tmp_path,
        REPLY_ADDRESS="replies@example.org",
        IMAP_URL="imaps://replies%40example.org:secret@imap.example.org/INBOX",
    )

    assert settings.reply_address == "replies@example.org"
    assert settings.imap_url == "imaps://replies%40example.org:secret@imap.example.org/INBOX"


@pytest.mark.parametrize(
    "address",
    ["replies", "replies+x@example.org", "Replies <replies@example.org>", "a b@example.org", "@"],
)
def test_reply_address_that_takes_no_token_is_refused(tmp_path, address):
    [problem] = problems_of(tmp_path, REPLY_ADDRESS=address)

    assert problem.startswith(f"REPLY_ADDRESS is {address!r}: set it to a bare address")


@pytest.mark.parametrize(
    "url",
    [
        "imap.example.org",
        "pop3://me:secret@imap.example.org",
        "imaps://imap.example.org/INBOX",
        "imaps://me@imap.example.org/INBOX",
        "imaps://me:secret@imap.example.org:port/INBOX",
        "imaps://me:secret@",
    ],
)
def test_mailbox_that_is_not_understood_is_refused_without_repeating_it(tmp_path, url):
    [problem] = problems_of(tmp_path, REPLY_ADDRESS="replies@example.org", IMAP_URL=url)

    assert problem.startswith("IMAP_URL is not understood: set it to imaps://")
    assert "secret" not in problem


def test_mailbox_without_the_address_whose_mail_it_holds_is_refused(tmp_path):
    [problem] = problems_of(tmp_path, IMAP_URL="imaps://me:secret@imap.example.org/INBOX")

    assert problem.startswith("IMAP_URL is set but REPLY_ADDRESS is not")
